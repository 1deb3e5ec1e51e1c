"""Give every leaf its place in the public log. One clerk at a time, in short transactions.

Nobody who files or moves waits for this: they leave their leaf without a number. What is numbered together
stands in the order of its hashes, so that the order tells neither who came first nor what belongs together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from huiyin.registry.leaves import LEAVES, Leaf
from huiyin.registry.models import LogSize

AT_ONCE = 5000


def number() -> int:
    """Number all that waits; answer how many leaves that was."""
    done = 0
    while some := _some():
        done += some
    return done


def _some() -> int:
    with transaction.atomic():
        log = LogSize.objects.select_for_update().get_or_create(id=1)[0]
        waiting = sorted((row for model in LEAVES for row in _waiting(model)), key=lambda each: each[0])
        if not waiting:
            return 0
        numbered = list(enumerate(waiting, log.size))
        for model in LEAVES:
            _write(model, [(place, pk) for place, (_, which, pk) in numbered if which is model])
        LogSize.objects.filter(id=1).update(size=log.size + len(waiting))
        return len(waiting)


def _waiting(model: type[Leaf]) -> Iterator[tuple[bytes, type[Leaf], int]]:
    rows = model.objects.filter(number=None).order_by("id").values_list("id", "public")
    for pk, public in rows[:AT_ONCE]:
        yield hashlib.sha256(bytes(public)).digest(), model, pk


def _write(model: type[Leaf], numbers: Sequence[tuple[int, int]]) -> None:
    """One statement on PostgreSQL, one prepared statement again and again on SQLite."""
    if not numbers:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    table = model._meta.db_table  # one of ours, not anybody's input
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            both: tuple[Any, ...] = tuple(map(list, zip(*numbers, strict=True)))
            cursor.execute(
                f"UPDATE {table} SET number = n.place "  # noqa: S608
                "FROM unnest(%s::bigint[], %s::bigint[]) AS n(place, id) "
                f"WHERE {table}.id = n.id",
                both,
            )
        else:
            cursor.executemany(f"UPDATE {table} SET number = %s WHERE id = %s", numbers)  # noqa: S608
