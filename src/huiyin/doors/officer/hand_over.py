"""Hand over or register many petitions at once: each one a move of its own, told one by one.

Registering goes together only where the law asks nothing to be said with it; other steps are about one.
A handing over is taken back by handing back, a step on record like any other: what somebody has moved on
since stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import access, desk, law
from huiyin.registry.models import Officer
from huiyin.registry.perform import perform
from huiyin.site.forms import say_later
from huiyin.site.templatetags import huiyin_reader

MOST = 200  # more than an inbox shows at once
TOLD = "handed_over"
REGISTER, ENTRUST, UNASSIGN = "register", "entrust", "unassign"
BACK = "undo"


@dataclass(frozen=True, slots=True)
class Registering:
    """How the law of the day calls registering, and whether it may be done for many at once."""

    text: Text
    together: bool
    states: frozenset[str]  # in which a petition can be registered


def registering(today: date) -> Registering | None:
    """None where this law registers nothing as a step of its own."""
    rows = law.in_force(today).rows_of(REGISTER)
    if not rows:
        return None
    states = frozenset[str]().union(*(row.sources for row in rows))
    return Registering(
        rows[0].text, not any(content.required for row in rows for content in row.contents), states
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: DeskRequest) -> HttpResponseBase:
    """POST does it and remembers what came of it; GET tells, so that a reload does nothing again."""
    if request.method == "POST":
        if request.POST.get("do") == BACK:
            return _taken_back(request)
        refs = request.POST.getlist("ref")[:MOST]
        verb = REGISTER if request.POST.get("do") == REGISTER else ENTRUST
        login = request.POST.get("officer", "") if verb == ENTRUST else ""
        problem = _problem(request, verb, refs, login)
        move = Move(verb, {"officer": login} if login else {})
        before = {} if problem or verb == REGISTER else _in_charge(request, refs)
        results = [] if problem else [_made(request, ref, move) for ref in refs]
        for result in results:
            result["before"] = before.get(result["ref"], "")
        told = {"problem": problem, "results": results, "to": login, "back": _back(request), "verb": verb}
        request.session[TOLD] = told
        return redirect("desk:hand-over")
    told_before: dict[str, Any] | None = request.session.get(TOLD)
    if told_before is None:
        return redirect("desk:inbox")
    to = Officer.objects.filter(login=told_before["to"]).first()
    refused = sum(1 for result in told_before["results"] if result["refused"])
    numbers = {"done": len(told_before["results"]) - refused, "refused": refused}
    numbers["undo"] = bool(numbers["done"]) and told_before["verb"] == ENTRUST
    return page(request, "hand_over.html", {**told_before, **numbers, "officer": to})


def _in_charge(request: DeskRequest, refs: list[str]) -> dict[str, str]:
    """Who is in charge of each before it goes: the sign-in name, "" for nobody."""
    seen = access.visible_to(request.acting).filter(ref__in=refs).values_list("ref", "officer__login")
    return {ref: login or "" for ref, login in seen}


def _taken_back(request: DeskRequest) -> HttpResponseBase:
    """Hand back what was handed over last and nobody has moved on since; once."""
    told: dict[str, Any] | None = request.session.get(TOLD)
    if told is None or told["verb"] != ENTRUST:
        return redirect("desk:inbox")
    results = []
    for each in told["results"]:
        if not each["refused"]:
            move = Move(ENTRUST, {"officer": each["before"]}) if each["before"] else Move(UNASSIGN)
            results.append(_made(request, each["ref"], move, seen=each["version"]))
    request.session[TOLD] = {**told, "problem": "", "results": results, "verb": BACK}
    return redirect("desk:hand-over")


def _problem(request: DeskRequest, verb: str, refs: list[str], login: str) -> str:
    if not refs:
        return gettext("Tick the petitions that you mean first.")
    if verb == REGISTER:
        allowed = registering(request.today)
        return "" if allowed and allowed.together else gettext("Under this law each is registered by itself.")
    return "" if login else gettext("Choose the officer who takes them.")


def _made(request: DeskRequest, ref: str, move: Move, seen: int | None = None) -> dict[str, Any]:
    done = perform(ref, move, request.acting, request.now, seen=seen)
    if isinstance(done, Refusal):
        reason = next(iter(done.fields.values()), done.reason)
        # A reference that this officer may not see is not even spelled out again.
        return {
            "ref": ref if done.code != "not-found" else "—",
            "subject": "",
            "refused": str(say_later(reason)),
        }
    desk.own_step(done, request.officer)
    subject = huiyin_reader.subject_for(done, request.acting)
    return {"ref": done.ref, "subject": subject, "refused": "", "version": done.version}


def _back(request: DeskRequest) -> str:
    home = reverse("desk:inbox")
    back = request.POST.get("back", "")
    return back if back == home or back.startswith(f"{home}?") else home
