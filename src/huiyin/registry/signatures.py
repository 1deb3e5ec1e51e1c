"""Who signed one petition together: rows without order, time, inviter or first signer.

A row has a random name and no number, and the clerk writes all rows of a petition anew once a day, in the
order of their random names, so that where a row lies in the file tells little about when it came.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class Invitation(models.Model):
    """The one link by which others join a petition. Only its digest is kept, so nobody can read it back."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.CASCADE, primary_key=True, related_name="invitation"
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    until = models.DateField()  # the last day on which somebody may join
    is_open = models.BooleanField(default=True)
    counted_on = models.DateField(db_index=True)  # the signatures are counted once a day, whatever happened

    def __str__(self) -> str:
        return str(self.petition_id)


class Signature(models.Model):
    """One of those who ask together, whoever lodged it included: a key of their own, and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    petition = models.ForeignKey(
        "registry.Petition", on_delete=models.CASCADE, related_name="signatures", db_index=False
    )
    key_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["petition", "key_hash"], name="signature_once")
        ]

    def __str__(self) -> str:
        return self.id.hex
