"""How a line of a log is written: plain for people, or one JSON object a line for machines.

Whichever it is, the words of an error are left out: a database quotes the row that it refuses, a library the
text that it could not read. Its kind and its place are enough to mend it.
"""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest

log = logging.getLogger("huiyin.web")
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def told(raised: Raised) -> str:
    """An error as kinds and places, the first cause first; never its words."""
    error = raised[1]
    lines: list[str] = []
    while error is not None:
        places = [
            f"  {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        lines[:0] = [*places, type(error).__qualname__]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


class Plain(logging.Formatter):
    """A line for people."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        return told(ei)


class Json(logging.Formatter):
    """A line for machines: time (UTC), level, logger, pid, message; of an error its kinds and places."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": os.getpid(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = told(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


@receiver(got_request_exception)
def page_failed(request: HttpRequest | None = None, **_: object) -> None:
    """A page ended in an error of ours: which kind of page and where, never its address or who asked."""
    match = request.resolver_match if request else None
    log.error("a page failed: %s", match.view_name if match else "?", exc_info=True)  # noqa: LOG014 - while it is handled
