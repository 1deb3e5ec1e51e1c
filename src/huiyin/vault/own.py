"""Open what an author lodged under seal, with the author's own key: nothing else here can.

The key that opens lies with the author. The public process has it while they visit, keeps it nowhere, and
opens neither identity nor contact with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from huiyin.core import seal as boxes
from huiyin.vault import keys
from huiyin.vault.models import EntrySeal, WordsSeal
from huiyin.vault.seal import WORDS
from huiyin.vault.store.models import OwnKey


class NotYours(LookupError):
    """Nothing that this key opens: another's, never sealed for an author, or erased."""


def open_words(petition_id: int, reading: bytes) -> dict[str, Any]:
    """Subject, text and whom it is about. Raises NotYours or SealBroken."""
    row = WordsSeal.objects.filter(petition_id=petition_id).first()
    if row is None:
        raise NotYours("nothing is sealed here")
    plain = boxes.unlock(bytes(row.sealed), _data_key(row.data_key, reading), keys.IDENTITY)
    said: dict[str, Any] = json.loads(plain)
    return said


def open_said(petitions: Iterable[int], reading: bytes) -> dict[int, dict[str, Any]]:
    """What was said in words on reports, by entry; what this key does not open is left out."""
    rows = list(EntrySeal.objects.filter(petition_id__in=list(petitions)))
    known = OwnKey.objects.in_bulk([row.data_key for row in rows])
    opened = {}
    for row in rows:
        try:
            key = boxes.open_seal(bytes(known[row.data_key].wrapped), reading)
            opened[row.pk] = json.loads(boxes.unlock(bytes(row.sealed), key, keys.IDENTITY))
        except (KeyError, boxes.SealBroken):
            continue  # erased, or closed for a key that was lost
    return opened


def open_file(data_key: UUID, label: bytes, content: bytes, reading: bytes) -> tuple[dict[str, str], bytes]:
    """Name and digest of a file, and its bytes (b'' where only the name is asked for). Raises as above."""
    key = _data_key(data_key, reading)
    told: dict[str, str] = json.loads(boxes.unlock(label, key, WORDS))
    return told, boxes.unlock(content, key, WORDS) if content else b""


def _data_key(data_key: UUID, reading: bytes) -> bytes:
    kept = OwnKey.objects.filter(pk=data_key).first()
    if kept is None:
        raise NotYours("nothing is sealed here for an author")
    return boxes.open_seal(bytes(kept.wrapped), reading)
