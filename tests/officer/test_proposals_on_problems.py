"""From a problem of the register to a proposal of policy, its written answer, and what everybody reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.refusal import Refusal
from huiyin.papers import annual, annual_html
from huiyin.registry import corresponding, law, solving, watched
from huiyin.registry.comparing import Reader
from huiyin.registry.correspondence import BodyLetter
from huiyin.registry.models import Body, Officer, Problem, Role
from tests.cast import acting_as
from tests.registry.alike import LIFT, OTHER, lodged

pytestmark = pytest.mark.usefixtures("password_alone")
SECRET = "建议对张三的投诉另行处理，电话13800000000。"


@pytest.fixture
def problem(cast: dict[str, Officer]) -> Problem:
    """A candidate that the head of the housing bureau took up; and somebody at the office may propose."""
    now = timezone.now()
    lodged((*LIFT, *OTHER), now=now)
    Reader().read(now)
    day = law.at(now)[1]
    solving.refresh(day)
    Role.objects.create(officer=cast["olga"], body=Body.objects.get(code="xf"), role="supervisor")
    found = Problem.objects.get()
    found.title, found.place, found.broken = "电梯长期停运", "柳苑小区", "电梯停运几个月。"
    found.plan, found.plan_by = "更换主机", day + timedelta(days=20)
    assert solving.save(found, acting=acting_as("hedda", day), now=now) is None
    return found


def proposed(
    desk: Callable[..., Client], problem: Problem, text: str = "建议修改维修资金办法。"
) -> BodyLetter:
    said = {
        "sender": "xf",
        "receiver": "xian",
        "text": text,
        "refs": "",
        "term": (timezone.now() + timedelta(days=30)).date().isoformat(),
    }
    sent = desk("olga").post(f"/desk/letters/new/improve-policy/?problem={problem.pk}", said)
    assert sent.status_code == 302, sent.content.decode()
    return BodyLetter.objects.get()


def test_from_the_problem_a_proposal_is_written_and_stands_on_it(
    desk: Callable[..., Client], problem: Problem
) -> None:
    offered = desk("olga").get(f"/desk/problems/{problem.pk}/").content.decode()
    assert f"/desk/letters/new/improve-policy/?problem={problem.pk}" in offered
    assert "Proposal to improve policy" in offered
    assert "pursue-responsibility" not in offered
    assert "letters/new" not in desk("hedda").get(f"/desk/problems/{problem.pk}/").content.decode()
    form = desk("olga").get(f"/desk/letters/new/improve-policy/?problem={problem.pk}").content.decode()
    assert "电梯长期停运" in form
    letter = proposed(desk, problem)
    assert letter.problem == problem
    assert "County Government" in desk("hedda").get(f"/desk/problems/{problem.pk}/").content.decode()
    assert "电梯长期停运" in desk("olga").get(f"/desk/letters/{letter.pk}/").content.decode()


def test_everybody_reads_that_it_was_proposed_and_what_was_answered_and_no_word_of_the_letter(
    desk: Callable[..., Client], problem: Problem, cast: dict[str, Officer]
) -> None:
    letter = proposed(desk, problem, SECRET)
    reader = Client()
    reader.cookies["huiyin_language"] = "en"
    before = reader.get(f"/problems/{problem.pk}/").content.decode()
    assert "Proposal to improve policy" in before
    assert "a written answer is due" in before
    Role.objects.create(officer=cast["rita"], body=Body.objects.get(code="xian"), role="head")
    answered = corresponding.answer(letter, "part", SECRET, acting_as("rita"), timezone.now())
    assert not isinstance(answered, Refusal)
    for language, adopted in (("en", "in part"), ("zh-hans", "部分采纳")):
        reader.cookies["huiyin_language"] = language
        html = reader.get(f"/problems/{problem.pk}/").content.decode()
        assert adopted in html
        assert "张三" not in html
        assert "13800000000" not in html
        assert "另行处理" not in html


def test_only_what_everybody_reads_of_can_be_proposed_on(
    desk: Callable[..., Client], problem: Problem
) -> None:
    Problem.objects.update(state="candidate")
    form = desk("olga").get(f"/desk/letters/new/improve-policy/?problem={problem.pk}").content.decode()
    assert "电梯长期停运" not in form
    assert desk("olga").get("/desk/letters/new/improve-policy/?problem=x").status_code == 200
    assert proposed(desk, problem).problem is None


def test_no_letter_about_a_body_is_tied_to_a_problem(problem: Problem) -> None:
    bodies = {body.code: body for body in Body.objects.all()}
    now = timezone.now()
    day = law.at(now)[1]
    draft = corresponding.Draft(
        "pursue-responsibility",
        bodies["xf"],
        bodies["jw"],
        text="建议核查。",
        about=bodies["zj"],
        ground="delayed",
        problem=problem,
        term=day + timedelta(days=30),
    )
    refused = corresponding.send(draft, acting_as("olga", day), now, day)
    assert isinstance(refused, Refusal)
    assert "problem" in refused.fields


def test_a_plan_whose_day_is_over_says_so_to_everybody(desk: Callable[..., Client], problem: Problem) -> None:
    reader = Client()
    reader.cookies["huiyin_language"] = "en"
    assert "it is not done" not in reader.get(f"/problems/{problem.pk}/").content.decode()
    Problem.objects.update(plan_by=law.at(timezone.now())[1] - timedelta(days=1))
    assert "it is not done" in reader.get(f"/problems/{problem.pk}/").content.decode()
    assert "was to be done by" in desk("hedda").get(f"/desk/problems/{problem.pk}/").content.decode()


@pytest.mark.parametrize(("language", "adopted"), [("en", "Adopted in part"), ("zh-hans", "部分采纳")])
def test_the_annual_report_lists_proposals_of_policy_with_their_answers(
    desk: Callable[..., Client], problem: Problem, cast: dict[str, Officer], language: str, adopted: Any
) -> None:
    letter = proposed(desk, problem, SECRET)
    Role.objects.create(officer=cast["rita"], body=Body.objects.get(code="xian"), role="head")
    now = timezone.now()
    corresponding.answer(letter, "part", "写进办法；张三一事另复。", acting_as("rita"), now)
    day = law.at(now)[1]
    made = annual.report(watched.by(acting_as("olga", day)), day.year, now, language)
    html = annual_html.html(made)
    assert "电梯长期停运" in html
    assert adopted in html
    assert "写进办法" in html
    assert "张三" not in html
