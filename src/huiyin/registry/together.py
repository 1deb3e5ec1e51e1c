"""Several filings in one commit.

SQLite takes one writer at a time, who waits for the disk at each commit; PostgreSQL takes several, each of
whom costs it a commit and a way there and back. So the threads of a process that file at the same moment
share one: whoever gets the pen writes for all who wait by then. Each petition stands or falls by itself, and
nobody hears that theirs is on record before the commit that holds it has reached the disk.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, DatabaseError, DataError, IntegrityError, connections, transaction
from django.db.models import Model

from huiyin.registry.insert import insert


@dataclass(slots=True, repr=False)
class _Filing:
    """The rows of one thread, and what became of them."""

    rows: Sequence[Model]
    error: BaseException | None = None
    done: bool = False


_waiting: deque[_Filing] = deque()
_pen = threading.Lock()


def _begin_anew() -> None:
    # What came along through a fork waits for threads that the child has not.
    global _pen  # noqa: PLW0603 a fork replaces the process's one pen
    _pen = threading.Lock()
    _waiting.clear()


os.register_at_fork(after_in_child=_begin_anew)


def stands_alone() -> bool:
    """Whether `insert_alone` can be asked: nobody else's transaction is open here.

    Inside another's transaction a failure would take that along; there it needs a savepoint.
    """
    return not connections[DEFAULT_DB_ALIAS].in_atomic_block


def insert_alone(rows: Sequence[Model]) -> None:
    """Insert the rows of one filing as a transaction by itself, durable when this returns; all or nothing."""
    mine = _Filing(rows)
    _waiting.append(mine)
    with _pen:
        if not mine.done:
            _write_for_all(mine)
    if mine.error is not None:
        raise mine.error


def _write_for_all(mine: _Filing) -> None:
    group: list[_Filing] = []
    try:
        if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
            group += _all_who_wait()
            _in_one_statement(group)
        else:
            with transaction.atomic():  # waits for its turn among all who write
                group += _all_who_wait()
                for each in group:
                    _write(each, alone=len(group) == 1)
    except BaseException as error:  # noqa: BLE001 it is each one's own: everybody raises what became of theirs
        if not group:
            _waiting.remove(mine)
        for each in group or [mine]:
            if not each.done:
                each.error = each.error or error
    finally:
        for each in group:
            each.done = True


def _all_who_wait() -> list[_Filing]:
    return [_waiting.popleft() for _ in range(len(_waiting))]


def _in_one_statement(group: Sequence[_Filing]) -> None:
    """A statement is a transaction by itself. Where one row of it cannot be kept, each is tried alone."""
    try:
        insert([row for each in group for row in each.rows])
    except (IntegrityError, DataError):
        if len(group) == 1:
            raise
        for each in group:
            try:
                insert(each.rows)
            except (IntegrityError, DataError) as error:
                each.error = error
            each.done = True


def _write(filing: _Filing, *, alone: bool) -> None:
    if alone:
        insert(filing.rows)
        return
    try:
        with transaction.atomic():
            insert(filing.rows)
    except DatabaseError as error:
        filing.error = error  # this one's alone: the others go on
