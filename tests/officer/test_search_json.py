"""The search for machines: what the page finds, the same access, the same refusals, as problem+json."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.doors.officer.search_json import FoundOut
from huiyin.doors.officer.wording import states_of
from huiyin.registry.models import Body, Competence
from huiyin.site import typed
from huiyin.site.problem import ProblemOut
from tests.cast import Walk

Desk = Callable[..., Client]
At = Callable[..., Walk]
HERE = "/desk/api/v1/search"


def ask(browser: Client, **said: Any) -> Any:
    return browser.post(HERE, json.dumps(said), content_type="application/json")


def found(browser: Client, **said: Any) -> FoundOut:
    answer = ask(browser, **said)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Cache-Control"].startswith("max-age=0") or "no-store" in answer["Cache-Control"]
    return typed.decode(answer.content, FoundOut)


def test_it_finds_what_the_page_finds_with_its_words_marked(desk: Desk, at: At) -> None:
    walk = at("lodged", subject="电梯停运", text="我叫欧阳娜娜，电话13711112222，小区二期的电梯停运三个月")
    made = found(desk("olga"), q="电梯 停运")
    (line,) = made.found
    assert (made.count, made.more, line.ref, line.holder.zh) == (
        1,
        False,
        walk.ref,
        walk.petition.holder.name_zh,
    )
    assert [(piece.said, piece.hit) for piece in line.subject] == [("电梯停运", True)]
    told = "".join(piece.said for piece in line.told)
    assert "欧阳娜娜" not in told
    assert "13711112222" not in told
    assert [each.ref for each in found(desk("olga"), q=walk.ref).found] == [walk.ref]


def test_it_finds_nothing_that_the_officer_may_not_see(desk: Desk, at: At) -> None:
    walk = at("lodged", subject="电梯停运")
    assert found(desk("otto"), q="电梯").count == 0
    assert ask(desk("otto"), q=walk.ref).status_code == 404


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(("张伟", "search-person"), ("13912345678", "search-person"), ("3栋2单元501室", "search-person")),
        *(("电梯 128", "search-number"), ("漏", "search-too-short"), ("", "search-empty")),
    ],
)
def test_a_query_about_a_person_is_not_asked_and_says_why(desk: Desk, at: At, said: str, code: str) -> None:
    at("lodged", subject="电梯停运")
    browser = desk("olga")
    with CaptureQueriesContext(connection) as queries:
        answer = ask(browser, q=said)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = typed.decode(answer.content, ProblemOut)
    assert (problem.code, list(problem.fields or ())) == (code, ["q"])
    assert not [q for q in queries.captured_queries if "registry_indexed" in q["sql"]]
    assert len(said) < 2 or said not in answer.content.decode()


def test_filters_are_said_in_words(desk: Desk, at: At) -> None:
    at("lodged", subject="电梯停运", days=40)
    at("accepted", subject="电梯漏水，物业不修")
    zj = Body.objects.get(code="zj")
    Competence.objects.create(body=zj, subject="住房", area="")
    browser = desk("olga")
    topic = next(t for t in browser.get("/desk/search/").context["form"].topics.values() if t.has("住房"))
    state = states_of("cn")["accepted"].zh

    def count(**filters: str) -> int:
        return found(browser, q="电梯", **filters).count

    assert count() == count(topic=topic.zh) == count(topic=topic.en) == 2
    assert count(body=zj.name_zh) == count(body="zj", order="best") == count(state=state) == 1
    assert count(due="late") == 1
    assert count(until="2020-01-01") == 0
    answer = ask(browser, q="电梯", topic="1号", state="nowhere", since="2026-02-30", sort="x")
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"sort"}
    answer = ask(browser, q="电梯", topic="1号", state="nowhere", since="2026-02-30")
    assert set(answer.json()["fields"]) == {"topic", "state", "since"}


def test_who_is_not_signed_in_is_told_so_in_json(cast: Any) -> None:
    answer = ask(Client(), q="电梯")
    assert (answer.status_code, answer.json()["code"]) == (401, "no-token")
    assert answer["Content-Type"] == "application/problem+json"


def test_only_json_in_a_body_is_read(desk: Desk, cast: Any) -> None:
    browser = desk("olga")
    assert browser.get(HERE, {"q": "电梯"}).status_code == 405
    assert browser.post(HERE, {"q": "电梯"}).status_code == 415
    assert desk("ada").post(HERE, "{}", content_type="application/json").status_code == 404


def test_it_needs_no_token_beside_the_session_for_it_changes_nothing(cast: Any, desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk("olga").cookies
    assert ask(strict, q="电梯").status_code == 200
