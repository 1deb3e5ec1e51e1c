"""Take turns at the one pen that SQLite has.

A writer that finds SQLite busy sleeps ever longer and tries again, so that under load some wait a second
while others go first. A file lock is waited for asleep in the kernel and handed on as soon as it is free,
across threads and processes, and a killed process drops it. PostgreSQL needs none of this.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

OWNER_ONLY = 0o600


class _Mine(threading.local):
    """Each thread's own handle on the lock: two threads on one handle would not exclude each other."""

    handle = -1
    of: tuple[int, str] = (0, "")  # the process and the file that the handle is good for
    held = False


_mine = _Mine()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that writes: on SQLite, when it is our turn. May be nested."""
    if connection.vendor != "sqlite" or _mine.held or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    handle = _handle(f"{connection.settings_dict['NAME']}-turn")
    fcntl.flock(handle, fcntl.LOCK_EX)
    _mine.held = True
    try:
        with transaction.atomic():
            yield
    finally:
        _mine.held = False
        fcntl.flock(handle, fcntl.LOCK_UN)


def _handle(path: str) -> int:
    # A handle that came along through a fork is the parent's: parent and child would not exclude each other.
    if _mine.of != (os.getpid(), path):
        _mine.handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
        _mine.of = (os.getpid(), path)
    return _mine.handle
