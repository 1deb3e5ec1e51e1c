"""New data keys for those who seal: made and wrapped some ahead, so that a filing waits for one commit only.

The key store is a second database. A key for each seal at its very moment would cost each filing a second
commit; so a process makes a few at once, stores them wrapped, and hands them out one by one. Those that a
process never hands out lock nothing and stay in the store as dead weight of some 150 bytes each.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import connections, transaction

from huiyin.core import seal as boxes
from huiyin.vault import keys
from huiyin.vault.store.models import DataKey
from huiyin.vault.store.router import ALIAS

AHEAD = 64
FRESH = 600.0  # seconds: what lies in memory longer than that is thrown away unused


@dataclass(frozen=True, slots=True, repr=False)
class Fresh:
    """A data key in the clear, for the one seal that it is handed out for. Has no repr: it must not leak."""

    id: UUID
    key: bytes


@dataclass(slots=True)
class _Batch:
    pair: str
    process: int
    made: float
    ready: list[Fresh] = field(repr=False)

    def is_good(self, pair: str) -> bool:
        # A process that forked shares no key with its parent, and no key outlives a change of the pair.
        young = time.monotonic() - self.made < FRESH
        return bool(self.ready) and young and self.pair == pair and self.process == os.getpid()


_batches: dict[str, _Batch] = {}
_turn = threading.Lock()


def take(purpose: str) -> Fresh:
    """A data key that was never used, already wrapped in the key store. Raises KeyRefused, DatabaseError."""
    pair = keys.key_id(purpose)
    with _turn:
        batch = _batches.get(purpose)
        if batch is None or not batch.is_good(pair):
            batch = _batches[purpose] = _Batch(pair, os.getpid(), time.monotonic(), _made(purpose, pair))
        # By chance, so that the order of the store does not tell in which order they were needed.
        return batch.ready.pop(secrets.randbelow(len(batch.ready)))


def forget() -> None:
    """Throw away what was made ahead."""
    with _turn:
        _batches.clear()


def _made(purpose: str, pair: str) -> list[Fresh]:
    public = keys.public(purpose)
    fresh = [Fresh(uuid4(), secrets.token_bytes(boxes.DATA_KEY_BYTES)) for _ in range(AHEAD)]
    _store([(each.id, purpose, pair, boxes.close(each.key, public)) for each in fresh])
    return fresh


def _store(rows: Sequence[tuple[UUID, str, str, bytes]]) -> None:
    """Put wrapped keys into the store: one statement again and again, for `bulk_create` costs as much as to
    wrap them.
    """
    connection = connections[ALIAS]
    ready = DataKey._meta.get_field("id").get_db_prep_save
    with transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO keystore_datakey (id, purpose, key_id, wrapped) VALUES (%s, %s, %s, %s)",
            [(ready(name, connection), purpose, pair, locked) for name, purpose, pair, locked in rows],
        )
