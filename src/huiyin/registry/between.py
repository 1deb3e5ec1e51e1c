"""What waits between bodies: sent and not taken, disputed, asked of one that was called in, sent back twice.

Reads only, and of petitions that the officer may see anyhow.
"""

from __future__ import annotations

from django.db.models import QuerySet

from huiyin.core.case import Clock
from huiyin.core.guards.between import TWICE
from huiyin.registry import access
from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.models import Body, Holding, Petition

SHOWN = 100  # of each list; what is older is found in the inbox of whoever holds it


def _mine(acting: Acting) -> list[int]:
    codes = acting.codes(HANDLING_ROLES) | acting.recorded
    return list(Body.objects.filter(code__in=codes).values_list("pk", flat=True))


def asked_of(acting: Acting) -> QuerySet[Holding]:
    """What a lead asked of this officer's bodies, by the day on which it is awaited."""
    owed = Holding.objects.filter(body__in=_mine(acting), owes_by__isnull=False)
    seen = owed.filter(petition__in=access.visible_to(acting).values("pk"))
    return seen.select_related("petition__holder", "body").order_by("owes_by", "pk")[:SHOWN]


def sent_by(acting: Acting) -> QuerySet[Petition]:
    """What these bodies sent on and nobody has taken yet: until then they answer for it."""
    mine = _mine(acting)
    open_ones = access.visible_to(acting).filter(is_open=True, state__in=("transferred", "assigned"))
    sent = open_ones.filter(marks__sent=True, holdings__body__in=mine).exclude(holder__in=mine)
    return sent.select_related("holder").distinct().order_by("next_due", "pk")[:SHOWN]


def to_decide(acting: Acting) -> QuerySet[Petition]:
    """Disputes that wait for the decision of these bodies."""
    waiting = access.inbox_of(acting).filter(state="disputed")
    return waiting.select_related("holder", "other").order_by("next_due", "pk")[:SHOWN]


def bounced(acting: Acting) -> QuerySet[Petition]:
    """What was sent back twice or more below a supervisor, who may decide who takes it."""
    found = access.below(acting).filter(is_open=True, marks__returned__gte=TWICE)
    return found.select_related("holder").order_by("next_due", "pk")[:SHOWN]


def who_owes(petition: Petition, clock: Clock) -> Body | None:
    """The body that was called in and owes what this clock waits for; None for every other clock."""
    code = next((code for code, seq in petition.called if seq == clock.seq), "")
    return Body.objects.filter(code=code).first() if code else None
