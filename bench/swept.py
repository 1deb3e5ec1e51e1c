"""A child of `bench.sweep`: `python -m bench.swept DUE ROUNDS`, where many terms are open; prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django

SAID = "id, petition_id, seq, name, rulebook, on_due, due, remind_on"
RUNS = "state = 'running' AND carried_by = 0"


def main(due: int, rounds: int) -> list[dict[str, Any]]:
    from django.db import connection

    from huiyin.clerk import batches, reminders, sweep
    from huiyin.registry import law

    _, today = law.at(datetime.now(UTC))
    with connection.cursor() as cursor:
        # Spread over all that there is, and ended on three days.
        cursor.execute(
            "UPDATE registry_clock SET due = %s - (id %% 3)::int WHERE id IN (SELECT id FROM registry_clock"
            f" WHERE {RUNS} AND hashint8extended(id, 9) %% 100 = 0 LIMIT %s)",
            [today - timedelta(days=1), due],
        )
        cursor.execute(
            "UPDATE registry_clock SET remind_on = %s WHERE id IN (SELECT id FROM registry_clock"
            f" WHERE {RUNS} AND due > %s AND hashint8extended(id, 10) %% 100 = 0 LIMIT %s)",
            [today, today, due],
        )
        cursor.execute("ANALYZE registry_clock")
    made = []
    for what, walk, condition, order in (
        ("newly late", lambda: batches.by_day(sweep.over(today), "due"), "due < %s", "due"),
        (
            "to be reminded of",
            lambda: batches.by_day(reminders.to_remind_of(today), "remind_on"),
            "remind_on <= %s",
            "remind_on",
        ),
    ):
        bare = f"SELECT {SAID} FROM registry_clock WHERE {RUNS} AND {condition} ORDER BY {order}, id"
        one: dict[str, Any] = {"what": what, "walk": [], "bare": []}
        for number in range(rounds + 1):
            asked, found = _timed(lambda bare=bare: _bare(bare, today))  # type: ignore[misc]
            walked, seen = _timed(lambda walk=walk: sum(map(len, walk())))  # type: ignore[misc]
            assert found == seen, (found, seen)
            one["found"] = found
            if number:  # the first round only warms up
                one["walk"].append(walked)
                one["bare"].append(asked)
        made.append(one)
    return made


def _bare(statement: str, today: date) -> int:
    """The rows as the driver hands them over, without Django."""
    from django.db import connection

    connection.ensure_connection()
    return len(connection.connection.execute(statement, [today]).fetchall())


def _timed(do: Callable[[], int]) -> tuple[float, int]:
    started = time.perf_counter()
    found = do()
    return (time.perf_counter() - started) * 1000, found


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    json.dump(main(int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
