"""Document numbers: one series a body, a kind of document and a year, without gaps.

A number is taken in the transaction of the move that issues the document, and goes into what the entry
commits to. A move that fails gives its number back with everything else.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F

from huiyin.core import case, documents, rulebook
from huiyin.registry.bodies import Body

CONTENT = "document_number"  # where an entry keeps it, beside what the move said


class Series(models.Model):
    """The last number that was given in one series."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "series", "year"], name="series_once")
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.series} {self.year}: {self.last}"


def numbered(after: case.After, held: case.Case, holder: Body, day: date) -> dict[str, str]:
    """The number of the document that this move leaves, as a content of its entry; empty for one without.

    Only inside the transaction that writes the entry: until it ends, whoever issues in the same series waits.
    What is written on a report bears its reference alone: a gap in a series would tell whoever may not know
    of it that there is one.
    """
    if after.case.kind == "report":
        return {}
    book = rulebook.by_id(after.rulebook)
    rule = book.document_of(after.row)
    if rule is None or not rule.series or book.letters is None:
        return {}
    elsewhere = after.row.at == "handled" and held.handled_by not in {"", holder.code}
    body = Body.objects.get(code=held.handled_by) if elsewhere else holder
    if body.external:
        return {}  # it wrote the letter itself, and gave it a number of its own
    n = _next(body, rule.series, day.year)
    form = book.letters.number
    return {CONTENT: documents.number_of(form, organ=body.sign, series=rule.series, year=day.year, n=n)}


def _next(body: Body, series: str, year: int) -> int:
    mine = Series.objects.filter(body=body, series=series, year=year)
    while not mine.update(last=F("last") + 1):  # locks the row until the transaction ends
        # The first one of its year; of two at once, one makes the row and the other waits for it.
        Series.objects.bulk_create([Series(body=body, series=series, year=year)], ignore_conflicts=True)
    return mine.values_list("last", flat=True).get()
