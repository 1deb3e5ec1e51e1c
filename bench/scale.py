"""What a number of people comes to: rows, bytes, writes a second; and whether bodies keep the law's terms.

Two parts. The first counts rows and bytes of the demonstration's petitions, which went through every kind of
step, and multiplies. The second follows bodies through two years of working days: petitions arrive at random,
are sorted and worked on in several sittings with waiting between them, and each has the terms of the law,
reckoned by the core on the real calendar. Nobody in it is a person: a petition is minutes of work.
"""

from __future__ import annotations

import heapq
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench import process, report
from huiyin.core import calendar, rulebook
from huiyin.core.clock import reckon
from tests import prepared
from tests.api import server

PEOPLE = (1_000_000, 50_000_000, 1_400_000_000)
PER_THOUSAND = (
    10.0  # petitions a year: a guess to be replaced by one's own, and the only one in the arithmetic
)
FILL = 1.5  # pages are not full, and PostgreSQL's rows have heads: bytes on disk for bytes of content
BUSIEST = 4.0  # the busiest hour of an office day over its mean hour
OFFICE_HOURS = 250 * 8
COMMITS = (
    12  # transactions in the life of a petition that has one opinion: filing, nine moves, two of the clerk
)

# What it costs: prices are guesses, in euros a month, to be replaced by one's own.
MACHINE, GIGABYTE = 40.0, 0.10  # two cores and 8 GB of memory; one GB of disk
PAGES, PAGE = (
    50,
    0.1,
)  # pages opened for one petition, a guess; seconds of a core for a heavy one (`bench peer`)
CORES = 2  # of a machine
AN_INSTALLATION = 50_000_000  # people of a large province: beyond that there are several installations
COPIES = 3  # primary, standby, backup
KEPT = 10  # years

# One petition's work, in minutes: sorting it, then sittings over days on which it waits for others.
SORT = 12
SITTINGS = (3, 7)
MINUTES = (25, 60)
WAITS = (2, 12)  # days between two sittings
DAY = 6 * 60  # minutes of an office day that go into petitions
LOADS = (0.70, 0.80, 0.90, 0.95, 1.00, 1.05)
OFFICERS = 5
YEARS = (date(2024, 1, 1), date(2025, 12, 31))


# ---- arithmetic


def measure(people: Sequence[int], *, per_thousand: float, prices: tuple[float, float]) -> dict[str, Any]:
    """Rows and bytes of one petition, and what so many people come to."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as kept:
        folder = Path(kept)
        prepared.install(folder)
        counted = process.run("bench.demonstrated", env=server.environment(folder, "", zone="all"))
    n = counted["petitions"]
    rows = sum(each[0] for each in counted["tables"].values()) / n
    size = sum(each[1] for each in counted["tables"].values()) / n * FILL
    sizes = [_for(number, per_thousand, rows, size) for number in people]
    made = [each | _cost(each, *prices) for each in sizes]
    return {"petitions counted": n, "rows": rows, "bytes": size, "tables": counted["tables"], "scale": made}


def _for(people: int, per_thousand: float, rows: float, size: float) -> dict[str, Any]:
    petitions = people / 1000 * per_thousand
    busiest = petitions / OFFICE_HOURS / 3600 * BUSIEST
    return {
        "people": people,
        "petitions a year": petitions,
        "rows a year": petitions * rows,
        "GB a year": petitions * size / 1e9,
        "filings a second": busiest,
        "commits a second": busiest * COMMITS,
        "open clocks": petitions * 60 / 365 * 1.5,  # two months open, with one and a half terms running
    }


def _cost(made: dict[str, Any], machine: float, gigabyte: float) -> dict[str, Any]:
    """Machines and euros a year: for each installation a primary, a standby, and what serves the pages."""
    installations = math.ceil(made["people"] / AN_INSTALLATION)
    cores = made["filings a second"] * PAGES * PAGE
    machines = installations * 2 + max(installations, math.ceil(cores / CORES))
    kept = made["GB a year"] * KEPT * COPIES
    year = 12 * (machines * machine + kept * gigabyte)
    return {
        "installations": installations,
        "cores busy": cores,
        "machines": machines,
        "GB kept": kept,
        "euros a year": year,
        "cents a petition": 100 * year / made["petitions a year"],
    }


HEAD = (
    "people",
    "petitions a year",
    "rows a year",
    "GB a year",
    "busiest: filings/s",
    "commits/s",
    "open terms",
    "cores busy",
    "machines",
    "GB kept",
    "euros a year",
    "cents a petition",
)


def row(made: dict[str, Any]) -> list[str]:
    return [
        f"{made['people'] / 1e6:,.0f} million",
        f"{made['petitions a year']:,.0f}",
        f"{made['rows a year']:,.0f}",
        f"{made['GB a year']:,.1f}",
        f"{made['filings a second']:,.1f}",
        f"{made['commits a second']:,.1f}",
        f"{made['open clocks']:,.0f}",
        f"{made['cores busy']:,.1f}",
        f"{made['machines']:,}",
        f"{made['GB kept']:,.0f}",
        f"{made['euros a year']:,.0f}",
        f"{made['cents a petition']:,.1f}",
    ]


# ---- queues


@dataclass(slots=True)
class Matter:
    """A petition as work: minutes of each sitting still to come, and when the next may begin."""

    lodged: date
    sittings: list[int]
    sorted_on: date | None = None
    due: date | None = None


def simulate(load: float, *, by_due_date: bool, seed: int = 0) -> dict[str, Any]:
    """One body of OFFICERS for two years at a share of what its officers can work."""
    law = rulebook.by_id("cn-2022")
    days = calendar.load("cn")
    chance = Random(seed)
    work = SORT + sum(SITTINGS) / 2 * sum(MINUTES) / 2
    open_days = [day for day in _days() if days.is_workday(day)]
    arrivals = load * OFFICERS * DAY * len(open_days) / work / len(list(_days()))
    terms = {name: law.clocks[name].term(None) for name in ("sort", "handling")}
    ready: list[tuple[date, int, Matter]] = []  # by what is first, then in the order of coming
    later: list[tuple[date, int, Matter]] = []  # by the day on which the next sitting may begin
    done: list[tuple[Matter, date]] = []
    late_sort = number = most_open = 0
    for today in _days():
        for _ in range(_poisson(chance, arrivals)):
            number += 1
            sittings = [chance.randint(*MINUTES) for _ in range(chance.randint(*SITTINGS))]
            heapq.heappush(ready, (today, number, Matter(today, [SORT, *sittings])))
        while later and later[0][0] <= today:
            _, place, matter = heapq.heappop(later)
            first = matter.due if by_due_date and matter.due else matter.lodged
            heapq.heappush(ready, (first, place, matter))
        left = OFFICERS * DAY if days.is_workday(today) else 0
        while ready and left >= ready[0][2].sittings[0]:
            _, place, matter = heapq.heappop(ready)
            left -= matter.sittings.pop(0)
            if matter.sorted_on is None:
                matter.sorted_on = today
                late_sort += today > reckon(terms["sort"], matter.lodged, days).due
                matter.due = reckon(terms["handling"], today, days).due
            if matter.sittings:
                heapq.heappush(later, (today + timedelta(chance.randint(*WAITS)), place, matter))
            else:
                done.append((matter, today))
        most_open = max(most_open, len(ready) + len(later))
    ages = [(ended - matter.lodged).days for matter, ended in done]
    settled = [each for each in done if each[0].lodged >= YEARS[0] + timedelta(120)]  # not from an empty desk
    late = sum(ended > (matter.due or ended) for matter, ended in settled)
    due_on: dict[date, int] = {}
    for matter, _ in done:
        if matter.due:
            due_on[matter.due] = due_on.get(matter.due, 0) + 1
    mean = sum(due_on.values()) / max(len(due_on), 1)
    return {
        "load": load,
        "order": "due date" if by_due_date else "as it came",
        "finished": len(done),
        "late to sort": late_sort / max(number, 1),
        "late to answer": late / max(len(settled), 1),
        "median days": report.median(ages),
        "p95 days": report.percentile(ages, 0.95),
        "most open an officer": most_open / OFFICERS,
        "busiest day of terms": max(due_on.values()) / mean if due_on else 0.0,
    }


def _days() -> Sequence[date]:
    return [YEARS[0] + timedelta(n) for n in range((YEARS[1] - YEARS[0]).days + 1)]


def _poisson(chance: Random, mean: float) -> int:
    """How many come on one day (Knuth)."""
    n, reached = 0, chance.expovariate(1.0)
    while reached < mean:
        n, reached = n + 1, reached + chance.expovariate(1.0)
    return n


QUEUES = (
    "load",
    "order of work",
    "late to sort",
    "late to answer",
    "median days",
    "p95",
    "open/officer",
    "peak of terms",
)


def queue_row(made: dict[str, Any]) -> list[str]:
    return [
        f"{made['load']:.0%}",
        made["order"],
        f"{made['late to sort']:.1%}",
        f"{made['late to answer']:.1%}",
        f"{made['median days']:.0f}",
        f"{made['p95 days']:.0f}",
        f"{made['most open an officer']:.0f}",
        f"{made['busiest day of terms']:.1f}",
    ]
