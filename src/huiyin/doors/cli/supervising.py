"""What `huiyin serve` becomes once all is ready: a small process that watches over the others.

It takes the place of the one that set up the house, under the same number, and so gives back what the
database layer and a demonstration took: 40 to 110 MB that nobody would use again.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import NoReturn

import click

from huiyin.doors.cli.processes import Process, Supervisor
from huiyin.doors.cli.words import both, warn

PLAN = "_HUIYIN_PLAN"
SECONDS_TO_START = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run, and what to say, at which address, once it answers."""

    processes: Sequence[Process]
    welcome: str
    host: str
    port: int


def become(plan: Plan) -> NoReturn:
    """Go on as the supervisor of these processes."""
    told = {
        "processes": [
            [each.name, list(each.command), dict(each.environment), each.waits] for each in plan.processes
        ],
        "rest": [plan.welcome, plan.host, plan.port],
    }
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(  # noqa: S606 - a command of our own, no shell
        sys.executable,
        [sys.executable, "-m", "huiyin.doors.cli.supervising"],
        {**os.environ, PLAN: json.dumps(told)},
    )


def main() -> None:
    """Run the plan of who called."""
    told = json.loads(os.environ.pop(PLAN))
    plan = Plan([Process(*each) for each in told["processes"]], *told["rest"])
    Supervisor(plan.processes).run(_Announcing(plan).is_over)


class _Announcing:
    """Says where it is once it answers: an address that does not work yet would only confuse."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._until = time.monotonic() + SECONDS_TO_START

    def is_over(self) -> bool:
        """Whether it was said, or that it does not answer."""
        if _answers(self._plan, "/healthz") and _answers(self._plan, "/desk/healthz"):
            click.echo(self._plan.welcome)
            sys.stdout.flush()
            return True
        if time.monotonic() < self._until:
            return False
        warn(
            both("网站还没有应答；请看上面的出错信息", "the site does not answer yet; see the messages above")
        )
        return True


def _answers(plan: Plan, path: str) -> bool:
    try:
        with closing(http.client.HTTPConnection(plan.host, plan.port, timeout=5)) as asked:
            asked.request("GET", path)
            return asked.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False


if __name__ == "__main__":
    main()
