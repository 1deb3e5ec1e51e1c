"""Measures at the desk: how the bodies that somebody supervises or heads answered, and with which cases."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huiyin.core import measures as core
from huiyin.doors.officer import counted
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.yearly import chosen_year
from huiyin.registry import assessment_cases, board_counted, law, watched, week, yearly
from huiyin.registry import measured as gathered
from huiyin.registry.models import Body
from huiyin.registry.watched import Watched
from huiyin.site import articles, measured

SHOWN_YEARS = 6


@require_safe
def measures(request: DeskRequest) -> HttpResponseBase:
    """All bodies that somebody watches, or one of them, in one year."""
    chosen = chosen_year(request)
    mine = watched.at_desk(request.acting)
    bodies = list(mine.bodies.order_by("path"))
    body = _body(request, bodies)
    book = law.in_force(request.today)
    record = gathered.of(watched.of_body(mine, body.code) if body else mine, chosen)
    told = measured.lines(core.of_law(book), record, book)
    context = {
        "lines": told,
        "plot": measured.drawn(told, get_language() or ""),
        "years": list(reversed(yearly.years(request.today)))[:SHOWN_YEARS],
        "chosen": chosen,
        "running": chosen == request.today.year,
        "bodies": bodies,
        "body": body,
        "lowest": measured.lowest(told),
        "cases_of": f"?year={chosen}" + (f"&body={body.code}" if body else ""),
    }
    return page(request, "measures.html", context)


@require_safe
def cases(request: DeskRequest, clock: str) -> HttpResponseBase:
    """The cases of one share of terms that were kept: those that were not kept first."""
    chosen, book = chosen_year(request), law.in_force(request.today)
    mine: Watched = watched.at_desk(request.acting)
    bodies = list(mine.bodies.order_by("path"))
    body = _body(request, bodies)
    measure = next((m for m in core.of_law(book) if m.code == f"{measured.KEPT}{clock}"), None)
    if measure is None:
        raise Http404
    codes = [body.code] if body else [each.code for each in bodies]
    found = assessment_cases.of_term(request.acting, codes, chosen, clock)
    context = {
        "measure": measure,
        "article": articles.cite(measure.article, book.id),
        "cases": [{"case": each, "hard": None} for each in found],
        "most": assessment_cases.MOST,
        "full": len(found) == assessment_cases.MOST,
        "chosen": chosen,
        "body": body,
        "back": f"?year={chosen}" + (f"&body={body.code}" if body else ""),
    }
    return page(request, "measure_cases.html", context)


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
