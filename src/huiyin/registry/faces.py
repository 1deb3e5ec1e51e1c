"""What this installation calls itself in public, and how its operator is reached."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core.text import Text


class Face(models.Model):
    """The operator in their own words, on the public pages. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name_zh = models.CharField(_("name of this service in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    operator = models.CharField(_("who runs it"), max_length=160)
    contact = models.CharField(_("how the operator is reached"), max_length=300)
    about_zh = models.TextField(_("what people should know, in Chinese"), max_length=2000, blank=True)
    about_en = models.TextField(_("the same in English"), max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_face")
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en or self.name_zh)

    @property
    def about(self) -> Text:
        return Text(self.about_zh or self.about_en, self.about_en or self.about_zh)


FIELDS = ("name_zh", "name_en", "operator", "contact", "about_zh", "about_en")


def shown() -> Face | None:
    """None before the operator has said anything."""
    return Face.objects.first()
