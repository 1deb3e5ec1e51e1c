"""Change a pair of keys: the small boxes around the data keys are made anew, and no content is touched."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from huiyin.core import seal as boxes
from huiyin.vault import keys
from huiyin.vault.store.models import DataKey

PURPOSES = (keys.IDENTITY, keys.CONTACT, keys.RELIEF)
BATCH = 500


@dataclass(frozen=True, slots=True)
class StillNeeded(Exception):
    """Data keys are still closed for a pair that was to be destroyed."""

    purpose: str
    count: int


def rotate(purpose: str) -> int:
    """Make a new pair and close every data key for it; answer how many. Killed half-way: `rewrap` goes on."""
    keys.replace(purpose)
    return rewrap(purpose)


def rewrap(purpose: str) -> int:
    """Close for the pair of today whatever is still closed for an older one."""
    today, public = keys.key_id(purpose), keys.public(purpose)
    done = 0
    while rows := list(_older(purpose, today)[:BATCH]):
        for row in rows:
            opened = boxes.open_seal(bytes(row.wrapped), keys.private(purpose, row.key_id))
            fresh = boxes.close(opened, public)
            # A key that was destroyed meanwhile is not brought back.
            done += DataKey.objects.filter(pk=row.pk, key_id=row.key_id).update(wrapped=fresh, key_id=today)
    return done


def destroy_old(purpose: str) -> int:
    """Destroy the private halves that nothing needs any more; answer how many. Raises StillNeeded."""
    if waiting := _older(purpose, keys.key_id(purpose)).count():
        raise StillNeeded(purpose, waiting)
    old = keys.retired_pairs(purpose)
    for pair in old:
        keys.destroy(purpose, pair)
    return len(old)


def _older(purpose: str, today: str) -> QuerySet[DataKey]:
    return DataKey.objects.filter(purpose=purpose).exclude(key_id=today).order_by("pk")
