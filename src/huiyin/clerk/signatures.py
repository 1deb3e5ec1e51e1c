"""Put the number of those who signed together on record: once a day, in the day's first round.

Whether anybody joined or left is looked at no more often, so that no entry and no page tells at what time
somebody did. A petition whose number did not change leaves no entry.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import joining, law
from huiyin.registry.access import CLERK
from huiyin.registry.models import Invitation, Petition
from huiyin.registry.perform import perform


class _Overtaken(Exception):
    """Somebody moved the petition at the same time: the next round counts it."""


def count(now: datetime) -> int:
    """Count every joint petition that was not counted today, and answer how many numbers changed."""
    _, day = law.at(now)
    waiting = Invitation.objects.filter(counted_on__lt=day).select_related("petition")
    return sum(_count(invitation, day, now) for invitation in waiting.iterator())


def _count(invitation: Invitation, day: date, now: datetime) -> bool:
    petition = invitation.petition
    try:
        with transaction.atomic():
            mine = Invitation.objects.filter(pk=invitation.pk, counted_on__lt=day)
            if not mine.update(counted_on=day):
                return False  # another clerk was faster
            joining.lay_anew(petition)
            number = joining.count(petition)
            told = [_tell(one, number, now) for one in (petition, *petition.parts.all())]
    except _Overtaken:
        return False
    return any(told)


def _tell(petition: Petition, number: int, now: datetime) -> bool:
    """Put the number on record where it changed: on the petition, or on a part of a mixed one."""
    if not petition.is_open or number == petition.marks.get("signatures"):
        return False
    made = perform(petition.ref, Move(joining.COUNTING, {"signatures": number}), CLERK, now)
    if isinstance(made, Refusal):
        raise _Overtaken
    return True
