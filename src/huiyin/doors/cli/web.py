"""One web process: `python -m huiyin.doors.cli.web HOST PORT WORKERS THREADS`, started by `huiyin serve`."""

from __future__ import annotations

import logging
import os
import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from huiyin.site import lifeline

SECONDS_TO_FINISH = 10


def main(host: str, port: str, workers: str, threads: str) -> None:
    """Answer until told to stop. No request is ever logged: a reference in a log is a trace of a person."""
    lifeline.follow(os.getppid())
    logging.getLogger("_granian").addFilter(_is_news)
    Granian(
        target="huiyin.site.front:application",
        factory=True,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=int(workers),
        blocking_threads=int(threads),
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


def _is_news(record: logging.LogRecord) -> bool:
    """How many threads there are was measured and decided (0068): no operator need be warned of it."""
    return "spawning up to" not in record.getMessage()


if __name__ == "__main__":
    main(*sys.argv[1:])
