"""Gathers what a yearly assessment is reckoned from, body by body; and tells which cases make up each item.

A fixed number of questions, whatever there is. Of claims and suggestions alone (charter 6). Whoever looks at
a body's points sees the same: what an officer may not see is in the sums, and in no list of cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from huiyin.core import assessment, measures
from huiyin.core.assessment import RIGHT, WRONG
from huiyin.core.measures import Record
from huiyin.core.vocabulary import VERBS
from huiyin.registry import access, law, measured
from huiyin.registry.access import Acting
from huiyin.registry.models import Body, Entry, FileCheck, Petition, Reception, Task

REGISTERED, CLOSED = VERBS["register"], VERBS["close-supervision"]
LOOKED_FOR = {"complete": assessment.HIDDEN, "dates-true": assessment.FALSE_DATES}
VERDICTS = {"yes": RIGHT, "no": WRONG}
# Of these nothing is counted: they earn nothing and cost nothing (charter 8).
ENDED_BY_AUTHOR = ("withdrawn", "settled")
WHOSE = Case(When(handled_by="", then=F("holder__code")), default=F("handled_by"))


def assessed(acting: Acting) -> QuerySet[Body]:
    """The bodies whose points this officer sees with their cases: those they supervise, those they head."""
    headed = Q(code__in=acting.codes({"head"}))
    return Body.objects.filter(headed | access.supervised_by(acting), active=True, external=False)


def petitions() -> QuerySet[Petition]:
    """What may be counted: no report against persons, and nothing that was erased."""
    return Petition.objects.filter(erased_on__isnull=True).exclude(kind="report")


def records(bodies: Iterable[Body], year: int, today: date) -> dict[str, Record]:
    """By code of the body, what its year came to."""
    codes = sorted(body.code for body in bodies)
    made: dict[str, Record] = defaultdict(Record)
    days = (date(year, 1, 1), date(year + 1, 1, 1))
    for row in measured.terms(petitions(), codes, days).iterator():
        made[row["whose"]].add(measures.TERM + row["name"], measured.stands(row), row["n"])
    _solved(made, codes, year, today)
    _supervised(made, codes, year, today)
    _inspected(made, frozenset(codes), year, today)
    _held(made, codes, year, today)
    return {code: made.get(code, Record()) for code in codes}


def promises(codes: Iterable[str], year: int) -> Any:
    """What these bodies had to carry out in that year, with how hard it was said to be at registration."""
    registered = Entry.objects.filter(petition=OuterRef("petition"), event=REGISTERED).order_by("seq")
    said = registered.annotate(said=KT("contents__difficulty")).values("said")[:1]
    mine = Task.objects.filter(petition__in=petitions().order_by().values("pk"), body__in=list(codes))
    mine = mine.exclude(petition__state__in=ENDED_BY_AUTHOR)
    day = Coalesce("due", "reported_on", "petition__issued_on")
    return mine.annotate(day=day, hard=Coalesce(Subquery(said), Value(""), output_field=TextField())).filter(
        day__year=year
    )


def over(due: date | None, year: int, today: date) -> bool:
    """Whether what was promised is overdue; without a day of its own, once its year is over."""
    return due < today if due else today.year > year


def _solved(made: dict[str, Record], codes: list[str], year: int, today: date) -> None:
    rows: Any = promises(codes, year).order_by().values("body", "state", "due", "hard")
    for row in rows.annotate(n=Count("pk")).iterator():
        stands = assessment.solves(row["state"], over=over(row["due"], year, today))
        if stands:
            made[row["body"]].add(assessment.SOLVED, assessment.case_key(row["hard"], stands), row["n"])


def supervisions(codes: Iterable[str], year: int, today: date) -> Any:
    """Supervisions that were closed in that year, of what these bodies had taken up."""
    start, end = _moments(year, today)
    closed = Entry.objects.filter(event=CLOSED, petition__in=petitions().order_by().values("pk"))
    closed = closed.annotate(at=Coalesce("claimed_at", "recorded_at")).filter(at__gte=start, at__lt=end)
    return closed.annotate(said=KT("contents__supervision_result")).filter(
        petition__handled_by__in=list(codes)
    )


def _supervised(made: dict[str, Record], codes: list[str], year: int, today: date) -> None:
    rows: Any = supervisions(codes, year, today).order_by().values("petition__handled_by", "said")
    for row in rows.annotate(n=Count("pk")):
        if row["said"]:
            made[row["petition__handled_by"]].add(measures.SUPERVISIONS, row["said"], row["n"])


def checks(year: int, today: date) -> QuerySet[FileCheck]:
    """What inspections found in that year, whichever body's files they looked at."""
    start, end = _moments(year, today)
    return FileCheck.objects.filter(checked_at__gte=start, checked_at__lt=end)


def _inspected(made: dict[str, Record], codes: frozenset[str], year: int, today: date) -> None:
    found = list(checks(year, today).values_list("ref", "answers"))
    whose = whose_files(ref for ref, _ in found)
    for ref, answers in found:
        for item, table in LOOKED_FOR.items():
            verdict = VERDICTS.get(answers.get(item, ""))
            if verdict and whose.get(ref) in codes:
                made[whose[ref]].add(table, verdict)


def whose_files(refs: Iterable[str]) -> dict[str, str]:
    """Reference -> code of the body that took it up, or has it."""
    rows = petitions().filter(ref__in=set(refs)).annotate(whose=WHOSE)
    return dict(rows.values_list("ref", "whose"))


def _held(made: dict[str, Record], codes: list[str], year: int, today: date) -> None:
    days = Reception.objects.filter(host__code__in=codes, day__year=year, day__lt=today)
    rows: Any = days.exclude(published_at=None).order_by().values("host__code").annotate(how=HELD)
    for row in rows.annotate(n=Count("pk")):
        made[row["host__code"]].add(measures.RECEPTIONS, row["how"], row["n"])


HELD = Case(
    When(~Q(called_off=""), then=Value(measures.CALLED_OFF)),
    When(revision__gt=0, then=Value(measures.CHANGED)),
    default=Value(measures.HELD),
)


def _moments(year: int, today: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(law.in_force(today).zone)
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
