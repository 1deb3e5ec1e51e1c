"""What this officer's bodies have to carry out, by day: tasks, never people."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.core import tasks
from huiyin.core.text import Text
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.reading import mask
from huiyin.registry import access, carrying_out
from huiyin.registry.models import Body, Task

A_PAGE = 50
WHICH: dict[str, tuple[Any, frozenset[str]]] = {
    "owed": (_("To do"), tasks.OWED),
    "late": (_("Late"), tasks.OWED),
    "reported": (_("Reported, not confirmed"), frozenset({tasks.REPORTED})),
    "confirmed": (_("Confirmed"), frozenset({tasks.CONFIRMED})),
}


@require_safe
def carry_out(request: DeskRequest) -> HttpResponseBase:
    which = request.GET.get("which", "owed")
    which = which if which in WHICH else "owed"
    found = carrying_out.of_desk(request.acting, WHICH[which][1])
    if which == "late":
        found = carrying_out.late_of(found, request.today)
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    bodies = {b.code: b for b in Body.objects.filter(code__in={task.body for task in shown})}
    context = {
        "which": which,
        "places": [(name, text) for name, (text, _states) in WHICH.items()],
        "lines": [_line(task, bodies, request) for task in shown],
        "page": shown,
    }
    return page(request, "carry_out.html", context)


def _line(task: Task, bodies: dict[str, Body], request: DeskRequest) -> dict[str, Any]:
    body = bodies.get(task.body)
    says = str if access.handles(request.acting, task.petition) else mask.masked
    what = carrying_out.words_of(task)
    return {
        "task": task,
        "what": Text(says(what.zh), says(what.en)) if task.what else what,
        "answer": says(task.answer),
        "body": body.name if body else None,
        "state": carrying_out.STATES[task.state],
        "tone": carrying_out.TONES.get(task.state, "late"),
        "late": carrying_out.is_late(task, request.today),
    }
