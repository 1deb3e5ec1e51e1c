"""Drafts of an opinion: every save is a version, kept, and shown to the author once the opinion is served.

A draft decides nothing and is no move: it changes no state, starts no clock and leaves no entry. What is
submitted for signature does, and stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import IntegrityError, models, transaction

from huiyin.core.vocabulary import VERBS
from huiyin.registry.bodies import Officer

if TYPE_CHECKING:
    from huiyin.registry.models import Petition
    from huiyin.registry.story import Story


class Draft(models.Model):
    """One version of what somebody began to write, complete or not."""

    petition = models.ForeignKey(
        "registry.Petition", on_delete=models.CASCADE, related_name="drafts", db_index=False
    )
    verb = models.CharField(max_length=32)  # the move that it is written for
    number = models.PositiveSmallIntegerField()
    officer = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    saved_at = models.DateTimeField()
    contents = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two who save at once: one makes this version, the other is told of it.
            models.UniqueConstraint(fields=["petition", "verb", "number"], name="draft_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.verb} {self.number}"


def latest(petition: Petition, verb: str) -> Draft | None:
    """The newest version, or None."""
    return (
        Draft.objects.filter(petition=petition, verb=verb)
        .select_related("officer")
        .order_by("-number")
        .first()
    )


def save(
    petition: Petition,
    verb: str,
    contents: Mapping[str, Any],
    officer: Officer,
    now: datetime,
    *,
    based_on: int,
) -> Draft | None:
    """Keep one more version. None: somebody saved another one since `based_on`, and nothing was written.

    Saving twice what stands there already makes no new version.
    """
    newest = latest(petition, verb)
    if newest and newest.contents == contents:
        return newest
    if (newest.number if newest else 0) != based_on:
        return None
    try:
        with transaction.atomic():
            return Draft.objects.create(
                petition=petition,
                verb=verb,
                number=based_on + 1,
                officer=officer,
                saved_at=now,
                contents=dict(contents),
            )
    except IntegrityError:
        return None


def shown_to_author(petition: Petition, story: Story) -> list[Draft]:
    """The versions of every opinion that has been served by now, oldest first."""
    served = [t.recorded_at for t in story.timeline if t.event == VERBS["serve"] and t.recorded_at]
    if not served:
        return []
    return list(
        Draft.objects.filter(petition=petition, saved_at__lte=max(served)).order_by("saved_at", "number")
    )
