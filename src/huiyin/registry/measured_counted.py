"""The record that measures read, out of what the clerk counted; or out of the petitions, while it has not.

It is what `measured.of` would gather, to the last case. What is kept from somebody, or what they stepped back
from, is left out as on the boards (`board_counted.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Concat

from huiyin.core import measures
from huiyin.core.measures import Record, Table
from huiyin.registry import board_counted, measured, year_shares
from huiyin.registry.access import Acting
from huiyin.registry.board_counted import Seen
from huiyin.registry.board_figures import NO_DAY, YearFigure
from huiyin.registry.board_shares import figures_of
from huiyin.registry.watched import Watched
from huiyin.registry.year_shares import AT, ELSEWHERE, TERM, YEAR

Sums = Counter[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """counted_at: of when the figures are; None: they were asked of the petitions just now."""

    record: Record
    counted_at: datetime | None


def of(acting: Acting, watched: Watched, year: int) -> Measured:
    """What `watched.at_desk` watches, or one body of it, in a year.

    Of several bodies that somebody heads, together, nothing is counted: what went from one to another of
    them would be in it twice. They are few, and asked.
    """
    found = _counted(acting, watched, year)
    if found is None:
        return Measured(measured.of(watched, year), None)
    record = _record(found.sums(), watched.day)
    measured.add_receptions(record, watched.bodies, year, watched.day)
    return Measured(record, found.counted_at)


def terms(acting: Acting, watched: Watched, year: int, clock: str = "") -> dict[tuple[str, str], Table]:
    """(code of the body, name of the term) -> how its terms stand that began then: of one name, or all."""
    found = _counted(acting, watched, year)
    return measured.by_body(watched, year, clock) if found is None else found.terms(clock)


def _counted(acting: Acting, watched: Watched, year: int) -> _Counted | None:
    kept = board_counted.counted()
    supervises = acting.has("supervisor")
    if kept is None or kept.counted_at is None or not kept.measured or not (supervises or watched.body):
        return None
    return _Counted(kept.counted_at, Seen(acting), watched, year, everywhere=not supervises)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The figures of a year that one officer may see; everywhere: wherever the petitions are by now."""

    counted_at: datetime
    seen: Seen
    watched: Watched
    year: int
    everywhere: bool

    def sums(self) -> Sums:
        """By name of the figure."""
        rows: Any = self._rows().order_by().values_list("figure").annotate(n=Sum("n"))
        sums = Counter({figure.removeprefix(AT): n for figure, n in rows})
        for _, figure, n in self._left_out():
            sums[figure.removeprefix(AT)] -= n
        return sums

    def terms(self, clock: str) -> dict[tuple[str, str], Table]:
        made: dict[tuple[str, str], Table] = defaultdict(Counter)
        beginning = f"{TERM}/{clock}/" if clock else f"{TERM}/"
        of_terms = self._rows().filter(figure__startswith=beginning).order_by()
        rows: Any = of_terms.values_list("body", "figure").annotate(n=Sum("n"))
        left_out = ((whose, figure, -n) for whose, figure, n in self._left_out())
        for whose, figure, n in chain(rows, left_out):
            if figure.startswith(beginning):
                _, name, how, _ = figure.split("/")
                made[whose.removeprefix(ELSEWHERE), name][how] += n
        return dict(made)

    def _rows(self) -> QuerySet[YearFigure]:
        found = YearFigure.objects.filter(year__in=(self.year, 0)).exclude(reach__in=self.seen.hidden)
        if not self.everywhere:
            found = found.filter(holder__in=self.seen.watched.values("pk"))
        if self.watched.body:
            return found.filter(body=self.watched.body)
        return found.filter(self._together()).exclude(figure__startswith=AT)

    def _together(self) -> Q:
        """Of all: whatever it is, but of terms those alone that these bodies owed."""
        owing = self.watched.bodies.order_by()
        dashed = owing.annotate(dashed=Concat(Value(ELSEWHERE), F("code"), output_field=CharField()))
        owed = Q(body__in=owing.values("code")) | Q(body__in=dashed.values("dashed"))
        return ~Q(figure__startswith=f"{TERM}/") | owed

    def _left_out(self) -> Iterator[tuple[str, str, int]]:
        """What those petitions are in these figures with that this officer has nothing to do with."""
        codes = set(self.watched.bodies.values_list("code", flat=True)) if self.seen.left_out else set()
        for row in self.seen.left_out:
            if row.reach_id in self.seen.hidden or not (self.everywhere or row.holder_id in self.seen.codes):
                continue
            for (name, day), n in figures_of(row.figures).items():
                if name.startswith(YEAR) and (day == NO_DAY or day.year == self.year):
                    whose, _, figure = name.removeprefix(YEAR).partition("/")
                    if self._wants(whose, figure, codes):
                        yield whose, figure, n

    def _wants(self, whose: str, figure: str, codes: set[str]) -> bool:
        if self.watched.body:
            return whose == self.watched.body
        if figure.startswith(f"{TERM}/"):
            return whose.removeprefix(ELSEWHERE) in codes
        return not figure.startswith(AT)


def _record(sums: Sums, today: date) -> Record:
    record, given, handed = Record(), [], Counter[str]()
    for name, n in sums.items():
        what, *which = name.split("/")
        if n <= 0:
            continue
        if what == TERM:
            _add_term(record, *which, n=n)
        elif what == year_shares.REGISTERED:
            record.add(measures.REGISTERED, int(which[0]), n)
        elif what == year_shares.OPEN:
            record.add(measures.AGES, max((today - date.fromisoformat(which[0])).days, 0), n)
        elif what == measures.RATINGS:
            given.append((date.fromisoformat(which[0]), which[1], n))
        elif what in {year_shares.HANDED, year_shares.OBJECTED}:
            handed[what] += n
        else:
            record.add(what, which[0], n)
    measured.add_handed(record, handed[year_shares.HANDED], handed[year_shares.OBJECTED])
    record.tables[measures.RATINGS] = measured.ratings(each for each in given if each[0] < today)
    return record


def _add_term(record: Record, name: str, how: str, took: str, *, n: int) -> None:
    record.add(measures.TERM + name, how, n)
    if took:
        record.add(measures.DAYS + name, None if took == "-" else int(took), n)
