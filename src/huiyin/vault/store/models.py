"""What the key store holds. Nothing here names a petition or a person: a data key is known by a random id."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models


class DataKey(models.Model):
    """The key of one seal, closed under the public half of its purpose: identity, courier or relief."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    purpose = models.CharField(max_length=10)
    key_id = models.CharField(max_length=16)  # of the pair that opens it
    wrapped = models.BinaryField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # Rotation asks what still hangs on an older pair, in the order of ids.
            models.Index(fields=["purpose", "key_id", "id"], name="datakey_by_pair")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Erased(models.Model):
    """That a petition was erased: kept here, so that an older copy of the database is known to be behind."""

    ref = models.CharField(max_length=20, primary_key=True)
    on = models.DateField()
    complete_on = models.DateField()
    ground = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.ref


class OwnKey(models.Model):
    """The same data key once more, closed for the author's own key: of what an author may read back."""

    data_key = models.OneToOneField(DataKey, on_delete=models.CASCADE, related_name="own", primary_key=True)
    wrapped = models.BinaryField()
    reader = models.CharField(max_length=16, default="")  # which key of the author's: they may get a new one

    def __str__(self) -> str:
        return str(self.data_key_id)
