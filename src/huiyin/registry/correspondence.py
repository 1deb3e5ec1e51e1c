"""Letters between bodies in supervision, their answers, meetings of a joint conference, inspections.

Nothing here is ever changed or deleted: an answer, the minutes and a finding are rows of their own beside
what they belong to. No row names a petitioner; petitions are named by reference alone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.core.correspondence import ADOPTED
from huiyin.registry.bodies import Body, Officer
from huiyin.registry.problems import Problem


class BodyLetter(models.Model):
    """One letter from a body to another: a proposal, a measure of the conference, a report."""

    sender = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="letters_out")
    receiver = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="letters_in")
    kind = models.CharField(max_length=24)  # of the rulebook in force when it was sent
    text = models.TextField(blank=True)
    about = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=60, blank=True)  # the post that answers for it, never a name
    ground = models.CharField(max_length=24, blank=True)
    refs = models.JSONField(default=list)  # petitions, by reference
    figures = models.JSONField(default=dict)  # what the house counted, small counts left out
    term = models.DateField(null=True)  # until when a written answer is owed
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def problem(self) -> Problem | None:
        """The problem of the public register that it is about, if any."""
        tie: OnProblem | None = getattr(self, "on_problem", None)
        return tie.problem if tie else None


class OnProblem(models.Model):
    """Of a proposal: the problem of the public register that it is to put right."""

    letter = models.OneToOneField(
        BodyLetter, on_delete=models.PROTECT, primary_key=True, related_name="on_problem"
    )
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="proposals")

    def __str__(self) -> str:
        return f"{self.letter_id} {self.problem_id}"


class LetterAnswer(models.Model):
    """The written answer: whether it is adopted, and why (art. 40.4). Given once."""

    letter = models.OneToOneField(BodyLetter, on_delete=models.PROTECT, related_name="answer")
    adopted = models.CharField(max_length=8)
    reasons = models.TextField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(adopted__in=list(ADOPTED)), name="letter_adopted_known")
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.adopted}"


class Meeting(models.Model):
    """A meeting of a joint conference that was called: its day, its agenda, the bodies that are asked."""

    conference = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    day = models.DateField()
    agenda = models.TextField()
    refs = models.JSONField(default=list)
    bodies = models.JSONField(default=list)  # codes
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "-id"]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.day}"


class Minutes(models.Model):
    """What a meeting said and decided, entered once."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    text = models.TextField()
    decisions = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.meeting_id)


class Announced(models.Model):
    """An inspection before its draw: what is drawn from, and the hash of the chance that it is drawn with.

    Chance stays with the house until words were said; one that is never drawn stays on record all the same.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    size = models.PositiveSmallIntegerField()
    chance = models.CharField(max_length=64)  # shown to nobody before the draw
    commitment = models.CharField(max_length=64)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-announced_at", "-id"]

    def __str__(self) -> str:
        return f"{self.body_id} {self.announced_at:%Y-%m-%d}"


class Inspection(models.Model):
    """One draw of files (art. 38). Drawing again is another row: nobody draws until it suits."""

    # Null: drawn before chance was committed to.
    announced = models.OneToOneField(Announced, null=True, on_delete=models.PROTECT, related_name="drawn")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="inspections")
    first = models.DateField()
    last = models.DateField()
    eligible = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # of the list of all files that could come
    listed = models.TextField(blank=True)  # all files that could come, by reference: one a line, sorted
    chance = models.CharField(max_length=64)
    words = models.CharField(max_length=100, blank=True)  # what was said before chance was shown
    seed = models.CharField(max_length=64)
    refs = models.JSONField()  # what was drawn, in the order of the draw
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-drawn_at", "-id"]

    def __str__(self) -> str:
        return f"{self.body_id} {self.drawn_at:%Y-%m-%d}"


class FileCheck(models.Model):
    """What was found in one file of the sample, entered once."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="checks")
    ref = models.CharField(max_length=20)
    answers = models.JSONField()  # item of the checklist -> yes | no | na
    found = models.CharField(max_length=500, blank=True)  # about the work of the body; no person
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["inspection", "ref"], name="file_checked_once")
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.ref}"
