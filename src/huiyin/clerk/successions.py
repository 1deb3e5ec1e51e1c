"""Move what a merged or abolished body held to its successor (art. 24.2), one move for each petition.

It can be stopped and started at any time: what is moved is no longer with the old body, the rest is next.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Q, QuerySet

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry.access import CLERK
from huiyin.registry.models import Body, Holding, Petition
from huiyin.registry.perform import perform

log = logging.getLogger("huiyin.clerk")
OWED = ("promised", "due", "reported", "disputed")


def succeed(now: datetime) -> int:
    """Move all that still waits with a body that has a successor, and answer how many were moved."""
    gone = Body.objects.exclude(successor=None).select_related("successor")
    return sum(_move(body, petition, now) for body in gone for petition in _left_with(body))


def _left_with(body: Body) -> QuerySet[Petition]:
    here = Q(holder=body) & (Q(is_open=True) | Q(next_due__isnull=False))
    promised = Q(handled_by=body.code, remedy__in=OWED)
    asked = Q(pk__in=Holding.objects.filter(body=body, owes_by__isnull=False).values("petition"))
    return Petition.objects.filter(here | promised | asked).only("ref").order_by("pk")


def _move(body: Body, petition: Petition, now: datetime) -> bool:
    assert body.successor is not None  # noqa: S101 those without were left out
    made = perform(petition.ref, Move("succeed", {"body": body.successor.code}), CLERK, now)
    if isinstance(made, Refusal):
        log.warning("a petition stays with the closed body %s: %s", body.code, made.code)
        return False
    return True
