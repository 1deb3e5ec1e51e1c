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

from huiyin.doors.cli.supervising import Preparing
from huiyin.doors.cli.words import both, warn
from huiyin.site.lifeline import WAITS_AT

LOOK_EVERY = 0.2
LOOK_AT_FIRST = 0.01
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY = 60.0  # who ran that long starts with a clean record
SECONDS_TO_FINISH = 15.0


class Door:
    """A pipe that others wait at: a byte for each lets them go, its end sends them away."""

    def __init__(self) -> None:
        self.handle, self._key = os.pipe()

    def open(self, waiting: int) -> None:
        """Let that many go."""
        os.write(self._key, b"1" * waiting)

    def close(self) -> None:
        """Send away who still waits."""
        os.close(self._key)
        os.close(self.handle)


@dataclass(slots=True)
class Process:
    """One of the processes, and how it has been doing."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None
    wait: float = FIRST_WAIT
    started: float = 0.0
    again: float = 0.0  # when it may be started again

    def start(self, door: Door | None = None) -> None:
        """Start it; behind a door it loads, and answers nobody before that is opened."""
        # A session of its own: Ctrl-C reaches the supervisor alone, which then ends the others in order.
        self.running = subprocess.Popen(  # noqa: S603 - commands of our own, no shell
            list(self.command),
            env={**os.environ, **self.environment, **({WAITS_AT: str(door.handle)} if door else {})},
            stdin=subprocess.DEVNULL,
            pass_fds=(door.handle,) if door else (),
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

    def __init__(self, web: Sequence[Process], helpers: Callable[[], Sequence[Process]]) -> None:
        self._web, self._helpers = list(web), helpers
        self._all = list(web)
        self._stop = threading.Event()

    def run(self, preparing: Preparing, is_up: Callable[[], bool]) -> int:
        """Load the web processes beside what makes the house ready; let them go, and start the rest.

        At SIGTERM or SIGINT end all. `is_up` is asked between two looks until it says yes; helpers come then,
        for nobody stands at the door for them. Answers the exit code: that of a house that is not fit, or 0.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        door = Door()
        try:
            for process in self._web:
                process.start(door)
            while (code := preparing.code()) is None:
                if self._stop.wait(LOOK_AT_FIRST):
                    return 0
            if code:
                return code
            door.open(len(self._web))
            self._watch(is_up)
        finally:
            preparing.end()
            door.close()
            self._end_all()
        return 0

    def _watch(self, is_up: Callable[[], bool]) -> None:
        up = False
        while not self._stop.wait(LOOK_EVERY):
            if not up and (up := is_up()):
                self._all += self._helpers()
            for process in self._all:
                process.look()

    def _end_all(self) -> None:
        # In the order given: who takes in petitions ends before those who work on them.
        for process in self._all:
            process.finish()
        until = time.monotonic() + SECONDS_TO_FINISH
        for process in self._all:
            if process.running is not None:
                with suppress(subprocess.TimeoutExpired):
                    process.running.wait(timeout=max(until - time.monotonic(), 0.1))
            process.kill()
