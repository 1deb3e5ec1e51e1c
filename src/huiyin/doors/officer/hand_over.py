"""Hand many open petitions to another officer: each one a move of its own, told one by one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import masking
from huiyin.registry.models import Officer
from huiyin.registry.perform import perform
from huiyin.site.forms import say_later

MOST = 200  # more than an inbox shows at once
TOLD = "handed_over"


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: DeskRequest) -> HttpResponseBase:
    """POST does it and remembers what came of it; GET tells, so that a reload hands nothing over again."""
    if request.method == "POST":
        refs, login = request.POST.getlist("ref")[:MOST], request.POST.get("officer", "")
        back = _back(request)
        problem = _problem(refs, login)
        results = [] if problem else [_entrust(request, ref, login) for ref in refs]
        request.session[TOLD] = {"problem": problem, "results": results, "to": login, "back": back}
        return redirect("desk:hand-over")
    told: dict[str, Any] | None = request.session.get(TOLD)
    if told is None:
        return redirect("desk:inbox")
    to = Officer.objects.filter(login=told["to"]).first()
    refused = sum(1 for result in told["results"] if result["refused"])
    numbers = {"done": len(told["results"]) - refused, "refused": refused}
    return page(request, "hand_over.html", {**told, **numbers, "officer": to})


def _problem(refs: list[str], login: str) -> str:
    if not refs:
        return gettext("Tick the petitions that you want to hand over.")
    return "" if login else gettext("Choose the officer who takes them.")


def _entrust(request: DeskRequest, ref: str, login: str) -> dict[str, str]:
    done = perform(ref, Move("entrust", {"officer": login}), request.acting, request.now)
    if isinstance(done, Refusal):
        reason = next(iter(done.fields.values()), done.reason)
        # A reference that this officer may not see is not even spelled out again.
        return {
            "ref": ref if done.code != "not-found" else "—",
            "subject": "",
            "refused": str(say_later(reason)),
        }
    return {"ref": done.ref, "subject": masking.subject_for(request.acting, done), "refused": ""}


def _back(request: DeskRequest) -> str:
    home = reverse("desk:inbox")
    back = request.POST.get("back", "")
    return back if back == home or back.startswith(f"{home}?") else home
