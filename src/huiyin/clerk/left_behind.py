"""Find the part of a mixed petition that nobody answered (art. 40): another is answered, nothing runs here.

A suggestion has no term of its own (art. 29), so no missed date would ever show it. One move each, made by
the clerk, which its author reads and a supervisor finds.
"""

from __future__ import annotations

from datetime import datetime

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import parting
from huiyin.registry.access import CLERK
from huiyin.registry.perform import perform

MOVE = Move("find-unanswered")
BATCH = 500  # of one round; what is left is next


def find(now: datetime) -> int:
    """Put on record what was left behind, and answer how many were found."""
    found = list(parting.left_behind()[:BATCH])
    return sum(not isinstance(perform(part.ref, MOVE, CLERK, now), Refusal) for part in found)
