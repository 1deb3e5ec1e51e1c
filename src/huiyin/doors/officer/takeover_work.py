"""Goes through the lists of open cases that wait, beside the pages of the desk: one after the other.

Only the desk can open what waits locked. Whoever is killed in between leaves the list as it was, and the next
look at its page begins it anew (`registry.cases_in`).
"""

from __future__ import annotations

import io
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.utils import timezone

from huiyin.core import extending
from huiyin.reading import tables
from huiyin.reading.tables import Table
from huiyin.registry import bombs, cases_in, takeovers, taking_over
from huiyin.registry.cases_file import LOOKING, CasesFile
from huiyin.registry.taking_over import Told
from huiyin.site import importers
from huiyin.vault.unseal import open_file

log = logging.getLogger("huiyin.desk")
TELL_EVERY = 0.5  # seconds between two words on how far it is


def start() -> None:
    """Go through what waits, and come back at once."""
    threading.Thread(target=_beside, args=(work,), daemon=True).start()


def _beside(duty: Callable[[], None]) -> None:
    try:
        duty()
    except Exception as error:  # noqa: BLE001 - the list waits as before; the next look begins it anew
        log.error("a list of open cases stopped: %s", type(error).__name__)  # noqa: TRY400 no words of it
    finally:
        connections.close_all()


def work() -> None:
    """Go through one list after the other until none waits, or somebody else is at it."""
    while file := cases_in.claim(timezone.now()):
        _go_through(file)


def told_of(file: CasesFile) -> tuple[str, list[str]]:
    """The name that a list was brought under, and its headings; nothing of one that is taken over."""
    if file.data_key is None or file.told is None:
        return "", []
    told = open_file(file.data_key, bytes(file.told), b"")[0]
    return told["name"], json.loads(told["headings"])


def report_of(file: CasesFile) -> list[dict[str, Any]]:
    """What became of each line, as `cases_in` keeps it."""
    if file.report_key is None or file.report_told is None or file.report is None:
        return []
    rows: list[dict[str, Any]] = json.loads(
        open_file(file.report_key, bytes(file.report_told), bytes(file.report))[1]
    )
    return rows


def table_of(name: str, content: bytes) -> Table:
    """The list. Raises tables.Unreadable, extending.NoSuchClass."""
    if content.startswith(tables.ZIP) and (wrong := bombs.problem(content)):  # small, and huge once opened
        raise tables.Unreadable(wrong.format(name=name))
    return importers.table(name, lambda: io.BytesIO(content))


def _go_through(file: CasesFile) -> None:
    if file.data_key is None or file.told is None or file.content is None:
        return
    if not takeovers.is_open(file.takeover.source):
        cases_in.stopped(file, "ended")
        return
    told, content = open_file(file.data_key, bytes(file.told), bytes(file.content))
    try:
        table = table_of(told["name"], content)
    except (tables.Unreadable, extending.NoSuchClass):
        cases_in.stopped(file, "unreadable")
        return
    total = table.total or sum(1 for _ in table.lines())
    report: list[Told] = []
    done: Counter[str] = Counter()
    now, said = timezone.now(), 0.0
    dry = file.state == LOOKING
    for each in taking_over.go_through(table.lines(), file.columns, file.takeover, now, dry=dry):
        report.append(each)
        done[each.outcome] += 1
        done["late"] += bool(each.late)
        if time.monotonic() - said > TELL_EVERY:
            said = time.monotonic()
            if not cases_in.gone_through(file, total, done, timezone.now()):
                return
    cases_in.finished(file, report, done, timezone.now())
