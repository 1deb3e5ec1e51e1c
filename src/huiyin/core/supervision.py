"""What a supervisor acts on: found from the clocks and marks of a case, never from anybody's complaint.

The triggers stand in the rulebook (arts. 40 and 43 to 46). Whether a body evades is a human finding: it is a
mark that a supervisor leaves, with reasons. Nothing here can be answered away by the body it is about; a
finding stands until what was owed has come, and the missed clock stays missed after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from huiyin.core.case import Case, Clock
from huiyin.core.rulebook import ANY, Rulebook, Trigger


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a case as a finding rests on: a list of many reads no more than this."""

    state: str
    remedy: str
    marks: Mapping[str, Any]
    clocks: tuple[Clock, ...]

    @classmethod
    def of(cls, case: Case) -> Standing:
        return cls(case.state, case.remedy, case.marks, case.clocks)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to supervise."""

    trigger: Trigger
    clock: Clock | None = None  # the clock that is late; without one an event of the ledger dates the finding

    @property
    def since(self) -> date | None:
        """The first day that was too late."""
        return self.clock.due + timedelta(days=1) if self.clock else None

    def days(self, today: date) -> int | None:
        """How many days late today."""
        return (today - self.clock.due).days if self.clock else None


def findings(standing: Standing, book: Rulebook, today: date) -> tuple[Finding, ...]:
    """Everything that a supervisor must look at in this case today, in the order of the triggers."""
    found = [Finding(trigger) for trigger in book.triggers if _is_marked(trigger, standing)]
    for clock in standing.clocks:
        if clock.is_late(today):
            found += [
                Finding(t, clock)
                for t in book.triggers
                if is_about(t, clock.name, clock.kind, standing.state)
            ][:1]
    order = [trigger.name for trigger in book.triggers]
    return tuple(sorted(found, key=lambda finding: order.index(finding.trigger.name)))


def is_on_record(case: Case, book: Rulebook) -> bool:
    """Whether the record itself gives a supervisor something to look at: what a list of them is made of.

    A clock whose last day just passed joins when the clerk has entered the breach, within a minute.
    """
    standing = Standing.of(case)
    missed = any(c.state == "missed" and c.is_late(date.min) for c in case.clocks)
    return missed or case.supervised is not None or any(_is_marked(t, standing) for t in book.triggers)


def is_about(trigger: Trigger, clock: str, kind: str, state: str) -> bool:
    """Whether it speaks of a late clock of that name and kind, in a petition in that state."""
    named = clock in trigger.clocks or ANY in trigger.clocks
    return named and kind == trigger.kind and (not trigger.states or state in trigger.states)


def _is_marked(trigger: Trigger, standing: Standing) -> bool:
    if trigger.remedies:
        return standing.remedy in trigger.remedies and _fits(trigger, standing)
    if not trigger.mark or not _fits(trigger, standing):
        return False
    left = standing.marks.get(trigger.mark)
    # A mark that counts must have been left so often; one that says a date or a code was left once.
    return left >= trigger.times if isinstance(left, int) else bool(left)


def _fits(trigger: Trigger, standing: Standing) -> bool:
    return not trigger.states or standing.state in trigger.states
