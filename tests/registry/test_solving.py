"""The register of problems: found in petitions, decided by who owns it, and never about who asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.registry import solving
from huiyin.registry.comparing import Reader
from huiyin.registry.models import Body, Change, Petition, Problem, ProblemMember
from tests.cast import NOW, acting_as, legal_day, lodge
from tests.registry.alike import LIFT, OTHER, lodged

TODAY = legal_day(NOW)
SAID: dict[str, Any] = {
    "title": "电梯长期停运",
    "place": "柳苑小区",
    "broken": "电梯停运，老人出不了门。",
}
PLAN: dict[str, Any] = {"plan": "更换主机并验收。", "plan_by": TODAY + timedelta(days=30)}


def found(pairs: Any = (*LIFT, *OTHER)) -> list[Petition]:
    made = [filed.petition for filed in lodged(pairs)]
    Reader().read(NOW)
    solving.refresh(TODAY)
    return made


@pytest.fixture
def candidate(cast: Any) -> Problem:
    found()
    return Problem.objects.get()


def save(problem: Problem, login: str = "hedda", **said: Any) -> Any:
    kept = Problem.objects.get(pk=problem.pk)
    for name, value in said.items():
        setattr(kept, name, value)
    return solving.save(kept, acting=acting_as(login), now=NOW)


def seen_by(login: str) -> list[Problem]:
    return list(solving.for_desk(acting_as(login)))


def test_petitions_about_one_cause_become_a_candidate_of_the_body_that_has_them(candidate: Problem) -> None:
    assert candidate.body.code == "zj"
    assert candidate.petitions == 5, "six petitions are at least five"
    assert candidate.since == TODAY.replace(day=1)
    assert set(candidate.members.values_list("petition__subject", flat=True)) == {s for s, _ in LIFT}
    assert candidate.title == candidate.broken == "", "nothing of their words is kept"


def test_fewer_than_k_are_no_candidate(cast: Any) -> None:
    found((*LIFT[:4], *OTHER))
    assert not Problem.objects.exists()


def test_copies_of_one_text_are_no_problem_however_many(cast: Any) -> None:
    found((*[LIFT[0]] * 8, *OTHER))
    assert not Problem.objects.exists()


def test_a_candidate_is_seen_by_who_decides_and_may_see_enough_of_its_petitions(candidate: Problem) -> None:
    assert seen_by("hedda") == [candidate]
    assert seen_by("sven") == [candidate]
    for login in ("otto", "olga", "tina", "dora", "stella", "audrey", "ada"):
        assert seen_by(login) == [], login
    Petition.objects.filter(subject=LIFT[0][0]).update(holder=Body.objects.get(code="jt"))
    Petition.objects.filter(subject=LIFT[1][0]).update(holder=Body.objects.get(code="jt"))
    from huiyin.registry.models import Holding

    Holding.objects.filter(petition__subject__in=[LIFT[0][0], LIFT[1][0]]).delete()
    assert seen_by("hedda") == [], "four of them are too few for her"


def test_it_is_taken_up_with_words_of_its_own_and_everybody_can_read_it(candidate: Problem) -> None:
    assert save(candidate, **SAID, **PLAN) is None
    kept = solving.public().get()
    assert (kept.state, kept.decided_on, kept.planned_on) == ("adopted", TODAY, TODAY)
    assert seen_by("tina") == [candidate]
    assert list(solving.members_of(kept, acting_as("tina"))) == [], "and its petitions are still not hers"
    change = Change.objects.latest("id")
    assert change.what["did"] == "problem-taken-up"
    assert "HY-" not in repr(change.what)
    assert save(candidate, outcome="电梯已经更换。") is None
    assert solving.public().get().state == "done"
    assert Change.objects.latest("id").what["did"] == "problem-kept"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("title", "王建国主任不修电梯"),
        ("place", "柳苑小区3栋2单元1102室"),
        ("place", "柳苑小区3栋"),
        ("place", "Building 5, Lake Garden"),
        ("title", "三号楼电梯停运"),
        ("broken", "请打13912345678"),
        ("broken", "缠访户反映的电梯"),
    ],
)
def test_words_that_name_reach_or_judge_somebody_are_refused(
    candidate: Problem, name: str, words: str
) -> None:
    refused = save(candidate, **{**SAID, name: words})
    assert set(refused.fields) == {name}
    assert not solving.public().exists()


@pytest.mark.parametrize("place", ["云顶苑", "柳苑小区", "南门路", "北河沿岸", "王家湾"])
def test_a_place_that_begins_like_a_surname_is_a_place(candidate: Problem, place: str) -> None:
    assert save(candidate, **{**SAID, "place": place}) is None


def test_a_plan_needs_a_day_and_a_day_a_plan(candidate: Problem) -> None:
    assert set(save(candidate, **SAID, plan="更换主机").fields) == {"plan_by"}
    assert set(save(candidate, **SAID, plan_by=TODAY).fields) == {"plan"}
    assert set(save(candidate, title="", place="", broken="").fields) == {"title", "place", "broken"}


def test_nobody_else_decides(candidate: Problem) -> None:
    for login in ("otto", "olga", "tina", "audrey"):
        assert save(candidate, login, **SAID).code == "not-found"
        assert solving.dismiss(candidate, "两件事", acting=acting_as(login), now=NOW) is not None
    assert save(candidate, "hedda", **SAID, body=Body.objects.get(code="jt")).code == "not-found"
    assert save(candidate, "sven", **SAID, body=Body.objects.get(code="jt")) is None


def test_what_is_dismissed_keeps_its_reason_and_does_not_come_back(candidate: Problem) -> None:
    assert solving.dismiss(candidate, " ", acting=acting_as("hedda"), now=NOW) is not None
    kept = Problem.objects.get()
    assert solving.dismiss(kept, "是两部电梯", acting=acting_as("hedda"), now=NOW) is None
    assert solving.refresh(TODAY + timedelta(days=7)) == 0
    assert Problem.objects.get().state == "dismissed"
    assert Change.objects.latest("id").what["did"] == "problem-dismissed"


def test_a_later_petition_joins_what_is_there(candidate: Problem) -> None:
    save(candidate, **SAID)
    for subject, text in LIFT[:4]:
        lodge(subject=subject, text=text.replace("物业", "管家"), body="zj")
    Reader().read(NOW)
    assert solving.refresh(TODAY + timedelta(days=7)) == 0
    kept = Problem.objects.get()
    assert kept.members.count() == 10
    assert kept.petitions == 10


def test_when_petitions_leave_the_number_goes_and_a_candidate_with_it(candidate: Problem) -> None:
    ProblemMember.objects.filter(petition__subject__in=[LIFT[0][0], LIFT[1][0]]).delete()
    Petition.objects.filter(subject__in=[LIFT[0][0], LIFT[1][0]]).update(marks={"unsure": 1})
    save(candidate, **SAID)
    solving.refresh(TODAY)
    assert Problem.objects.get().petitions == 0, "no number is said that is smaller than five"
    Problem.objects.update(state="candidate")
    solving.refresh(TODAY)
    assert not Problem.objects.exists()


def test_it_is_looked_at_once_a_week(candidate: Problem) -> None:
    assert not solving.is_due(TODAY + timedelta(days=6))
    assert solving.is_due(TODAY + timedelta(days=7))
    assert isinstance(candidate.refreshed_on, date)
