"""The demonstration's reception days and what goes with them, ahead of whatever day it is built on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from huiyin.core.calendar import Calendar
from huiyin.core.refusal import Refusal
from huiyin.registry import asking, conferring, law, receiving, rostering
from huiyin.registry.models import Body, Conference, Duty, Officer, Petition, Question, Reception
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
        _must(receiving.save(reception, officials, by=officers[each["by"]], now=then), each["place"])
        for name, hour in each.get("booked", {}).items():
            petition = Petition.objects.select_related("holder").get(ref=refs[name])
            _must(receiving.book(petition, reception, time.fromisoformat(hour), now=then), name)


def make_questions(told: Iterable[Mapping[str, Any]], now: datetime) -> dict[str, str]:
    """Ask each question as long ago as it was asked, and publish what came of those that are over.

    Answers: name of a question -> its code.
    """
    today = law.at(now)[1]
    codes: dict[str, str] = {}
    for each in told:
        by = Officer.objects.get(login=each["by"])
        opened = today - timedelta(days=each["ago"])
        question = Question(
            body=Body.objects.get(code=each["body"]),
            asks=each["asks"],
            why=each["why"].strip(),
            opens_on=opened,
            closes_on=opened + timedelta(days=each["open_for"]),
        )
        then = now - timedelta(days=each["ago"])
        _must(asking.save(question, by=by, today=opened, now=then), each["name"])
        if words := each.get("outcome"):
            _must(asking.publish(question, words, by=by, today=today, now=now), each["name"])
        codes[each["name"]] = question.code
    return codes


def make_duties(told: Iterable[Mapping[str, Any]], now: datetime) -> None:
    book, today = law.at(now)
    calendar = law.calendar_for(book.calendar)
    for each in told:
        for login, ahead in each["officers"].items():
            duty = Duty(
                body=Body.objects.get(code=each["body"]),
                post=each["post"],
                day=workday(calendar, today, ahead),
                opens=time.fromisoformat(each["opens"]),
                closes=time.fromisoformat(each["closes"]),
                officer=Officer.objects.get(login=login),
            )
            by = Officer.objects.get(login=each["by"])
            _must(rostering.put_on_duty(duty, by=by, today=today, now=now), each["body"])


def make_conferences(told: Iterable[Mapping[str, Any]], refs: Mapping[str, str], now: datetime) -> None:
    book, today = law.at(now)
    calendar = law.calendar_for(book.calendar)
    for each in told:
        conference = Conference(
            body=Body.objects.get(code=each["body"]),
            day=workday(calendar, today, each["ahead"]),
            opens=time.fromisoformat(each["opens"]),
            place=each["place"],
            present=each["present"],
        )
        _must(conferring.call(conference, today=today), each["place"])
        for name in each["agenda"]:
            petition = Petition.objects.get(ref=refs[name])
            _must(conferring.put_on_agenda(conference, petition), name)


def _must(answer: object, what: str) -> None:
    if isinstance(answer, Refusal):
        raise Impossible(f"{what}: {answer.reason.en}")


def workday(calendar: Calendar, today: date, ahead: int) -> date:
    """The working day that lies so many days ahead, or the next one after that."""
    day = today + timedelta(days=ahead)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day
