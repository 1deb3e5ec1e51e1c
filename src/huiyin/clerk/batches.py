"""Walk many clocks a few at a time, so that no query and no transaction ever holds them all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan

from huiyin.registry.models import Clock

BATCH = 500
FOUND = 5000  # of what is read without its petition


class Found(NamedTuple):
    """A clock that a walk came upon: enough to say what is to be done about it."""

    pk: int
    petition: int
    seq: int
    name: str
    rulebook: str
    on_due: str
    due: date
    remind_on: date | None


def by_day(clocks: QuerySet[Clock], day: str) -> Iterator[list[Found]]:
    """Batches in order of that date, "due" or "remind_on". Each is read whole before anything is written.

    The walk goes on behind the last clock it saw, not from the start: one that cannot be ended is passed by,
    and never keeps those behind it waiting. Petitions are not read: a million of them may lie between two.
    """
    ordered: Any = clocks.order_by(day, "pk").values_list(*Found._fields)
    batch = list(map(Found._make, ordered[:FOUND]))
    while batch:
        yield batch
        if len(batch) < FOUND:
            return  # to ask once more would cost as much again as a quiet day's whole round
        last = (getattr(batch[-1], day), batch[-1].pk)
        # As a pair, so that the index is entered there and not at the beginning of that day.
        batch = list(map(Found._make, ordered.filter(TupleGreaterThan(Tuple(F(day), F("pk")), last))[:FOUND]))


def by_id(clocks: QuerySet[Clock]) -> Iterator[list[Clock]]:
    """Batches in order of the row, for a walk that itself moves due dates."""
    ordered = clocks.select_related("petition").order_by("pk")
    batch = list(ordered[:BATCH])
    while batch:
        yield batch
        batch = list(ordered.filter(pk__gt=batch[-1].pk)[:BATCH])


def nth(clock: Clock | Found) -> str:
    """The clock as a move names it: 'handling/2' is the second of that name."""
    petition = clock.petition if isinstance(clock, Found) else clock.petition_id
    same = Clock.objects.filter(petition=petition, name=clock.name, seq__lte=clock.seq)
    return f"{clock.name}/{same.count()}"
