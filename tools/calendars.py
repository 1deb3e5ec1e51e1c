"""Make the packaged calendars anew from kept packages; with `--check` only say whether they are stale.

China: `chinesecalendar`, whose days are those of the State Council's yearly notices. England: `holidays`.
Tests hold the result against both packages, day by day.
"""

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import holidays
from chinese_calendar import Holiday, constants

CALENDARS = Path(__file__).parents[1] / "src/huiyin/rulebooks/calendars"
CHINESE_YEARS = range(2004, 2027)
ENGLISH_YEARS = range(2010, 2028)

CHINESE_NAMES = {holiday.value: holiday.chinese for holiday in Holiday}
CHINESE_TITLE = "国务院办公厅关于{year}年部分节假日安排的通知"

# Notices read by us in full. The days of the other years rest on the package alone.
CHINESE_NOTICES = {
    2006: ("国办发明电〔2005〕35号", "2005-12-16"),
    2007: ("国办发明电〔2006〕49号", "2006-12-14"),
    2026: ("", "2025-11-04"),
}

# The notice for 2006 (国办发明电〔2005〕35号, part 1) has this Saturday worked, so that Tuesday 3 January
# can be off; chinesecalendar misses it, `holidays` has it.
WORKED_BY_NOTICE = {date(2005, 12, 31): "元旦"}


def chinese() -> str:
    """Print the calendar of China."""
    off = {day: CHINESE_NAMES[name] for day, name in constants.holidays.items()}
    work = {day: CHINESE_NAMES[name] for day, name in constants.workdays.items()} | WORKED_BY_NOTICE
    return _printed("cn", [_year(year, off, work, *_chinese_source(year)) for year in CHINESE_YEARS])


def english() -> str:
    """Print the calendar of England: its bank holidays, and the days off proclaimed once."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=ENGLISH_YEARS, language="en_GB")
    off = {day: name.replace("(observed)", "(substitute day)") for day, name in found.items()}
    source = "Banking and Financial Dealings Act 1971, s. 1 and Sch. 1, with proclamations"
    return _printed("gb-eng", [_year(year, off, {}, source, None) for year in ENGLISH_YEARS])


def _chinese_source(year: int) -> tuple[str, str | None]:
    number, issued_on = CHINESE_NOTICES.get(year, ("", None))
    return CHINESE_TITLE.format(year=year) + (f"（{number}）" if number else ""), issued_on


def _year(
    year: int, off: Mapping[date, str], work: Mapping[date, str], source: str, issued_on: str | None
) -> dict[str, object]:
    return {
        "year": year,
        "source": source,
        "issued_on": issued_on,
        "off": {str(day): off[day] for day in sorted(off) if day.year == year},
        "work": {str(day): work[day] for day in sorted(work) if day.year == year},
    }


def _printed(name: str, years: list[dict[str, object]]) -> str:
    """Print a day a line, so that a change shows as what it is."""
    return json.dumps({"calendar": name, "years": years}, ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Rewrite the calendars, or with --check say which are stale."""
    stale = 0
    for name, text in (("cn", chinese()), ("gb-eng", english())):
        file = CALENDARS / f"{name}.json"
        if arguments != ["--check"]:
            file.write_text(text, encoding="utf-8")
        elif file.read_text(encoding="utf-8") != text:
            print(f"{file} is stale: run python tools/calendars.py", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
