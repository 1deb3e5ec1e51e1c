"""Closes the two seals of a petition for another installation: anew are the boxes around their data keys.

What is sealed is not opened: nobody, this process included, reads a name on the way. Only the clerk may ask,
once the other installation has put the petition on record (decision 0084).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from huiyin.core import seal as boxes
from huiyin.vault import holders, keys
from huiyin.vault.models import ContactSeal, IdentitySeal
from huiyin.vault.store.models import DataKey
from huiyin.vault.store.router import ALIAS

SEALS: dict[str, type[IdentitySeal | ContactSeal]] = {keys.IDENTITY: IdentitySeal, keys.CONTACT: ContactSeal}


class OtherPair(ValueError):
    """Closed for a pair of keys that is not, or no longer, ours."""


def our_keys() -> dict[str, str]:
    """The public halves (hex) that another installation is to close seals for."""
    return {purpose: keys.public(purpose).hex() for purpose in SEALS}


def closed_for(petition_id: int, theirs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Purpose -> what is sealed, and its data key closed for their public half. Empty: nothing is sealed.

    Raises SealBroken; KeyRefused where this process lacks a private half; KeyError, ValueError for bad keys.
    """
    made: dict[str, dict[str, str]] = {}
    for purpose, model in SEALS.items():
        row = model.objects.filter(petition_id=petition_id).first()
        kept = DataKey.objects.filter(pk=row.data_key, purpose=purpose).first() if row else None
        if row is None or kept is None:
            continue
        public = bytes.fromhex(theirs[purpose])
        opened = holders.holder().opened(purpose, kept.key_id, bytes(kept.wrapped))
        made[purpose] = {
            "sealed": base64.b64encode(bytes(row.sealed)).decode(),
            "wrapped": base64.b64encode(boxes.close(opened, public)).decode(),
            "key_id": keys.id_of(public),
        }
    return made


def _pair(kept: DataKey) -> str:
    return "" if kept.key_id == keys.key_id(kept.purpose) else kept.key_id


def taken_over(
    number: UUID, petition_id: int, seals: Mapping[str, Mapping[str, Any]], now: Any
) -> dict[str, IdentitySeal | ContactSeal]:
    """Put the data keys into the key store, and answer the rows that hold the seals; again is the same.

    Raises OtherPair where they were closed for a pair that this installation has no more.
    """
    rows: dict[str, IdentitySeal | ContactSeal] = {}
    for purpose, model in SEALS.items():
        if purpose not in seals:
            continue
        said = seals[purpose]
        if said["key_id"] not in {keys.key_id(purpose), *keys.retired_pairs(purpose)}:
            raise OtherPair(purpose)
        data_key = uuid5(number, purpose)
        with transaction.atomic(using=ALIAS):
            DataKey.objects.get_or_create(
                pk=data_key,
                defaults={
                    "purpose": purpose,
                    "key_id": said["key_id"],
                    "wrapped": base64.b64decode(said["wrapped"], validate=True),
                },
            )
        rows[purpose] = model(
            petition_id=petition_id,
            sealed=base64.b64decode(said["sealed"], validate=True),
            data_key=data_key,
            sealed_at=now,
        )
    return rows
