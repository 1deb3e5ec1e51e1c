"""Counts as they may be said: one that is small could point at one petition, and is not said (charter 9)."""

from __future__ import annotations

from collections.abc import Sequence

SMALL = 5
SUPPRESSED = "<5"


def shown(count: int, *, of: int | None = None) -> int | str:
    """A count as it may be said. One part of a whole is not said either where it would give the rest away."""
    small = 0 < count < SMALL or (of is not None and 0 < of - count < SMALL) or (of or SMALL) < SMALL
    return SUPPRESSED if small else count


def column(counts: Sequence[int]) -> list[int | str]:
    """Counts whose sum is told beside them: where one alone is left out, the next smallest goes with it."""
    said: list[int | str] = [shown(count) for count in counts]
    told = [i for i, each in enumerate(said) if each not in (SUPPRESSED, 0)]
    if said.count(SUPPRESSED) == 1 and told:
        said[min(told, key=lambda i: counts[i])] = SUPPRESSED
    return said
