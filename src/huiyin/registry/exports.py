"""What an officer took out of the house as a file: who, when, what. The author sees what was taken of theirs.

A row is written before the file is made and is never changed. Whoever only looks at a page takes nothing.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.registry.bodies import Officer

KINDS = (
    ("case-pdf", _("case file as PDF")),
    ("case-zip", _("case file as ZIP")),
    ("year-csv", _("figures of a year as CSV")),
    ("year-html", _("annual report as HTML")),
    ("year-docx", _("annual report as DOCX")),
    ("year-pdf", _("annual report as PDF")),
    ("letter-pdf", _("letter as PDF")),
    ("slip-pdf", _("proof of service as PDF")),
    ("file", _("attachment")),
)


class Export(models.Model):
    """One file that was taken."""

    at = models.DateTimeField()
    officer = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    body = models.CharField(max_length=40)  # code of the body for which it was taken
    role = models.CharField(max_length=16)
    what = models.CharField(max_length=10, choices=KINDS)
    # Of the figures of a year no petition is named: they hold none.
    petition = models.ForeignKey(
        "registry.Petition", null=True, on_delete=models.CASCADE, related_name="exports"
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at", "id"], name="export_by_time")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
