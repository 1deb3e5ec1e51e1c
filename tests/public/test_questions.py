"""Anybody reads what bodies ask, answers through the ordinary pages, and reads what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.registry import asking
from huiyin.registry.models import Suggested
from tests.cast import NOW
from tests.petitioner.paper import filled
from tests.registry.test_asking import AFTER, asked, publish, suggested

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """`at(now)`: what time it is for the pages."""
    return lambda now: monkeypatch.setattr(timezone, "now", lambda: now)


def test_a_suggestion_goes_from_the_question_to_the_body_that_asked(client: Client, at) -> None:
    at(NOW)
    question = asked()
    shown = client.get(f"/questions/{question.code}/").content.decode()
    start = f"/lodge/write/?question={question.code}"
    assert start in shown
    page = client.get(start)
    words = {"subject": "先修学校门口", "text": "学校门口的人行道最难走。"}
    for said in (words, {}, {}, {"who": "anonymous"}, None):
        html = page.content.decode()
        typed = filled(html, "lodge", **(said or {}))
        page = client.post("/lodge/write/", typed | {"go": "send" if said is None else "next"})
    made = Suggested.objects.get()
    assert made.question == question
    assert made.petition.holder.code == "zj"
    assert made.petition.kind == "suggestion"


def test_a_claim_that_began_at_a_question_is_no_answer_to_it(client: Client, at) -> None:
    at(NOW)
    page = client.get(f"/lodge/write/?question={asked().code}")
    for said in ({"kind": "claim", "subject": "路", "text": "坏了"}, {}, {}, {"who": "anonymous"}, None):
        typed = filled(page.content.decode(), "lodge", **(said or {}))
        page = client.post("/lodge/write/", typed | {"go": "send" if said is None else "next"})
    assert not Suggested.objects.exists()


def test_the_outcome_shows_reasons_and_no_small_number(client: Client, at) -> None:
    at(AFTER)
    question = asked()
    suggested(question, "full")
    assert publish(question, "修学校门口，因为走的人最多。") is None
    client.cookies["huiyin_language"] = "en"
    shown = client.get(f"/questions/{question.code}/").content.decode()
    assert "修学校门口，因为走的人最多。" in shown
    assert shown.count("fewer than 5") == 3
    assert "?question=" not in shown


def test_a_question_that_is_not_open_yet_is_unknown(client: Client, at) -> None:
    at(NOW)
    question = asked(opens_on=(NOW + timedelta(days=3)).date(), closes_on=(NOW + timedelta(days=9)).date())
    assert client.get(f"/questions/{question.code}/").status_code == 404
    assert asking.answerable(question.code, NOW.date()) is None
