"""The published cohorts, drawn month by month: whoever recomputes the log sees the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.core import cohorts
from huiyin.core.cohorts import Cohort, Sums
from huiyin.core.text import MONTHS as MONTH_NAMES
from huiyin.core.text import Text
from huiyin.site import charts

MONTHS = 12  # columns of the plot, the latest
PIECES = ("in-time", "answered-late", "overdue", "open", "else")
HEADS = (  # of the pieces, in their order
    pgettext_lazy("figures", "in time"),
    _("answered late"),
    _("overdue, no answer"),
    _("still running"),
    _("extended or lapsed"),
)


def stands(sums: Sums) -> Counter[str]:
    """How the terms of a cohort stand, whatever a review came to."""
    made: Counter[str] = Counter()
    for name, number in sums.standings.items():
        made[name.partition("/")[0]] += number
    return made


def pieces(sums: Sums) -> dict[str, int]:
    """How the terms stand, in the pieces that are drawn."""
    found = stands(sums)
    late = sum(found[name] for name in cohorts.ANSWERED) - found[cohorts.MET]
    other = found[cohorts.EXTENDED] + found[cohorts.LAPSED]
    numbers = (found[cohorts.MET], late, found[cohorts.OVERDUE], found[cohorts.OPEN], other)
    return dict(zip(PIECES, numbers, strict=True))


def months(found: Iterable[tuple[Cohort, Sums]]) -> dict[str, dict[str, float]]:
    """Of a hundred terms that began in a month, how many stand how: the latest months, by `2026-03`.

    Shares, not how many there were: a curve of how many came when foretells gatherings (charter 2). Each term
    stands in one cohort only, so the cohorts of a month add up.
    """
    made: dict[str, Counter[str]] = {}
    for cohort, sums in found:
        made.setdefault(cohort.period, Counter()).update(pieces(sums))
    return {
        period: {name: 100 * made[period][name] / total for name in PIECES}
        for period in sorted(made)[-MONTHS:]
        if (total := made[period].total())
    }


def plot(told: dict[str, dict[str, float]]) -> str:
    """The months as columns; '' for one alone, which says no more than its row."""
    if len(told) < 2:
        return ""
    series = [charts.Series(name, [of[name] for of in told.values()]) for name in PIECES]
    label = _("Of a hundred terms, month by month: how many were kept. The table below says it in numbers.")
    return charts.columns(list(told), series, label=str(label), unit="%")


def said_period(period: str) -> Text:
    """A year or a month as people write it."""
    year, _dash, month = period.partition("-")
    if not month:
        return Text(f"{year}年", year)
    return Text(f"{year}年{int(month)}月", f"{MONTH_NAMES[int(month) - 1]} {year}")
