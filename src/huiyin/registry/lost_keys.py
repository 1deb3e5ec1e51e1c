"""Keys that were lost: what is kept of the question, and of the new key until it works.

The question holds a reference as it was typed, whether it exists or not, and is gone within a minute.
"""

from __future__ import annotations

import uuid

from django.db import models


class LostKey(models.Model):
    """Somebody says that they lost the key of this reference: waits for the clerk, who looks it up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ref = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.id.hex


class NewKey(models.Model):
    """A new key that went to what its author left under seal, and does not work yet."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    key_hash = models.BinaryField(max_length=32)
    reading_key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.petition_id)
