"""Keeps the processes of one installation running: starts a crashed one again, ends all together."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from huiyin.doors.cli.words import both, warn

LOOK_EVERY = 0.2
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY = 60.0  # who ran that long starts with a clean record
SECONDS_TO_FINISH = 15.0


@dataclass(slots=True)
class Process:
    """One of the processes, and how it has been doing."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False  # for the others to answer: nobody stands at the door for this one
    running: subprocess.Popen[bytes] | None = None
    wait: float = FIRST_WAIT
    started: float = 0.0
    again: float = 0.0  # when it may be started again

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then ends the others in order.
        self.running = subprocess.Popen(  # noqa: S603 - commands of our own, no shell
            list(self.command),
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started = time.monotonic()

    def look(self) -> None:
        """Start it again if it ended, each time after a longer wait."""
        now = time.monotonic()
        if self.running is None:
            if now >= self.again:
                self.start()
        elif (code := self.running.poll()) is not None:
            self._ended(code, now)

    def _ended(self, code: int, now: float) -> None:
        self.kill()
        self.running = None
        if now - self.started > STEADY:
            self.wait = FIRST_WAIT
        warn(
            both(
                f"{self.name} 意外结束（{code}），{self.wait:g} 秒后重新启动",
                f"{self.name} ended by itself ({code}); starting it again in {self.wait:g} s",
            )
        )
        self.again = now + self.wait
        self.wait = min(self.wait * 2, LONGEST_WAIT)

    def finish(self) -> None:
        """Ask it to end in an orderly way."""
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()

    def kill(self) -> None:
        """End whatever is left of it: a server's workers share its group."""
        if self.running is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()


class Supervisor:
    """Runs processes until it is told to stop."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self._processes = processes
        self._stop = threading.Event()

    def run(self, is_up: Callable[[], bool]) -> None:
        """Start those at the door and, once they are up, the rest; at SIGTERM or SIGINT end all.

        `is_up` is asked between two looks until it says yes.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            for process in self._processes:
                if not process.waits:
                    process.start()
            up = False
            while not self._stop.wait(LOOK_EVERY):
                up = up or is_up()
                for process in self._processes:
                    if up or not process.waits:
                        process.look()
        finally:
            self._end_all()

    def _end_all(self) -> None:
        # In the order given: who takes in petitions ends before those who work on them.
        for process in self._processes:
            process.finish()
        until = time.monotonic() + SECONDS_TO_FINISH
        for process in self._processes:
            if process.running is not None:
                with suppress(subprocess.TimeoutExpired):
                    process.running.wait(timeout=max(until - time.monotonic(), 0.1))
            process.kill()
