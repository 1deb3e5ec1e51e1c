"""You said, we did: the problems that bodies have taken up, how many petitions ask, and what comes of them.

No search, no petition and nobody: a problem is a thing in a place. Numbers are rounded down.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.core.correspondence import ADOPTED as SAID
from huiyin.registry import corresponding, law, solving
from huiyin.registry.correspondence import BodyLetter
from huiyin.registry.models import Body, Problem
from huiyin.registry.problems import ADOPTED, DONE, PUBLIC

ON_A_PAGE = 20


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """What is done last first where that is asked for, else what most petitions ask for."""
    found = solving.public()
    bodies = Body.objects.filter(pk__in=found.values("body")).order_by("path")
    state, body = request.GET.get("state", ""), request.GET.get("body", "")
    if state in PUBLIC:
        found = found.filter(state=state)
    if any(each.code == body for each in bodies):
        found = found.filter(body__code=body)
    found = (
        found.order_by("-done_on", "-id")
        if state == DONE
        else found.order_by("-petitions", "-decided_on", "-id")
    )
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "public/problems.html",
        {"page": page, "problems": page, "bodies": bodies, "body": body, "state": state},
    )


@require_safe
def problem(request: HttpRequest, number: int) -> HttpResponse:
    found = solving.public().filter(pk=number).first()
    if found is None:
        raise Http404
    today = law.at(timezone.now())[1]
    context = {
        "problem": found,
        "steps": list(_steps(found)),
        "proposals": [_proposal(letter) for letter in corresponding.proposals_on(found)],
        "late": found.state == ADOPTED and found.plan_by is not None and found.plan_by < today,
    }
    return render(request, "public/problem.html", context)


def _proposal(letter: BodyLetter) -> dict[str, Any]:
    """To whom it was proposed and whether they adopt it; the words of letters are not published."""
    answer = getattr(letter, "answer", None)
    return {
        "kind": corresponding.kind_of(letter).text,
        "to": letter.receiver.name,
        "day": letter.sent_at,
        "term": letter.term,
        "adopted": SAID[answer.adopted] if answer else None,
        "answered": answer.answered_at if answer else None,
    }


def _steps(problem: Problem) -> Iterator[dict[str, Any]]:
    """What the body did, in its order: never how many petitions came when."""
    if problem.decided_on:
        yield {"at": problem.decided_on, "title": _("Taken up")}
    if problem.planned_on:
        yield {"at": problem.planned_on, "title": _("The plan as it stands")}
    if problem.done_on:
        yield {"at": problem.done_on, "title": _("Done")}
    elif problem.plan_by:
        yield {"at": problem.plan_by, "title": _("To be done"), "tone": "next"}
