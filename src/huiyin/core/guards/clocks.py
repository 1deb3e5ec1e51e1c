"""About terms: whether one is running, in time, or over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from huiyin.core.case import Clock, named_clock
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def in_time(name: str) -> Guard:
    """The term is still open; one that never ran, or that fell away, is not."""

    def guard(asked: Asked) -> Refusal | None:
        clock = asked.case.latest(name)
        if clock is None:
            return refuse("clock-not-running", asked.row.article)
        if not clock.is_live or clock.is_past_due(asked.today):
            return refuse("term-over", asked.row.article, due=clock.due)
        return None

    return guard


def is_due(name: str) -> Guard:
    """The last day of the term is over."""

    def guard(asked: Asked) -> Refusal | None:
        clock = asked.case.live(name)
        if clock is None:
            return refuse("clock-not-running", asked.row.article)
        if not clock.is_past_due(asked.today):
            return refuse("term-not-over", asked.row.article, due=clock.due)
        return None

    return guard


def running(name: str) -> Guard:
    """The clock is on; a term that has passed cannot be extended afterwards (decision 0005)."""

    def guard(asked: Asked) -> Refusal | None:
        clock = asked.case.latest(name)
        if clock is None or clock.ended is not None:
            return refuse("clock-not-running", asked.row.article)
        if asked.row.verb == "extend" and (clock.state == "missed" or clock.is_past_due(asked.today)):
            return refuse("term-over", asked.row.article, due=clock.due)
        return None

    return guard


def not_running(name: str) -> Guard:
    """No clock of that name runs: what is under way is not begun twice."""

    def guard(asked: Asked) -> Refusal | None:
        clock = asked.case.live(name)
        return refuse("clock-running", asked.row.article, due=clock.due) if clock else None

    return guard


def _named(asked: Asked) -> Clock | None:
    seq = named_clock(asked.case, asked.said or {})
    return asked.case.clocks[seq - 1] if seq else None


def named_clock_is_late(asked: Asked) -> Refusal | None:
    """The clock that is named has passed its due date unmet, and nothing carries it on."""
    if asked.said is None:
        return None
    clock = _named(asked)
    late = clock is not None and clock.is_past_due(asked.today) and not clock.carried_by
    return (
        None if late and clock and clock.on_due == "breach" else refuse("clock-not-late", asked.row.article)
    )


def named_clock_changes(asked: Asked) -> Refusal | None:
    """Reckoned with what the calendar says now, the clock that is named ends differently."""
    if asked.said is None:
        return None
    clock = _named(asked)
    if clock is None or not clock.is_live:
        return refuse("clock-not-running", asked.row.article)
    anew = clock.recomputed(asked.situation.calendar_of(clock), asked.today)
    return refuse("clock-unchanged", asked.row.article) if anew == clock else None


def not_extended(asked: Asked) -> Refusal | None:
    """No clock that this move would carry on is carried on already."""
    rules = asked.situation.rulebook.clocks
    carried = (asked.case.live(rules[name].follows) for name in asked.row.starts)
    extended = any(clock is not None and clock.carried_by for clock in carried)
    return refuse("already-extended", asked.row.article) if extended else None


def term_ahead(asked: Asked) -> Refusal | None:
    """The day that the office sets lies ahead."""
    ahead = asked.said is None or date.fromisoformat(asked.said["term"]) > asked.today
    return None if ahead else refuse("term-past", asked.row.article, fields={"term": "ahead"})


CLOCK_GUARDS: dict[str, Callable[[str], Guard]] = {
    "in-time": in_time,
    "is-due": is_due,
    "running": running,
    "not-running": not_running,
}

GUARDS: dict[str, Guard] = {
    "named-clock-is-late": named_clock_is_late,
    "named-clock-changes": named_clock_changes,
    "not-extended": not_extended,
    "term-ahead": term_ahead,
}
