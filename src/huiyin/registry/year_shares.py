"""What each petition adds to the measures of each year: the same as `measured.py` asks of the petitions.

A figure is named `year/BODY/TABLE/…` and has the first of January as its day; what is open has none:

    year/zj/term/handling/met/43        a term that zj owed, and the days of those whose middle is shown
    year/zj/registered/2                what zj did itself
    year/zj/reviews/uphold              what was said of what zj had handled
    year/zj/at/hands/2  year//hands/2   what is told of each body that had it; and once, of all together
    year/zj/at/open/2026-03-04          what is open, by the day on which it was lodged

A body that never had it has a dash before its code: asked alone, it sees nothing of that petition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from huiyin.core import measures, rulebook
from huiyin.core.rulebook import Rulebook
from huiyin.registry import measured, takeovers
from huiyin.registry.models import Entry

YEAR, ELSEWHERE, AT = "year/", "-", "at/"
TERM, REGISTERED, HANDED, OBJECTED, OPEN = "term", "registered", "handed", "objected", "open"
TOLD = {*measured.HAND_OVERS, *measured.ANSWERED, measured.OBJECTED, measured.REGISTERED, measured.ISSUED}
TOLD |= {*measured.REVIEWED, measured.CLOSED, measured.RATED}
ENTRY = ("petition", "event", "body", "at", "review", "supervision", "rating", "contents__answers")
Added = Iterator[tuple[str, int]]  # body/table/key, and of which year


def entries(pks: Iterable[int]) -> Iterator[dict[str, Any]]:
    """The steps of these petitions that a measure tells of."""
    found = Entry.objects.filter(petition__in=list(pks), event__in=TOLD).exclude(takeovers.TOLD)
    found = found.annotate(
        at=Coalesce("claimed_at", "recorded_at"),
        review=KT("contents__review_outcome"),
        supervision=KT("contents__supervision_result"),
        rating=KT("contents__rating"),
    )
    rows: Any = found.order_by("seq").values(*ENTRY)
    yield from rows.iterator()


def figures(
    row: Mapping[str, Any],
    clocks: Iterable[Mapping[str, Any]],
    told: Iterable[Mapping[str, Any]],
    had: Mapping[str, bool],
    book: Rulebook,
) -> Iterator[tuple[str, date | None]]:
    """Names of figures with the first of their year, each for one.

    row: the petition. clocks: its terms. told: its steps. had: bodies that have or had it; true where it was
    handed to them, and they were not called in.
    """
    of = _Petition(row, had, book)
    for added in (of.terms(clocks), of.steps(told), of.standing()):
        for name, year in added:
            yield f"{YEAR}{name}", date(year, 1, 1) if year else None


class _Petition:
    """One petition, with the bodies that had it."""

    def __init__(self, row: Mapping[str, Any], had: Mapping[str, bool], book: Rulebook) -> None:
        self.row, self.had, self.book = row, had, book
        self.lodged = rulebook.legal_day(row["lodged_at"], book)

    def day(self, moment: datetime) -> date:
        return rulebook.legal_day(moment, self.book)

    def own(self, body: str, what: str) -> str:
        return f"{body if body in self.had else ELSEWHERE + body}/{what}"

    def each(self, what: str) -> Iterator[str]:
        """Of all together once, and of each body that had it."""
        yield f"/{what}"
        for body in self.had:
            yield f"{body}/{AT}{what}"

    def terms(self, clocks: Iterable[Mapping[str, Any]]) -> Added:
        for clock in clocks:
            how = measured.stands({**clock, "carried": clock["carried_by"]})
            took = ""
            if how in measures.OVER and clock["name"] in measures.TIMED:
                took = str((clock["ended"] - clock["start"]).days) if clock["ended"] else "-"
            whose = clock["body"] or self.row["holder__code"]
            yield self.own(whose, f"{TERM}/{clock['name']}/{how}/{took}"), clock["start"].year

    def steps(self, told: Iterable[Mapping[str, Any]]) -> Added:
        for step in told:
            on = self.day(step["at"])
            for name in self._step(step, on):
                yield name, on.year

    def _step(self, step: Mapping[str, Any], on: date) -> Iterator[str]:
        event, body, handled = step["event"], step["body"], self.row["handled_by"]
        if event == measured.REGISTERED:
            yield self.own(body, f"{REGISTERED}/{max((on - self.lodged).days, 0)}")
        elif event in measured.HAND_OVERS:
            yield from self.each(HANDED)
        elif event == measured.OBJECTED:
            yield self.own(body, OBJECTED)
        elif event in measured.ANSWERED:
            yield from self.each(f"{measures.OBJECTIONS}/{measured.ANSWERED[event]}")
        elif event == measured.ISSUED:
            for outcome in measured.outcomes(step["contents__answers"]):
                yield self.own(body, f"{measures.OUTCOMES}/{outcome}")
        elif event in measured.REVIEWED and step["review"]:
            yield self.own(handled, f"{measures.REVIEWS}/{step['review']}")
        elif event == measured.CLOSED and step["supervision"]:
            yield self.own(handled, f"{measures.SUPERVISIONS}/{step['supervision']}")
        elif event == measured.RATED and step["rating"]:
            yield self.own(handled, f"{measures.RATINGS}/{on.isoformat()}/{step['rating']}")

    def standing(self) -> Added:
        hands = sum(self.had.values())
        if hands:
            for name in self.each(f"{measures.HANDS}/{min(hands, measures.MOST_HANDS)}"):
                yield name, self.lodged.year
        if self.row["is_open"]:
            for name in self.each(f"{OPEN}/{self.lodged.isoformat()}"):
                yield name, 0
