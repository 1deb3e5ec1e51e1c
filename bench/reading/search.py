"""Search at a million petitions: each class of query, as two officers, beside a LIKE scan in the same run."""

from __future__ import annotations

import argparse
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench import process, report
from tests import postgres
from tests.api import server

PETITIONS = 1_000_000
MOST_SQLITE = 50.0  # ms, p99
MOST_OF_ANY = 1000.0
WITHOUT = ("one and not another",)  # may have to look at all petitions: kept below a second, as any class
SHARE = 0.1  # of a LIKE scan
BY_EACH_KIND = 16  # answers timed in each class: some take a second

KINDS = ("kind of index, 201 newest", "class", "p50 ms", "p99 ms", "built in", "size")
HEAD = ("search, 200 newest at most", "may see", "found", "p50 ms", "p99 ms", "of a LIKE scan")


def add(parser: argparse.ArgumentParser) -> None:
    """The options of this subject."""
    parser.add_argument("--petitions", type=int, default=PETITIONS)
    parser.add_argument("--asked", type=int, default=200, help="answers timed in each class")
    parser.add_argument("--on", choices=["sqlite", "postgres"], help="nothing = both")
    parser.add_argument("--kinds", action="store_true", help="on PostgreSQL, other kinds of index as well")
    parser.add_argument(
        "--again", type=Path, metavar="FOLDER", help="an installation that was filled before (with --on)"
    )
    parser.add_argument("--url", default="", help="its database, where that is PostgreSQL")


def run(said: argparse.Namespace) -> int:
    """Measure on each database; 0: each class keeps its limits."""
    print(f"measured on: {report.machine()}", flush=True)
    kept: dict[str, Any] = {}
    if said.again:
        name = "PostgreSQL" if said.url else "SQLite"
        kept[name] = _asked(said.again, said.url, said)
        _print(name, kept[name], said.petitions)
        return _kept(kept)
    with postgres.cluster() if said.on != "sqlite" else nullcontext() as cluster:
        databases = {"SQLite": ""} if said.on != "postgres" else {}
        databases |= {"PostgreSQL": cluster.url} if cluster else {}
        for name, url in databases.items():
            with server.own_database(url) as own:
                kept[name] = _measure(own, said)
            _print(name, kept[name], said.petitions)
    return _kept(kept)


def _kept(kept: dict[str, Any]) -> int:
    print(f"kept in {report.keep('search', {'machine': report.machine(), **kept})}")
    return int(any(_slow(name, made) for name, made in kept.items()))


def _measure(url: str, said: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        server.prepare(Path(folder), url)
        return _asked(Path(folder), url, said)


def _asked(folder: Path, url: str, said: argparse.Namespace) -> dict[str, Any]:
    env = server.environment(folder, url, zone="desk")
    numbers = (str(said.petitions), str(said.asked))
    made: dict[str, Any] = process.run("bench.reading.searched", *numbers, env=env)
    if url and said.kinds:
        made["kinds"] = process.run("bench.reading.kinds", str(BY_EACH_KIND), env=env)
    return made


def _print(name: str, made: dict[str, Any], petitions: int) -> None:
    scan = report.median(made["scan"])
    print(f"\n{name}, {petitions:,} petitions: {_sizes(made['sizes'])};", end=" ")
    if fill := made["fill"]:
        print(f"written in {fill['written']:.0f} s, index finished in {fill['indexed']:.0f} s;", end=" ")
    print(f"a LIKE scan: {scan:.0f} ms")
    report.table(HEAD, [_row(one, scan) for one in made["classes"]])
    for line in _slow(name, made):
        print(f"too slow: {line}")
    if "kinds" in made:
        report.table(KINDS, [_kind(one) for one in made["kinds"]])


def _sizes(sizes: dict[str, int]) -> str:
    return ", ".join(f"{name} {size / (1 << 20):,.0f} MiB" for name, size in sizes.items())


def _row(one: dict[str, Any], scan: float) -> list[str]:
    p99 = report.percentile(one["took"], 0.99)
    found = f"{min(one['found'])} to {max(one['found'])}" if one["found"] else ""
    p50 = report.percentile(one["took"], 0.5)
    return [one["class"], one["seen"], found, f"{p50:.1f}", f"{p99:.1f}", f"{p99 / scan:.3f}"]


def _kind(one: dict[str, Any]) -> list[str]:
    p50, p99 = (f"{report.percentile(one['took'], part):.1f}" for part in (0.5, 0.99))
    return [
        one["kind"],
        one["class"],
        p50,
        p99,
        f"{one['built']:.0f} s",
        f"{one['size'] / (1 << 20):,.0f} MiB",
    ]


def _slow(name: str, made: dict[str, Any]) -> list[str]:
    """The classes that miss what they must keep."""
    scan = report.median(made["scan"])
    each = MOST_SQLITE if name == "SQLite" else min(MOST_OF_ANY, SHARE * scan)
    slow = []
    for one in made["classes"]:
        most = MOST_OF_ANY if one["class"] in WITHOUT else each
        if one["found"] and report.percentile(one["took"], 0.99) > most:
            slow.append(f"{one['class']}, {one['seen']}: more than {most:.0f} ms")
    return slow
