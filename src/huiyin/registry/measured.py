"""Gathers the record that measures read (`core/measures.py`) from the petitions: a fixed number of questions,
whose cost grows with what there is. `measured_counted.py` has the same from what the clerk counted.

Of claims and suggestions alone: reports are in no figure of a body (charter 6). Nothing is asked about
channel, level, who, with whom or whether again, so no measure can depend on it (charter 3 and 8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, TruncDate

from huiyin.core import cohorts, measures
from huiyin.core.measures import Record, Table
from huiyin.core.vocabulary import VERBS
from huiyin.registry import law, takeovers
from huiyin.registry.models import Body, Clock, Entry, Holding, Petition, Reception
from huiyin.registry.watched import Watched

HAND_OVERS = {VERBS["transfer"], VERBS["assign"]}
ANSWERED = {VERBS["return"]: measures.AGREED, VERBS["reject-objection"]: measures.REJECTED}
RATED, OBJECTED = VERBS["rate"], VERBS["object"]
REGISTERED, ISSUED, CLOSED = VERBS["register"], VERBS["issue-opinion"], VERBS["close-supervision"]
REVIEWED = {VERBS["issue-review-opinion"], VERBS["issue-rereview-opinion"]}


def of(watched: Watched, year: int) -> Record:
    """The record of a year: of each thing that happened in it, or began in it if it is a term."""
    zone = ZoneInfo(law.in_force(watched.day).zone)
    start, end = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    codes = set(watched.bodies.values_list("code", flat=True))
    seen = watched.petitions.exclude(kind="report")
    record = Record()
    _terms(record, seen, codes, (start.date(), end.date()))
    happened = Coalesce("claimed_at", "recorded_at")
    entries = Entry.objects.filter(petition__in=seen.order_by().values("pk"))
    entries = entries.exclude(takeovers.TOLD)
    entries = entries.annotate(at=happened).filter(at__gte=start, at__lt=end).order_by()
    # What the body did itself; and what was said, by whomever, about what it had handled.
    own = entries.filter(body=watched.body) if watched.body else entries
    about = entries.filter(petition__handled_by=watched.body) if watched.body else entries
    _registered(record, own, zone)
    _hand_overs(record, entries, own)
    _opinions(record, own)
    _said(record, about.filter(event__in=REVIEWED), "review_outcome", measures.REVIEWS)
    _said(record, about.filter(event=CLOSED), "supervision_result", measures.SUPERVISIONS)
    lodged = seen.filter(lodged_at__gte=start, lodged_at__lt=end)
    _hands(record, lodged)
    _ages(record, seen, watched.day, zone)
    add_receptions(record, watched.bodies, year, watched.day)
    rated: Any = about.filter(event=RATED).annotate(
        said=KT("contents__rating"), on=TruncDate("at", tzinfo=zone)
    )
    rows = rated.filter(on__lt=watched.day).values_list("on", "said").annotate(n=Count("pk"))
    record.tables[measures.RATINGS] = ratings((on, said, n) for on, said, n in rows if said)
    return record


def ratings(given: Iterable[tuple[date, str, int]]) -> Table:
    """What may be told of ratings, by their day: of days that are over, so that none comes in between."""
    return measures.in_fives(said for _, said, n in sorted(given) for _ in range(n))


def _terms(record: Record, seen: QuerySet[Petition], codes: Iterable[str], days: tuple[date, date]) -> None:
    """How the terms stand that began in these days, and how long those took that were met or missed."""
    for row in terms(seen, codes, days).iterator():
        how = stands(row)
        record.add(measures.TERM + row["name"], how, row["n"])
        if how in measures.OVER and row["name"] in measures.TIMED:
            took = (row["ended"] - row["start"]).days if row["ended"] else None
            record.add(measures.DAYS + row["name"], took, row["n"])


def terms(seen: QuerySet[Petition], codes: Iterable[str], days: tuple[date, date]) -> Any:
    """Terms that bodies owe, those alike as one row: as many rows as there are pairs of days."""
    whose = Case(When(body="", then=F("petition__holder__code")), default=F("body"))
    clocks = Clock.objects.filter(petition__in=seen.order_by().values("pk"), on_due="breach", claimed=False)
    clocks = clocks.exclude(kind="house").filter(start__gte=days[0], start__lt=days[1])
    rows: Any = clocks.annotate(whose=whose).filter(whose__in=sorted(codes)).order_by()
    rows = rows.annotate(carried=Case(When(carried_by__gt=0, then=Value(1)), default=Value(0)))
    return rows.values("whose", "name", "state", "start", "due", "ended", "carried").annotate(n=Count("pk"))


def stands(row: Any) -> str:
    return cohorts.standing(
        state=row["state"], due=row["due"], ended=row["ended"], carried=bool(row["carried"])
    )


def _registered(record: Record, entries: QuerySet[Entry], zone: ZoneInfo) -> None:
    days: Any = entries.filter(event=REGISTERED).annotate(
        on=TruncDate("at", tzinfo=zone), lodged=TruncDate("petition__lodged_at", tzinfo=zone)
    )
    for row in days.values("on", "lodged").annotate(n=Count("pk")).iterator():
        record.add(measures.REGISTERED, max((row["on"] - row["lodged"]).days, 0), row["n"])


def _hand_overs(record: Record, entries: QuerySet[Entry], own: QuerySet[Entry]) -> None:
    """Petitions that were handed on, how often the receiving body objected, and what became of that."""
    handed = entries.filter(event__in=HAND_OVERS).count()
    add_handed(record, handed, own.filter(event=OBJECTED).count())
    rows: Any = entries.filter(event__in=ANSWERED).values("event").annotate(n=Count("pk"))
    for row in rows:
        record.add(measures.OBJECTIONS, ANSWERED[row["event"]], row["n"])


def add_handed(record: Record, handed: int, objected: int) -> None:
    objected = min(objected, handed)
    record.add(measures.HANDED, measures.OBJECTED, objected)
    record.add(measures.HANDED, measures.TAKEN, handed - objected)


def _opinions(record: Record, own: QuerySet[Entry]) -> None:
    for answers in own.filter(event=ISSUED).values_list("contents__answers", flat=True).iterator():
        for outcome in outcomes(answers):
            record.add(measures.OUTCOMES, outcome)


def _said(record: Record, entries: QuerySet[Entry], name: str, table: str) -> None:
    """How often each choice was made."""
    rows: Any = entries.annotate(said=KT(f"contents__{name}")).values("said").annotate(n=Count("pk"))
    for row in rows:
        if row["said"]:
            record.add(table, row["said"], row["n"])


def outcomes(answers: Any) -> Iterator[str]:
    lines = answers if isinstance(answers, list) else []
    yield from (str(line["outcome"]) for line in lines if isinstance(line, dict) and line.get("outcome"))


def _hands(record: Record, lodged: QuerySet[Petition]) -> None:
    """Through how many bodies each went that was lodged in these days."""
    had: Any = Holding.objects.filter(petition__in=lodged.order_by().values("pk"), owes_by__isnull=True)
    numbers = had.order_by().values("petition").annotate(n=Count("pk"))
    most = measures.MOST_HANDS
    wanted = {f"at_{n}": _how_many(n=n) for n in range(1, most)}
    found = numbers.aggregate(**wanted, more=_how_many(n__gte=most))
    for n in range(1, most):
        record.add(measures.HANDS, str(n), found[f"at_{n}"])
    record.add(measures.HANDS, str(most), found["more"])


def _how_many(**fits: int) -> Count:
    return Count(Case(When(**fits, then=Value(1))))


def _ages(record: Record, seen: QuerySet[Petition], today: date, zone: ZoneInfo) -> None:
    """Of what is open today; the age of it says nothing about the year that is asked for."""
    rows: Any = seen.filter(is_open=True).order_by().annotate(day=TruncDate("lodged_at", tzinfo=zone))
    for row in rows.values("day").annotate(n=Count("pk")).iterator():
        record.add(measures.AGES, max((today - row["day"]).days, 0), row["n"])


def add_receptions(record: Record, bodies: QuerySet[Body], year: int, today: date) -> None:
    """Reception days that are over. Who came, and how many, is kept nowhere."""
    over = Reception.objects.filter(host__in=bodies.values("pk"), day__year=year, day__lt=today)
    found = (
        over.exclude(published_at=None)
        .order_by()
        .aggregate(
            off=Count("pk", filter=~Q(called_off="")),
            changed=Count("pk", filter=Q(called_off="", revision__gt=0)),
            held=Count("pk", filter=Q(called_off="", revision=0)),
        )
    )
    record.add(measures.RECEPTIONS, measures.CALLED_OFF, found["off"])
    record.add(measures.RECEPTIONS, measures.CHANGED, found["changed"])
    record.add(measures.RECEPTIONS, measures.HELD, found["held"])


# ---- how terms stand by body; and by month, for the annual report


def by_body(watched: Watched, year: int, clock: str = "") -> dict[tuple[str, str], Table]:
    """(code of the body, name of the term) -> how its terms stand that began then: of one name, or all."""
    seen = watched.petitions.exclude(kind="report")
    codes = sorted(watched.bodies.values_list("code", flat=True))
    made: dict[tuple[str, str], Table] = {}
    found = terms(seen, codes, (date(year, 1, 1), date(year + 1, 1, 1)))
    for row in (found.filter(name=clock) if clock else found).iterator():
        made.setdefault((row["whose"], row["name"]), Counter())[stands(row)] += row["n"]
    return made


def kept(watched: Watched, year: int) -> dict[tuple[str, int, str], Table]:
    """(code of the body, month, name of the term) -> how its terms of the law stand that began then."""
    seen = watched.petitions.exclude(kind="report")
    codes = sorted(watched.bodies.values_list("code", flat=True))
    made: dict[tuple[str, int, str], Table] = {}
    for row in terms(seen, codes, (date(year, 1, 1), date(year + 1, 1, 1))).filter(kind="law").iterator():
        table = made.setdefault((row["whose"], row["start"].month, row["name"]), Counter())
        table[stands(row)] += row["n"]
    return made
