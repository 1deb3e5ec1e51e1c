"""The clock, one behaviour at a time; the legal cases stand in deadlines.toml."""

import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from huiyin.core.calendar import Calendar, load
from huiyin.core.clock import Exclusion, Skip, Term, reckon

DEADLINES = tomllib.loads((Path(__file__).parent / "deadlines.toml").read_text(encoding="utf-8"))["deadline"]
PLAIN = Calendar("plain", {}, {}, 2026, 2026)
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize("case", DEADLINES, ids=lambda case: case["name"])
def test_keeps_the_deadlines_of_the_table(case):
    term = Term(case["unit"], case["days"], case.get("roll", "next-workday"))
    exclusions = [Exclusion(**span) for span in case.get("excluded", ())]
    reckoning = reckon(term, case["start"], load(case["calendar"]), exclusions)
    assert reckoning.due == case["due"], case["why"]
    assert reckoning.end == case.get("end", case["due"])
    assert reckoning.provisional == case.get("provisional", False)


def test_the_table_names_each_case_once_and_says_why():
    assert len({case["name"] for case in DEADLINES}) == len(DEADLINES) >= 20
    assert all(case["why"] for case in DEADLINES)


def test_says_each_day_it_passed_over_and_why():
    skipped = reckon(Term("workday", 5), date(2025, 1, 24), load("cn")).skipped
    assert skipped[:2] == (Skip(date(2025, 1, 25), "weekend"), Skip(date(2025, 1, 28), "春节"))
    assert date(2025, 1, 26) not in {skip.date for skip in skipped}  # the Sunday that is worked


def test_calendar_days_pass_over_nothing_but_the_days_they_roll_over():
    skipped = reckon(Term("day", 30), date(2026, 1, 16), load("cn")).skipped
    assert skipped == tuple(Skip(date(2026, 2, day), "春节") for day in range(15, 24))


def test_an_extension_can_start_from_the_end_that_did_not_roll():
    handling = reckon(Term("day", 60), date(2025, 8, 3), load("cn"))
    assert (handling.end, handling.due) == (date(2025, 10, 2), date(2025, 10, 9))
    assert reckon(Term("day", 30), handling.end, load("cn")).end == date(2025, 11, 1)


def test_excluded_days_name_their_ground():
    hearing = Exclusion(date(2026, 3, 4), date(2026, 3, 5), "听证")
    skipped = reckon(Term("day", 3), MONDAY, PLAIN, [hearing]).skipped
    assert [str(skip.date) for skip in skipped] == ["2026-03-04", "2026-03-05", "2026-03-07", "2026-03-08"]
    assert [skip.why for skip in skipped] == ["excluded: 听证", "excluded: 听证", "weekend", "weekend"]


def test_a_weekend_inside_excluded_time_stays_a_weekend_to_working_days():
    hearing = Exclusion(date(2026, 3, 6), date(2026, 3, 9), "听证")
    whys = [skip.why for skip in reckon(Term("workday", 5), MONDAY, PLAIN, [hearing]).skipped]
    assert whys == ["excluded: 听证", "weekend", "weekend", "excluded: 听证"]


def test_excluded_time_before_the_start_or_after_the_due_date_changes_nothing():
    before = Exclusion(date(2026, 2, 1), MONDAY, "听证")
    after = Exclusion(date(2026, 3, 6), date(2026, 3, 31), "听证")
    assert reckon(Term("day", 3), MONDAY, PLAIN, [before, after]) == reckon(Term("day", 3), MONDAY, PLAIN)


def test_a_last_day_does_not_roll_into_excluded_time():
    hearing = Exclusion(date(2026, 3, 9), date(2026, 3, 10), "听证")  # Monday and Tuesday after the last day
    reckoning = reckon(Term("day", 6), MONDAY, PLAIN, [hearing])
    assert (reckoning.end, reckoning.due) == (date(2026, 3, 8), date(2026, 3, 11))
    assert [skip.why for skip in reckoning.skipped] == ["weekend", "excluded: 听证", "excluded: 听证"]


def test_open_excluded_time_lasts_through_today():
    still_open = Exclusion(date(2026, 3, 3), None, "听证")
    reckoning = reckon(Term("workday", 2), MONDAY, PLAIN, [still_open], today=date(2026, 3, 10))
    assert reckoning.due == date(2026, 3, 12)


def test_excluded_time_already_closed_lasts_to_its_end_whatever_today_is():
    closed = Exclusion(date(2026, 3, 3), date(2026, 3, 4), "听证")
    reckoning = reckon(Term("workday", 2), MONDAY, PLAIN, [closed], today=date(2026, 3, 3))
    assert reckoning.due == date(2026, 3, 6)


def test_excluded_time_that_opens_after_today_does_not_count_yet():
    planned = Exclusion(date(2026, 3, 4), None, "听证")
    reckoning = reckon(Term("day", 5), MONDAY, PLAIN, [planned], today=date(2026, 3, 3))
    assert reckoning == reckon(Term("day", 5), MONDAY, PLAIN)


def test_open_excluded_time_needs_to_know_today():
    with pytest.raises(ValueError, match="say what day it is"):
        reckon(Term("day", 5), MONDAY, PLAIN, [Exclusion(MONDAY, None, "听证")])


def test_excluded_time_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="ends on 2026-03-01, before it starts on 2026-03-02"):
        Exclusion(MONDAY, date(2026, 3, 1), "听证")


@pytest.mark.parametrize("days", [0, -5])
def test_a_term_lasts_at_least_a_day(days):
    with pytest.raises(ValueError, match="at least 1"):
        Term("day", days)


def test_a_term_refuses_units_and_rolls_it_does_not_know():
    with pytest.raises(ValueError, match="must be one of day, workday"):
        Term("week", 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must be one of next-workday, none"):
        Term("day", 1, "back")  # type: ignore[arg-type]


def test_a_moment_is_no_legal_day():
    with pytest.raises(TypeError, match="pass a date"):
        reckon(Term("day", 5), datetime(2026, 3, 2, tzinfo=UTC), PLAIN)


def test_a_term_beyond_all_years_is_refused():
    with pytest.raises(ValueError, match="beyond the year 9999"):
        reckon(Term("day", 5), date(9999, 12, 30), PLAIN)


@pytest.mark.parametrize(
    ("unit", "days", "start", "provisional"),
    [
        ("day", 15, date(2026, 12, 16), False),  # ends on Thursday 31 December
        ("day", 16, date(2026, 12, 16), True),  # ends on 1 January, perhaps a holiday
        ("workday", 1, date(2026, 12, 30), False),
        ("workday", 1, date(2026, 12, 31), True),
        ("workday", 5, date(2025, 12, 30), True),  # counts a day of the year before the first announced
        ("workday", 5, date(2025, 12, 31), False),  # a start is not counted: its own year does not matter
        ("day", 20, date(2025, 12, 20), False),  # only the last day is asked about
    ],
)
def test_is_provisional_when_it_asked_about_a_year_not_announced(unit, days, start, provisional):
    assert reckon(Term(unit, days), start, PLAIN).provisional is provisional


def test_working_days_are_provisional_even_where_nothing_rolls():
    assert reckon(Term("workday", 1, "none"), date(2026, 12, 31), PLAIN).provisional


def test_a_roll_into_a_year_not_announced_is_provisional():
    calendar = Calendar("cn", {date(2026, 12, 31): "元旦"}, {}, 2026, 2026)
    assert reckon(Term("day", 15), date(2026, 12, 16), calendar).provisional


def test_the_clock_does_not_bring_in_django():
    program = "import sys, huiyin.core.clock; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
