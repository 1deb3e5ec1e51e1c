"""Letters on paper that wait to be put on record: files as they were brought, and the pages that they hold.

Names and reports stand on these pages, so each file and each page is locked under a data key of its own, and
row and bytes are one: they come with one transaction and go with one. A file that was dealt with leaves a
keyed digest for a while, so that it is not taken a second time.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models

from huiyin.registry.bodies import Officer

WAITING, SPLIT, PROBLEM, DONE = "waiting", "split", "problem", "done"
SHEET, BLANK = "sheet", "blank"


class PaperFile(models.Model):
    """One PDF or picture, as it was brought for one body."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    body = models.CharField(max_length=40)  # code of the body whose registrars see it
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)  # keyed: tells that it came before, and nobody what is in it
    blank_parts = models.BooleanField(default=False)  # whether a letter begins after a blank page
    state = models.CharField(max_length=8, default=WAITING)
    problem = models.CharField(max_length=12, blank=True, default="")
    pages = models.PositiveSmallIntegerField(default=0)  # how many it has; 0: not known yet
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    data_key = models.UUIDField(null=True)
    told = models.BinaryField(null=True)  # its name, locked
    content = models.BinaryField(null=True)  # its bytes, locked; gone once no page of it waits

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "digest"], name="paper_file_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["body", "state", "at"], name="paper_file_waiting")
        ]

    def __str__(self) -> str:
        return str(self.id)


class PaperLetter(models.Model):
    """Pages that belong together, and will be one petition."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    body = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)  # put on record: its pages are gone, and who was late is told
    taken_by = models.BigIntegerField(null=True)  # the officer

    def __str__(self) -> str:
        return str(self.id)


class PaperPage(models.Model):
    """One page, a JPEG. Its order is that in which pages came: its number."""

    file = models.ForeignKey(PaperFile, on_delete=models.PROTECT, related_name="held")
    letter = models.ForeignKey(PaperLetter, null=True, on_delete=models.SET_NULL, related_name="pages")
    number = models.PositiveSmallIntegerField()  # in its file, from 1
    kind = models.CharField(max_length=8, blank=True, default="")  # a separator sheet, or blank
    turned = models.PositiveSmallIntegerField(default=0)  # degrees, clockwise
    wide = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField()
    data_key = models.UUIDField()
    told = models.BinaryField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "number"], name="paper_page_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"

    @property
    def frame(self) -> tuple[int, int]:
        """Width and height as it is shown, turned."""
        return (self.high, self.wide) if self.turned % 180 else (self.wide, self.high)

    @property
    def transform(self) -> str:
        """How a drawing turns it into that frame (SVG)."""
        along = {90: (self.high, 0), 180: (self.wide, self.high), 270: (0, self.wide)}.get(
            self.turned, (0, 0)
        )
        return f"translate({along[0]} {along[1]}) rotate({self.turned})"
