"""Measures at the desk: how the bodies that somebody supervises or heads answered, and with which cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huiyin.core import measures as core
from huiyin.core.intervals import SAID_OF, Share
from huiyin.doors.officer import counted, wording
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.yearly import chosen_year
from huiyin.registry import (
    assessment_cases,
    board_counted,
    extensions,
    law,
    measured_counted,
    watched,
    week,
    yearly,
)
from huiyin.registry.access import Acting
from huiyin.registry.models import Body
from huiyin.registry.watched import Watched
from huiyin.site import articles, cohort_plot, measured, open_data

SHOWN_YEARS = 6
BEFORE = 2  # years beside the chosen one


@require_safe
def measures(request: DeskRequest) -> HttpResponseBase:
    """All bodies that somebody watches, or one of them, in one year."""
    chosen = chosen_year(request)
    mine = watched.at_desk(request.acting)
    bodies = list(mine.bodies.order_by("path"))
    body = _body(request, bodies)
    book = law.in_force(request.today)
    under = watched.of_body(mine, body.code) if body else mine

    def of(year: int) -> measured_counted.Measured:
        return measured_counted.of(request.acting, under, year)

    found = of(chosen)
    told = {chosen: measured.lines(core.of_law(book), found.record, book)}
    if found.counted_at:  # else each year would be asked of all petitions
        before = range(chosen - BEFORE, chosen)
        told = {year: measured.lines(core.of_law(book), of(year).record, book) for year in before} | told
    lines = told[chosen]
    context = {
        "lines": lines,
        "plot": measured.drawn(lines, get_language() or ""),
        "past": measured.year_by_year(told),
        "years": list(reversed(yearly.years(request.today)))[:SHOWN_YEARS],
        "chosen": chosen,
        "running": chosen == request.today.year,
        "bodies": bodies,
        "body": body,
        "lowest": measured.lowest(lines),
        "cases_of": f"?year={chosen}" + (f"&body={body.code}" if body else ""),
        **_months([body] if body else bodies),
    }
    return page(request, "measures.html", context | counted.told(found.counted_at, request.now))


@require_safe
def cases(request: DeskRequest, clock: str) -> HttpResponseBase:
    """The cases of one share of terms that were kept: those that were not kept first."""
    asked = _asked(request)
    book = law.in_force(request.today)
    measure = next((m for m in core.of_law(book) if m.code == f"{measured.KEPT}{clock}"), None)
    if measure is None:
        raise Http404
    codes = [each.code for each in asked.bodies]
    try:
        found = assessment_cases.of_term(
            request.acting, codes, asked.year, clock, request.GET.get("after", "")
        )
    except ValueError as error:
        raise Http404 from error
    context = {
        "measure": measure,
        "article": articles.cite(measure.article, book.id),
        "cases": [{"case": each, "hard": None} for each in found.cases],
        "after": found.after,
        "beside": [] if asked.body is None else _beside(request.acting, asked, measure, clock),
        **asked.told,
    }
    return page(request, "measure_cases.html", context)


def _months(bodies: Iterable[Body]) -> dict[str, Any]:
    """How the terms that began in each month stand, as the public log counts them for these bodies alone."""
    found = open_data.source()
    names = {f"body {each.code}" for each in bodies}
    counted_here = found.figures.cohorts.items() if found else ()
    told = cohort_plot.months((each, sums) for each, sums in counted_here if each.bodies in names)
    rows = [
        {"period": cohort_plot.said_period(period), "shares": [f"{share:.0f}%" for share in of.values()]}
        for period, of in reversed(told.items())
    ]
    return {"months": rows, "months_plot": cohort_plot.plot(told), "heads": cohort_plot.HEADS}


def _beside(acting: Acting, asked: _Asked, measure: core.Measure, clock: str) -> list[dict[str, Any]]:
    """The same share of the bodies like this one that somebody watches, in the order of the tree: of the same
    kind and level, under the same body. Nothing is said of fewer than five terms."""
    body, mine = asked.body, watched.at_desk(acting)
    if body is None:
        return []
    like = mine.bodies.filter(kind=body.kind, level=body.level, superior=body.superior_id, active=True)
    found = measured_counted.terms(acting, replace(mine, bodies=like), asked.year, clock)
    shares = {
        each: Share(sum(table[k] for k in measure.part), sum(table[k] for k in measure.whole))
        for each in like.order_by("path")
        if (table := found.get((each.code, clock))) is not None
    }
    shares = {each: share for each, share in shares.items() if share.whole >= SAID_OF}
    own = shares.get(body)
    if own is None or len(shares) == 1:
        return []
    return [
        {
            "body": each,
            "share": share,
            "said": measured.of_share(share),
            "itself": each == body,
            "apart": not _overlap(share.interval, own.interval),
        }
        for each, share in shares.items()
    ]


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


@require_safe
def extended(request: DeskRequest) -> HttpResponseBase:
    """Which terms were extended, by term and body; and why, as the officers wrote it."""
    asked = _asked(request)
    book = law.in_force(request.today)
    measure = next((m for m in core.of_law(book) if m.code == "extended"), None)
    before = request.GET.get("before", "")
    if measure is None or not (before == "" or before.isdecimal()):
        raise Http404
    names = {each.code: each.name for each in asked.bodies}
    found = extensions.by_body(request.acting, asked.watched, asked.year)
    shown = extensions.reasons(request.acting, asked.watched, asked.year, int(before) if before else None)
    context = {
        "measure": measure,
        "article": articles.cite(measure.article, book.id),
        "rows": [
            {
                "term": wording.clock_text(book.id, each.clock),
                "body": names[each.body],
                "share": each.share,
                "said": measured.of_share(each.share),
            }
            for each in found
        ],
        "reasons": [{"given": each, "body": names[each.body]} for each in shown.reasons],
        "before": shown.before,
        **asked.told,
    }
    return page(request, "extensions.html", context)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The year and the bodies of a list behind a number, as its address says."""

    year: int
    body: Body | None
    bodies: list[Body]
    watched: Watched

    @property
    def told(self) -> dict[str, Any]:
        of_body = f"&body={self.body.code}" if self.body else ""
        return {"chosen": self.year, "body": self.body, "back": f"?year={self.year}{of_body}"}


def _asked(request: DeskRequest) -> _Asked:
    year, mine = chosen_year(request), watched.at_desk(request.acting)
    bodies = list(mine.bodies.order_by("path"))
    body = _body(request, bodies)
    if body is None:
        return _Asked(year, None, bodies, mine)
    return _Asked(year, body, [body], watched.of_body(mine, body.code))


@require_safe
def this_week(request: DeskRequest) -> HttpResponseBase:
    """What changed in the last seven days, and why; and which topics changed in the month that is over."""
    found = board_counted.this_week(request.acting, request.today)
    context = {"week": found.week, "topics": week.topics(request.today)}
    return page(request, "week.html", {**context, **counted.told(found.counted_at, request.now)})


def _body(request: DeskRequest, bodies: list[Body]) -> Body | None:
    """The body that is asked for, of these. Raises Http404 for another one."""
    wanted = request.GET.get("body", "")
    body = next((each for each in bodies if each.code == wanted), None)
    if wanted and body is None:
        raise Http404
    return body
