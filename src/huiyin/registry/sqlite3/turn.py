"""Take turns at the one pen that SQLite has.

A writer that finds SQLite busy sleeps ever longer and tries again, so that under load some wait a second
while others go first. Here the threads of a process stand in line at a lock; only the first of each line
tries for the files, every half millisecond. Whoever wants the pen first takes the place of who is next, and
leaves it with the pen in hand: so no process writes twice while another waits. A killed process drops its
locks, and nobody waits without end.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from dataclasses import dataclass

OWNER_ONLY = 0o600
LOOK_EVERY = 0.0005

_line = threading.Lock()


def _new_line() -> None:
    # A line that came along through a fork may have had somebody of the parent's at its head.
    global _line  # noqa: PLW0603 a fork replaces the process's one line
    _line = threading.Lock()


os.register_at_fork(after_in_child=_new_line)


@dataclass(frozen=True, slots=True)
class Turn:
    """Held from taking to giving back; by whom does not matter."""

    line: threading.Lock
    handle: int

    @classmethod
    def take(cls, path: str, patience: float) -> Turn | None:
        """Wait for the turn, at most so many seconds; None when it did not come."""
        until = time.monotonic() + patience
        line = _line
        if not line.acquire(timeout=patience):
            return None
        try:
            handle = _first_at_file(path, until)
        except BaseException:  # no file to be had: the next in line must still move up
            line.release()
            raise
        if handle is None:
            line.release()
            return None
        return cls(line, handle)

    def give_back(self) -> None:
        os.close(self.handle)  # and with it the lock
        self.line.release()


def _first_at_file(path: str, until: float) -> int | None:
    """An open, locked handle; None when the time is up."""
    following = _lock(f"{path}-next", until)
    if following is None:
        return None
    try:
        return _lock(path, until)
    finally:
        os.close(following)


def _lock(path: str, until: float) -> int | None:
    # Opened anew each time: a handle that a fork shares would let parent and child write at once.
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
    try:
        while not _locked(handle):
            if time.monotonic() > until:
                os.close(handle)
                return None
            time.sleep(LOOK_EVERY)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
