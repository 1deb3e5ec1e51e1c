"""Digests for heads and supervisors: what is due, late, stuck and solved, by reference and term alone.

About cases and never about people: no name, no subject, no word of a petition, and nothing of a report
against persons, since a mailbox is read by others (charter 1 and 6). Who wants one switches it on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce

from huiyin.core import digests, rulebook
from huiyin.core.digests import KINDS, WEEKLY
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS
from huiyin.registry.bodies import Body, Officer

READING = ("head", "supervisor")
MOST = 20  # lines of a section; the rest is a number
STUCK = {WEEKLY: 14, digests.MONTHLY: 30}  # days without a step
SOLVED = tuple(
    VERBS[verb]
    for verb in (
        "serve",
        "answer-suggestion",
        "issue-duty-answer",
        "report-carried-out",
        "confirm-carried-out",
    )
)


class DigestWish(models.Model):
    """That an officer wants digests, in which language. Kept by themselves."""

    officer = models.OneToOneField(Officer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    weekly = models.BooleanField(default=False)
    monthly = models.BooleanField(default=False)
    language = models.CharField(max_length=10)
    since = models.DateField()  # the day on which they chose: nothing goes out for a day before

    def __str__(self) -> str:
        return str(self.officer_id)


class Digest(models.Model):
    """One digest to one officer: written once by the clerk, sent by the courier. It holds no words."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    period = models.CharField(max_length=8)  # 2026-W14, 2026-04
    day = models.DateField()  # of which it tells
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "kind", "period"], name="digest_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="digest_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.period}"


# ---- what officers choose


def wish_of(officer: Officer) -> DigestWish | None:
    return DigestWish.objects.filter(officer=officer).first()


def keep(officer: Officer, wanted: Iterable[str], language: str, today: date) -> None:
    """Note which digests they want from today on; none takes the row away, and what waits to be sent."""
    chosen = {kind: kind in set(wanted) for kind in KINDS}
    with transaction.atomic():
        if not any(chosen.values()):
            DigestWish.objects.filter(officer=officer).delete()
        else:
            said: dict[str, Any] = {**chosen, "language": language, "since": today}
            DigestWish.objects.update_or_create(officer=officer, defaults=said)
        gone = [kind for kind, wants in chosen.items() if not wants]
        Digest.objects.filter(officer=officer, kind__in=gone, sent_at=None).delete()


# ---- what it says


@dataclass(frozen=True, slots=True)
class Line:
    """One case: its reference, which term or step, the day, and the body."""

    ref: str
    what: Text
    day: date
    body: Text


@dataclass(frozen=True, slots=True)
class Section:
    """due | late | stuck | solved: the first lines, and how many there are in all."""

    name: str
    all: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """One digest. since: from when it tells what was solved. until: up to which day it tells what is due."""

    kind: str
    day: date
    since: date
    until: date
    sections: tuple[Section, ...]


def bodies_of(acting: Any) -> QuerySet[Body]:
    """The bodies that a digest is about: those that the officer heads or supervises."""
    from huiyin.registry import access

    headed = Q(code__in=acting.codes({"head"}))
    return Body.objects.filter(headed | access.supervised_by(acting))


def of(acting: Any, kind: str) -> Contents:
    """The digest of this officer on their day, in a fixed number of questions."""
    from huiyin.registry import access

    day: date = acting.day
    names = {body.code: body.name for body in bodies_of(acting)}
    seen = access.visible_to(acting).exclude(kind="report").order_by()
    since, until = digests.before(kind, day), digests.next_first(kind, day) - timedelta(days=1)
    sections = (
        _of_terms("late", seen, names, Q(due__lt=day)),
        _of_terms("due", seen, names, Q(due__gte=day, due__lte=until)),
        _stuck(seen, names, day, STUCK[kind]),
        _solved(seen, names, since, digests.first_day(kind, day)),
    )
    return Contents(kind, day, since, until, sections)


def _of_terms(name: str, seen: Any, names: dict[str, Text], when: Q) -> Section:
    """Terms that run or passed unmet; of the house's own none."""
    from huiyin.registry.models import Clock

    owed = Q(state__in=("running", "missed"), ended=None, carried_by=0, on_due="breach")
    whose = Case(When(body="", then=F("petition__holder__code")), default=F("body"))
    found = Clock.objects.filter(owed, when, petition__in=seen.values("pk")).exclude(kind="house")
    found = found.annotate(whose=whose).filter(whose__in=list(names)).order_by("due", "petition", "seq")
    rows = found.values_list("petition__ref", "name", "rulebook", "due", "whose")
    lines = (
        Line(ref, rulebook.by_id(book).clocks[clock].text, due, names[whose])
        for ref, clock, book, due, whose in rows[:MOST]
    )
    return Section(name, found.count(), tuple(lines))


def _stuck(seen: Any, names: dict[str, Text], day: date, days: int) -> Section:
    """Open, for so many days without a step, and not because its author has a term of their own."""
    from huiyin.registry.models import RUNS, Clock

    theirs = Exists(Clock.objects.filter(RUNS, petition=OuterRef("pk"), on_due="lapse"))
    still = Q(is_open=True, holder__code__in=list(names), moved_at__lt=_start(day) - timedelta(days=days))
    found = seen.filter(still).exclude(Q(theirs), next_due=None)
    rows = found.order_by("moved_at", "pk").values_list("ref", "state", "moved_at", "holder__code")
    book, zone = _law(day), ZoneInfo(_law(day).zone)
    lines = []
    for ref, state, moved_at, code in rows[:MOST]:
        rule = book.states.get(state)
        words = rule.text if rule else Text(state, state)
        lines.append(Line(ref, words, moved_at.astimezone(zone).date(), names[code]))
    return Section("stuck", found.count(), tuple(lines))


def _solved(seen: Any, names: dict[str, Text], since: date, until: date) -> Section:
    """What these bodies answered or carried out since; each case once, by its last such step."""
    from huiyin.registry.models import Entry

    book, zone = _law(until), ZoneInfo(_law(until).zone)
    made = Entry.objects.filter(event__in=SOLVED, petition__in=seen.values("pk"))
    made = made.annotate(at=Coalesce("claimed_at", "recorded_at"))
    made = made.filter(at__gte=_start(since), at__lt=_start(until), petition__handled_by__in=list(names))
    past = {VERBS[row.verb]: row.past for row in book.rows}
    found: dict[str, Line] = {}
    rows = made.order_by("at", "pk").values_list("petition__ref", "event", "at", "petition__handled_by")
    for ref, event, at, code in rows.iterator():
        words = past.get(event) or Text(event, event)
        found[ref] = Line(ref, words, at.astimezone(zone).date(), names[code])
    return Section("solved", len(found), tuple(found.values())[:MOST])


def _law(day: date) -> Any:
    from huiyin.registry import law

    return law.in_force(day)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(_law(day).zone))
