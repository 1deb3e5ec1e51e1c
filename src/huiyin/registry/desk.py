"""What an officer keeps at their own desk: what is new to them, and the filters they use every day.

A mark of reading is for whoever reads, never for whoever leads or waits (decision 0050): it holds a version
and no time, only its own officer's inbox asks for it, and it goes as soon as the petition leaves that inbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from huiyin.registry.bodies import Officer

if TYPE_CHECKING:
    from huiyin.registry.models import Petition

MOST_FILTERS = 8  # more would be a list of its own to look through
TITLE_LENGTH = 30


class Opened(models.Model):
    """The version of a petition that an officer last had before them."""

    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "petition"], name="opened_once")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.version}"


class SavedFilter(models.Model):
    """A named choice of the inbox's filters, of one officer. It names states and days, and no petition."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="saved_filters")
    title = models.CharField(max_length=TITLE_LENGTH)
    wanted = models.JSONField()  # field of the filter form -> its choice

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "title"], name="saved_filter_title_once")
        ]

    def __str__(self) -> str:
        return self.title


def note_opened(petition: Petition, officer: Officer) -> None:
    """Remember that this officer has this version before them; writes only if it is a new one."""
    known = Opened.objects.filter(petition=petition, officer=officer).values_list("version", flat=True)
    if list(known) != [petition.version]:
        Opened.objects.bulk_create(
            [Opened(petition=petition, officer=officer, version=petition.version)],
            update_conflicts=True,
            unique_fields=["officer", "petition"],
            update_fields=["version"],
        )


def has_opened(officer: Officer) -> Exists:
    """Of a petition in a query: whether nothing happened since this officer last opened it."""
    return Exists(
        Opened.objects.filter(petition=OuterRef("pk"), officer=officer, version=OuterRef("version"))
    )


def own_step(petition: Petition, officer: Officer) -> None:
    """Whoever made the last step themselves has nothing new to read in it."""
    Opened.objects.filter(petition=petition, officer=officer).update(version=petition.version)


def unseen(petition: Petition) -> None:
    """A step that no desk is told of is new to nobody: whoever had read everything still has."""
    Opened.objects.filter(petition=petition, version=petition.version - 1).update(version=petition.version)


def clear(petition: Petition) -> None:
    """Forget who had it open: called in the transaction in which it leaves their inbox."""
    Opened.objects.filter(petition=petition).delete()


def save_filter(officer: Officer, title: str, wanted: Mapping[str, str]) -> SavedFilter | None:
    """Keep a filter under a title, in place of one of the same title. None: there are as many as may be."""
    with transaction.atomic():
        kept = SavedFilter.objects.filter(officer=officer)
        if kept.exclude(title=title).count() >= MOST_FILTERS:
            return None
        made, _ = kept.update_or_create(officer=officer, title=title, defaults={"wanted": dict(wanted)})
        return made


def drop_filter(officer: Officer, number: int) -> SavedFilter | None:
    """Take one of this officer's own filters away and answer it, so that it can be put back."""
    found = SavedFilter.objects.filter(officer=officer, pk=number).first()
    if found is not None:
        SavedFilter.objects.filter(pk=found.pk).delete()
    return found
