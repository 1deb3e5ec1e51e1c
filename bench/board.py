"""The boards out of what was counted, beside the live queries that they replace: `python -m bench board`.

On PostgreSQL, one installation a size in one cluster, asked turn and turn about. Each is filled by
`bench.grown` with what a board reads, and counted by the clerk's own code.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import pictures, report
from bench.boarding import CHANGED, LIVE, PAGES
from bench.growth import Asked, installations

SIZES = (1_000_000, 10_000_000)
OFTEN = 20  # askings a round; of a live query one
GROWS, REPLACES = 1.5, 0.1  # p99 of the largest beside the smallest, and beside the live query
HEAD = ("path", "petitions", "queries", "asked", "p50 ms", "p99 ms")
PASS = f"pass, {CHANGED} changed"


def measure(sizes: Sequence[int], *, rounds: int) -> dict[str, Any]:
    """Milliseconds and numbers of queries of each path at each size."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-bench-")))
        filled = stack.enter_context(installations(folder, sizes, "board"))
        here, counted = {}, {}
        for size, (url, _) in filled.items():
            here[size] = Asked(folder, url, "bench.boarding")
            stack.callback(here[size].stop)
            (ms,) = here[size]("count", 1)
            counted[size] = ms / 1000
            print(f"{size:,} petitions counted in {counted[size]:.0f} s", flush=True)
        paths = [each for each in here[sizes[0]].paths if each != "count"]
        took: dict[str, dict[int, list[float]]] = {what: {size: [] for size in sizes} for what in paths}
        for what in PAGES:  # what is asked for the first time is read and compiled for the first time
            for size in sizes:
                here[size](what, 3)
        for number in range(rounds):
            for what in paths:
                for size in sizes if number % 2 else reversed(sizes):
                    took[what][size] += here[size](what, OFTEN if what in PAGES else 1)
        queries = {what: {size: len(here[size](what, 0)) for size in sizes} for what in PAGES}
        return {"took": took, "queries": queries, "counted": counted, "sizes": list(sizes)}


def rows(made: dict[str, Any]) -> list[list[str]]:
    lines = []
    for what, by_size in made["took"].items():
        for size, took in by_size.items():
            asked = str(made["queries"][what][size]) if what in PAGES else ""
            p50, p99 = report.percentile(took, 0.5), report.percentile(took, 0.99)
            lines.append([what, f"{size:,}", asked, str(len(took)), f"{p50:.1f}", f"{p99:.1f}"])
    return lines


def missed(made: dict[str, Any]) -> list[str]:
    """The limits that were not kept; each ratio is printed."""
    small, large = made["sizes"][0], made["sizes"][-1]
    said = []
    for what in PAGES:
        ours, live = made["took"][what], made["took"][f"{what}{LIVE}"]
        here = report.percentile(ours[large], 0.99)
        grows, replaces = (
            here / report.percentile(ours[small], 0.99),
            here / report.percentile(live[large], 0.99),
        )
        print(f"{what}: p99 at {large:,} is {grows:.2f} times that at {small:,} (limit {GROWS})")
        print(f"{what}: p99 at {large:,} is {replaces:.3f} of the live query's there (limit {REPLACES})")
        said += [f"{what}: grows"] if grows > GROWS else []
        said += [f"{what}: beside the live query"] if replaces > REPLACES else []
        if len(set(made["queries"][what].values())) > 1:
            said.append(f"queries of {what} differ by size")
    return said


def drawn(made: dict[str, Any]) -> bytes:
    """Each page as it was counted and with the live queries, at each size: p99."""
    sizes = [str(size) for size in made["sizes"]]
    names = [f"{what}, {int(size):,}" for what in PAGES for size in sizes]
    asked = [(what, size) for what in PAGES for size in sizes]
    took = made["took"]
    return pictures.bars(
        "A page out of what was counted, and live", "ms, 99 of 100 are faster", names,
        {"counted": [report.percentile(took[what][size], 0.99) for what, size in asked],
         "live": [report.percentile(took[f"{what}{LIVE}"][size], 0.99) for what, size in asked]},
        logarithmic=True,
    )  # fmt: skip
