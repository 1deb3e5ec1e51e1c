"""The year of art. 41.1: counted from rows that are there, of bodies and matters, never of persons."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.clerk.sweep import sweep
from huiyin.registry import corresponding, yearly
from huiyin.registry.models import Body, Officer, Role
from huiyin.registry.yearly import OfBody, Year
from tests.cast import NOW, Walk, acting_as, legal_day, lodge, said

TODAY = legal_day(NOW)


def of(login: str = "sven", year: int = 2026) -> Year:
    return yearly.of(acting_as(login), year)


def of_body(made: Year, code: str) -> OfBody:
    return next(each for each in made.bodies if each.body.code == code)


def test_it_counts_what_was_lodged_answered_missed_and_supervised(walk: Walk) -> None:
    walk.to("opinion-served")
    late = Walk(lodge()).to("transferred").later(days=20)
    sweep(late.now)
    late("supervise", "sven", **said("supervise", late.today))
    for _ in range(5):
        lodge(body="zj")
    made = of()
    assert made.classes == {"suggestion": 0, "report": 0, "claim": 7}
    assert made.steps["transfer"] == 2
    assert (made.supervision["supervise"], made.supervision["find-evasive"]) == (1, 0)
    bureau = of_body(made, "zj")
    assert (bureau.dealt_with, bureau.answers, bureau.missed) == (7, 1, 1)
    assert of(year=2025).bodies == ()


def test_reports_are_told_as_one_sum_and_for_no_body(cast: Any) -> None:
    for _ in range(5):
        lodge(kind="report", against=("jt",), body="jw")
    made = of()
    assert made.classes["report"] == 5
    assert [each for each in made.bodies if each.dealt_with != 0] == []


def test_a_small_count_is_not_said(cast: Any) -> None:
    lodge(body="zj")
    made = of()
    assert made.classes["claim"] == "<5"
    assert of_body(made, "zj").dealt_with == "<5"


def test_nobody_is_measured_by_who_asks_again_disputes_or_withdraws() -> None:
    names = {field.name for field in (*fields(OfBody), *fields(Year))}
    verbs = {*yearly.SENT_ON, *yearly.SUPERVISED, *yearly.ANSWERS}
    for word in ("withdraw", "dispute", "review", "rate", "challenge", "repeat", "visit"):
        assert not any(word in name for name in names | verbs), word


@pytest.fixture
def proposed(cast: dict[str, Officer], bodies: dict[str, Body]) -> None:
    Role.objects.create(officer=cast["olga"], body=bodies["xf"], role="supervisor")
    for receiver in ("zj", "jt"):
        draft = corresponding.Draft(
            "improve-work", bodies["xf"], bodies[receiver], text="公开进度", term=TODAY + timedelta(days=30)
        )
        letter = corresponding.send(draft, acting_as("olga"), NOW, TODAY)
        if receiver == "zj":
            corresponding.answer(letter, "part", "先公开两类", acting_as("hedda"), NOW)  # type: ignore[arg-type]


@pytest.mark.usefixtures("proposed")
def test_the_proposals_of_the_office_and_whether_they_are_adopted() -> None:
    made = of("olga")
    assert [kind.article for kind in made.proposals] == ["40.1", "40.2", "40.3"]
    work = made.proposals[0]
    assert (work.sent, work.adopted, work.waiting) == (2, {"full": 0, "part": 1, "none": 0}, 1)


def test_the_queries_stay_as_many_however_much_there_is(walk: Walk) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            of()
        return len(queries)

    walk.to("opinion-served")
    few = asked()
    for code in ("zj", "jt", "xian", "xf"):
        lodge(body=code)
    assert asked() == few


def test_the_page_and_its_csv_are_for_supervisors(walk: Walk) -> None:
    walk.to("opinion-served")
    for login, status in (("sven", 200), ("otto", 404), ("audrey", 404)):
        browser = Client()
        browser.force_login(Officer.objects.get(login=login))
        assert browser.get("/desk/supervise/year/?year=2026").status_code == status, login
        assert browser.get("/desk/supervise/year/csv/?year=2026").status_code == status, login
        assert browser.get("/desk/supervise/year/?year=1999").status_code == 404
    browser = Client()
    browser.force_login(Officer.objects.get(login="sven"))
    lines = browser.get("/desk/supervise/year/csv/?year=2026").content.decode("utf-8-sig").splitlines()
    answers = {"Answers given", "已送达的答复"}
    figures = [line.split(",") for line in lines[1:]]
    steps = {figure[2]: figure[3] for figure in figures if figure[0] == "41.1(2)"}
    assert "1" in {steps.get("Registered"), steps.get("已登记")}, "what was done, not what is to be done"
    assert [figure[3] for figure in figures if figure[2] in answers] == ["0", "1"], "the office, the bureau"
