"""Promise 1: no search by name, telephone, address or number, in fields or in texts.

A hundred texts with names and numbers planted in them, some beside a mark and some beside none: no query,
count, suggestion, highlight or dump of the index's vocabulary leads to one, at the desk's door for machines
and among published answers as little as anywhere.
"""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.refusal import Refusal
from huiyin.reading import query, tokens
from huiyin.reading.topics import topics_of
from huiyin.registry import answers, searching
from huiyin.registry.models import AnswerWords, Body, Indexed, Officer, Problem, Publication, Question
from tests.cast import acting_as, lodge
from tests.reading import planted
from tests.registry.test_searching import vocabulary

WORDS = ["路灯", "电梯", "噪音", "食堂", "低保", "拖欠"]


@pytest.fixture
def hundred(cast: Any) -> set[str]:
    """Everything that was planted."""
    chance, said = random.Random(55), set()
    for n in range(100):
        frame = planted.FRAMES[n % len(planted.FRAMES)]
        each = planted._planted(chance)
        each["m"] = each["n"]
        lodge(subject=f"关于{each['n']}反映的问题", text=frame.format(**each))
        said |= {each[field] for field in re.findall(r"{(\w+)}", frame)} | {each["n"]}
    return said


def test_no_way_leads_to_a_planted_name_or_number(hundred: set[str]) -> None:
    acting = acting_as("olga")
    assert len(hundred) > 200
    kept = vocabulary()
    everything = " ".join(Indexed.objects.values_list("words", flat=True))
    # In the dump: no piece of one that would tell it.
    dumped = {said: [each for each in tokens.tokens(said) if each in kept - EVERYDAY] for said in hundred}
    assert not {said: pieces for said, pieces in dumped.items() if pieces}
    for said in hundred:
        assert said not in everything
        # By a query: alone, in quotes, beside a word of the matter, or as what must not be there.
        for asked in (said, f'"{said}"', f"路灯 {said}", f"路灯 -{said}"):
            read = searching.asked(asked)
            if not isinstance(read, Refusal):
                assert searching.search(acting, read).pks == (), asked
    assert not [token for token in kept if re.search(r"\d", token) and not re.fullmatch(r"[bs]\d+", token)]


# Pieces that the frames themselves say somewhere, and what is left of a flat without its numbers.
FRAMES = "\n".join(re.sub(r"{\w+}", "\n", frame) for frame in planted.FRAMES)
EVERYDAY = frozenset(tokens.tokens(FRAMES)) | {"栋", "单元", "室"}


def test_no_suggestion_and_no_highlight_says_one(hundred: set[str]) -> None:
    acting = acting_as("olga")
    words = [word for topic in topics_of(["住房", "劳动", "环境", "教育"]) for word in topic.said]
    some = 0
    for word in WORDS:
        read = searching.asked(word)
        assert not isinstance(read, Refusal)
        found = searching.search(acting, read)
        some += len(found.pks)
        assert not set(searching.suggested(found, words, 1)) & hundred
    assert some >= 40


def test_every_planted_name_is_refused_or_found_nowhere(hundred: set[str]) -> None:
    refused = [said for said in hundred if isinstance(query.read(said), query.Unasked)]
    assert len(refused) >= 0.95 * len(hundred)


# ---- the doors: the desk's for machines, and published answers for everybody


def ask(browser: Client, address: str, said: str) -> tuple[int, dict[str, Any]]:
    answer = browser.post(address, json.dumps({"q": said}), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_door_for_machines_finds_none(hundred: set[str], client: Client) -> None:
    client.force_login(Officer.objects.get(login="olga"))
    some = 0
    for word in WORDS:
        status, told = ask(client, "/desk/api/v1/search", word)
        some += told["count"]
        shown = json.dumps(told, ensure_ascii=False)
        assert status == 200
        assert not [said for said in hundred if said in shown]
    assert some >= 40
    for said in sorted(hundred):
        status, told = ask(client, "/desk/api/v1/search", said)
        assert status == 422 or told["count"] == 0, said


@pytest.fixture
def in_public(cast: Any) -> set[str]:
    """The same texts in problems, outcomes and opinions, as if every check before had let them through."""
    chance, said = random.Random(64), set()
    body, now = Body.objects.get(code="zj"), timezone.now()
    day = now.date()
    for n in range(100):
        frame = planted.FRAMES[n % len(planted.FRAMES)]
        each = planted._planted(chance)
        each["m"] = each["n"]
        text = frame.format(**each)
        said |= {each[field] for field in re.findall(r"{(\w+)}", frame)}
        if n % 3 == 0:
            days = {"since": day, "found_on": day, "refreshed_on": day, "decided_on": day}
            made = Problem.objects.create(body=body, state="done", title="路灯", broken=text, **days)
            answers.problem(made)
        elif n % 3 == 1:
            asked = Question(body=body, code=f"q{n}", asks="路灯", why="路灯", outcome=text, answered_at=now)
            asked.opens_on = asked.closes_on = day
            asked.asked_at = now
            asked.save()
            answers.question(asked)
        else:
            dates = {"issued_on": day, "published_on": day, "text": text}
            answers.opinion(Publication.objects.create(body=body, rulebook="cn-2022", article="1", **dates))
    return said


def test_no_published_answer_is_found_by_a_planted_name_or_number(
    in_public: set[str], client: Client
) -> None:
    kept = {token for row in AnswerWords.objects.values_list("words", flat=True) for token in row.split()}
    dumped = {said: [each for each in tokens.tokens(said) if each in kept - EVERYDAY] for said in in_public}
    assert not {said: pieces for said, pieces in dumped.items() if pieces}
    assert not [token for token in kept if re.search(r"\d", token)]
    assert ask(client, "/api/v1/answers", "路灯")[1]["count"] >= 60
    for said in sorted(in_public):
        for asked in (said, f"路灯 {said}"):
            status, told = ask(client, "/api/v1/answers", asked)
            assert status == 422 or told["count"] == 0, asked
        page = client.post("/answers/", {"q": said}, follow=True)
        assert page.status_code == 400 or not page.context["lines"], said
