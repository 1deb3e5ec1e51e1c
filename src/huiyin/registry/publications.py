"""What is published of a re-review opinion: masked, and with nothing that leads to petition or author."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.registry.bodies import Body


class Publication(models.Model):
    """One published opinion. Its own number is its key; the reference of its petition is shown nowhere."""

    # Cut when the petition is erased: what is left is that something was published and is not any more.
    petition = models.OneToOneField(
        "registry.Petition", null=True, on_delete=models.SET_NULL, related_name="publication"
    )
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    rulebook = models.CharField(max_length=40)
    article = models.CharField(max_length=12)  # of the opinion
    outcome = models.CharField(max_length=24)
    issued_on = models.DateField()  # the day of the opinion
    text = models.TextField()
    published_on = models.DateField(db_index=True)
    withdrawn_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-published_on", "-id"]

    def __str__(self) -> str:
        return str(self.pk)
