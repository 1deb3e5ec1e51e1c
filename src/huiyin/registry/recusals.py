"""Officers who stepped back from a petition: they neither see nor handle it (art. 28.3, charter 6)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.registry.bodies import Officer


class Recusal(models.Model):
    """One officer and one petition that they have nothing more to do with."""

    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="recusals")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "petition"], name="recused_once")
        ]

    def __str__(self) -> str:
        return f"{self.officer_id}:{self.petition_id}"
