"""The demonstration's reception days and what goes with them, ahead of whatever day it is built on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from huiyin.core.calendar import Calendar
from huiyin.core.refusal import Refusal
from huiyin.registry import law, receiving
from huiyin.registry.models import Body, Officer, Petition, Reception
from huiyin.registry.receiving import Official

LEAD = timedelta(days=21)  # before which every day of the demonstration was announced


class Impossible(RuntimeError):
    """The demonstration's own data contradict the law: the step, and the refusal."""


def make_receptions(told: Iterable[Mapping[str, Any]], refs: Mapping[str, str], now: datetime) -> None:
    """Publish each day as its registrar did, three weeks before it is held, and book what was booked.

    `refs`: name of a petition -> its reference.
    """
    book, today = law.at(now)
    calendar = law.calendar_for(book.calendar)
    bodies = {body.code: body for body in Body.objects.all()}
    officers = {officer.login: officer for officer in Officer.objects.all()}
    for each in told:
        day = workday(calendar, today, each["ahead"])
        words = ("kind", "setting", "place", "subjects", "desks")
        reception = Reception(
            host=bodies[each["host"]],
            day=day,
            opens=time.fromisoformat(each["opens"]),
            closes=time.fromisoformat(each["closes"]),
            **{name: each[name] for name in words if name in each},
        )
        officials = [Official(bodies[code], who) for code, who in each.get("with", {}).items()]
        then = now - max(LEAD - (day - today), timedelta(0))
        refused = receiving.save(reception, officials, by=officers[each["by"]], now=then)
        if refused:
            raise Impossible(f"{each['place']}: {refused.reason.en}")
        for name, hour in each.get("booked", {}).items():
            petition = Petition.objects.select_related("holder").get(ref=refs[name])
            booked = receiving.book(petition, reception, time.fromisoformat(hour), now=then)
            if isinstance(booked, Refusal):
                raise Impossible(f"{name}: {booked.reason.en}")


def workday(calendar: Calendar, today: date, ahead: int) -> date:
    """The working day that lies so many days ahead, or the next one after that."""
    day = today + timedelta(days=ahead)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day
