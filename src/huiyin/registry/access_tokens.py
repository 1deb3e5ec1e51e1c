"""The table of tokens by which a program acts for an officer. Here lies the hash of each, and no more."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.registry.bodies import Officer

TITLE = 60


class AccessToken(models.Model):
    """One token. What is held by the program is shown once and kept nowhere; here lies its hash."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="access_tokens")
    titled = models.CharField(max_length=TITLE)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    bound = models.CharField(max_length=64)  # to how the officer proved themselves when it was made
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)  # the day of its last use, for the officer to see

    class Meta:
        ordering: ClassVar[list[str]] = ["-since", "-id"]

    def __str__(self) -> str:
        return self.titled
