"""What holds of every deadline, tried on made-up calendars."""

from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.core.calendar import Calendar, load
from huiyin.core.clock import Exclusion, Term, reckon

FIRST = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)

days = st.integers(0, 200).map(lambda number: FIRST + timedelta(days=number))
starts = st.integers(0, 100).map(lambda number: FIRST + timedelta(days=number))
terms = st.builds(
    Term, st.sampled_from(["day", "workday"]), st.integers(1, 60), st.sampled_from(["next-workday", "none"])
)
pauses = st.builds(
    lambda first, length, ground: Exclusion(first, first + timedelta(days=length), ground),
    days,
    st.integers(0, 20),
    st.sampled_from(["hearing", "survey"]),
)
calendars = st.builds(
    lambda off, work: Calendar(
        "made-up",
        dict.fromkeys(off, "holiday"),
        {day: "holiday" for day in work - off if day.weekday() >= 5},
        2026,
        2026,
    ),
    st.sets(days, max_size=20),
    st.sets(days, max_size=20),
)
tried = settings(max_examples=30, deadline=None)


def each_day(after, until):
    return [after + timedelta(days=number) for number in range(1, (until - after).days + 1)]


def covers(exclusions, day):
    return any(each.start <= day <= each.end for each in exclusions)


@tried
@given(terms, starts, calendars, st.lists(pauses, max_size=3), days)
def test_a_new_holiday_never_makes_anything_due_earlier(term, start, calendar, exclusions, holiday):
    more = replace(calendar, off={**calendar.off, holiday: "new"})
    assert reckon(term, start, more, exclusions).due >= reckon(term, start, calendar, exclusions).due


@tried
@given(terms, starts, calendars, st.lists(pauses, max_size=3))
def test_reckoning_again_gives_the_same_in_whatever_order_the_records_come(term, start, calendar, exclusions):
    once = reckon(term, start, calendar, exclusions)
    assert reckon(term, start, calendar, reversed(exclusions)) == once
    assert reckon(term, start, calendar, exclusions * 2) == once


@tried
@given(terms, starts, calendars, pauses)
def test_a_pause_adds_the_units_it_covered_and_the_end_rolls_once(term, start, calendar, pause):
    paused = reckon(term, start, calendar, [pause])
    covered = [day for day in each_day(start, paused.end) if covers([pause], day)]
    units = len(covered) if term.unit == "day" else sum(map(calendar.is_workday, covered))
    assert paused.end == reckon(replace(term, days=term.days + units), start, calendar).end
    rolled = [day for day in each_day(paused.end - ONE_DAY, paused.due) if term.roll == "next-workday"]
    assert paused.due == paused.end or rolled[-1] == paused.due
    assert all(covers([pause], day) or not calendar.is_workday(day) for day in rolled[:-1])


@tried
@given(terms, starts, calendars, st.lists(pauses, max_size=3))
def test_due_does_not_precede_end_nor_end_follow_start(term, start, calendar, exclusions):
    reckoning = reckon(term, start, calendar, exclusions)
    assert reckoning.due >= reckoning.end > start
    if term.unit == "workday" or term.roll == "next-workday":
        assert calendar.is_workday(reckoning.due)
        assert not covers(exclusions, reckoning.due)


@tried
@given(terms, starts, calendars, st.lists(pauses, max_size=3))
def test_every_day_is_either_counted_or_passed_over(term, start, calendar, exclusions):
    reckoning = reckon(term, start, calendar, exclusions)
    passed = [skip.date for skip in reckoning.skipped]
    assert passed == sorted(set(passed))
    counted = [day for day in each_day(start, reckoning.end) if day not in passed or day == reckoning.end]
    assert len(counted) == term.days


@tried
@given(starts, st.integers(1, 400))
def test_without_holidays_and_exclusions_it_is_plain_arithmetic(start, count):
    plain = Calendar("plain", {}, {}, 2026, 2027)
    assert reckon(Term("day", count, "none"), start, plain).due == start + timedelta(days=count)
    weekday_start = start - timedelta(days=max(0, start.weekday() - 4))
    weeks, rest = divmod(count, 5)
    over_weekend = 2 if weekday_start.weekday() + rest > 4 else 0
    expected = weekday_start + timedelta(days=7 * weeks + rest + over_weekend)
    assert reckon(Term("workday", count), start, plain).due == expected


@tried
@given(terms, starts, calendars, pauses, days)
def test_open_excluded_time_equals_time_closed_today(term, start, calendar, pause, today):
    still_open = replace(pause, end=None)
    known = [replace(pause, end=today)] if today >= pause.start else []
    expected = reckon(term, start, calendar, known)
    assert reckon(term, start, calendar, [still_open], today=today) == expected


@tried
@given(terms, st.dates(date(2026, 10, 1), date(2026, 12, 31)), st.sets(st.integers(0, 120), max_size=30))
def test_what_is_not_provisional_stands_whatever_the_next_year_brings(term, start, holidays):
    announced = Calendar("made-up", {}, {}, 2026, 2026)
    next_year = {date(2027, 1, 1) + timedelta(days=number): "new" for number in holidays}
    reckoning = reckon(term, start, announced)
    later = reckon(term, start, replace(announced, off=next_year, last_year=2027))
    assert reckoning.provisional or later == reckoning


# What is counted from here ends before 2005-12-31, the one day on which the package errs, or starts after it.
oracle_days = st.dates(date(2004, 1, 1), date(2005, 6, 30)) | st.dates(date(2006, 1, 1), date(2026, 7, 31))


@tried
@given(oracle_days, st.integers(1, 60))
def test_china_agrees_with_a_kept_package_on_working_days(start, count):
    due = reckon(Term("workday", count), start, load("cn")).due
    assert chinese_calendar.is_workday(due)
    assert sum(map(chinese_calendar.is_workday, each_day(start, due))) == count


@tried
@given(oracle_days, st.integers(1, 60))
def test_china_agrees_with_a_kept_package_on_rolling(start, count):
    due = end = start + timedelta(days=count)
    while not chinese_calendar.is_workday(due):
        due += ONE_DAY
    reckoning = reckon(Term("day", count), start, load("cn"))
    assert (reckoning.end, reckoning.due) == (end, due)
