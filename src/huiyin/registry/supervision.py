"""What a supervisor looks at: the findings of many petitions, read with a constant number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from huiyin.core import rulebook, supervision
from huiyin.core.rulebook import Rulebook, Trigger
from huiyin.core.supervision import Finding, Standing
from huiyin.registry import law, record
from huiyin.registry.models import Clock, Entry, Petition

ANSWER = "supervision-answer"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding with the day that it stands since."""

    finding: Finding
    since: date | None

    @property
    def trigger(self) -> Trigger:
        return self.finding.trigger


@dataclass(frozen=True, slots=True)
class Supervised:
    """One petition that a supervisor must look at, with everything that was found."""

    petition: Petition
    found: tuple[Found, ...]
    letter: Clock | None  # the date by which an open letter of supervision must be answered

    @property
    def since(self) -> date | None:
        return min((each.since for each in self.found if each.since), default=None)


def with_clocks(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """What `told` reads of them, in one more query."""
    return petitions.prefetch_related(Prefetch("clocks", queryset=Clock.objects.order_by("seq")))


def told(petitions: Iterable[Petition], today: date) -> list[Supervised]:
    """What there is to act on in each of these, in one query; their clocks were read along."""
    kept = list(petitions)
    book = law.in_force(today, settings.JURISDICTION)
    dated = _dated(kept, book)
    return [_supervised(petition, book, today, dated) for petition in kept]


def about(book: Rulebook, name: str, kind: str, state: str) -> Trigger | None:
    """What a late clock of that name stands for, as `findings` would say of it."""
    fits = (each for each in book.triggers if supervision.is_about(each, name, kind, state))
    return next(fits, None)


def _supervised(
    petition: Petition, book: Rulebook, today: date, dated: Mapping[tuple[int, str], date]
) -> Supervised:
    found = supervision.findings(standing_of(petition), book, today)
    return Supervised(
        petition,
        tuple(Found(each, each.since or dated.get((petition.pk, each.trigger.event))) for each in found),
        letter_of(petition),
    )


def standing_of(petition: Petition) -> Standing:
    """As much of a petition as a finding rests on; the clocks are read already, or now."""
    clocks = tuple(record.clock_of(row) for row in petition.clocks.all())
    return Standing(petition.state, petition.remedy, petition.marks, clocks)


def letter_of(petition: Petition) -> Clock | None:
    """The clock of the open letter of supervision: the last one that was written."""
    if not petition.marks.get("supervised"):
        return None
    return max((c for c in petition.clocks.all() if c.name == ANSWER), key=lambda c: c.seq, default=None)


def _dated(petitions: Iterable[Petition], book: Rulebook) -> dict[tuple[int, str], date]:
    """(petition, event) -> the legal day of its last time, for what no clock dates."""
    events = {trigger.event for trigger in book.triggers if trigger.event}
    rows: Any = Entry.objects.filter(petition__in=[p.pk for p in petitions], event__in=events).order_by()
    last = rows.values("petition", "event").annotate(at=Max(Coalesce("claimed_at", "recorded_at")))
    return {(row["petition"], row["event"]): rulebook.legal_day(row["at"], book) for row in last}


def missed(
    petitions: QuerySet[Petition], start: datetime, end: datetime | None = None
) -> dict[str, tuple[int, int]]:
    """Code of the body that held it -> terms of the law, and dates set by order, put on record as missed."""
    seen = Exists(petitions.filter(pk=OuterRef("petition")))
    entries = Entry.objects.filter(seen, event="clock-missed", recorded_at__gte=start).order_by()
    if end is not None:
        entries = entries.filter(recorded_at__lt=end)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    named = entries.annotate(clock=KT("contents__clock")).values("body", "rulebook", "clock")
    for row in named.annotate(n=Count("pk")):
        found[row["body"]][_whose(row["rulebook"], row["clock"])] += row["n"]
    return {body: (kinds["law"], kinds["order"]) for body, kinds in found.items()}


def _whose(book: str, clock: str) -> str:
    """Whose term it was: the law's, an order's or the house's. A second one is named `handling/2`."""
    rule = rulebook.by_id(book).clocks.get(str(clock).partition("/")[0])
    return rule.kind if rule else "law"
