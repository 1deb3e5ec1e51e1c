"""Filing through HTTP, against the same rows committed by the database alone, turn and turn about."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import floor, process, report
from tests.api import server

CONNECTIONS = 16
FILE = "huiyin.sqlite3"


@dataclass(slots=True)
class Turn:
    """One round: the floor, and right after it the real thing."""

    floor: float
    ours: float
    took: list[float] = field(repr=False)
    failed: int = 0
    cpu: float = 0.0  # of the server, in seconds

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


def measure(name: str, url: str, *, rounds: int, seconds: float, keyed: bool = False) -> dict[str, Any]:
    """Measure filing on one database; answers what the table shows."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as kept:
        folder = Path(kept)
        server.prepare(folder, url)
        captured = _captured(folder, url)
        with (
            _twin(folder, url) as (beside, twin),
            _clerk(folder, url),
            server.web(folder, url, workers=0, threads=0) as web,
        ):
            beneath = _floor(beside, twin, captured, seconds)
            _load(web.port, 1.0, keyed=keyed)  # warm: connections, caches, first pages of the file
            turns = [_turn(beneath, web, seconds, keyed=keyed) for _ in range(rounds)]
    took = [value for turn in turns for value in turn.took]
    return {
        "what": name,
        "turns": [{"floor": t.floor, "ours": t.ours, "ratio": t.ratio, "failed": t.failed} for t in turns],
        "per_second": report.median([t.ours for t in turns]),
        "floor": report.median([t.floor for t in turns]),
        "ratio": report.median([t.ratio for t in turns]),
        "p50": report.percentile(took, 0.50),
        "p99": report.percentile(took, 0.99),
        "cpu_ms": sum(t.cpu for t in turns) / max(1, len(took)) * 1000,
        "failed": sum(t.failed for t in turns),
        "statements": captured["statements"],
        "floor_statements": floor.statements(captured["filings"]),
        "rows": sum(sql.count("INSERT INTO") for sql in floor.statements(captured["filings"])),
    }


def _turn(beneath: Callable[[], float], web: server.Web, seconds: float, *, keyed: bool) -> Turn:
    under = beneath()
    before = process.cpu_seconds(web.process.pid)
    said = _load(web.port, seconds, keyed=keyed)
    cpu = process.cpu_seconds(web.process.pid) - before
    return Turn(under, len(said["took"]) / said["seconds"], said["took"], said["failed"], cpu)


@contextmanager
def _twin(folder: Path, url: str) -> Iterator[tuple[Path, str]]:
    """The same installation once more, for the floor: folder and database.

    In ours the clerk would number and read what the floor filed, five times as much as we did, in our turn.
    """
    beside = folder / "floor"
    beside.mkdir()
    if not url:
        with sqlite3.connect(folder / FILE) as here, sqlite3.connect(beside / FILE) as there:
            here.backup(there)
    with server.own_database(url, like=urlsplit(url).path.strip("/")) as twin:
        yield beside, twin


def _floor(folder: Path, url: str, captured: dict[str, Any], seconds: float) -> Callable[[], float]:
    filings = captured["filings"]
    if url:
        return lambda: floor.on_postgres(url, filings, seconds, clients=CONNECTIONS, folder=folder)
    return lambda: floor.on_sqlite(folder / FILE, filings, seconds)


@contextmanager
def _clerk(folder: Path, url: str) -> Iterator[None]:
    """The clerk at work beside it, as in every installation: on SQLite it stands in the same line."""
    env = server.environment(folder, url, zone="all") | {"HUIYIN_LOG_EVERY": "10"}
    command = [sys.executable, "-m", "huiyin.doors.cli", "clerk"]
    with (
        (folder / "clerk.log").open("ab") as log,
        subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield
            assert process.poll() is None, (folder / "clerk.log").read_text()[-2000:]
        finally:
            process.terminate()


def _captured(folder: Path, url: str) -> dict[str, Any]:
    return dict(process.run("bench.capture", env=server.environment(folder, url)))


def _load(port: int, seconds: float, *, keyed: bool) -> dict[str, Any]:
    words = [str(port), str(CONNECTIONS), str(seconds), *(["--keyed"] if keyed else [])]
    return dict(process.run("bench.load", *words))


HEAD = (
    "filing through HTTP",
    "filed/s",
    "floor/s",
    "ratio",
    "p50 ms",
    "p99 ms",
    "p99/p50",
    "CPU ms",
    "statements",
    "rows",
    "failed",
)


def row(made: dict[str, Any]) -> list[str]:
    """One line of the table."""
    return [
        made["what"],
        f"{made['per_second']:.0f}",
        f"{made['floor']:.0f}",
        f"{made['ratio']:.2f}",
        f"{made['p50']:.1f}",
        f"{made['p99']:.1f}",
        f"{made['p99'] / made['p50']:.1f}",
        f"{made['cpu_ms']:.2f}",
        str(len(made["statements"])),
        str(made["rows"]),
        str(made["failed"]),
    ]


def statements(made: dict[str, Any]) -> list[str]:
    """What one filing executes and what the floor executes instead of it, to be printed."""
    ours = [f"  {' '.join(_bare(sql).split())}" for sql in made["statements"]]
    under = [f"  {' '.join(sql.split())}" for sql in made["floor_statements"]]
    return [f"{made['what']}, one filing:", *ours, f"{made['what']}, the floor, one transaction:", *under]


def _bare(sql: str) -> str:
    """Without the values that Django writes into what it remembers of a statement."""
    return re.sub(r"VALUES \((?:'(?:[^']|'')*'|[^'])*\)$", "VALUES (…)", sql)
