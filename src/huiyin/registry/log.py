"""The public log's own rows: what is counted, how far it is numbered, and every head that was signed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Count(models.Model):
    """One line of figures in the public log: its bytes, and what opens them (`core/cohorts.py`)."""

    # Null: of no petition; it takes back what a restored database no longer knows that it counted.
    petition = models.ForeignKey(
        "registry.Petition", null=True, on_delete=models.PROTECT, related_name="counts", db_index=False
    )
    term = models.PositiveSmallIntegerField()  # seq of the clock
    number = models.BigIntegerField(null=True, unique=True)
    public = models.BinaryField(max_length=400)
    salt = models.BinaryField(max_length=32)
    opening = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["petition", "term"], name="count_of_term"),
            models.Index(fields=["id"], condition=models.Q(number=None), name="count_unnumbered"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}/{self.term}"


class Cohorted(models.Model):
    """A cohort that is open: enough terms went into it at once."""

    period = models.CharField(max_length=7)
    bodies = models.CharField(max_length=45)
    clock = models.CharField(max_length=24)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["period", "bodies", "clock"], name="cohort_once")
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.bodies} {self.clock}"


class Adopted(models.Model):
    """A leaf that stands in the published log, and that this database no longer has a row for.

    It was restored from an older copy; the log goes on behind what was published (`docs/operate/log.md`).
    """

    number = models.BigIntegerField(unique=True)
    public = models.BinaryField(max_length=400)

    def __str__(self) -> str:
        return str(self.number)


class LogSize(models.Model):
    """How many leaves are numbered. One row: whoever numbers holds it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_log")
        ]

    def __str__(self) -> str:
        return str(self.size)


class Head(models.Model):
    """A signed head: written here before anybody else sees it. No two of one size."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    signed_at = models.DateTimeField()
    signed = models.TextField()  # the head as a note

    class Meta:
        ordering: ClassVar[list[str]] = ["size"]

    def __str__(self) -> str:
        return str(self.size)
