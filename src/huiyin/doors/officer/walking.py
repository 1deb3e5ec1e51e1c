"""From one petition to the next of the list that an officer came from."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict

from huiyin.doors.officer import sifting
from huiyin.doors.officer.addresses import NEXT, query_of
from huiyin.doors.officer.door import DeskRequest
from huiyin.registry.models import Petition

SHOWN = ("ref", "subject", "masked", "holder", "for_auditor_at")


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
    wanted = wanted_of(request)
    sort = wanted.get("sort", sifting.DUE_FIRST)
    listed = sifting.sifted(request.acting, wanted).exclude(pk=petition.pk).only(*SHOWN)
    after = listed.filter(_behind(petition, sort)).first() or listed.first()
    before = listed.exclude(_behind(petition, sort)).order_by(*sifting.order(sort, backwards=True)).first()
    return Neighbours(before, _named(request, listed) or after)


def _behind(petition: Petition, sort: str) -> Q:
    """What comes after it in the order of the list; those without a date last."""
    name, falls = sifting.KEYS[sort]
    beyond = "lt" if falls else "gt"
    date = getattr(petition, name)
    if date is None:
        return Q(next_due=None, id__gt=petition.pk)
    later = Q(**{f"{name}__{beyond}": date}) | Q(**{name: date, f"id__{beyond}": petition.pk})
    return later | Q(next_due=None) if name == "next_due" else later


def _named(request: DeskRequest, listed: QuerySet[Petition]) -> Petition | None:
    """The next one as it was before a step moved this one elsewhere in the order."""
    ref = request.GET.get(NEXT, "")
    return listed.filter(ref=ref).first() if ref else None
