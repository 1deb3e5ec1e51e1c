"""The yearly assessment in public: the formula, and what of it anybody can reckon from the public log alone.

An item that the log does not tell is named with its points and has no number here (charter 9): what is
published can be recomputed, and what is too fine to publish is not in the log either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.core import assessment, measures
from huiyin.core.cohorts import Figures
from huiyin.core.formula import TERMS
from huiyin.doors.public import figures
from huiyin.registry import law
from huiyin.registry.bodies import LEVELS
from huiyin.registry.models import Body
from huiyin.site import articles, assessed, open_data


@dataclass(frozen=True, slots=True)
class Row:
    """One body, or a group of them that the log counts together, with what it says of it."""

    name: Any
    said: assessed.Said
    lines: list[assessed.Line]


@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    book = law.at(timezone.now())[0]
    if book.assessment is None:
        raise Http404
    under, found = book.assessment, open_data.source()
    known = found.figures.cohorts if found else {}
    years = sorted({cohort.period[:4] for cohort in known}, reverse=True)
    year = request.GET.get("period", "")
    chosen = year if year in years else (years[0] if years else "")
    groups = {cohort.bodies for cohort in known if cohort.period.startswith(chosen)} if chosen else set()
    kept = found.figures if found else Figures()
    rows = []
    for group, name in _named(groups):
        made = measures.from_figures(kept, year=chosen, bodies=group)
        came = assessment.assess(under.public(), made)
        rows.append(Row(name, assessed.said(came), assessed.lines(under.public(), came, book.id)))
    context = {
        "rows": rows,
        "items": [
            (item, articles.cite(item.article, book.id), TERMS[item.term].formula) for item in under.items
        ],
        "weights": [
            (choice.text, under.weight(choice.code)) for choice in book.choices.get("difficulties", ())
        ],
        "unsaid": under.unsaid,
        "from_log": sum(item.points for item in under.items if item.public and not item.costs),
        "years": years,
        "chosen": chosen,
        "read": found,
        "book": book,
        "article": articles.cite(under.article, book.id),
    }
    return render(request, "public/assessments.html", context)


def _named(groups: Collection[str]) -> Iterator[tuple[str, Any]]:
    """The groups that the log counts, as it names them and in words: wider ones first, bodies by the tree."""
    yield from ((group, figures.group_name(group, {})) for group in sorted(groups) if " " not in group)
    for level, _words in LEVELS:
        if f"level {level}" in groups:
            yield f"level {level}", figures.group_name(f"level {level}", {})
    codes = [group.removeprefix("body ") for group in groups if group.startswith("body ")]
    for body in Body.objects.filter(code__in=codes).order_by("path"):
        yield f"body {body.code}", body.name
