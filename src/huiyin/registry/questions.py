"""Questions that a body asks the public (人民建议征集, art. 29), and the suggestions that answer them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.registry.bodies import Body


class Question(models.Model):
    """What a body wants to hear about, until when, and in the end what came of it."""

    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40, unique=True)
    asks = models.CharField(_("question"), max_length=200)
    why = models.TextField(_("what it is about, and what the answers are used for"), max_length=5000)
    opens_on = models.DateField(_("open from"))
    closes_on = models.DateField(_("open until"))
    asked_at = models.DateTimeField()
    outcome = models.TextField(_("what came of it"), max_length=10_000, blank=True)
    answered_at = models.DateTimeField(null=True)
    # {adopted, part, not: number or null where it is too small to tell}, as it stood when it was published
    tally = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["closes_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(opens_on__lte=models.F("closes_on")), name="question_opens_first"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def is_open(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on


class Suggested(models.Model):
    """A suggestion that was lodged in answer to a question."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.CASCADE, related_name="suggested", primary_key=True
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="suggested")

    def __str__(self) -> str:
        return f"{self.question_id}"
