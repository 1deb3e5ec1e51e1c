"""Newly late among very many: `python -m bench sweep`, on PostgreSQL.

What the clerk's walk over what is due costs beside the bare query for the same rows, in one run.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bench import growth, process, report
from tests.api import server

CLOCKS = 10_000_000
DUE = 10_000
MOST = 2.0  # times the bare query
HEAD = ("found", "among", "the walk, ms", "the bare query, ms", "ratio")


def measure(clocks: int, *, due: int, rounds: int) -> list[dict[str, Any]]:
    """Milliseconds of the walk and of the bare query, turn and turn about: of the sweep, and of reminders."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as kept:
        folder = Path(kept)
        with growth.installations(folder, (clocks,), "open") as made:
            url, _ = made[clocks]
            env = server.environment(folder, url, zone="all")
            found: list[dict[str, Any]] = process.run("bench.swept", str(due), str(rounds), env=env)
    return [one | {"clocks": clocks} for one in found]


def ratio(one: dict[str, Any]) -> float:
    """The median of each round's own."""
    return report.median([walk / bare for walk, bare in zip(one["walk"], one["bare"], strict=True)])


def row(one: dict[str, Any]) -> list[str]:
    walk, bare = report.median(one["walk"]), report.median(one["bare"])
    what = f"{one['found']:,} {one['what']}"
    return [what, f"{one['clocks']:,}", f"{walk:.1f}", f"{bare:.1f}", f"{ratio(one):.2f}"]
