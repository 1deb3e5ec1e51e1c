"""Yearly assessments that were issued, and the objection of an assessed body. Nothing here is ever rewritten.

An assessment keeps the counts that it rests on, so that it can be reckoned again under the same formula
whatever happens to the petitions. Counts alone: no petition, and nobody, is in it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core import assessment_proof
from huiyin.registry.bodies import Body, Officer

DISMISSED, UPHELD = "dismissed", "upheld"
DECISIONS = (
    (UPHELD, _("The objection is right: the item is left out")),
    (DISMISSED, _("The objection is not right: the item stays")),
)


class Assessment(models.Model):
    """What one body's year came to on the day on which it was issued; once a body and year."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="assessments")
    year = models.PositiveSmallIntegerField()
    rulebook = models.CharField(max_length=40)
    formula = models.JSONField()  # as it was: {items: [[name, term, points, clocks]], weights, unsaid}
    record = models.JSONField()  # {table: {key: number}}, what the formula reads and no more
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # null: nothing was owed
    log_size = models.PositiveBigIntegerField(default=0)  # leaves of the public log at that moment
    log_root = models.CharField(max_length=64, blank=True)
    object_by = models.DateField()  # until when the body may object
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "body__path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "year"], name="assessed_once")
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.year}"


class Objection(models.Model):
    """What a body objects to in its assessment: one item, with reasons. Once an assessment."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="objection")
    item = models.CharField(max_length=24)
    reasons = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    decide_by = models.DateField()

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.item}"


class AssessmentEntry(models.Model):
    """The line of the public log of one step of an assessment: its bytes, and what opens them.

    Numbered by the clerk like the entries of petitions; nothing but its number is ever changed.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="entries")
    step = models.CharField(max_length=8)
    recorded_at = models.DateTimeField()
    number = models.BigIntegerField(null=True, unique=True)
    public = models.BinaryField(max_length=400)
    salt = models.BinaryField(max_length=32)
    opening = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "step"], name="assessment_step_once"),
            models.CheckConstraint(
                condition=models.Q(step__in=assessment_proof.STEPS), name="assessment_step_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=models.Q(number=None), name="assessment_entry_unnumbered"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.step}"


class Decision(models.Model):
    """What somebody else decided on an objection, and why. Once."""

    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="decision")
    decided = models.CharField(max_length=10, choices=DECISIONS)
    reasons = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(decided__in=[code for code, _text in DECISIONS]),
                name="objection_decided_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.decided}"
