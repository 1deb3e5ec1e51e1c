"""When a digest is due: once a week and once a month, on the first day that the law's calendar works."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huiyin.core.calendar import Calendar

WEEKLY, MONTHLY = "weekly", "monthly"
KINDS = (WEEKLY, MONTHLY)


def first_day(kind: str, day: date) -> date:
    """The Monday of its week, or the first of its month."""
    return day - timedelta(days=day.weekday()) if kind == WEEKLY else day.replace(day=1)


def next_first(kind: str, day: date) -> date:
    """The first day of the week or month after."""
    begun = first_day(kind, day)
    return begun + timedelta(days=7) if kind == WEEKLY else first_day(MONTHLY, begun + timedelta(days=31))


def before(kind: str, day: date) -> date:
    """The first day of the week or month before."""
    return first_day(kind, first_day(kind, day) - timedelta(days=1))


def period(kind: str, day: date) -> str:
    """The week or month that a day lies in: 2026-W14, 2026-04."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}" if kind == WEEKLY else f"{day:%Y-%m}"


def goes_out(kind: str, day: date, calendar: Calendar) -> date | None:
    """The first working day of the week or month that this day lies in; None for a week without one."""
    each, end = first_day(kind, day), next_first(kind, day)
    while each < end:
        if calendar.is_workday(each):
            return each
        each += timedelta(days=1)
    return None
