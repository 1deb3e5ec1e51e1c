"""The register of problems: what is broken, how many petitions ask, since when, and what is done about it.

A problem is about a thing in a place, no finer than a street or a compound. Its petitions are counted and
rounded down; who wrote them is not known here, and which they are is seen by whoever may see each.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.registry.bodies import Body

CANDIDATE, ADOPTED, DONE, DISMISSED = "candidate", "adopted", "done", "dismissed"
STATES = (
    (CANDIDATE, _("candidate")),
    (ADOPTED, _("taken up")),
    (DONE, _("done")),
    (DISMISSED, _("dismissed")),
)
PUBLIC = (ADOPTED, DONE)
TITLE, PLACE, WORDS = 80, 60, 2000  # lengths


class Problem(models.Model):
    """One thing that is broken, and the body that owns it."""

    body = models.ForeignKey(
        Body, verbose_name=_("body that puts it right"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=STATES, default=CANDIDATE)
    title = models.CharField(_("what is broken, in one line"), max_length=TITLE, blank=True)
    place = models.CharField(_("where, no finer than a street or a compound"), max_length=PLACE, blank=True)
    broken = models.TextField(_("what is broken, and what it does"), max_length=WORDS, blank=True)
    plan = models.TextField(_("what we do"), max_length=WORDS, blank=True)
    plan_by = models.DateField(_("by when"), null=True, blank=True)
    outcome = models.TextField(_("what we did"), max_length=WORDS, blank=True)
    reason = models.TextField(_("why it is none"), max_length=WORDS, blank=True)

    petitions = models.PositiveIntegerField(default=0)  # at least so many ask: a multiple of k, 0 for too few
    since = models.DateField()  # the first day of the month in which the first of them was lodged
    found_on = models.DateField()
    decided_on = models.DateField(null=True)  # taken up, or dismissed
    planned_on = models.DateField(null=True)  # the plan as it stands
    done_on = models.DateField(null=True)
    refreshed_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-petitions", "-since", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-petitions", "id"], name="problem_by_state"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ProblemMember(models.Model):
    """A petition that asks about a problem. It keeps its own terms, receipt and answer."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.CASCADE, primary_key=True, related_name="asks_about"
    )
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="members")

    def __str__(self) -> str:
        return f"{self.petition_id}@{self.problem_id}"
