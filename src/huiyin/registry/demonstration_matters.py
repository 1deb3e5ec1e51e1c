"""What ties petitions of the demonstration together: links on the same matter, problems, a body that ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import comparing, keeping, law, linking, solving
from huiyin.registry.access import CLERK, Acting
from huiyin.registry.demonstration_days import Impossible
from huiyin.registry.models import Body, Officer, Petition, Problem
from huiyin.registry.perform import perform


def make_links(told: Iterable[Mapping[str, Any]], refs: Mapping[str, str], now: datetime) -> None:
    """Link two petitions, as an officer does who sees that they are about the same.

    `refs`: name of a petition -> its reference.
    """
    for each in told:
        one, other = (refs[name] for name in each["petitions"])
        acting = Acting(Officer.objects.get(login=each["by"]), law.at(now)[1])
        _must(linking.link(Petition.objects.get(ref=one), other, each["reasons"], acting, now), one)


def make_problems(told: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Take each problem up, say what is done and what came of it, as its body did so many days ago.

    These are older than the petitions of the demonstration, so none of them is counted.
    """
    today = law.at(now)[1]
    for each in told:
        officer = Officer.objects.get(login=each["by"])
        then = now - timedelta(days=each["ago"])
        began = (today - timedelta(days=each["since"])).replace(day=1)
        acting = Acting(officer, law.at(then)[1])
        problem = Problem.objects.create(
            body=Body.objects.get(code=each["body"]),
            since=began,
            found_on=acting.day,
            refreshed_on=today,
            **{name: each[name] for name in ("title", "place", "broken", "plan")},
            plan_by=acting.day + timedelta(days=each["plan_for"]),
        )
        _must(solving.save(problem, acting=acting, now=then), each["title"])
        if "outcome" in each:
            problem.outcome, done = each["outcome"], then + timedelta(days=each["plan_for"])
            _must(solving.save(problem, acting=Acting(officer, law.at(done)[1]), now=done), each["title"])


def take_up(told: Sequence[Mapping[str, Any]], refs: Mapping[str, str], now: datetime) -> None:
    """Find problems as the clerk does, and take up each that is told of, so many days ago, with its plan.

    What else is found stays a candidate. `refs`: name of a petition -> its reference.
    """
    if not told:
        return
    today = law.at(now)[1]
    comparing.Reader().read(now)
    solving.refresh(today)
    for each in told:
        problem = Problem.objects.get(members__petition__ref=refs[each["petition"]])
        for name in ("title", "place", "broken", "plan"):
            setattr(problem, name, each[name])
        problem.plan_by = today + timedelta(days=each["ahead"])
        then = now - timedelta(days=each["ago"])
        acting = Acting(Officer.objects.get(login=each["by"]), law.at(then)[1])
        if (refused := solving.save(problem, acting=acting, now=then)) is not None:
            raise Impossible(f"{each['title']}: {refused.reason.en} {dict(refused.fields)}")


def hand_on(told: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """End each body that has a successor, and move what it held there (art. 24.2), as the clerk does."""
    for each in told:
        if "successor" not in each:
            continue
        body = Body.objects.get(code=each["code"])
        body.successor = Body.objects.get(code=each["successor"])
        _must(keeping.save_body(body, by=None, now=now), body.code)
        for ref in Petition.objects.filter(holder=body).values_list("ref", flat=True):
            _must(perform(ref, Move("succeed", {"body": each["successor"]}), CLERK, now), ref)


def _must(answer: object, what: str) -> None:
    if isinstance(answer, Refusal):
        fields = {name: wrong.en for name, wrong in answer.fields.items()}
        raise Impossible(f"{what}: {answer.code}: {answer.reason.en} {fields}")
