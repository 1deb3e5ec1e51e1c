"""Shares and times with how sure they are: what is counted, and nothing that is guessed.

All of it is exact on counts: twice as much of everything comes to the same value (charter 8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt

Z = 1.959964  # of a normal distribution: 95 in a hundred lie within so many deviations
SAID_OF = 5  # a share of fewer is not said (charter 9)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval of Wilson (1927), which also holds for few and for none."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None where there is nothing to be a share of."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.part / self.whole, self.whole) if self.whole else (0.0, 1.0)


def wilson(p: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a share p of n; n may be the effective number of cases that weigh unlike."""
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    wide = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return max(middle - wide, 0.0), min(middle + wide, 1.0)


@dataclass(frozen=True, slots=True)
class Time:
    """How many days something took: half of all took no longer, nine in ten took no longer.

    What is overdue and has not come counts as longer than everything that came: a body that never does the
    hard ones is not quick. None: even that much has not come yet, or there is nothing to tell.
    """

    whole: int
    middle: int | None
    most: int | None
    interval: tuple[int | None, int | None]  # of the middle


def time(days: Mapping[int | None, int]) -> Time:
    """From the number of cases by days; under None those that are overdue and have not come."""
    came: list[tuple[int | None, int]] = sorted((d, n) for d, n in days.items() if d is not None and n)
    came += [(None, days.get(None, 0))]
    n = sum(number for _, number in came)
    if not n:
        return Time(0, None, None, (None, None))
    spread = Z * sqrt(n) / 2
    low, high = max(ceil(n / 2 - spread), 1), min(ceil(n / 2 + spread) + 1, n)
    return Time(n, _nth(came, ceil(n / 2)), _nth(came, ceil(0.9 * n)), (_nth(came, low), _nth(came, high)))


def _nth(came: list[tuple[int | None, int]], wanted: int) -> int | None:
    """The days of the nth case: of those that took no longer, there are at least so many."""
    passed = 0
    for days, number in came:
        passed += number
        if passed >= wanted:
            return days
    return None


def shares(parts: Mapping[str, int]) -> dict[str, Share]:
    """Each part as a share of all of them."""
    counted = Counter(dict(parts))
    return {name: Share(number, counted.total()) for name, number in counted.items()}
