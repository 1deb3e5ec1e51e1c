"""When an answer is due, and how that was reckoned; it never asks what day it is.

One way of counting serves every law of the house. The day a term starts on is not counted (民法典 art. 201).
A term in plain days counts each calendar day, a term in working days each day worked; time that the law
excludes counts for neither. Only a complete count rolls, once, over days off (民法典 art. 203).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from huiyin.core.calendar import Calendar

Unit = Literal["day", "workday"]
Roll = Literal["next-workday", "none"]

UNITS: tuple[Unit, ...] = ("day", "workday")
ROLLS: tuple[Roll, ...] = ("next-workday", "none")
ONE_DAY = timedelta(days=1)

WhyNot = Callable[[date], str | None]  # why a day does not count; None when it does


@dataclass(frozen=True, slots=True)
class Term:
    """How long the law gives."""

    unit: Unit
    days: int
    roll: Roll = "next-workday"  # what becomes of a last day on which nobody works

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"unit is {self.unit!r}; it must be one of {', '.join(UNITS)}")
        if self.roll not in ROLLS:
            raise ValueError(f"roll is {self.roll!r}; it must be one of {', '.join(ROLLS)}")
        if self.days < 1:
            raise ValueError(f"a term of {self.days} days gives nobody time to act; it must be at least 1")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Time the law does not count, as a hearing's in a re-review (信访工作条例 art. 36); ends included."""

    start: date
    end: date | None  # None while it lasts
    ground: str

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"excluded time ends on {self.end}, before it starts on {self.start}")


@dataclass(frozen=True, slots=True)
class Skip:
    """A day that was passed over, and why: "weekend", the holiday's name, or "excluded: " and the ground."""

    date: date
    why: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A due date with all that explains it."""

    start: date  # not itself counted
    end: date  # the last day counted, before any roll; an extension starts from here
    due: date  # the last day to act in time
    skipped: tuple[Skip, ...]  # in order of date
    provisional: bool  # rests on a year whose holidays are not announced yet


def reckon(
    term: Term,
    start: date,
    calendar: Calendar,
    exclusions: Iterable[Exclusion] = (),
    *,
    today: date | None = None,
) -> Reckoning:
    """Reckon when a term that started on a day ends; `today` matters only while an exclusion is open."""
    if isinstance(start, datetime):  # Else it would match no holiday and give a wrong day in silence.
        raise TypeError("a term starts on a legal day: pass a date, reckoned in the rulebook's time zone")
    excluded = _why_excluded(exclusions, today)

    def idle(day: date) -> str | None:
        return calendar.why_off(day) or excluded(day)

    try:
        end, skipped = _count(term.days, start, idle if term.unit == "workday" else excluded)
        due = end
        if term.roll == "next-workday":
            # 民法典 art. 203: when the last day is a day off, the day after the days off is the last one.
            # Time not counted in a term cannot hold its last day, and the roll passes over it: our reading.
            # Counting one working day from the eve leaves a last day that is worked where it is.
            due, rolled = _count(1, end - ONE_DAY, idle)
            skipped += rolled
    except OverflowError as error:
        raise ValueError(f"{term.days} days from {start} reach beyond the year {date.max.year}") from error
    return Reckoning(start, end, due, tuple(skipped), _is_provisional(term, start, end, due, calendar))


def _count(days: int, start: date, why_not: WhyNot) -> tuple[date, list[Skip]]:
    """Walk forward from a day, itself not counted (民法典 art. 201), until so many days have counted."""
    day, skipped = start, []
    while days:
        day += ONE_DAY
        if why := why_not(day):
            skipped.append(Skip(day, why))
        else:
            days -= 1
    return day, skipped


def _why_excluded(exclusions: Iterable[Exclusion], today: date | None) -> WhyNot:
    # Sorted, so that days excluded twice always name the same ground, in whatever order the records come.
    spans = sorted((each.start, _last_day(each, today), each.ground) for each in exclusions)

    def why(day: date) -> str | None:
        for first, last, ground in spans:
            if first <= day <= last:
                return f"excluded: {ground}"
        return None

    return why


def _last_day(exclusion: Exclusion, today: date | None) -> date:
    """Tell until when time is excluded as far as we know: what is still open has lasted through today."""
    last = exclusion.end or today
    if last is None:
        raise ValueError(f"time excluded from {exclusion.start} on is still open: say what day it is")
    return last


def _is_provisional(term: Term, start: date, end: date, due: date, calendar: Calendar) -> bool:
    """Tell whether a holiday yet to be announced could move the due date: never plain days without roll."""
    if term.unit == "day" and term.roll == "none":
        return False
    first_asked = end if term.unit == "day" else start + ONE_DAY
    # The announced years have no gap, so the first and the last day asked about speak for those between.
    return not (calendar.is_known(first_asked) and calendar.is_known(due))
