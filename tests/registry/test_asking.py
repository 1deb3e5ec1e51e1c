"""A body asks the public; each suggestion is answered by itself, and the outcome points at nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huiyin.core.refusal import Refusal
from huiyin.registry import asking
from huiyin.registry.asking import ASKED, EARLIER, SAY_WHAT, STILL_OPEN
from huiyin.registry.file import file
from huiyin.registry.models import Body, Change, Officer, Question
from tests.cast import NOW, Walk, legal_day, lodge, lodging

pytestmark = pytest.mark.usefixtures("cast")
TODAY = legal_day(NOW)
AFTER = NOW + timedelta(days=30)


def save(question: Question, now: Any = NOW) -> Refusal | None:
    by = Officer.objects.get(login="otto")
    return asking.save(question, by=by, today=legal_day(now), now=now)


def asked(**said: Any) -> Question:
    usual: dict[str, Any] = {
        "body": Body.objects.get(code="zj"),
        "asks": "先修哪条路？",
        "why": "用于确定次序。",
        "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=20),
    }
    question = Question(**(usual | said))
    assert save(question) is None
    return question


def suggested(question: Question, adoption: str = "") -> None:
    walk = Walk(lodge(kind="suggestion", body="zj", question=question.code))
    if adoption:
        walk("register", "otto")
        walk("answer-suggestion", "otto", adoption=adoption, reasons="理由")


def publish(question: Question, words: str = "采纳了三条", now: Any = AFTER) -> Refusal | None:
    by = Officer.objects.get(login="otto")
    return asking.publish(question, words, by=by, today=legal_day(now), now=now)


def test_a_suggestion_is_tied_to_the_question_it_answers():
    question = asked()
    suggested(question)
    assert [s.petition.holder.code for s in question.suggested.all()] == ["zj"]


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ({"kind": "claim"}, NOW),
        ({"kind": "suggestion"}, AFTER),
        ({"kind": "suggestion", "question": "x"}, NOW),
    ],
)
def test_nothing_else_and_not_afterwards(said: dict[str, Any], when: Any):
    question = asked()
    refused = file(lodging(**({"body": "zj", "question": question.code} | said)), now=when)
    assert getattr(refused, "code", "") == "question-closed"


def test_an_open_question_stays_as_it_is_and_can_only_be_put_off():
    question = asked()
    question.asks = "另一个问题"
    refused = save(question)
    assert refused is not None
    assert refused.reason == ASKED
    question.refresh_from_db()
    question.closes_on -= timedelta(days=1)
    refused = save(question)
    assert refused is not None
    assert refused.reason == EARLIER
    question.closes_on += timedelta(days=9)
    assert save(question) is None
    assert [c.what["did"] for c in Change.objects.order_by("id")] == ["question-asked", "question-changed"]


def test_the_outcome_waits_for_the_last_day_and_for_every_answer():
    question = asked()
    suggested(question)
    for words, now, part in (
        ("x", NOW, STILL_OPEN.en),
        (" ", AFTER, SAY_WHAT.en),
        ("x", AFTER, "1 suggestions"),
    ):
        refused = publish(question, words, now)
        assert refused is not None
        assert part in refused.reason.en


def test_numbers_too_small_to_hide_among_are_not_told():
    question = asked()
    for adoption, n in (("full", asking.FEWEST), ("part", asking.FEWEST - 1)):
        for _ in range(n):
            suggested(question, adoption)
    assert publish(question) is None
    question.refresh_from_db()
    assert question.tally == {"full": asking.FEWEST, "part": None, "none": None}


def test_the_outcome_is_published_once():
    question = asked()
    suggested(question, "full")
    assert publish(question) is None
    assert publish(question, "另一个说法") is not None
