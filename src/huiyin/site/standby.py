"""Public pages read from a standby: however many read figures, nobody who files or answers waits for them.

Only what anybody may read, and only by GET. Whoever follows a petition reads the database itself, for they
must see what they have just done. A standby that is away, or further behind than is honest to show, is left
alone for a while, and the pages come from the database as without one. While the database is away and a
standby is there, they still come.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponseBase

from huiyin.site import outage

ALIAS = "standby"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Seconds. The clerk writes once a minute at least, so a standby that follows is never much further behind;
# one that was cut off would go on showing what an erasure has taken back.
MOST_BEHIND = 300.0
LOOK_EVERY = 5.0
BEHIND = (
    "SELECT CASE WHEN pg_is_in_recovery()"
    " THEN coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 'infinity')"
    " ELSE 0 END::float8"
)

log = logging.getLogger("huiyin.site.standby")

_reads: ContextVar[bool] = ContextVar("reads", default=False)
View = Callable[..., HttpResponseBase]


class _Seen:
    """What this process knows of the standby, and until when it believes it."""

    good = True
    until = 0.0


class Router:
    """While a public page is made, what it reads comes from the standby; nothing is ever written there."""

    def db_for_read(self, model: Any, **_: Any) -> str | None:  # noqa: ARG002 as Django calls it
        return ALIAS if _reads.get() else None

    def allow_relation(self, one: Any, other: Any, **_: Any) -> bool | None:
        # A row that was read there may be set beside one that was read here.
        read = {one._state.db, other._state.db}  # noqa: SLF001 - Django's own name for where it was read
        return True if read <= {None, DEFAULT_DB_ALIAS, ALIAS} else None

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool | None:  # noqa: ARG002
        return False if db == ALIAS else None


def may_read(view: View) -> View:
    """A view of what anybody may read: from the standby where there is one that keeps up."""

    @wraps(view)
    def made(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if request.method in SAFE and _keeps_up():
            try:
                with _from_it():
                    return view(request, *args, **named)
            except Exception as error:
                if not outage.is_one(error):
                    raise
                _leave("away")
        return view(request, *args, **named)

    return made


@contextmanager
def _from_it() -> Iterator[None]:
    token = _reads.set(True)
    try:
        yield
    finally:
        _reads.reset(token)


def _keeps_up() -> bool:
    """Whether there is a standby, and it is no further behind than MOST_BEHIND; asked every few seconds."""
    if ALIAS not in connections.settings:
        return False
    if time.monotonic() < _Seen.until:
        return _Seen.good
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(BEHIND)
            behind = float(cursor.fetchone()[0])
    except Exception as error:
        if not outage.is_one(error):
            raise
        return _leave("away")
    if behind > MOST_BEHIND:
        return _leave(f"{behind:.0f} s behind")
    _Seen.good, _Seen.until = True, time.monotonic() + LOOK_EVERY
    return True


def _leave(why: str) -> bool:
    if _Seen.good:
        log.warning("the standby is %s: public pages come from the database itself", why)
    connections[ALIAS].close()
    _Seen.good, _Seen.until = False, time.monotonic() + LOOK_EVERY
    return False
