"""What changed more than chance explains: of one thing that is counted by month, and of nobody.

It looks at what is broken and at months that are over (charter 2): nothing is foretold, and less is no merit.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

LEAST = 10  # cases of a month of which a change is said
TIMES = 2.0  # as many as in a usual month, at least
SURE = 3.0  # standard deviations of a Poisson count above the usual month
MONTHS = 3  # months before, at least, that make a usual one


def is_sudden(month: int, before: Sequence[int]) -> bool:
    """Whether a month has clearly more of something than the months before it had on average."""
    if month < LEAST or len(before) < MONTHS:
        return False
    usual = sum(before) / len(before)
    spread = sqrt(max(usual, 1.0) * (1 + 1 / len(before)))
    return month >= TIMES * usual and (month - usual) / spread > SURE


def rounded_down(number: int, to: int = 5) -> int:
    return number // to * to
