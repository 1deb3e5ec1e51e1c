"""What anybody may read as JSON: the rows of the pages, a page at a time; and nothing of a petition."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.core import rulebook
from huiyin.doors.api import openapi, public_shapes
from huiyin.registry import law
from huiyin.registry.models import Body, Competence, Problem, Publication, Receiving, Reception
from huiyin.site import typed
from huiyin.site.problem import ProblemOut
from tests.cast import Walk

SHAPES = {operation.path: operation.tells for operation in openapi.OPERATIONS}


def ask(path: str, status: int = 200, **query: Any) -> Any:
    answer = Client().get(f"/api/v1/{path}", query)
    assert answer.status_code == status, answer.content
    shape = SHAPES.get(path)
    if status == 200 and shape:
        return typed.decode(answer.content, shape)
    return json.loads(answer.content)


@pytest.fixture
def taken_up(bodies: dict[str, Body]) -> list[Problem]:
    day = date(2026, 3, 2)
    made = [
        Problem(
            body=bodies["zj"],
            state="adopted" if n % 2 else "done",
            title=f"第{n}处路灯",
            petitions=5 * n,
            since=day,
            found_on=day,
            refreshed_on=day,
            decided_on=None if n == 3 else day + timedelta(days=n),
            done_on=None if n % 2 else day + timedelta(days=n),
        )
        for n in range(7)
    ]
    made.append(Problem(body=bodies["zj"], state="candidate", since=day, found_on=day, refreshed_on=day))
    return Problem.objects.bulk_create(made)


def test_bodies_are_found_by_what_it_is_about(bodies: dict[str, Body]) -> None:
    Competence.objects.create(body=bodies["zj"], subject="住房", area="东区")
    found = ask("bodies", subject="电梯")
    assert [(each.code, each.competences[0].area) for each in found.bodies] == [("zj", "东区")]
    assert [each.code for each in ask("bodies", receives="true").bodies] == ["xf"]
    assert {each.code for each in ask("bodies").bodies} == set(bodies)
    one = typed.decode(Client().get("/api/v1/bodies/zj").content, public_shapes.DirectoryOut)
    assert (one.name.zh, one.superior) == ("县住建局", "xian")
    for nowhere in ("nowhere", "zj/zj", "%00"):
        assert Client().get(f"/api/v1/bodies/{nowhere}").status_code == 404


def pages(path: str, **query: Any) -> list[list[Any]]:
    """Every page of a list, until no cursor comes."""
    told, cursor = [], ""
    while True:
        answer = ask(path, **query, cursor=cursor)
        told.append(getattr(answer, path))
        cursor = answer.next
        if cursor is msgspec.UNSET:
            return told


def test_a_list_is_turned_to_its_end_and_each_row_stands_in_it_once(taken_up: list[Problem]) -> None:
    for state in ("", "done", "adopted"):
        found = pages("problems", limit=2, state=state)
        assert [len(page) for page in found[:-1]] == [2] * (len(found) - 1)
        numbers = [row.number for page in found for row in page]
        wanted = [p.pk for p in taken_up if p.state in ({state} if state else {"done", "adopted"})]
        assert sorted(numbers) == sorted(wanted)
        assert numbers == [row.number for row in ask("problems", limit=100, state=state).problems]
    assert ask("problems", limit=100).problems[0].petitions == 30
    assert Client().get(f"/api/v1/problems/{taken_up[-1].pk}").status_code == 404


def test_a_cursor_is_good_for_its_own_list_alone(taken_up: list[Problem]) -> None:
    cursor = ask("problems", limit=1).next
    for wrong in (cursor + "x", "x", cursor[::-1]):
        assert ask("problems", 422, cursor=wrong)["fields"].keys() == {"cursor"}
    assert ask("receptions", 422, cursor=cursor)["fields"].keys() == {"cursor"}
    assert ask("problems", 422, cursor=cursor, state="done")["fields"].keys() == {"cursor"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        *(({"limit": "0"}, "limit"), ({"limit": "101"}, "limit"), ({"limit": "many"}, "limit")),
        *(({"state": "candidate"}, "state"), ({"statt": "done"}, "statt"), ({"body": "x" * 41}, "body")),
        ({"body": "a\x00b"}, "body"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(db: None, query: dict[str, str], field: str) -> None:
    answer = Client().get("/api/v1/problems", query)
    assert answer.status_code == 422
    problem = typed.decode(answer.content, ProblemOut)
    assert isinstance(problem.fields, dict)
    assert set(problem.fields) == {field}


def test_what_has_not_changed_is_not_sent_again(taken_up: list[Problem]) -> None:
    for path in ("problems", "bodies", "rulebooks", "log", "receptions", "opinions"):
        first = Client().get(f"/api/v1/{path}")
        tag = first["ETag"]
        for sent in (tag, f'"x", W/{tag}', "*"):
            again = Client().get(f"/api/v1/{path}", headers={"If-None-Match": sent})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert Client().get(f"/api/v1/{path}", headers={"If-None-Match": '"x"'}).content == first.content
    tag = Client().get("/api/v1/problems")["ETag"]
    Problem.objects.filter(pk=taken_up[1].pk).update(plan="换灯泡")
    assert Client().get("/api/v1/problems", headers={"If-None-Match": tag}).status_code == 200


def test_the_law_is_told_as_it_is_applied(db: None) -> None:
    listed = ask("rulebooks").rulebooks
    assert listed[0].in_force
    assert {each.id for each in listed} == {book.id for book in rulebook.all_rulebooks()}
    for each in listed:
        answer = Client().get(f"/api/v1/rulebooks/{each.id}")
        told = typed.decode(answer.content, public_shapes.RulebookOut)
        book = rulebook.by_id(each.id)
        assert {term.clock: term.days for term in told.terms} == {
            c.name: c.days for c in book.clocks.values()
        }
        assert len(told.moves) == len(book.rows)
    assert Client().get("/api/v1/rulebooks/no-such").status_code == 404


def test_hours_are_told_and_bookings_are_not(bodies: dict[str, Body]) -> None:
    today = law.at(timezone.now())[1]
    made = Reception.objects.create(
        host=bodies["xf"],
        day=today + timedelta(days=2),
        opens=time(9),
        closes=time(11, 30),
        place="接访大厅",
        announced_at=timezone.now(),
        changed_at=timezone.now(),
    )
    Receiving.objects.create(reception=made, body=bodies["zj"], official="局长")
    (told,) = ask("receptions", body="zj").receptions
    assert (told.opens, told.closes, told.receiving[0].official) == ("09:00", "11:30", "局长")
    assert told == typed.decode(
        Client().get(f"/api/v1/receptions/{made.pk}").content, public_shapes.ReceptionOut
    )
    assert ask("receptions", find="没有这个地方").receptions == []
    assert [each.next_reception for each in ask("bodies", find="住建").bodies] == [str(made.day)]


def test_published_opinions_are_told_where_the_law_publishes_them(
    bodies: dict[str, Body], walk: Walk, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Publication.objects.create(
        petition=walk.petition, body=bodies["zj"], rulebook="cn-2022", article="36", outcome="uphold",
        issued_on=date(2026, 3, 2), published_on=date(2026, 3, 9), text="维持。",
    )  # fmt: skip
    book, today = law.at(timezone.now())
    for publishes in (False, True):
        monkeypatch.setattr(law, "at", lambda *_, p=publishes: (replace(book, publishes=p), today))
        answer = Client().get(f"/api/v1/opinions/{made.pk}")
        assert answer.status_code == (200 if publishes else 404)
        assert [each.number for each in ask("opinions").opinions] == ([made.pk] if publishes else [])
        assert walk.ref.encode() not in answer.content
    assert ask("opinions", year="2025").opinions == ask("opinions", year="0000").opinions == []
    assert len(ask("opinions", year="2026", outcome="uphold", body="zj").opinions) == 1
    made.withdrawn_on = date(2026, 3, 10)
    made.save()
    assert Client().get(f"/api/v1/opinions/{made.pk}").json()["code"] == "withdrawn"


def test_figures_are_those_of_the_log(db: None, settings: Any, tmp_path: Any) -> None:
    settings.LOG_DIR = tmp_path
    assert ask("figures", 404)["code"] == "no-figures"
    row = {
        "period": "2026-01",
        "bodies": "all",
        "clock": "handle",
        "began": 21,
        "moved_in": 0,
        "moved_out": 0,
    }
    kept = {"size": 9, "root": "00" * 32, "cohort": 20, "cohorts": [row | {"standings": {"met": 21}}]}
    (tmp_path / "figures.json").write_text(json.dumps(kept))
    told = ask("figures")
    assert (told.size, told.smallest, told.cohorts[0].standings) == (9, 20, {"met": 21})
    assert ask("figures", period="2026").cohorts == told.cohorts
    assert ask("figures", term="accept").cohorts == ask("figures", period="2025-12").cohorts == []
    assert ask("figures", 422, period="20")["fields"].keys() == {"period"}
    assert ask("log").size is msgspec.UNSET
    assert ask("log").checkpoint.endswith("/log/checkpoint")


def test_a_list_takes_a_constant_number_of_queries(bodies: dict[str, Body], taken_up: list[Problem]) -> None:
    for path in ("bodies", "problems", "receptions"):
        with CaptureQueriesContext(connection) as few:
            ask(path, limit=1)
        with CaptureQueriesContext(connection) as many:
            ask(path, limit=100)
        assert len(many) <= len(few) + 1 <= 7, path
