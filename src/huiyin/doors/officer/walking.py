"""From one petition to the next of the list that an officer came from."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from huiyin.doors.officer import sifting
from huiyin.doors.officer.addresses import NEXT, query_of
from huiyin.doors.officer.door import DeskRequest
from huiyin.registry.models import Petition

SHOWN = ("ref", "subject", "masked", "holder", "next_due")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where to go from a petition without going back to the list."""

    before: Petition | None
    after: Petition | None


def wanted_of(request: DeskRequest) -> dict[str, str]:
    """The filters of that list. What cannot be read filters nothing."""
    bodies = list(sifting.bodies_at_work(request.acting))
    return sifting.SiftForm(QueryDict(query_of(request)), bodies).wanted


def neighbours(request: DeskRequest, petition: Petition) -> Neighbours:
    """What stands before and after it in the list, whether it still stands there itself or has left it."""
    listed = sifting.sifted(request.acting, wanted_of(request)).exclude(pk=petition.pk).only(*SHOWN)
    after = listed.filter(_behind(petition)).first() or listed.first()
    before = listed.exclude(_behind(petition)).order_by(F("next_due").desc(nulls_first=True), "-id").first()
    return Neighbours(before, _named(request, listed) or after)


def _behind(petition: Petition) -> Q:
    """What comes after it in the order of the list: by due date, those without one last."""
    due = petition.next_due
    if due is None:
        return Q(next_due=None, id__gt=petition.pk)
    return Q(next_due__gt=due) | Q(next_due=due, id__gt=petition.pk) | Q(next_due=None)


def _named(request: DeskRequest, listed: QuerySet[Petition]) -> Petition | None:
    """The next one as it was before a step moved this one elsewhere in the order."""
    ref = request.GET.get(NEXT, "")
    return listed.filter(ref=ref).first() if ref else None
