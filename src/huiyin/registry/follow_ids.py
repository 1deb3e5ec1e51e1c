"""The table of names under which another system may ask how a petition stands. Here lies the hash of each."""

from __future__ import annotations

from django.db import models


class FollowId(models.Model):
    """One such name. It tells where the petition stands and none of its words, and makes no move."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.CASCADE, primary_key=True, related_name="follow_id"
    )
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return str(self.petition_id)
