"""Case conferences on old cases: an agenda of references, minutes, and a decision for each.

Each decision becomes a move on its petition. Then the agenda is taken apart: nothing keeps two petitions
side by side any longer than the conference needs it (charter 1).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.registry.bodies import Body


class Conference(models.Model):
    """A meeting of a body's own people, with whom they ask to come, on petitions that are old."""

    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    opens = models.TimeField(_("opens at"))
    place = models.CharField(_("place"), max_length=200)
    present = models.CharField(_("who takes part, of the bodies"), max_length=500, blank=True)
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "-id"]

    def __str__(self) -> str:
        return f"{self.body_id} {self.day}"


class AgendaItem(models.Model):
    """One petition on the agenda, until its decision is on the petition."""

    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="agenda")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["petition", "conference"], name="on_the_agenda_once")
        ]

    def __str__(self) -> str:
        return f"{self.conference_id}"
