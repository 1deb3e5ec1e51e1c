"""The parts that a mixed petition is split into: each is a petition of its own, with a term of its own.

A part runs under the term that the mixed petition ran under, from the same day: splitting wins nobody time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from huiyin.core.case import After, Case

FILING = "file-parts"


@dataclass(frozen=True, slots=True)
class Part:
    """What one part asks, in its own words: never those of the others."""

    kind: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    against: tuple[str, ...] = ()  # codes of the bodies that a report among them is about
    files: str = ""  # which attachments go with it, by their numbers


def parts_of(after: After) -> tuple[Part, ...]:
    """The parts that a move splits a petition into; none for any other move."""
    if FILING not in after.row.effects:
        return ()
    return tuple(
        Part(
            kind=said["part_kind"],
            subject=said["part_subject"],
            text=said["part_text"],
            against=tuple(said["part_against"] or ()),
            files=said["part_files"] or "",
        )
        for said in after.contents["parts"]
    )


def since(before: Case, after: After) -> date | None:
    """The day from which the parts' term runs: that of the term which the split ends; None if none ran."""
    ended = [c.start for c in before.clocks if c.name in after.row.meets and c.ended is None]
    return min(ended, default=None)
