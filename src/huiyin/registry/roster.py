"""Who is on duty at a reception place or a hotline, and what they leave for whoever comes next.

A hand-over holds a reference and nothing else, and expires in seven days: what is to be known of a petition
stands on the petition, where its author sees it (charter 1).
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.registry.bodies import Body, Officer

POSTS = (
    ("place", _("Reception place")),
    ("hotline", _("Hotline")),
)


class Duty(models.Model):
    """One officer on duty at one post of a body on a day."""

    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="+")
    post = models.CharField(_("post"), max_length=12, choices=POSTS)
    day = models.DateField(_("day"))
    opens = models.TimeField(_("opens at"))
    closes = models.TimeField(_("closes at"))
    officer = models.ForeignKey(
        Officer, verbose_name=_("officer"), on_delete=models.PROTECT, related_name="duties"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["day", "opens", "post", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(post__in=dict(POSTS)), name="duty_post_known"),
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="duty_opens_first"),
            models.UniqueConstraint(fields=["body", "post", "day", "opens", "officer"], name="duty_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["body", "day"], name="duty_roster")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.post} {self.day}"


class HandOver(models.Model):
    """One petition that the next on duty should look at. Gone after seven days."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    left_on = models.DateField(db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["left_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "petition"], name="handed_over_once")
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.left_on}"
