"""Supervision: which bodies are late or about to be, here and below. It measures answers, never petitioners.

No figure here counts how many petition, ask for review or rate badly: only what is owed, and by when
(charter 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from huiyin.doors.officer import sifting
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.inbox import A_PAGE, BoundedPaginator, lines, with_what_a_line_shows
from huiyin.registry import access, law
from huiyin.registry.models import Body, Entry, Petition

WHOLE = 100  # the length of the longest bar


@dataclass(frozen=True, slots=True)
class Load:
    """What one body owes now."""

    body: Body
    open: int
    soon: int
    late: int
    missed: int  # terms of the law that passed unmet this month while it was here
    widths: tuple[int, int, int] = (0, 0, 0)  # in time, soon, late; in hundredths of the longest bar

    @property
    def in_time(self) -> int:
        return max(self.open - self.soon - self.late, 0)

    @property
    def soon_from(self) -> int:
        return self.widths[0]

    @property
    def late_from(self) -> int:
        return self.widths[0] + self.widths[1]


@require_safe
def supervise(request: DeskRequest) -> HttpResponseBase:
    below = access.below(request.acting)
    loads = list(loads_of(below, request.today))
    which = request.GET.get("due", "late")
    which = which if which in {"late", "soon"} else "late"
    found = sifting.by_due(below, which, request.today)
    if body := request.GET.get("body", ""):
        found = found.filter(holder__code=body)
    found = with_what_a_line_shows(found).order_by(F("next_due").asc(), "id")
    shown = BoundedPaginator(found, A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "supervise.html",
        {
            "loads": loads,
            "totals": _totals(loads),
            "lines": lines(shown),
            "page": shown,
            "which": which,
            "chosen": next((load.body for load in loads if load.body.code == body), None),
            "chart": charted(loads),
        },
    )


def loads_of(below: QuerySet[Petition], today: date) -> Iterable[Load]:
    """What each body owes: three queries, whatever the number of bodies."""
    late = Q(next_due__lt=today)
    soon = Q(next_due__gte=today, next_due__lte=today + sifting.SOON)
    owed = Q(is_open=True) | Q(next_due__isnull=False)  # a report back can be owed after the end
    rows = below.filter(owed).order_by().values("holder")
    counted: dict[int, dict[str, Any]] = {
        row["holder"]: dict(row)
        for row in rows.annotate(
            all=Count("pk"), late=Count("pk", filter=late), soon=Count("pk", filter=soon)
        )
    }
    missed = missed_this_month(below, today)
    known = Body.objects.filter(Q(pk__in=counted) | Q(code__in=missed)).order_by("path")
    for body in known:
        owes = counted.get(body.pk, {})
        open_now, soon_now, late_now = (owes.get(name, 0) for name in ("all", "soon", "late"))
        yield Load(body, open_now, soon_now, late_now, missed.get(body.code, 0))


def missed_this_month(below: QuerySet[Petition], today: date) -> dict[str, int]:
    """Code of the body that held it -> terms of the law that passed unmet since the first of the month."""
    zone = ZoneInfo(law.in_force(today, settings.JURISDICTION).zone)
    first = datetime.combine(today.replace(day=1), time(), zone)
    entries = Entry.objects.filter(event="clock-missed", petition__in=below.values("pk"))
    entries = entries.filter(recorded_at__gte=first).order_by()
    return {row["body"]: row["n"] for row in entries.values("body").annotate(n=Count("pk"))}


def charted(loads: list[Load]) -> list[Load]:
    """The loads with the widths of their bars, the latest first; bodies that owe nothing are left out."""
    longest = max((load.open for load in loads), default=0)
    owing = sorted((load for load in loads if load.open), key=lambda load: (-load.late, -load.soon))
    return [
        Load(load.body, load.open, load.soon, load.late, load.missed, _widths(load, longest))
        for load in owing
    ]


def _widths(load: Load, longest: int) -> tuple[int, int, int]:
    return (
        round(WHOLE * load.in_time / longest),
        round(WHOLE * load.soon / longest),
        round(WHOLE * load.late / longest),
    )


def _totals(loads: list[Load]) -> dict[str, Any]:
    return {name: sum(getattr(load, name) for load in loads) for name in ("open", "soon", "late", "missed")}
