"""Which terms were extended, by body; and why, in the words of whoever extended them.

Reasons are not sorted into kinds: officers would choose the kind that reads best (decision 0090). What is
counted is how many of the terms that ran out or were extended were extended, and by whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from huiyin.core import cohorts, measures
from huiyin.core.intervals import Share
from huiyin.core.vocabulary import VERBS
from huiyin.registry import access, law, masking, measured_counted, takeovers
from huiyin.registry.access import Acting
from huiyin.registry.models import Entry, Petition
from huiyin.registry.watched import Watched

EXTENDED = VERBS["extend"]
WHOLE = measures.OVER | {cohorts.EXTENDED}
A_PAGE = 25


@dataclass(frozen=True, slots=True)
class OfBody:
    """Of the terms of one name that a body owed and that ran out or were extended: how many were extended."""

    body: str  # its code
    clock: str
    share: Share


@dataclass(frozen=True, slots=True)
class Reason:
    """One extension. words: as this officer may read them."""

    petition: Petition
    body: str  # code of the body that extended it
    at: datetime
    days: int | None  # by how many
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some of them, the newest first. before: where it goes on; None at its end."""

    reasons: list[Reason]
    before: int | None


def by_body(acting: Acting, watched: Watched, year: int) -> list[OfBody]:
    """In the order of terms and codes; a body that extended none of a term is not in it."""
    return of(measured_counted.terms(acting, watched, year))


def of(found: Mapping[tuple[str, str], measures.Table]) -> list[OfBody]:
    """The same of how the terms of each body and name stand."""
    return [
        OfBody(body, clock, Share(table[cohorts.EXTENDED], sum(table[key] for key in WHOLE)))
        for (body, clock), table in sorted(found.items(), key=lambda each: (each[0][1], each[0][0]))
        if table[cohorts.EXTENDED]
    ]


def reasons(acting: Acting, watched: Watched, year: int, before: int | None = None) -> Page:
    """Of one year, of petitions that this officer may see; as many questions whatever there is.

    before: the number of the last entry that was shown.
    """
    found = _entries(acting, watched, year)
    if before is not None:
        last = found.filter(pk=before).first()
        if last is None:
            return Page([], None)
        found = found.filter(
            Q(recorded_at__lt=last.recorded_at) | Q(recorded_at=last.recorded_at, pk__lt=before)
        )
    some = list(found[: A_PAGE + 1])
    shown = some[:A_PAGE]
    return Page([_reason(acting, each) for each in shown], shown[-1].pk if len(some) > A_PAGE else None)


def _entries(acting: Acting, watched: Watched, year: int) -> QuerySet[Entry]:
    zone = ZoneInfo(law.in_force(watched.day).zone)
    start, end = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    seen = access.visible_to(acting).exclude(kind="report").order_by().values("pk")
    found = Entry.objects.filter(event=EXTENDED, recorded_at__gte=start, recorded_at__lt=end)
    found = found.filter(petition__in=seen, body__in=watched.bodies.order_by().values("code"))
    found = found.exclude(takeovers.TOLD).select_related("petition", "petition__holder")
    return found.order_by("-recorded_at", "-pk")


def _reason(acting: Acting, entry: Entry) -> Reason:
    said: dict[str, Any] = entry.contents
    words = masking.reader_of(acting, entry.petition).says(str(said.get("reasons", "")))
    days = str(said.get("days", ""))
    at = entry.claimed_at or entry.recorded_at
    return Reason(entry.petition, entry.body, at, int(days) if days.isdecimal() else None, words)
