"""The yearly assessment: gathered of answers alone; issued, objected to, and decided by somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.clerk.sweep import sweep
from huiyin.core import assessment, sample
from huiyin.core.assessment import DISPUTED, DONE
from huiyin.core.measures import Record
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import by_id
from huiyin.registry import assessing, assessment_cases, assessment_steps
from huiyin.registry.access import Acting
from huiyin.registry.assessments import Assessment, Decision, Objection
from huiyin.registry.correspondence import FileCheck, Inspection
from huiyin.registry.models import Body, Change, Officer, Petition, Role
from tests.cast import NOW, OPINION, Walk, acting_as, legal_day, lodge

TODAY = legal_day(NOW)
LAW = by_id("cn-2022")
assert LAW.assessment is not None
UNDER = LAW.assessment
NEXT_YEAR = NOW + timedelta(days=330)


def promise(walk: Walk, difficulty: str = "") -> Walk:
    """Two lamps to be mended in twenty days, by an opinion that is served."""
    said = {"difficulty": difficulty} if difficulty else {}
    walk("register", "olga", **said)
    lines = [
        {
            "task_kind": "remedy",
            "task_what": "修好两盏路灯",
            "task_due": (walk.today + timedelta(days=20)).isoformat(),
        }
    ]
    walk.to("accepted").signed(**OPINION, tasks=lines)
    walk("issue-opinion", "otto", **OPINION, tasks=lines)
    return walk.to("opinion-served")


def of(body: str = "zj", year: int = 2026, today: Any = TODAY) -> Record:
    return assessing.records([Body.objects.get(code=body)], year, today)[body]


def test_a_promise_counts_by_how_hard_it_was_at_registration(walk: Walk) -> None:
    promise(walk, "several")
    assert of().of(assessment.SOLVED) == {}  # not owed yet
    walk("report-carried-out", "otto", note="都已完成")
    assert of().of(assessment.SOLVED) == {"several/done": 1}
    assert of("xf").of(assessment.SOLVED) == {}


def test_what_is_not_done_by_its_day_and_what_is_disputed_is_not_solved(walk: Walk) -> None:
    promise(walk)
    later = walk.today + timedelta(days=21)
    assert of(today=later).of(assessment.SOLVED) == {"/not-done": 1}
    walk("report-carried-out", "otto", note="都已完成")
    walk("dispute-carried-out", "author", comment="一盏还是不亮")
    assert of().of(assessment.SOLVED) == {f"/{DISPUTED}": 1}
    walk("report-carried-out", "otto", note="换了灯头")
    walk("confirm-carried-out", "author")
    assert of().of(assessment.SOLVED) == {f"/{DONE}": 1}


@pytest.mark.parametrize("state", assessing.ENDED_BY_AUTHOR)
def test_withdrawal_and_settlement_earn_nothing_and_cost_nothing(walk: Walk, state: str) -> None:
    promise(walk)
    Petition.objects.update(state=state)
    later = walk.today + timedelta(days=60)
    assert of(today=later).of(assessment.SOLVED) == {}


def test_how_hard_it_is_cannot_be_said_later_and_no_word_is_about_people(walk: Walk) -> None:
    refused = walk.ask("register", "olga", difficulty="comes-again")
    assert isinstance(refused, Refusal)
    walk("register", "olga", difficulty="clear")
    again = walk.ask("register", "olga", difficulty="several")
    assert isinstance(again, Refusal)


def test_reports_are_in_no_sum(walk: Walk) -> None:
    promise(walk)
    walk("report-carried-out", "otto", note="都已完成")
    Petition.objects.update(kind="report")
    assert of().tables == {}


def test_what_an_inspection_finds_costs_the_body_whose_file_it_is(walk: Walk) -> None:
    inspected(promise(walk).ref, {"complete": "no", "dates-true": "yes"})
    made = of()
    assert made.of(assessment.HIDDEN) == {"wrong": 1}
    assert made.of(assessment.FALSE_DATES) == {"right": 1}
    assert of("xf").of(assessment.HIDDEN) == {}


def inspected(ref: str, answers: dict[str, str]) -> None:
    body = Body.objects.get(code="xian")
    officer = Officer.objects.get(login="sven")
    drawn = Inspection.objects.create(
        body=body,
        first=TODAY,
        last=TODAY,
        eligible=1,
        digest="",
        chance="",
        seed="",
        refs=[ref],
        drawn_at=NOW,
        drawn_by=officer,
    )
    said = dict.fromkeys(sample.CHECKLIST, "na") | answers
    FileCheck.objects.create(inspection=drawn, ref=ref, answers=said, checked_at=NOW, checked_by=officer)


def test_the_cases_of_an_item_lead_to_petitions_that_one_may_see(walk: Walk) -> None:
    promise(walk, "expert")
    walk("report-carried-out", "otto", note="都已完成")
    inspected(walk.ref, {"complete": "no"})
    late = Walk(lodge()).to("transferred").later(days=20)
    sweep(late.now)
    body = Body.objects.get(code="zj")
    items = {item.name: item for item in UNDER.items}
    for login in ("sven", "hedda"):
        acting = acting_as(login)
        (solved,) = assessment_cases.of(acting, body, 2026, items["solved"])
        assert (solved.ref, solved.difficulty) == (walk.ref, "expert")
        told = assessment_cases.of(acting, body, 2026, items["late-notices"])
        assert [each.stands.en for each in told] == ["overdue", "in time"]
        assert [each.ref for each in assessment_cases.of(acting, body, 2026, items["hidden"])] == [walk.ref]
    stranger = acting_as("tina")
    for item in UNDER.items:
        assert [each.ref for each in assessment_cases.of(stranger, body, 2026, item) if each.ref] == []


def test_it_asks_as_often_for_many_bodies_as_for_one(walk: Walk) -> None:
    promise(walk)
    bodies = list(Body.objects.all())
    with CaptureQueriesContext(connection) as one:
        assessing.records(bodies[:1], 2026, TODAY)
    for _ in range(3):
        promise(Walk(lodge()))
    with CaptureQueriesContext(connection) as many:
        assessing.records(bodies, 2026, TODAY)
    assert len(many) == len(one)


# ---- issued, objected to, decided


@pytest.fixture
def another(cast: dict[str, Officer]) -> Officer:
    """A second supervisor of the county."""
    made = Officer.objects.create_officer("silke", "another-long-password", name="Silke")
    Role.objects.create(officer=made, body=Body.objects.get(code="xian"), role="supervisor")
    return made


def acting(login: str) -> Acting:
    return acting_as(login, legal_day(NEXT_YEAR))


def issued(walk: Walk) -> Assessment:
    promise(walk)
    walk("report-carried-out", "otto", note="都已完成")
    inspected(walk.ref, {"complete": "no"})
    made = assessment_steps.issue(acting("sven"), Body.objects.get(code="zj"), 2026, NEXT_YEAR)
    assert isinstance(made, Assessment), made
    return Assessment.objects.get(pk=made.pk)


def test_what_is_issued_stays_whatever_comes_later(walk: Walk) -> None:
    kept = issued(walk)
    assert kept.points == 0  # hiding in the only file that was looked at
    before = assessment_steps.came_to(kept)
    Petition.objects.update(kind="report")
    assert assessment_steps.came_to(Assessment.objects.get(pk=kept.pk)) == before
    again = assessment_steps.issue(acting("sven"), kept.body, 2026, NEXT_YEAR)
    assert isinstance(again, Refusal)
    assert Change.objects.filter(what__did="assessment-issued").count() == 1


def test_nobody_issues_a_year_that_runs_or_their_own_body(walk: Walk, another: Officer) -> None:
    promise(walk)
    zj = Body.objects.get(code="zj")
    assert isinstance(assessment_steps.issue(acting_as("sven"), zj, 2026, NOW), Refusal)
    assert isinstance(assessment_steps.issue(acting("hedda"), zj, 2026, NEXT_YEAR), Refusal)
    Role.objects.create(officer=another, body=zj, role="handler")
    assert isinstance(assessment_steps.issue(acting("silke"), zj, 2026, NEXT_YEAR), Refusal)


def test_an_objection_is_decided_by_somebody_else_and_its_item_left_out(walk: Walk, another: Officer) -> None:
    kept = issued(walk)
    made = assessment_steps.object_to(
        kept, "hidden", "附件当天已补录，抽查时没有刷新。", acting=acting("hedda"), now=NEXT_YEAR
    )
    assert isinstance(made, Objection)
    assert made.decide_by > legal_day(NEXT_YEAR)
    by_issuer = assessment_steps.decide(made, "upheld", "属实", acting=acting("sven"), now=NEXT_YEAR)
    assert isinstance(by_issuer, Refusal)
    without = assessment_steps.decide(made, "upheld", " ", acting=acting("silke"), now=NEXT_YEAR)
    assert isinstance(without, Refusal)
    decided = assessment_steps.decide(made, "upheld", "核对原件属实", acting=acting("silke"), now=NEXT_YEAR)
    assert isinstance(decided, Decision)
    now = Assessment.objects.select_related("objection__decision").get(pk=kept.pk)
    assert assessment_steps.left_out(now) == {"hidden"}
    assert assessment_steps.came_to(now).value == 100
    assert now.points == 0  # what was issued stays as it was
    told = list(Change.objects.order_by("pk").values_list("what__did", flat=True))
    assert told[-3:] == ["assessment-issued", "assessment-objected", "assessment-decided"]


def test_who_came_to_serve_at_the_body_decides_nothing(walk: Walk, another: Officer) -> None:
    kept = issued(walk)
    made = assessment_steps.object_to(kept, "hidden", "有误", acting=acting("hedda"), now=NEXT_YEAR)
    assert isinstance(made, Objection)
    Role.objects.create(officer=another, body=kept.body, role="registrar")
    refused = assessment_steps.decide(made, "upheld", "属实", acting=acting("silke"), now=NEXT_YEAR)
    assert isinstance(refused, Refusal)


def test_a_body_objects_once_in_time_and_by_its_head(walk: Walk) -> None:
    kept = issued(walk)
    say: dict[str, Any] = {"now": NEXT_YEAR}
    assert isinstance(
        assessment_steps.object_to(kept, "hidden", "有误", acting=acting("otto"), **say), Refusal
    )
    assert isinstance(
        assessment_steps.object_to(kept, "none", "有误", acting=acting("hedda"), **say), Refusal
    )
    late = acting_as("hedda", kept.object_by + timedelta(days=1))
    assert isinstance(assessment_steps.object_to(kept, "hidden", "有误", acting=late, **say), Refusal)
    assert isinstance(
        assessment_steps.object_to(kept, "hidden", "有误", acting=acting("hedda"), **say), Objection
    )
    again = assessment_steps.object_to(kept, "solved", "有误", acting=acting("hedda"), **say)
    assert isinstance(again, Refusal)


def test_the_record_of_changes_names_no_petition(walk: Walk) -> None:
    kept = issued(walk)
    assessment_steps.object_to(kept, "hidden", "有误", acting=acting("hedda"), now=NEXT_YEAR)
    for change in Change.objects.all():
        assert walk.ref not in str(change.what)
