"""A private address under which an officer's own calendar finds their due dates: references and days alone.

The address is shown once and kept by a digest. Reports against persons are never in it: what a calendar
holds, its maker holds too.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from django.db import models, transaction
from django.db.models import Q

from huiyin.registry.bodies import Officer

MOST = 500  # petitions in one calendar, the nearest first


class CalendarLink(models.Model):
    """That an officer has such an address. One at most; a new one ends the old one."""

    officer = models.OneToOneField(Officer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]


def made_anew(officer: Officer, now: datetime) -> str:
    """A new secret part of the address; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        CalendarLink.objects.update_or_create(
            officer=officer, defaults={"digest": _digest(token), "made_at": now}
        )
    return token


def revoked(officer: Officer) -> None:
    with transaction.atomic():
        CalendarLink.objects.filter(officer=officer).delete()


def since(officer: Officer) -> datetime | None:
    """When the address in use was made."""
    return CalendarLink.objects.filter(officer=officer).values_list("made_at", flat=True).first()


def officer_of(token: str) -> Officer | None:
    """Whose address it is, while their account is open."""
    row = CalendarLink.objects.select_related("officer").filter(digest=_digest(token)).first()
    return row.officer if row is not None and row.officer.is_active else None


def due_dates(officer: Officer, day: date) -> list[tuple[str, date]]:
    """Reference and day by which somebody must have acted, of what is the officer's to do."""
    from huiyin.registry import access

    acting = access.Acting(officer, day)
    mine = Q(officer=officer) | Q(officer=None)
    rows = access.inbox_of(acting).filter(mine, is_open=True, next_due__isnull=False)
    rows = rows.exclude(kind="report").order_by("next_due", "id")
    return [(ref, due) for ref, due in rows.values_list("ref", "next_due")[:MOST] if due]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
