"""What `huiyin serve` knows of the house while it watches over its processes, and stays small itself."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

import click

from huiyin.doors.cli.words import FALSE, both, warn

TOLD = "_HUIYIN_TOLD"  # where the house says how it was found; a pipe's number
SECONDS_TO_START = 60.0
MOST_TOLD = 65536  # bytes that a pipe takes before anybody reads


@dataclass(frozen=True, slots=True)
class Told:
    """What was found out about the house."""

    welcome: str
    has_mailbox: bool


class Preparing:
    """The process that makes the house ready (`preparing.py`)."""

    def __init__(self, command: Sequence[str]) -> None:
        self._hears, says = os.pipe()
        # A session of its own: Ctrl-C reaches the supervisor alone, which then ends the others.
        self._process = subprocess.Popen(  # noqa: S603 - a command of our own, no shell
            list(command),
            env={**os.environ, TOLD: str(says)},
            stdin=subprocess.DEVNULL,
            pass_fds=(says,),
            start_new_session=True,
        )
        os.close(says)

    def code(self) -> int | None:
        """How it ended; None: it has not. A house that is not ready has said why."""
        code = self._process.poll()
        return FALSE if code is not None and code < 0 else code

    def end(self) -> None:
        """End it, wherever it is: what it makes is made whole or not at all, and again at the next start."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    @cached_property
    def told(self) -> Told:
        """What it said; once it ended with 0."""
        with open(self._hears, "rb") as pipe:  # noqa: PTH123 a pipe has no path
            return Told(*json.loads(pipe.read(MOST_TOLD)))


class Announcing:
    """Says where it is once it answers: an address that does not work yet would only confuse."""

    def __init__(self, preparing: Preparing, host: str, port: int) -> None:
        self._preparing, self._host, self._port = preparing, shown(host), port
        self._until = 0.0

    def is_over(self) -> bool:
        """Whether it was said, or that it does not answer."""
        self._until = self._until or time.monotonic() + SECONDS_TO_START
        if self._answers("/healthz") and self._answers("/desk/healthz"):
            click.echo(self._preparing.told.welcome)
            sys.stdout.flush()
            return True
        if time.monotonic() < self._until:
            return False
        warn(
            both("网站还没有应答；请看上面的出错信息", "the site does not answer yet; see the messages above")
        )
        return True

    def _answers(self, path: str) -> bool:
        try:
            with closing(http.client.HTTPConnection(self._host, self._port, timeout=5)) as asked:
                asked.request("GET", path)
                return asked.getresponse().status < http.client.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False


def shown(host: str) -> str:
    """The address that a person on this machine types."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
