"""What bodies have to carry out, a row a task; `perform` writes it with the entry of the move it is from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core import tasks

KINDS = (
    ("remedy", _("Remedy")),
    ("notice", _("Notice")),
    ("hearing", _("Hearing")),
    ("site-check", _("Check on site")),
    ("reception-place", _("Reception place")),
)


class Task(models.Model):
    """One thing that a body promised or was told to do. Never about a person (charter 4)."""

    petition = models.ForeignKey(
        "registry.Petition", on_delete=models.CASCADE, related_name="tasks", db_index=False
    )
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=KINDS)
    what = models.TextField(blank=True)  # nothing: what the opinion supports, as it stands there
    body = models.CharField(max_length=40)  # code of the body that carries it out
    due = models.DateField(null=True)
    state = models.CharField(max_length=10, default=tasks.DUE)
    clock = models.PositiveSmallIntegerField(default=0)  # seq of the clock that runs for it
    report = models.TextField(blank=True)
    reported_on = models.DateField(null=True)
    answer = models.TextField(blank=True)  # the author's, when asked whether it was carried out
    answered_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["petition", "seq"], name="task_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[code for code, _text in KINDS]), name="task_kind_known"
            ),
            models.CheckConstraint(condition=models.Q(state__in=tasks.TASK_STATES), name="task_state_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What a body has to carry out, by day.
            models.Index(fields=["body", "state", "due"], name="task_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}/{self.seq}"
