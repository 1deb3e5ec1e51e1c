"""How a due date is told: the one JSON form of a clock, the same for shell, API and page."""

from __future__ import annotations

from datetime import date
from typing import Any

from huiyin.core.calendar import Calendar
from huiyin.core.case import Clock
from huiyin.core.clock import Reckoning, reckon
from huiyin.core.rulebook import ClockRule, NoSuchRule, Rulebook
from huiyin.core.text import Text


def due(rulebook: Rulebook, name: str, start: date, calendar: Calendar) -> dict[str, Any]:
    """Reckon one clock of a rulebook from a start day: what `huiyin due` prints.

    Raises NoSuchRule for a clock that the law does not know, or whose term another body sets.
    """
    rule = rulebook.clock(name)
    if rule.unit == "set":
        raise NoSuchRule(
            Text(
                f"{rulebook.id} 的“{name}”没有固定天数：由交办单位确定日期",
                f"{name} of {rulebook.id} has no fixed length: the assigning office sets the date",
            ),
            refused=True,
        )
    made = reckon(rule.term(), start, calendar)
    told = _as_json(rulebook.id, rule.name, rule.article, rule.unit, rule.days) | _reckoned(made)
    if doubts := rulebook.doubts(rule):
        told["to_check"] = [doubt.en for doubt in doubts]
    return told


def as_json(clock: Clock) -> dict[str, Any]:
    """A clock of a petition as `due` prints it, with where it stands."""
    told = _as_json(clock.rulebook, clock.name, clock.article, clock.unit, clock.days)
    told |= _reckoned(clock.reckoning)
    told |= {"state": clock.state, "kind": clock.kind}
    if clock.ended is not None:
        told["ended"] = clock.ended.isoformat()
    if clock.exclusions:
        told["excluded"] = [
            {"start": x.start.isoformat(), "end": x.end.isoformat() if x.end else None, "ground": x.ground}
            for x in clock.exclusions
        ]
    if clock.carried_by:
        told["extended"] = True
    return told


def _as_json(rulebook: str, name: str, article: str, unit: str, days: int) -> dict[str, Any]:
    return {"rulebook": rulebook, "clock": name, "article": article, "unit": unit, "days": days}


def _reckoned(made: Reckoning) -> dict[str, Any]:
    return {
        "start": made.start.isoformat(),
        "due": made.due.isoformat(),
        "provisional": made.provisional,
        "skipped": [{"date": skip.date.isoformat(), "why": skip.why} for skip in made.skipped],
    }


def would_have_ended(rulebook: Rulebook, notice: Clock, calendar: Calendar) -> Reckoning | None:
    """When handling would have ended, had the written notice come on its last day (art. 23.2, then art. 34).

    None where the notice was not missed or the law has no handling clock. The regulation has no deemed
    acceptance: this is what the author is told to compare with, never a due date.
    """
    rule: ClockRule | None = rulebook.clocks.get("handling")
    if notice.name != "notice" or notice.state != "missed" or rule is None:
        return None
    return reckon(rule.term(), notice.due, calendar)
