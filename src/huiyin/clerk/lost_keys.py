"""Look at who says that a key is lost: the petition learns of it, where its author left a name.

Whoever asked is told nothing by it, and what they typed is gone after this round.
"""

from __future__ import annotations

from datetime import datetime

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import losing
from huiyin.registry.access import CLERK
from huiyin.registry.models import LostKey, Petition
from huiyin.registry.perform import perform

MOST = 500  # in one round


def look(now: datetime) -> int:
    """How many petitions learnt of it."""
    told = 0
    for row in LostKey.objects.order_by("pk")[:MOST]:
        petition = Petition.objects.filter(ref=row.ref, erased_on=None).first() if row.ref else None
        if petition is not None and losing.can_be_sent(petition):
            made = perform(petition.ref, Move(losing.ASK), CLERK, now)
            if isinstance(made, Refusal) and made.code == "moved-meanwhile":
                continue  # somebody acted in this very moment: the next round asks again
            told += not isinstance(made, Refusal)
        row.delete()
    return told
