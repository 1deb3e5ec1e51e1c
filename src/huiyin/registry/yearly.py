"""What a petition office has to report of a year (art. 41.1), and how bodies answered in it (art. 39.1).

Counted from rows that are there, of matters and of bodies: nothing counts what one person did, and no figure
gets better because fewer petition, ask for review or dispute (charter 1, 8). Of reports against persons the
sum alone is told; which bodies they are about stands in the two reports of arts. 30.2 and 41.2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from huiyin.core.counts import column, shown
from huiyin.core.text import Text
from huiyin.core.vocabulary import PETITION_KINDS, VERBS
from huiyin.registry import corresponding, law, supervision, takeovers, watched
from huiyin.registry.access import Acting
from huiyin.registry.correspondence import BodyLetter
from huiyin.registry.models import Body, Competence, Entry, Petition
from huiyin.registry.watched import Watched

FIRST_YEAR = 2005
# What petition offices and those who supervise did (art. 41.1(2)): by the verb of the move.
SENT_ON = ("register", "transfer", "assign", "report-back", "return", "settle-competence")
SUPERVISED = ("find-evasive", "supervise", "answer-supervision", "escalate-supervision", "close-supervision")
ANSWERS = ("answer-suggestion", "serve", "settle")
DONE = VERBS["report-carried-out"]


@dataclass(frozen=True, slots=True)
class OfBody:
    """One body in that year."""

    body: Body
    fields: str  # what it may decide
    dealt_with: int | str  # claims and suggestions of the year that it dealt with; a small count is not said
    answers: int
    missed: int  # terms of the law
    missed_orders: int
    carried_out: int  # promises that it reported as carried out


@dataclass(frozen=True, slots=True)
class Proposals:
    """One kind of proposal: how many were sent, and what became of them."""

    text: Text
    article: str
    sent: int
    adopted: Mapping[str, int]  # full, part, none
    waiting: int


@dataclass(frozen=True, slots=True)
class Year:
    """All items of art. 41.1 for the bodies that a supervisor watches."""

    year: int
    classes: Mapping[str, int | str]  # kind of petition -> lodged
    steps: Mapping[str, int]  # verb -> how often
    supervision: Mapping[str, int]
    bodies: tuple[OfBody, ...]
    proposals: tuple[Proposals, ...]


def of(acting: Acting, year: int) -> Year:
    """Reckon a year of what a supervisor watches; a fixed number of queries, whatever there is."""
    return of_watched(watched.by(acting), year)


def of_watched(mine: Watched, year: int) -> Year:
    """The same of any bodies."""
    zone = ZoneInfo(law.in_force(mine.day).zone)
    start, end = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    below = mine.petitions
    lodged = below.filter(lodged_at__gte=start, lodged_at__lt=end)
    did = _did(below, start, end)
    total: Counter[str] = sum(did.values(), Counter())
    kinds = Counter(dict(lodged.order_by().values_list("kind").annotate(n=Count("pk"))))
    return Year(
        year,
        {kind: shown(kinds[kind]) for kind in PETITION_KINDS},
        {verb: total[VERBS[verb]] for verb in SENT_ON},
        {verb: total[VERBS[verb]] for verb in SUPERVISED},
        _bodies(mine, lodged, did, supervision.missed(below, start, end)),
        _proposals(mine, start, end),
    )


def _did(below: QuerySet[Petition], start: datetime, end: datetime) -> dict[str, Counter[str]]:
    """Code of a body -> how often each event of that year happened while it was there."""
    wanted = {VERBS[verb] for verb in (*SENT_ON, *SUPERVISED, *ANSWERS)} | {DONE}
    happened = Coalesce("claimed_at", "recorded_at")
    entries = Entry.objects.filter(petition__in=below.values("pk"), event__in=wanted).annotate(at=happened)
    entries = entries.exclude(takeovers.TOLD)
    rows = entries.filter(at__gte=start, at__lt=end).order_by().values("body", "event")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows.annotate(n=Count("pk")):
        found[row["body"]][row["event"]] = row["n"]
    return found


def _bodies(
    mine: Watched,
    lodged: QuerySet[Petition],
    did: Mapping[str, Counter[str]],
    missed: Mapping[str, tuple[int, int]],
) -> tuple[OfBody, ...]:
    """The bodies in the order of the tree: it is no ranking."""
    whose = Case(When(handled_by="", then=F("holder__code")), default=F("handled_by"))
    matters = lodged.exclude(kind="report").annotate(whose=whose).order_by()
    dealt = Counter(dict(matters.values_list("whose").annotate(n=Count("pk"))))
    bodies = [b for b in mine.bodies.order_by("path") if b.code in dealt or b.code in did or b.code in missed]
    said = column([dealt[body.code] for body in bodies])
    fields = _fields(bodies)
    return tuple(
        _of_body(body, said[i], fields[body.code], did.get(body.code, Counter()), missed)
        for i, body in enumerate(bodies)
    )


def _of_body(
    body: Body,
    dealt: int | str,
    fields: list[str],
    did: Counter[str],
    missed: Mapping[str, tuple[int, int]],
) -> OfBody:
    of_law, of_order = missed.get(body.code, (0, 0))
    return OfBody(
        body,
        "、".join(fields),
        dealt,
        sum(did[VERBS[verb]] for verb in ANSWERS),
        of_law,
        of_order,
        did[DONE],
    )


def _fields(bodies: list[Body]) -> dict[str, list[str]]:
    """What each body may decide: the fields that its petitions are about."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = Competence.objects.filter(body__in=bodies).order_by("subject").values_list("body__code", "subject")
    for code, subject in rows.distinct():
        found[code].append(subject)
    return found


def _proposals(mine: Watched, start: datetime, end: datetime) -> tuple[Proposals, ...]:
    """The kinds that a petition office may write and that are answered (art. 41.1(3))."""
    known = corresponding.kinds_on(mine.day)
    kinds = [kind for kind in known.values() if kind.by == {"office"} and kind.answered]
    sent = BodyLetter.objects.filter(
        pk__in=mine.letters.values("pk"),
        sender__in=mine.bodies.values("pk"),
        kind__in=[kind.code for kind in kinds],
        sent_at__gte=start,
        sent_at__lt=end,
    )
    adopted: dict[str, Counter[str]] = defaultdict(Counter)
    answered = Coalesce(F("answer__adopted"), Value(""))
    rows: Any = sent.order_by().annotate(said=answered).values("kind", "said")
    for row in rows.annotate(n=Count("pk")):
        adopted[row["kind"]][row["said"]] = row["n"]
    return tuple(
        Proposals(
            kind.text,
            kind.article,
            adopted[kind.code].total(),
            {code: adopted[kind.code][code] for code in ("full", "part", "none")},
            adopted[kind.code][""],
        )
        for kind in kinds
    )


def years(today: date) -> range:
    """The years that can be asked for."""
    return range(FIRST_YEAR, today.year + 1)
