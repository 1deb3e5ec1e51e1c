"""Before sending, authors find what is published on the same problem; of a report never."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from huiyin.registry import answered, law, solving
from huiyin.registry.comparing import Reader
from huiyin.registry.models import Petition, Problem
from tests.petitioner.conftest import Lodger
from tests.registry.alike import LIFT, OTHER, lodged

TITLE = "柳苑小区三号楼电梯长期停运"


@pytest.fixture
def published(cast: Any) -> Problem:
    now = timezone.now()
    lodged((*LIFT, *OTHER), now=now)
    Reader().read(now)
    solving.refresh(law.at(now)[1])
    Problem.objects.update(
        state="done",
        title=TITLE,
        place="柳苑小区",
        broken="三号楼电梯停运，物业说没有维修资金，老人困在楼上。",
        outcome="已动用维修资金更换主机。",
        decided_on=now.date(),
        done_on=now.date(),
    )
    return Problem.objects.get()


def test_what_was_published_on_the_same_problem_is_offered_on_the_page_that_is_passed_anyway(
    lodger: Lodger, published: Problem
) -> None:
    lodger.to_check(matter={"subject": "电梯坏了", "text": LIFT[1][1]})
    assert f"/problems/{published.pk}/" in lodger.html
    assert TITLE in lodger.html
    before = Petition.objects.count()
    lodger.send("send")
    assert Petition.objects.count() == before + 1, "nothing stands in the way of sending it"


def test_another_problem_finds_nothing(lodger: Lodger, published: Problem) -> None:
    lodger.to_check(matter={"subject": OTHER[1][0], "text": OTHER[1][1]})
    assert TITLE not in lodger.html


@pytest.mark.parametrize("kind", ["report", "unsure"])
def test_a_report_is_compared_with_nothing(lodger: Lodger, published: Problem, kind: str) -> None:
    lodger.to_check(matter={"subject": "电梯坏了", "text": LIFT[0][1], "kind": kind})
    assert lodger.page.context["answered_before"] == []


def test_without_anything_read_there_is_nothing_and_no_fault(cast: Any) -> None:
    assert answered.before("电梯", LIFT[0][1], publishes=True) == []
