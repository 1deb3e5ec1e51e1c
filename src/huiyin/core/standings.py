"""How an open petition stands on a day, how old it is, and when either says something else next.

What a board counts beforehand holds until such a day; nothing has to be looked at before it comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from huiyin.core.calendar import Calendar

AHEAD = 5  # working days within which a date is near
IN_TIME, NEAR, LATE, ORDERED = "time", "near", "late", "ordered"
STANDINGS = (IN_TIME, NEAR, LATE, ORDERED)
# Days since it was lodged, up to and with which a petition falls into a group; the last group has no end.
AGES = (15, 30, 60, 90, 180)


def near_until(today: date, calendar: Calendar) -> date:
    """The last of the next working days within which a date is near."""
    day = today
    for _ in range(AHEAD):
        day += timedelta(days=1)
        while not calendar.is_workday(day):
            day += timedelta(days=1)
    return day


def near_from(due: date, calendar: Calendar) -> date:
    """The first day on which that date is near: the fifth working day before it."""
    day = due
    for _ in range(AHEAD):
        day -= timedelta(days=1)
        while not calendar.is_workday(day):
            day -= timedelta(days=1)
    return day


def last_workday(today: date, calendar: Calendar) -> date:
    """The working day before this one: on a Monday, what changed since is what changed since Friday."""
    day = today - timedelta(days=1)
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return day


@dataclass(frozen=True)
class Today:
    """A day with its calendar; it remembers what it reckoned."""

    day: date
    calendar: Calendar
    _near_from: dict[date, date] = field(default_factory=dict, compare=False)

    def stands(self, due: date | None, *, late_by_law: bool) -> str:
        """One of STANDINGS: late is what a term of the law says, and not a date set by order."""
        if due is None or self.day < self.near_from(due):
            return IN_TIME
        if self.day <= due:
            return NEAR
        return LATE if late_by_law else ORDERED

    def near_from(self, due: date) -> date:
        if due not in self._near_from:
            self._near_from[due] = near_from(due, self.calendar)
        return self._near_from[due]

    def next_turn(self, days: Iterable[date | None]) -> date | None:
        """The first of these days that has not come yet."""
        return min((day for day in days if day is not None and day > self.day), default=None)


def age_group(lodged: date, today: date) -> int:
    """The number of its group: the youngest first."""
    return sum(1 for days in AGES if today > lodged + timedelta(days=days))


def birthdays(lodged: date) -> list[date]:
    """The days on which it comes into the next group."""
    return [lodged + timedelta(days=days + 1) for days in AGES]
