"""The parts that a mixed petition is split into: each is a petition of its own, with a term of its own.

A part runs under the term that the mixed petition ran under, from the same day: splitting wins nobody time.
A part that stays where it is, in the class it had, goes on where the whole stood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from huiyin.core.case import After, Case, Clock

FILING = "file-parts"
Thing = TypeVar("Thing")
# What a part takes along from the whole, wherever it goes and wherever it goes on.
KEPT_MARKS = ("signatures", "stepped-back")
STANDING_MARKS = ("sent", "sorting", "asked-upwards", "left-simple")


@dataclass(frozen=True, slots=True)
class Part:
    """What one part asks, in its own words: never those of the others."""

    kind: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    against: tuple[str, ...] = ()  # codes of the bodies that a report among them is about
    files: str = ""  # which attachments go with it, by their numbers
    requests: tuple[str, ...] = ()  # of those that were listed, which go with it


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
            requests=tuple(chosen(said["part_requests"] or "", after.case.requests) or ()),
        )
        for said in after.contents["parts"]
    )


def since(before: Case, after: After) -> date | None:
    """The day from which the parts' term runs: that of the term which the split ends; None if none ran."""
    ended = [c.start for c in before.clocks if c.name in after.row.meets and c.ended is None]
    return min(ended, default=None)


def chosen(said: str, of: Sequence[Thing]) -> tuple[Thing, ...] | None:
    """What is named by its numbers, as in "1, 3"; None when one of them does not exist."""
    numbers = [int(word) for word in re.findall(r"[0-9]+", said)]
    if any(not 1 <= number <= len(of) for number in numbers) or (said and not numbers):
        return None
    return tuple(of[number - 1] for number in dict.fromkeys(numbers))


def goes_on(whole: Case, part: Part, body: str) -> bool:
    """Whether a part goes on where the whole stood: at the body that has it, in a class that may stand so."""
    same = part.kind == whole.kind or not whole.handled_by
    sent_or_taken_up = bool(whole.senders or whole.handled_by)
    return sent_or_taken_up and same and part.kind != "report" and body == whole.holder.code


def split_off(after: After, whole: Case, part: Part, *, on: bool) -> After:
    """A part as it was filed, with what it has from the whole: who took part and who stepped back; and, where
    it goes on from there (`on`), the state, the way it came and the terms that run.
    """
    names = (*KEPT_MARKS, *STANDING_MARKS) if on else KEPT_MARKS
    marks = {name: whole.marks[name] for name in names if name in whole.marks}
    case = replace(
        after.case,
        took_part=after.case.took_part | whole.took_part,
        recused=whole.recused,
        marks={**after.case.marks, **marks},
        requests=part.requests if part.kind == "claim" else (),
    )
    if on:
        case = replace(
            case,
            state=whole.state,
            stage=whole.stage,
            senders=whole.senders,
            handled_by=whole.handled_by,
            officer=whole.officer,
            clocks=_running(whole),
        )
    return replace(after, case=case)


def _running(whole: Case) -> tuple[Clock, ...]:
    """The terms that run, numbered anew; one that was missed and is owed is missed here too."""
    owed = [c for c in whole.clocks if c.ended is None and c.on_due in {"breach", "lapse"}]
    new = {clock.seq: number for number, clock in enumerate(owed, start=1)}
    return tuple(
        replace(c, seq=new[c.seq], carried_by=new.get(c.carried_by or 0, c.carried_by)) for c in owed
    )
