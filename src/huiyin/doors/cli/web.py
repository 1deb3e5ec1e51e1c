"""One web process: `python -m huiyin.doors.cli.web HOST PORT WORKERS THREADS`, started by `huiyin serve`.

It loads the zone and forks its workers. 0 workers or threads: as many as suit the database.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import sys
from contextlib import suppress
from dataclasses import dataclass

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from huiyin.site import front, lifeline

SECONDS_TO_FINISH = 10
M_ARENA_MAX = -8  # of mallopt(3)


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many workers a web process has, and threads in each."""

    workers: int
    threads: int


def main(host: str, port: str, workers: str, threads: str) -> None:
    """Answer until told to stop. No request is ever logged: a reference in a log is a trace of a person."""
    lifeline.follow(os.getppid())
    logging.getLogger("_granian").addFilter(_is_news)
    _keep_one_heap()
    # What is wrong with the settings is said by who sets up the house, or by the worker that meets it.
    with suppress(Exception):
        front.load()
    if not lifeline.is_let_go():
        return
    usual = _usual()
    multiprocessing.set_start_method("fork")  # a worker that began anew would share nothing
    Granian(
        target="huiyin.site.front:application",
        factory=True,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=int(workers) or usual.workers,
        blocking_threads=int(threads) or usual.threads,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


def _keep_one_heap() -> None:
    """Let all threads take memory from one heap: a heap for each keeps ten megabytes that nobody uses, and
    Python's threads do not take it at the same moment. Where the C library is another, nothing is changed.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _usual() -> Capacity:
    """What was measured to file most (`python -m bench file`; decision 0091)."""
    from django.conf import settings

    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return Capacity(min(4, os.cpu_count() or 1), 4)
    # One writes at a time, whoever it is: a second worker makes petitions ready meanwhile. Officers are few.
    return Capacity(1, 8) if settings.ZONE == "desk" else Capacity(min(2, os.cpu_count() or 1), 8)


def _is_news(record: logging.LogRecord) -> bool:
    """How many threads there are was measured and decided (0068): no operator need be warned of it."""
    return "spawning up to" not in record.getMessage()


if __name__ == "__main__":
    main(*sys.argv[1:])
