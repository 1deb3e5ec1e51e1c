"""The terms of a petition drawn below one another on one line of time: gone, left, late, not counted.

Each line says in words what it draws, so that nothing is told by the drawing alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from huiyin.core.clock import Skip
from huiyin.core.text import Text
from huiyin.registry.clocks import ToldClock
from huiyin.registry.models import Body

WIDTH = 1000  # of the drawing, whatever the screen
EXCLUDED = "excluded: "
LEAST = 6  # a single day of a long time is drawn at least so wide
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line: where it begins and how wide it is, of WIDTH."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Days in a row that the law leaves out, and why."""

    first: date
    last: date
    why: str
    at: Span


@dataclass(frozen=True, slots=True)
class Line:
    """One term."""

    card: Mapping[str, Any]  # of cards.card
    body: Text | None
    start: date
    due: date
    term: Span
    run: Span
    over: Span | None
    pauses: tuple[Pause, ...]
    gone: int  # days since it began, until it ended or today
    is_late: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    first: date
    last: date
    today: int | None  # None: everything is over
    lines: tuple[Line, ...]


def drawn(
    clocks: Iterable[ToldClock],
    cards: Iterable[Mapping[str, Any]],
    bodies: Mapping[str, Body],
    today: date,
) -> Drawing | None:
    """The drawing; None where no term has begun. The house's own promises are no legal clock."""
    pairs = [(told, card) for told, card in zip(clocks, cards, strict=True) if told.clock.kind != "house"]
    if not pairs:
        return None
    first = min(told.clock.start for told, _card in pairs)
    is_over = not any(told.is_owed for told, _card in pairs)
    ends = [max(told.clock.due, _until(told, today)) for told, _card in pairs]
    scale = _Scale(first, max(ends) if is_over else max(*ends, today))
    lines = (_line(told, card, bodies, scale, today) for told, card in pairs)
    return Drawing(first, scale.last, None if is_over else scale.x(today), tuple(lines))


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._days = max((last - first).days, 1)

    def x(self, day: date) -> int:
        return round(WIDTH * min(max((day - self.first).days, 0), self._days) / self._days)

    def span(self, start: date, end: date) -> Span:
        x = min(self.x(start), WIDTH - LEAST)
        return Span(x, max(self.x(end) - x, LEAST))


def _until(told: ToldClock, today: date) -> date:
    return told.clock.ended or (today if told.is_owed else told.clock.due)


def _line(
    told: ToldClock, card: Mapping[str, Any], bodies: Mapping[str, Body], scale: _Scale, today: date
) -> Line:
    clock, until = told.clock, max(_until(told, today), told.clock.start)
    is_late = until > clock.due and clock.state != "lapsed"
    named = bodies[clock.body].name if clock.body in bodies else None
    return Line(
        card=card,
        body=card["body"] or named,
        start=clock.start,
        due=clock.due,
        term=scale.span(clock.start, clock.due),
        run=scale.span(clock.start, min(until, clock.due)),
        over=scale.span(clock.due, until) if is_late else None,
        pauses=tuple(_pauses(clock.reckoning.skipped, scale)),
        gone=(until - clock.start).days,
        is_late=is_late,
    )


def _pauses(skipped: Iterable[Skip], scale: _Scale) -> Iterable[Pause]:
    """Days left out of the term, those in a row together. Days off are in the reckoning and not drawn."""
    runs: list[list[Skip]] = []
    for skip in skipped:
        if not skip.why.startswith(EXCLUDED):
            continue
        if runs and runs[-1][-1].date + ONE_DAY == skip.date and runs[-1][-1].why == skip.why:
            runs[-1].append(skip)
        else:
            runs.append([skip])
    for days in runs:
        at = scale.span(days[0].date, days[-1].date + ONE_DAY)
        yield Pause(days[0].date, days[-1].date, days[0].why, at)
