"""Petitions on the same matter: linked with one another, never merged, and never by who asks.

A link says that the matter is the same. It says nothing about the authors, and nothing here knows them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Matter(models.Model):
    """What is at stake in several petitions. It has no words of its own: those are each petition's."""

    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class MatterLink(models.Model):
    """One petition of a matter, the officer who said so, and why."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="links")
    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.CASCADE, primary_key=True, related_name="matter_link"
    )
    reasons = models.TextField()
    officer = models.ForeignKey(
        "registry.Officer", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["since"]

    def __str__(self) -> str:
        return f"{self.petition_id}@{self.matter_id}"
