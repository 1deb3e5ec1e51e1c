"""The inbox of one officer, in a small registry and in a large one: how many queries, how long."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bench import process, report
from tests.api import server

SIZES = (1_000, 100_000)


def measure(name: str, url: str, *, asked: int) -> list[dict[str, Any]]:
    """Measure the inbox on one database, at each size in turn."""
    made = []
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as kept:
        folder = Path(kept)
        server.prepare(folder, url)
        for size in SIZES:
            said = process.run(
                "bench.desk", str(size), str(asked), env=server.environment(folder, url, zone="desk")
            )
            took = said.pop("took")
            made.append(
                {"what": name, "petitions": size, **said}
                | {"p50": report.percentile(took, 0.50), "p99": report.percentile(took, 0.99)}
            )
    return made


HEAD = ("inbox, 50 of those that wait", "petitions", "waiting here", "queries", "p50 ms", "p99 ms")


def row(made: dict[str, Any]) -> list[str]:
    """One line of the table."""
    return [
        made["what"],
        f"{made['petitions']:,}",
        f"{made['mine']:,}",
        str(made["queries"]),
        f"{made['p50']:.1f}",
        f"{made['p99']:.1f}",
    ]
