"""Measures at the desk: how the bodies that a supervisor watches answered, with how sure that is."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huiyin.core import measures as core
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.yearly import chosen_year
from huiyin.registry import law, watched, yearly
from huiyin.registry import measured as gathered
from huiyin.site import measured

SHOWN_YEARS = 6


@require_safe
def measures(request: DeskRequest) -> HttpResponseBase:
    """All bodies below, or one of them, in one year."""
    chosen = chosen_year(request)
    mine = watched.by(request.acting)
    bodies = list(mine.bodies.order_by("path"))
    wanted = request.GET.get("body", "")
    body = next((each for each in bodies if each.code == wanted), None)
    if wanted and body is None:
        raise Http404
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
    }
    return page(request, "measures.html", context)
