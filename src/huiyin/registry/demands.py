"""How many identities other authorities demanded to know, and how that went: by year, for everybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from huiyin.core import rulebook
from huiyin.core.counts import shown
from huiyin.registry.models import DEMAND_EVENTS, Entry

ASKED = frozenset({"identity-demanded", "identity-demanded-kept"})
GRANTED = "demand-granted"


@dataclass(frozen=True, slots=True)
class OfYear:
    """One year: a small count could point at one petition, and is not said."""

    year: int
    asked: int | str
    granted: int | str
    refused: int | str  # by either of the two who decide, or by letting the term pass


def by_year() -> list[OfYear]:
    """Each year in which anything was demanded, the latest first, those that an order hides too."""
    counted: Counter[tuple[int, str]] = Counter()
    rows = Entry.objects.filter(event__in=DEMAND_EVENTS).order_by()
    for at, event, book in rows.values_list("recorded_at", "event", "rulebook").iterator():
        year = rulebook.legal_day(at, rulebook.by_id(book)).year
        counted[year, "asked" if event in ASKED else "granted" if event == GRANTED else "refused"] += 1
    return [_of(year, counted) for year in sorted({year for year, _ in counted}, reverse=True)]


def _of(year: int, counted: Counter[tuple[int, str]]) -> OfYear:
    asked = counted[year, "asked"]
    parts = (shown(counted[year, each], of=asked) for each in ("granted", "refused"))
    return OfYear(year, shown(asked), *parts)
