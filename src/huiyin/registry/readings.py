"""Who read a report: each opening of its words leaves a row, which its author and the auditor see.

A report's text lies under seal. Whoever handles it reads it without a move for each page, for reading is what
handling is; so that it does not go unseen, each opening is written down before it happens. The author's own
visits are never written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from huiyin.registry.bodies import Body, Officer

if TYPE_CHECKING:
    from huiyin.registry.models import Petition


class Reading(models.Model):
    """One opening of a report's words by an officer."""

    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="readings")
    officer = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.at}"


@dataclass(frozen=True, slots=True)
class Read:
    """How often a report was read by officers of one body on one day."""

    on: date
    body: Body | None
    count: int


def note(petition: Petition, officer: Officer, body: Body | None, now: datetime) -> None:
    """Write down that an officer is about to open the words of a report."""
    Reading.objects.create(petition=petition, officer=officer, body=body, at=now)


def of(petition: Petition) -> list[Read]:
    """Who read it, for its author: by day and body, the newest first."""
    counted: dict[tuple[date, int | None], list[Reading]] = {}
    for row in petition.readings.select_related("body"):
        counted.setdefault((row.at.date(), row.body_id), []).append(row)
    return [Read(on, rows[0].body, len(rows)) for (on, _), rows in reversed(counted.items())]
