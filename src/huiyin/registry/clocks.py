"""The clocks of a petition in words: each with its rule, its article and the body that owes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huiyin.core import case, explain, rulebook
from huiyin.core.clock import Reckoning
from huiyin.core.conditions import CARRY_OUT
from huiyin.core.rulebook import ClockRule
from huiyin.core.text import Text
from huiyin.registry import law, record
from huiyin.registry.facts import NOBODY
from huiyin.registry.models import Body, Petition

SUPERVISION = "supervision-answer"  # the clock that the body answers which a letter went to, whoever holds it


@dataclass(frozen=True, slots=True)
class ToldClock:
    """A clock with its words."""

    clock: case.Clock
    rule: ClockRule
    article_text: Text
    would_have_ended: Reckoning | None = None
    owed_by: Text | None = None  # the body that must act, where it is not the one that holds the petition
    doubts: tuple[Text, ...] = ()  # what must be said beside the date: a source read in part, a local law

    @property
    def is_owed(self) -> bool:
        """Whether somebody must still act on it: it runs, or it was missed and nothing has come since."""
        clock = self.clock
        return not clock.carried_by and (clock.is_live or (clock.state == "missed" and clock.ended is None))

    @property
    def json(self) -> dict[str, Any]:
        return explain.as_json(self.clock)


def clocks_of(petition: Petition) -> tuple[ToldClock, ...]:
    """Every clock of a petition in order, with its rule and, for a missed notice, what would have been."""
    clocks = [record.clock_of(row) for row in petition.clocks.all()]
    owing = _promised(petition) if any(clock.name == CARRY_OUT for clock in clocks) else {}
    answers = _supervised(petition)
    owing |= {clock.seq: answers for clock in clocks if answers and clock.name == SUPERVISION}
    return tuple(_told_clock(clock, owing.get(clock.seq)) for clock in clocks)


def _promised(petition: Petition) -> dict[int, Text]:
    """The body that carries out what was promised, by the seq of the clock that runs for it."""
    codes = {task.clock: task.body for task in petition.tasks.all() if task.clock}
    bodies = {body.code: body.name for body in Body.objects.filter(code__in=set(codes.values()))}
    return {seq: bodies[code] for seq, code in codes.items() if code in bodies}


def _supervised(petition: Petition) -> Text | None:
    """The body that an open letter of supervision went to."""
    code = str(petition.marks.get("supervised", "")).rpartition("/")[2]
    body = Body.objects.filter(code=code).first() if code else None
    return body.name if body else None


def _told_clock(clock: case.Clock, owed_by: Text | None) -> ToldClock:
    book = rulebook.by_id(clock.rulebook)
    calendar = law.calendar_for(book.calendar)
    return ToldClock(
        clock=clock,
        rule=book.clocks[clock.name],
        article_text=book.articles.get(clock.article, NOBODY),
        would_have_ended=explain.would_have_ended(book, clock, calendar),
        owed_by=owed_by,
        doubts=book.doubts(book.clocks[clock.name]),
    )
