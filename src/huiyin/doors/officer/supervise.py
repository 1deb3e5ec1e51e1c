"""Supervision: what was found, and which bodies are late or about to be, here and below.

It measures answers, never petitioners: no figure here counts how many petition, ask for review or rate badly
(charter 8). Late is what the law's own terms say; a date that was set by order is counted apart, and the
house's own terms not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from huiyin.doors.officer import findings, sifting
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.inbox import A_PAGE, BoundedPaginator, lines, with_what_a_line_shows
from huiyin.registry import access, law, supervision
from huiyin.registry.models import Body, Clock, Petition

WHOLE = 100  # the length of the longest bar
FIGURES = ("open", "soon", "late", "ordered", "missed", "missed_orders")


@dataclass(frozen=True, slots=True)
class Load:
    """What one body owes now."""

    body: Body
    open: int
    soon: int
    late: int  # past a term of the law
    ordered: int  # past a date set by order, and no term of the law
    missed: int  # terms of the law that passed unmet this month while it was here
    missed_orders: int  # dates set by order that did
    widths: tuple[int, int, int] = (0, 0, 0)  # in time, soon, late; in hundredths of the longest bar

    @property
    def in_time(self) -> int:
        return max(self.open - self.soon - self.late - self.ordered, 0)

    @property
    def soon_from(self) -> int:
        return self.widths[0]

    @property
    def late_from(self) -> int:
        return self.widths[0] + self.widths[1]


@require_safe
def supervise(request: DeskRequest) -> HttpResponseBase:
    """What was found first; then what each body owes."""
    below = access.below(request.acting)
    body = request.GET.get("body", "")
    seen = supervision.found_by(request.acting, request.today, body=body)
    listed: Any = Paginator(seen, A_PAGE).get_page(request.GET.get("findings"))
    loads = list(loads_of(below, request.today))
    which = request.GET.get("due", "late")
    which = which if which in {"late", "soon"} else "late"
    found = sifting.by_due(below, which, request.today)
    if body:
        found = found.filter(holder__code=body)
    found = with_what_a_line_shows(found).order_by(F("next_due").asc(), "id")
    shown = BoundedPaginator(found, A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "supervise.html",
        {
            "found": list(findings.lines(listed, law.in_force(request.today).id, request.today)),
            "found_page": listed,
            "found_bars": findings.by_trigger(seen),
            "found_cut": len(seen) >= supervision.MOST,
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
    over = Q(next_due__lt=today)
    by_law = Exists(_late_by_law(today))
    soon = Q(next_due__gte=today, next_due__lte=today + sifting.SOON)
    owed = Q(is_open=True) | Q(next_due__isnull=False)  # a report back can be owed after the end
    rows = below.filter(owed).order_by().values("holder")
    counted: dict[int, dict[str, Any]] = {
        row["holder"]: dict(row)
        for row in rows.annotate(
            all=Count("pk"),
            late=Count("pk", filter=over & Q(by_law)),
            ordered=Count("pk", filter=over & ~Q(by_law)),
            soon=Count("pk", filter=soon),
        )
    }
    missed = missed_this_month(below, today)
    known = Body.objects.filter(Q(pk__in=counted) | Q(code__in=missed)).order_by("path")
    for body in known:
        owes = counted.get(body.pk, {})
        open_now, soon_now, late_now, ordered = (owes.get(n, 0) for n in ("all", "soon", "late", "ordered"))
        of_law, of_order = missed.get(body.code, (0, 0))
        yield Load(body, open_now, soon_now, late_now, ordered, of_law, of_order)


def _late_by_law(today: date) -> QuerySet[Clock]:
    """A term of the law that this petition is late by: over, and what it waits for has not come."""
    over = Q(state="running", due__lt=today) | Q(state="missed")
    own = Clock.objects.filter(petition=OuterRef("pk"), kind="law", on_due="breach")
    return own.filter(over, carried_by=0, ended=None)


def missed_this_month(below: QuerySet[Petition], today: date) -> dict[str, tuple[int, int]]:
    """Code of the body that held it -> terms of the law, and dates set by order, that passed unmet since the
    first of the month.
    """
    zone = ZoneInfo(law.in_force(today, settings.JURISDICTION).zone)
    return supervision.missed(below, datetime.combine(today.replace(day=1), time(), zone))


def charted(loads: list[Load]) -> list[Load]:
    """The loads with the widths of their bars, the latest first; bodies that owe nothing are left out."""
    longest = max((load.open for load in loads), default=0)
    owing = sorted((load for load in loads if load.open), key=lambda load: (-load.late, -load.soon))
    return [replace(load, widths=_widths(load, longest)) for load in owing]


def _widths(load: Load, longest: int) -> tuple[int, int, int]:
    return (
        round(WHOLE * load.in_time / longest),
        round(WHOLE * load.soon / longest),
        round(WHOLE * (load.late + load.ordered) / longest),
    )


def _totals(loads: list[Load]) -> dict[str, Any]:
    return {name: sum(getattr(load, name) for load in loads) for name in FIGURES}
