"""Promises 1, 2 and 6: what is alike and what is a problem is read off matters, masked, and off no report."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date
from typing import Any

from django.core.management import call_command
from django.test import Client

from huiyin.registry import erasing, resembling, solving
from huiyin.registry.comparing import Reader
from huiyin.registry.models import CommonWords, Problem, ProblemMember, Resemblance
from tests.cast import NOW, Walk, acting_as, legal_day, lodge
from tests.registry.alike import LIFT, OTHER, lodged

TODAY = legal_day(NOW)


def read() -> None:
    Reader().read(NOW)
    solving.refresh(TODAY)


def test_a_report_is_in_no_vector_no_count_and_no_suggestion(cast: Any) -> None:
    claims = [filed.petition for filed in lodged((*LIFT[:4], *OTHER))]
    reports = [filed.petition for filed in lodged(LIFT[4:], kind="report", against=())]
    sorted_later = lodge(subject=LIFT[5][0], text=LIFT[5][1], unsure=True).petition
    read()
    hidden = {each.pk for each in (*reports, sorted_later)}
    assert not Resemblance.objects.filter(pk__in=hidden).exists()
    assert not {number for row in Resemblance.objects.all() for number, _ in row.alike} & hidden
    assert CommonWords.objects.get().texts == len(claims)
    assert not Problem.objects.exists(), "with the reports there would be six"


def test_what_turns_out_to_be_a_report_leaves_at_once(cast: Any) -> None:
    walk = Walk(lodge(subject=LIFT[0][0], text=LIFT[0][1]))
    walk("register", "olga")
    others = [filed.petition for filed in lodged((*LIFT[1:], *OTHER))]
    read()
    assert ProblemMember.objects.filter(petition=walk.petition).exists()
    walk("treat-as-report", "olga", body="jw", reasons="反映的是干部收受好处")
    number = walk.petition.pk
    assert not Resemblance.objects.filter(pk=number).exists()
    assert not ProblemMember.objects.filter(petition=number).exists()
    assert number not in {n for row in Resemblance.objects.all() for n, _ in row.alike}
    assert others


def test_what_is_erased_leaves_with_its_petition(cast: Any) -> None:
    made = [filed.petition for filed in lodged()]
    read()
    gone = made[0]
    rule = erasing.last_day(gone, date(2026, 3, 2), TODAY)
    assert rule is not None
    erasing.erase(erasing.Due(gone, rule[1], TODAY, ()), NOW, batch="test")
    assert not Resemblance.objects.filter(pk=gone.pk).exists()
    assert not ProblemMember.objects.filter(petition=gone.pk).exists()
    assert gone.pk not in {number for row in Resemblance.objects.all() for number, _ in row.alike}


def test_no_word_of_a_petition_stands_in_what_is_kept(cast: Any) -> None:
    lodged()
    read()
    out = io.StringIO()
    names = ("resemblance", "commonwords", "problem", "problemmember")
    call_command("dumpdata", *(f"registry.{name}" for name in names), stdout=out)
    said = out.getvalue()
    assert "registry.resemblance" in said
    for word in ("电梯", "柳苑", "物业", "\\u7535\\u68af", "\\u67f3\\u82d1"):
        assert word not in said


def test_whoever_may_see_no_petition_of_it_is_told_of_none(cast: Any) -> None:
    first, *_ = (filed.petition for filed in lodged())
    read()
    for login in ("tina", "dora", "stella", "ada"):
        acting = acting_as(login)
        assert not solving.for_desk(acting).exists()
        assert list(solving.members_of(Problem.objects.get(), acting)) == []
        assert resembling.similar_to(first, acting) == []


def test_the_number_that_is_told_says_nothing_of_one_petition(cast: Any) -> None:
    lodged((*LIFT, *[(f"又停{n}", text) for n, (_, text) in enumerate(LIFT[:3])], *OTHER))
    read()
    assert ProblemMember.objects.count() == 9
    assert Problem.objects.get().petitions == 5


def test_no_problem_says_who_or_how_many_came_on_a_day() -> None:
    told = {field.name for field in Problem._meta.concrete_fields}
    dates = {name for name in told if name.endswith(("_on", "_by"))} | {"since"}
    assert dates == {"since", "found_on", "decided_on", "planned_on", "plan_by", "done_on", "refreshed_on"}
    assert told - dates == {
        "id",
        "body",
        "state",
        "title",
        "place",
        "broken",
        "plan",
        "outcome",
        "reason",
    } | {"petitions"}


def test_nothing_published_leads_to_a_petition(cast: Any) -> None:
    made = [filed.petition for filed in lodged()]
    read()
    Problem.objects.update(
        title="电梯停运", place="柳苑小区", broken="电梯停运。", state="adopted", decided_on=TODAY
    )
    number = Problem.objects.get().pk
    for address in ("/problems/", f"/problems/{number}/", "/"):
        said = Client().get(address).content.decode()
        assert not any(petition.ref in said for petition in made)
        assert "物业说没有维修资金" not in said


def test_no_web_process_loads_what_models_are_trained_with() -> None:
    """Started as it is served: the modules of a web process have numpy, and nothing that trains."""
    program = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE']='huiyin.site.settings';"
        "import django; django.setup(); import huiyin.site.urls_all;"
        "print(sorted({'sklearn', 'scipy', 'torch'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"HUIYIN_ZONE": "all", "HUIYIN_DATA_DIR": ".venv/tools-data", "PATH": "/usr/bin:/bin"},
    )
    assert ran.stdout.strip() == "[]", ran.stderr
