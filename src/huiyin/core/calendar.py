"""Which days are worked, as the authorities announced it year by year; never a guess about a year to come.

In China the days off follow 全国年节及纪念日放假办法: art. 2 names the holidays, arts. 6 and 7 let them be
joined to weekends by working other weekend days. Which ones is announced late each year for the next one, so
a calendar knows the years it was told of. Beyond them it counts plain weekdays, and whoever reckons says so.
"""

# ruff: noqa: A005 - the word of the law for it; nothing here or beside it needs the standard library's.

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

SATURDAY = 5
DECEMBER = 12
EARLIEST_YEAR = 1990  # An earlier year in a notice is a slip of the pen: no rulebook reaches back so far.
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
EVERY_DAY = "every-day"
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class BrokenCalendar(ValueError):
    """A calendar or notice that cannot be believed: which file, where in it, and what to do."""

    def __init__(self, file: str, where: str, what: str) -> None:
        super().__init__(f"{file}: {where}: {what}")
        self.file = file
        self.where = where
        self.what = what


@dataclass(frozen=True, slots=True)
class Year:
    """What the authorities announced for one year."""

    calendar: str  # the calendar it belongs to, as "cn"
    year: int
    off: Mapping[date, str] = field(hash=False)  # each day of a holiday, weekend days too, with its name
    work: Mapping[date, str] = field(hash=False)  # weekend days worked, with the holiday they make up for
    source: str  # the official document, in words
    issued_on: date | None  # None only in packaged years whose document we could not date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a jurisdiction. Saturday and Sunday are days of rest unless announced otherwise.

    One calendar knows no rest at all (EVERY_DAY): for a law whose terms are plain days and whose country's
    days off we cannot give from a source. With it nothing rolls and nothing is provisional.
    """

    name: str
    off: Mapping[date, str] = field(hash=False)
    work: Mapping[date, str] = field(hash=False)
    first_year: int  # of those officially announced
    last_year: int  # of those officially announced, inclusive

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on this day."""
        return self.why_off(day) is None

    def why_off(self, day: date) -> str | None:
        """Name the holiday, or "weekend"; None on a working day. A holiday on a Sunday goes by its name."""
        if holiday := self.off.get(day):
            return holiday
        if self.name == EVERY_DAY:
            return None
        return "weekend" if day.weekday() >= SATURDAY and day not in self.work else None

    def is_known(self, day: date) -> bool:
        """Tell whether the holidays of this day's year have been announced."""
        return self.first_year <= day.year <= self.last_year


def load(name: str, notices: Path | None = None) -> Calendar:
    """Read a packaged calendar, brought up to date by the official notices kept in a folder."""
    if name == EVERY_DAY:
        return Calendar(name, MappingProxyType({}), MappingProxyType({}), date.min.year, date.max.year)
    years = list(_packaged(name))
    for file in sorted(notices.glob(f"{name}-*.json")) if notices else ():
        announced = parse_notice(file.read_text(encoding="utf-8"), file=str(file))
        years += (year for year in announced if _is_of(name, year, str(file)))
    return _calendar(name, years)


def parse_notice(text: str, *, file: str) -> list[Year]:
    """Read an official notice, or refuse it saying what is wrong with it and where."""
    years = _Reader(file).years(text)
    for year in years:
        if year.issued_on is None:
            # Of two notices for one year the later holds: without its date nobody could tell which that is.
            raise BrokenCalendar(file, f"issued_on of {year.year}", "is missing; give the day of the notice")
    return years


@cache
def _packaged(name: str) -> tuple[Year, ...]:
    folder = resources.files("huiyin.rulebooks") / "calendars"
    file = f"{name}.json"
    known = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    if file not in known:
        raise BrokenCalendar(
            file, "calendar", f"there is none of this name; choose one of {', '.join(known)}"
        )
    return tuple(_Reader(file).years((folder / file).read_text(encoding="utf-8")))


def _is_of(name: str, year: Year, file: str) -> bool:
    # A search for cn-*.json also finds the notices of a calendar named cn-xizang: not ours, but no fault.
    if year.calendar != name and not year.calendar.startswith(f"{name}-"):
        raise BrokenCalendar(
            file, "calendar", f"says {year.calendar!r}, the file's name {name!r}; correct one"
        )
    return year.calendar == name


def _calendar(name: str, years: Iterable[Year]) -> Calendar:
    """Merge announced years; of two notices for one year the later issued replaces the other whole."""
    newest = {year.year: year for year in sorted(years, key=lambda year: year.issued_on or date.min)}
    first, last = min(newest), max(newest)
    if missing := [str(year) for year in range(first, last) if year not in newest]:
        what = f"announced, but not {', '.join(missing)}; correct the year or add the missing notice"
        raise BrokenCalendar(f"{name}-*.json", str(last), what)
    off: dict[date, str] = {}
    work: dict[date, str] = {}
    for number in range(first, last + 1):
        year = newest[number]
        # A notice may rearrange the last days of the December before; then it holds against the older one.
        for day in (*year.off, *year.work):
            off.pop(day, None)
            work.pop(day, None)
        off |= year.off
        work |= year.work
    return Calendar(name, MappingProxyType(off), MappingProxyType(work), first, last)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a calendar's JSON and believes none of it unseen."""

    file: str

    def years(self, text: str) -> list[Year]:
        whole = self._table(self._json(text), "the file", {"calendar", "years"})
        name = self._words(whole["calendar"], "calendar")
        if not NAME.fullmatch(name):
            raise self._broken("calendar", f"{name!r} is no calendar's name; write one like 'cn' or 'gb-eng'")
        if not isinstance(whole["years"], list) or not whole["years"]:
            raise self._broken("years", "must be a list of at least one year")
        years = [self._year(name, entry, f"years[{index}]") for index, entry in enumerate(whole["years"])]
        for index, year in enumerate(years):
            if year.year in {other.year for other in years[:index]}:
                raise self._broken(f"years[{index}].year", f"{year.year} stands here twice; keep one")
        return years

    def _year(self, name: str, entry: object, where: str) -> Year:
        table = self._table(entry, where, {"year", "off", "work", "source", "issued_on"})
        year = self._number(table["year"], f"{where}.year")
        issued_on = self._issued_on(table["issued_on"], year, f"{where}.issued_on")
        off = self._days(table["off"], year, f"{where}.off")
        work = self._days(table["work"], year, f"{where}.work")
        if not off:
            raise self._broken(f"{where}.off", f"is empty; a notice names the holidays of {year}")
        for day in work:
            if day in off:
                raise self._broken(f"{where}.work.{day}", "is also under off; keep one, as in the notice")
            if day.weekday() < SATURDAY:
                raise self._broken(f"{where}.work.{day}", "is no weekend day, so worked anyway; remove it")
        source = self._words(table["source"], f"{where}.source")
        return Year(name, year, MappingProxyType(off), MappingProxyType(work), source, issued_on)

    def _number(self, year: object, where: str) -> int:
        if type(year) is not int or not EARLIEST_YEAR <= year < date.max.year:
            raise self._broken(where, f"{year!r} is not a year from {EARLIEST_YEAR} on; write it like 2027")
        return year

    def _issued_on(self, value: object, year: int, where: str) -> date | None:
        if value is None:
            return None
        issued_on = self._date(value, where)
        if not year - 3 <= issued_on.year <= year:
            raise self._broken(where, f"{issued_on} does not fit a notice for {year}; correct one of the two")
        return issued_on

    def _days(self, value: object, year: int, where: str) -> dict[date, str]:
        if not isinstance(value, dict):
            raise self._broken(where, 'must be a table of dates and holidays, like {"2027-01-01": "元旦"}')
        days = {}
        for key, why in value.items():
            day = self._date(key, f"{where}.{key}")
            # Around New Year a notice now and then swaps days of the December before, as that for 2006 did.
            if day.year != year and (day.year, day.month) != (year - 1, DECEMBER):
                raise self._broken(f"{where}.{key}", f"is not in {year} or the December before; correct it")
            days[day] = self._words(why, f"{where}.{key}")
        return days

    def _date(self, value: object, where: str) -> date:
        # date.fromisoformat alone would also take 20270101 and 2027-W01-1, which no notice writes.
        try:
            if isinstance(value, str) and ISO_DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self._broken(where, f"{value!r} is not a date; write it like 2027-01-01")

    def _words(self, value: object, where: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._broken(where, "must say something in words")
        return value

    def _table(self, value: object, where: str, keys: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._broken(where, f"must be a table with {', '.join(sorted(keys))}")
        if missing := sorted(keys - value.keys()):
            raise self._broken(where, f"lacks {', '.join(missing)}; add it")
        if unknown := sorted(value.keys() - keys):
            raise self._broken(where, f"has unknown {', '.join(unknown)}; correct the spelling or remove it")
        return value

    def _json(self, text: str) -> object:
        try:
            return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=self._no_twins)
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            raise self._broken(where, f"is not JSON ({error.msg}); correct it there") from error

    def _no_twins(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        table: dict[str, object] = {}
        for key, value in pairs:  # JSON lets the second silently win: a day lost in a copied line.
            if key in table:
                raise self._broken(key, "stands twice in one table; keep one of the two")
            table[key] = value
        return table

    def _broken(self, where: str, what: str) -> BrokenCalendar:
        return BrokenCalendar(self.file, where, what)
