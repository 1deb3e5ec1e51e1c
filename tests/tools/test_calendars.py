"""The calendars shipped, held day by day against two kept packages that we did not write.

Apart from the core's own tests: the packages take longer to load than the core takes to be tested.
"""

import runpy
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from huiyin.core.calendar import load

ROOT = Path(__file__).parents[2]
CALENDARS = ROOT / "src/huiyin/rulebooks/calendars"

# The notice for 2006 (国办发明电〔2005〕35号, part 1) has Saturday 31 December 2005 worked, so that Tuesday 3
# January can be off. `holidays` says so too; `chinesecalendar` leaves it a weekend. The notice decides.
DISPUTED = date(2005, 12, 31)


def days_of(first_year, last_year):
    first = date(first_year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(last_year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize(("name", "printed"), [("cn", "chinese"), ("gb-eng", "english")])
def test_the_calendars_shipped_are_those_the_tool_makes(name, printed):
    tool = runpy.run_path(str(ROOT / "tools/calendars.py"))
    assert (CALENDARS / f"{name}.json").read_text(encoding="utf-8") == tool[printed]()


def test_china_agrees_with_chinesecalendar_but_for_one_day():
    cn = load("cn")
    days = days_of(2004, 2026)
    assert len(days) == 8401
    assert [day for day in days if cn.is_workday(day) != chinese_calendar.is_workday(day)] == [DISPUTED]


def test_china_agrees_with_holidays_on_every_day():
    cn = load("cn")
    package = holidays.country_holidays("CN", years=range(2004, 2027))
    assert [day for day in days_of(2004, 2026) if cn.is_workday(day) != package.is_working_day(day)] == []


def test_england_agrees_with_holidays_on_every_day():
    england = load("gb-eng")
    package = holidays.country_holidays("GB", subdiv="ENG", years=range(2010, 2028))
    assert [
        day for day in days_of(2010, 2027) if england.is_workday(day) != package.is_working_day(day)
    ] == []
