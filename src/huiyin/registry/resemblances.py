"""What is kept so that petitions on the same problem find each other: of masked words, and of no report.

A petition has one row, with numbers instead of words, and the petitions that were most like it. It goes with
the petition, and as soon as that becomes a report. Nothing here knows who wrote.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from huiyin.reading import mask

if TYPE_CHECKING:
    from huiyin.reading.similar import Background


class Resemblance(models.Model):
    """One petition as a vector, and those that are most like it: [number of the petition, likeness]."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.CASCADE, primary_key=True, related_name="resemblance"
    )
    vector = models.BinaryField()  # of `reading.similar`: unsigned 32-bit numbers, little-endian
    places = models.JSONField(default=list)  # hashes of the places that the text names
    alike = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.petition_id)


def forget(petition: int) -> None:
    """Let nothing of it be compared or counted any more: it became a report, or is erased."""
    row = Resemblance.objects.filter(pk=petition).defer("vector").first()
    if row is None:
        return
    others = list(Resemblance.objects.filter(pk__in=[number for number, _ in row.alike]).defer("vector"))
    for other in others:
        other.alike = [each for each in other.alike if each[0] != petition]
    Resemblance.objects.bulk_update(others, ["alike"])
    row.delete()


class CommonWords(models.Model):
    """In how many texts each n-gram stands, by its hash alone; none that fewer than three texts have."""

    made_at = models.DateTimeField()
    texts = models.PositiveIntegerField()
    counts = models.BinaryField()
    mask_version = models.PositiveSmallIntegerField(
        null=True
    )  # `mask.VERSION` of the rules that it was read by

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]

    def __str__(self) -> str:
        return str(self.texts)

    @classmethod
    def of(cls, background: Background, now: datetime) -> Self:
        return cls(
            pk=1, made_at=now, texts=background.texts, counts=background.to_bytes(), mask_version=mask.VERSION
        )

    @property
    def background(self) -> Background:
        from huiyin.reading.similar import Background  # numpy is for who compares

        return Background.from_bytes(bytes(self.counts))
