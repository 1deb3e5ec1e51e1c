"""Counts what a load did, and draws how long answers took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from huiyin.doors.cli.filing import Loaded
from huiyin.doors.cli.words import both

ROWS = 10  # of the plot
WIDTH = 40  # of its longest bar
STEPS = (1, 2, 5, 7, 10, 15, 20, 30, 60, 90, 180, 365)
MOST = 0.95  # of the answers fit into all rows but the last


@dataclass(slots=True)
class Tally:
    filed: int = 0
    skipped: int = 0
    rejected: int = 0
    days: list[tuple[int, bool]] = field(default_factory=list)  # to the answer, and whether it was in time

    def add(self, loaded: Loaded) -> None:
        self.filed += loaded.is_new
        self.skipped += not loaded.is_new
        if loaded.days is not None:
            self.days.append((loaded.days, bool(loaded.in_time)))

    @property
    def in_time(self) -> int:
        return sum(timely for _, timely in self.days)

    @property
    def median_days(self) -> float | None:
        return median(days for days, _ in self.days) if self.days else None

    def as_json(self) -> dict[str, Any]:
        return {
            "filed": self.filed,
            "skipped": self.skipped,
            "rejected": self.rejected,
            "answered": len(self.days),
            "in_time": self.in_time,
            "late": len(self.days) - self.in_time,
            "median_days": self.median_days,
        }

    def lines(self) -> Iterator[str]:
        """The summary for people."""
        yield both(
            f"录入 {self.filed} 件，已有 {self.skipped} 件，不能录入 {self.rejected} 行",
            f"{self.filed} filed, {self.skipped} already here, {self.rejected} rows rejected",
        )
        if not self.days:
            return
        total = len(self.days)
        yield both(
            f"已答复 {total} 件：按期 {self.in_time} 件（{self.in_time / total:.1%}），"
            f"逾期 {total - self.in_time} 件，中位数 {self.median_days:g} 天",
            f"{total} answered: {self.in_time} in time ({self.in_time / total:.1%}), "
            f"{total - self.in_time} late, median {self.median_days:g} days",
        )
        yield ""
        yield both(
            "从提出到答复的天数（█ 按期，░ 逾期）", "days from lodging to the answer (█ in time, ░ late)"
        )
        yield from histogram(self.days)


def histogram(days: Sequence[tuple[int, bool]]) -> Iterator[str]:
    """One bar for each span of days; the last one takes all that is longer."""
    step = _step([each for each, _ in days])
    last = min(max(each for each, _ in days) // step, ROWS - 1)
    bins = [[0, 0] for _ in range(last + 1)]
    for each, timely in days:
        bins[min(each // step, last)][not timely] += 1
    tallest = max(map(sum, bins))
    longest = max(each for each, _ in days)
    labels = [_label(i, step, longest if i == last else 0) for i in range(last + 1)]
    wide = max(map(len, labels))
    for label, (early, late) in zip(labels, bins, strict=True):
        yield f"  {label:>{wide}} {_bar(early, late, tallest)} {early + late}"


def _step(days: Sequence[int]) -> int:
    """The width of a bar: the smallest round one that leaves few answers to the last bar."""
    most = sorted(days)[int(MOST * (len(days) - 1))]
    return next((step for step in STEPS if most < step * (ROWS - 1)), STEPS[-1])


def _label(place: int, step: int, longest: int) -> str:
    first, last = place * step, max((place + 1) * step - 1, longest)
    return str(first) if first == last else f"{first}–{last}"


def _bar(timely: int, late: int, tallest: int) -> str:
    whole = round(WIDTH * (timely + late) / tallest)
    full = round(WIDTH * timely / tallest)
    if timely + late and not whole:
        return "▏"  # something is there, however little
    return "█" * full + "░" * (whole - full)
