"""How the cost of each path grows with the registry: `python -m bench growth`, on PostgreSQL.

One installation a size, all in one cluster, asked turn and turn about: what else the machine does meets all
of them alike. Each is filled by `bench.grown`; what is held against the limits is the ratio of the p99 of a
large one to that of a small one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import pictures, process, report
from huiyin.site import charts
from tests import postgres, prepared
from tests.api import server

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
# Askings a round: what takes long is asked less often, what a limit holds more often.
OFTEN = {"supervise": 1, "search": 52, "follow": 30, "inbox": 30}
USUAL = 10
# Path -> (a large registry, a small one, how many times its p99 at most).
LIMITS = {
    "inbox": (10_000_000, 10_000, 1.5),
    "follow": (10_000_000, 10_000, 1.5),
    "search": (1_000_000, 100_000, 3.0),
}
CLUSTER = {
    "shared_buffers": "2GB",
    "maintenance_work_mem": "1GB",
    "effective_cache_size": "12GB",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
}
HEAD = ("path", "petitions", "queries", "p50 ms", "p99 ms", "times p99 at 10,000")


class Asked:
    """A `bench.growing`, or another module like it, that waits to be asked."""

    def __init__(self, folder: Path, url: str, module: str = "bench.growing") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=server.HOUSE, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env=server.environment(folder, url, zone="all"), start_new_session=True,
        )  # fmt: skip
        self.paths: list[str] = self._heard()

    def __call__(self, what: str, times: int) -> Any:
        assert self.process.stdin
        self.process.stdin.write(json.dumps([what, times]) + "\n")
        self.process.stdin.flush()
        return self._heard()

    def _heard(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("what is asked has ended; what it said stands above")
        return json.loads(line)

    def stop(self) -> None:
        self.process.stdin.close()  # type: ignore[union-attr]
        self.process.wait(60)


@contextmanager
def installations(
    folder: Path, sizes: Sequence[int], *words: str
) -> Iterator[dict[int, tuple[str, dict[str, float]]]]:
    """A cluster with an installation of each size: its database, and the seconds that filling it took."""
    with postgres.cluster(durable=True, **CLUSTER) as cluster:
        prepared.install(folder)
        first = database(cluster.url, "demonstrated", prepared.template(cluster.url))
        process.run("bench.grown", "demonstrate", env=server.environment(folder, first, zone="all"))
        made = {}
        for size in sizes:
            url = database(cluster.url, f"grown_{size}", "demonstrated")
            started = time.perf_counter()
            took = process.run(
                "bench.grown", str(size), *words, env=server.environment(folder, url, zone="all")
            )
            made[size] = (url, took)
            print(
                f"{size:,} petitions in {time.perf_counter() - started:.0f} s, {_bytes(url) / 1e9:.1f} GB",
                flush=True,
            )
        yield made


def database(url: str, name: str, origin: str = "template1") -> str:
    """A database of that name in the same cluster, a copy of another; its address."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {origin}")  # our own names
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _bytes(url: str) -> int:
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


def measure(sizes: Sequence[int], *, rounds: int) -> dict[str, Any]:
    """Milliseconds and numbers of queries of each path at each size."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-bench-")))
        filled = stack.enter_context(installations(folder, sizes))
        here = {}
        for size, (url, _) in filled.items():
            here[size] = Asked(folder, url)
            stack.callback(here[size].stop)
        paths = here[sizes[0]].paths
        for what in paths:  # what is asked for the first time is read and compiled for the first time
            for size in sizes:
                here[size](what, 2)
        took: dict[str, dict[int, list[float]]] = {what: {size: [] for size in sizes} for what in paths}
        for number in range(rounds):
            for what in paths:
                for size in sizes if number % 2 else reversed(sizes):
                    took[what][size] += here[size](what, OFTEN.get(what, USUAL))
        queries = {what: {size: len(here[size](what, 0)) for size in sizes} for what in paths}
        fills = {size: fill for size, (_, fill) in filled.items()}
        return {"took": took, "queries": queries, "filled": fills, "sizes": list(sizes)}


def rows(made: dict[str, Any]) -> list[list[str]]:
    """The table: one line for each path and size."""
    lines = []
    for what, by_size in made["took"].items():
        floor = report.percentile(by_size.get(10_000) or by_size[made["sizes"][0]], 0.99)
        for size, took in by_size.items():
            p50, p99 = report.percentile(took, 0.5), report.percentile(took, 0.99)
            asked = str(made["queries"][what][size])
            lines.append([what, f"{size:,}", asked, f"{p50:.1f}", f"{p99:.1f}", f"{p99 / floor:.2f}"])
    return lines


def missed(made: dict[str, Any]) -> list[str]:
    """The limits that were not kept; of what was not measured nothing is said."""
    said = []
    for what, (large, small, most) in LIMITS.items():
        by_size = made["took"][what]
        if large in by_size and small in by_size:
            ratio = report.percentile(by_size[large], 0.99) / report.percentile(by_size[small], 0.99)
            print(f"{what}: p99 at {large:,} is {ratio:.2f} times that at {small:,} (limit {most})")
            said += [what] if ratio > most else []
    uneven = [what for what, asked in made["queries"].items() if len(set(asked.values())) > 1]
    return [*said, *(f"queries of {what} differ by size" for what in uneven)]


def drawn(made: dict[str, Any]) -> bytes:
    """The growth curve: p50 of each path over the number of petitions, both logarithmic."""
    pygal = charts.library()
    chart = pygal.XY(
        style=pictures.style(pygal), logarithmic=True, width=900, height=560, js=[], show_x_guides=True,
        x_title="petitions", y_title="ms, half of the answers are faster", title=None, x_labels=made["sizes"],
        y_labels=[1, 10, 100, 1000, 10_000],
        xrange=(made["sizes"][0], made["sizes"][-1]), x_value_formatter=lambda n: f"{n:,.0f}",
        legend_at_bottom=True, legend_at_bottom_columns=5,
    )  # fmt: skip
    for what, by_size in made["took"].items():
        if not what.startswith("inbox,"):
            curve = sorted((int(size), report.percentile(took, 0.5)) for size, took in by_size.items())
            chart.add(what, curve)
    done: bytes = chart.render()
    return done
