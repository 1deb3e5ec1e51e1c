"""Keep a duty going: look, say how it went, wait, until told to stop. Says nothing about any person."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from django.db import close_old_connections

from huiyin.registry import pulses
from huiyin.site import metrics

Duty = Callable[[datetime], Counter[str]]

HEARTBEAT = 60.0  # seconds after which even an idle process says that it lives


def keep(
    name: str, duty: Duty, *, every: float, once: bool = False, stop: threading.Event | None = None
) -> None:
    """Do one duty again and again. SIGTERM and SIGINT end it after the piece of work in hand.

    `once`: one look, and whatever goes wrong is raised.
    """
    log = logging.getLogger(f"huiyin.{name}")
    if once:
        _say(log, duty(datetime.now(UTC)), 0.0)
        _beat(log, name, failed=False)
        return
    ended = stop or threading.Event()
    with _until_told(ended):
        spoke = beaten = 0.0
        failing: bool | None = None
        while not ended.is_set():
            started = time.monotonic()
            done, failed = _one_look(log, duty)
            metrics.round_ended(name, done, time.monotonic() - started)
            if done or started - spoke >= HEARTBEAT:
                _say(log, done, time.monotonic() - started)
                spoke = started
            if failed != failing or started - beaten >= HEARTBEAT:
                _beat(log, name, failed=failed)
                beaten, failing = started, failed
            ended.wait(every)
    log.info("stopped")


def _one_look(log: logging.Logger, duty: Duty) -> tuple[Counter[str], bool]:
    """What was done, and whether it ended in an error."""
    try:
        close_old_connections()  # one that the database dropped meanwhile is replaced, not used again
        return duty(datetime.now(UTC)), False
    except Exception as error:  # noqa: BLE001 - deadlines go on tomorrow, whatever is wrong today
        # Not the message: a database quotes the row that it refuses.
        log.error("look failed: %s at %s", type(error).__name__, _place(error))  # noqa: TRY400
        return Counter(failed=1), True


def _beat(log: logging.Logger, name: str, *, failed: bool) -> None:
    """Leave a sign of life for the pages of those who keep the house."""
    try:
        pulses.beat(name, datetime.now(UTC), failed=failed)
    except Exception as error:  # noqa: BLE001 - without a sign of life the work goes on all the same
        log.error("no sign of life could be left: %s", type(error).__name__)  # noqa: TRY400


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def _say(log: logging.Logger, done: Counter[str], seconds: float) -> None:
    told = " ".join(f"{name}={count}" for name, count in sorted(done.items())) or "nothing to do"
    log.info("%s (%.1f s)", told, seconds)


@contextmanager
def _until_told(ended: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set the event; outside the main thread whoever started us sets it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
