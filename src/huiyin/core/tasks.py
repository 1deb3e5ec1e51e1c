"""What a body has to carry out (执行 of opinions, 落实 of promises): one task, one thing, one day, one body.

A task is about a remedy, a notice, a hearing, a site check or a reception place (charter 4), never about a
person. It ends by being done: no silence, no lapse and no promise of the author's ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

# The states of a task. Promised: said in a decision that is not served yet.
# Dropped: proposed in a settlement that the author did not agree to, or took the consent back from.
PROMISED, DUE, REPORTED, PARTLY, CONFIRMED, DISPUTED, DROPPED = (
    *("promised", "due", "reported"),
    *("partly", "confirmed", "disputed", "dropped"),
)
TASK_STATES = (PROMISED, DUE, REPORTED, PARTLY, CONFIRMED, DISPUTED, DROPPED)
OWED = frozenset({DUE, PARTLY, DISPUTED})  # the body must (still, or again) do it and report
# Of several tasks the one that is farthest from done says how the whole petition stands.
_WORST_FIRST: tuple[tuple[str, frozenset[str]], ...] = (
    (DISPUTED, frozenset({DISPUTED, PARTLY})),
    *((state, frozenset({state})) for state in (DUE, REPORTED, PROMISED, CONFIRMED, DROPPED)),
)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to be done. Its words are those of the body that promised it."""

    seq: int  # the nth task of its petition, from 1
    kind: str  # one of vocabulary.TASK_KINDS
    what: str  # '' = what the opinion supports, as it stands there
    body: str  # code of the body that carries it out
    due: date | None = None  # None: no day was promised
    state: str = DUE
    clock: int = 0  # seq of the clock that runs for it; 0 = none
    report: str = ""  # what the body says was done, and since when it says so
    reported_on: date | None = None
    answer: str = ""  # what the author said when asked whether it was
    answered_on: date | None = None

    @property
    def is_owed(self) -> bool:
        return self.state in OWED

    def reported(self, words: str, day: date) -> Task:
        return replace(self, state=REPORTED, report=words, reported_on=day, answer="", answered_on=None)

    def answered(self, state: str, words: str, day: date) -> Task:
        return replace(self, state=state, answer=words, answered_on=day)


def standing(tasks: Iterable[Task]) -> str:
    """How carrying out stands as a whole: '' | promised | due | reported | disputed | confirmed | dropped."""
    states = {task.state for task in tasks}
    return next((name for name, meant in _WORST_FIRST if states & meant), "")


def from_lines(lines: Iterable[Mapping[str, Any]], *, after: int, body: str, state: str) -> tuple[Task, ...]:
    """The tasks that the lines of a move name, numbered on from those there are."""
    return tuple(
        Task(
            seq=seq,
            kind=line["task_kind"],
            what=line["task_what"],
            body=body,
            due=date.fromisoformat(line["task_due"]) if line.get("task_due") else None,
            state=state,
        )
        for seq, line in enumerate(lines, start=after + 1)
    )
