"""When a date is near and when it is late; and on which day it will be, said beforehand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from huiyin.core import calendar, standings
from huiyin.core.standings import AGES, Today

CALENDAR = calendar.load("cn")
A_YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def test_near_begins_on_the_first_day_whose_five_working_days_reach_it() -> None:
    for due in A_YEAR[40:]:
        first = standings.near_from(due, CALENDAR)
        assert standings.near_until(first, CALENDAR) >= due
        assert standings.near_until(first - timedelta(days=1), CALENDAR) < due


@pytest.mark.parametrize("by_law", [True, False])
def test_a_date_is_in_time_then_near_then_late(*, by_law: bool) -> None:
    due = date(2026, 10, 9)
    stood = [Today(day, CALENDAR).stands(due, late_by_law=by_law) for day in A_YEAR]
    changed = [stood[0], *(b for a, b in pairwise(stood) if a != b)]
    assert changed == ["time", "near", "late" if by_law else "ordered"]
    assert stood[A_YEAR.index(due)] == "near", "the last day is in time until it ends"


def test_what_has_no_date_is_in_time() -> None:
    assert Today(A_YEAR[0], CALENDAR).stands(None, late_by_law=False) == "time"


def test_it_comes_into_the_next_group_of_ages_on_its_birthdays_and_on_no_other_day() -> None:
    lodged = A_YEAR[0]
    turns = [
        day
        for day in A_YEAR[1:]
        if standings.age_group(lodged, day) != standings.age_group(lodged, day - timedelta(days=1))
    ]
    assert turns == standings.birthdays(lodged)
    assert standings.age_group(lodged, lodged + timedelta(days=AGES[0])) == 0


def test_the_next_turn_is_one_that_has_not_come() -> None:
    today = Today(date(2026, 3, 2), CALENDAR)
    days = [date(2026, 3, 2), None, date(2026, 3, 9), date(2026, 3, 5)]
    assert today.next_turn(days) == date(2026, 3, 5)
    assert today.next_turn([None, date(2026, 3, 1)]) is None
