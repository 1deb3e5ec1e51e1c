"""Walk many clocks a few at a time, so that no query and no transaction ever holds them all."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from huiyin.registry.models import Clock

BATCH = 500


def by_due(clocks: QuerySet[Clock]) -> Iterator[list[Clock]]:
    """Batches in order of due date. Each is read whole before anything is written.

    The walk goes on behind the last clock it saw, not from the start: one that cannot be ended is passed by,
    and never keeps those behind it waiting.
    """
    ordered = clocks.select_related("petition").order_by("due", "pk")
    batch = list(ordered[:BATCH])
    while batch:
        yield batch
        last = batch[-1]
        batch = list(ordered.filter(Q(due__gt=last.due) | Q(due=last.due, pk__gt=last.pk))[:BATCH])


def by_id(clocks: QuerySet[Clock]) -> Iterator[list[Clock]]:
    """Batches in order of the row, for a walk that itself moves due dates."""
    ordered = clocks.select_related("petition").order_by("pk")
    batch = list(ordered[:BATCH])
    while batch:
        yield batch
        batch = list(ordered.filter(pk__gt=batch[-1].pk)[:BATCH])


def nth(clock: Clock) -> str:
    """The clock as a move names it: 'handling/2' is the second of that name."""
    same = Clock.objects.filter(petition=clock.petition_id, name=clock.name, seq__lte=clock.seq)
    return f"{clock.name}/{same.count()}"
