"""Takeovers from older systems: which are under way, and up to when what they tell may have happened.

A live registry back-dates nothing. While an administrator has a takeover open, cases that were open in the
older system come in with the days that it gives them, as its claims, none later than its beginning.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction

from huiyin.core import ledger
from huiyin.core.refusal import Refusal, refuse
from huiyin.registry.bodies import Officer

if TYPE_CHECKING:
    from huiyin.registry.models import Petition

NAME_LENGTH, NUMBER_LENGTH = 60, 80
# Entries that tell what happened before a case was taken over: claims, and in no figure of a body.
TOLD = models.Q(claimed_at__isnull=False, petition__brought_in_at=models.F("recorded_at"))


class Takeover(models.Model):
    """One older system whose open cases are brought in. It may begin again, with a later day."""

    source = models.CharField(max_length=NAME_LENGTH, unique=True)  # what the older system is called
    began_at = models.DateTimeField()  # from then on this house works on its cases
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.source


def open_one(source: str) -> Takeover | None:
    return Takeover.objects.filter(source=source, ended_at=None).first() if source else None


def is_open(source: str) -> bool:
    return open_one(source) is not None


def refusal(source: str, at: datetime) -> Refusal | None:
    """Why what happened then is not told by a takeover: none is under way, or it had begun."""
    found = open_one(source)
    if found is None:
        return refuse("no-takeover", source=source)
    if at > found.began_at:
        return refuse("after-takeover", began=ledger.second(found.began_at))
    return None


def ref_of(said: str, seen: models.QuerySet[Petition]) -> str:
    """The reference of the case that had this number in an older system, if it is among these; else ''.

    A number of a file, whole and exactly: it leads to that one matter and to nobody.
    """
    number = said.strip()
    if not 0 < len(number) <= NUMBER_LENGTH or not Takeover.objects.exists():
        return ""
    sources = Takeover.objects.values("source")
    found = seen.filter(source__in=sources, source_id=number).exclude(brought_in_at=None)
    refs = list(found.order_by().values_list("ref", flat=True)[:2])
    return str(refs[0]) if len(refs) == 1 else ""


def begin(source: str, *, by: Officer | None, now: datetime) -> Takeover:
    """Let the open cases of an older system in; one that had ended begins again from now."""
    from huiyin.registry import keeping

    with transaction.atomic():
        found = open_one(source)
        if found is not None:
            return found
        made, _ = Takeover.objects.update_or_create(
            source=source, defaults={"began_at": now, "ended_at": None}
        )
        keeping.write_down("takeover-begun", by, now, stated=source)
    return made


def end(takeover: Takeover, *, by: Officer | None, now: datetime) -> None:
    """Let nothing more in from it."""
    from huiyin.registry import keeping

    with transaction.atomic():
        if Takeover.objects.filter(pk=takeover.pk, ended_at=None).update(ended_at=now):
            keeping.write_down("takeover-ended", by, now, stated=takeover.source)
