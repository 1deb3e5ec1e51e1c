"""Destroy data keys: what they locked is erased with them, in every copy of the database as well."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connections

from huiyin.vault.models import Spent
from huiyin.vault.store.models import DataKey
from huiyin.vault.store.router import ALIAS

BATCH = 500


def destroy_spent() -> int:
    """Destroy the keys of seals that were taken away; answer how many. Killed half-way, it goes on."""
    done = 0
    while waiting := list(Spent.objects.values_list("data_key", flat=True)[:BATCH]):
        destroy(waiting)
        done += Spent.objects.filter(pk__in=waiting).delete()[0]
    return done


def destroy(data_keys: Iterable[UUID]) -> None:
    """Destroy these keys in the store, and leave nothing of them in what it keeps beside its pages."""
    gone, _ = DataKey.objects.filter(pk__in=list(data_keys)).delete()
    connection = connections[ALIAS]
    if not gone or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # `secure_delete` has overwritten the page; the log beside it may still hold the page of before.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(f"VACUUM {connection.ops.quote_name(DataKey._meta.db_table)}")
