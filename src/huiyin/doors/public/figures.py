"""What the public log comes to, cohort by cohort: how bodies answered. Read from the log's own files alone.

Nothing is asked of the registry but the names of bodies: whoever recomputes the log sees what is shown here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.core import cohorts, rulebook
from huiyin.core import measures as core
from huiyin.core.cohorts import ALL, Cohort, Sums
from huiyin.core.text import Text
from huiyin.registry import law
from huiyin.registry.bodies import LEVELS
from huiyin.registry.models import Body
from huiyin.site import cohort_plot, measured, open_data

PROGRAM = Path(__file__).with_name("verify_log.py")
LATENESS = {
    "late-7": _("≤ 7 days"),
    "late-30": _("8–30 days"),
    "late-90": _("31–90 days"),
    "late-more": _("> 90 days"),
}
RESULTS = {
    "uphold": _("upheld"),
    "change": _("changed"),
    "quash": _("quashed"),
    "redo": _("to be done anew"),
}
HEADS = (
    _("Cohort"),
    _("Began"),
    _("Answered"),
    pgettext_lazy("figures", "In time"),
    _("Late"),
    _("Overdue"),
    _("Still running"),
    _("Extended"),
    _("Lapsed"),
    _("Reviewed"),
)


@dataclass(frozen=True)
class Row:
    """One cohort in words. Sums are those of the log; nothing is added to them."""

    cohort: Cohort
    sums: Sums
    bodies: Text | Any
    term: Text | str

    @property
    def period(self) -> Text:
        return cohort_plot.said_period(self.cohort.period)

    @cached_property
    def stands(self) -> Counter[str]:
        """How the terms stand, whatever a review came to."""
        return cohort_plot.stands(self.sums)

    @property
    def in_time(self) -> int:
        return self.stands[cohorts.MET]

    @property
    def late(self) -> int:
        return sum(self.stands[name] for name in LATENESS)

    @property
    def answered(self) -> int:
        return self.sums.answered()

    @property
    def share(self) -> str:
        """In time, of those whose time is over: answered, or still owed."""
        over = self.answered + self.stands[cohorts.OVERDUE]
        return f"{100 * self.in_time / over:.0f}%" if over else "–"

    @property
    def lateness(self) -> list[tuple[Any, int]]:
        return [(words, self.stands[name]) for name, words in LATENESS.items() if self.stands[name]]

    @property
    def reviewed(self) -> list[tuple[Any, int]]:
        came: Counter[str] = Counter()
        for name, number in self.sums.standings.items():
            came[name.partition("/")[2]] += number
        return [(words, came[name]) for name, words in RESULTS.items() if came[name]]

    @property
    def pieces(self) -> list[tuple[str, int]]:
        """How the terms stand, in the pieces that are drawn."""
        return list(cohort_plot.pieces(self.sums).items())

    @property
    def bar(self) -> list[tuple[str, str, str]]:
        """Class, start and width of each piece, of 100, as SVG writes numbers in every language."""
        total = sum(number for _name, number in self.pieces) or 1
        pieces, place = [], 0.0
        for name, number in self.pieces:
            width = 100 * number / total
            if number:
                pieces.append((name, f"{place:.2f}", f"{width:.2f}"))
            place += width
        return pieces


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    found = open_data.source()
    known = found.figures.cohorts if found else {}
    rows = _rows(known)
    term, period = request.GET.get("term", ""), request.GET.get("period", "")
    begins = period if period in _periods(known) else ""
    shown = [row for row in rows if term in {"", row.cohort.clock} and row.cohort.period.startswith(begins)]
    context = {
        "read": found,
        "heads": HEADS,
        "rows": shown,
        "plot": cohort_plot.plot(cohort_plot.months((row.cohort, row.sums) for row in shown)),
        "terms": sorted({(row.cohort.clock, row.term) for row in rows}, key=lambda each: each[0]),
        "periods": [(each, cohort_plot.said_period(each)) for each in _periods(known)],
        "term": term,
        "period": period,
        "key": _key(),
        "url": f"{settings.PUBLIC_URL}/log",
        "files": "/log/",
    }
    return render(request, "public/figures.html", context)


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """What is measured, how it is reckoned, what it is not for; with its numbers where the log has them."""
    found = open_data.source()
    known = found.figures.cohorts if found else {}
    years = sorted({cohort.period[:4] for cohort in known}, reverse=True)
    year = request.GET.get("period", "")
    chosen = year if year in years else (years[0] if years else "")
    book = law.at(timezone.now())[0]
    record = core.from_figures(found.figures, year=chosen) if found else core.Record()
    told = measured.lines(core.of_law(book), record, book, public=True)
    context = {
        "lines": told,
        "plot": measured.drawn(told, get_language() or ""),
        "years": years,
        "chosen": chosen,
        "read": found,
        "book": book,
    }
    return render(request, "public/measures.html", context)


def _periods(known: Iterable[Cohort]) -> list[str]:
    """Years and months, the latest first."""
    months = {cohort.period for cohort in known}
    return sorted(months | {month[:4] for month in months}, reverse=True)


def _rows(known: dict[Cohort, Sums]) -> list[Row]:
    codes = {cohort.bodies.removeprefix("body ") for cohort in known if cohort.bodies.startswith("body ")}
    names = {body.code: body.name for body in Body.objects.filter(code__in=codes)} if codes else {}
    ordered = sorted(known, key=lambda cohort: (cohort.clock, cohort.bodies))
    ordered.sort(key=lambda cohort: cohort.period, reverse=True)
    terms = _terms({cohort.clock for cohort in known})
    return [Row(each, known[each], group_name(each.bodies, names), terms[each.clock]) for each in ordered]


def group_name(bodies: str, names: dict[str, Text]) -> Text | Any:
    kind, _space, code = bodies.partition(" ")
    if kind == ALL:
        return _("all bodies")
    if kind == "level":
        return dict(LEVELS).get(code, code)
    return names.get(code) or Text(code, code)


def _terms(names: set[str]) -> dict[str, Text | str]:
    """What the law calls a term; of a law that is in force no longer too."""
    here = law.at(timezone.now())[0]
    books = [here, *rulebook.all_rulebooks()]
    return {
        name: next((book.clocks[name].text for book in books if name in book.clocks), name) for name in names
    }


def _key() -> str:
    try:
        return (settings.LOG_DIR / "key").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


@require_safe
def program(_request: HttpRequest) -> HttpResponse:
    """The one file that recomputes all of this, for whoever does not want ours."""
    answer = HttpResponse(PROGRAM.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer
