"""Lists of open cases that somebody brought to the desk to take them over: locked, and for a while only.

Names, addresses and texts stand in them, so list and report are each locked under a data key of their own,
and row and bytes are one: they come with one transaction and go with one.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models

from huiyin.registry.bodies import Officer
from huiyin.registry.takeovers import Takeover

COLUMNS, LOOKING, LOOKED, TAKING, TAKEN, PROBLEM = (
    "columns",
    "looking",
    "looked",
    "taking",
    "taken",
    "problem",
)


class CasesFile(models.Model):
    """One list, from its upload until its report was read."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    takeover = models.ForeignKey(Takeover, on_delete=models.CASCADE, related_name="files")
    by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()  # when somebody last did something with it
    state = models.CharField(max_length=8, default=COLUMNS)
    problem = models.CharField(max_length=12, blank=True, default="")
    columns = models.JSONField(default=dict)  # field -> heading; no value of the list
    lines = models.PositiveIntegerField(default=0)  # how many it has; 0: not known yet
    gone_through = models.PositiveIntegerField(default=0)
    outcomes = models.JSONField(default=dict)  # outcome -> how many lines; "late" apart
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    data_key = models.UUIDField(null=True)
    told = models.BinaryField(null=True)  # its name and headings, locked
    content = models.BinaryField(null=True)  # its bytes, locked; gone once it is taken over
    report_key = models.UUIDField(null=True)
    report_told = models.BinaryField(null=True)
    report = models.BinaryField(null=True)  # what became of each line, locked

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "at"], name="cases_file_waiting")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_going(self) -> bool:
        return self.state in {LOOKING, TAKING}
