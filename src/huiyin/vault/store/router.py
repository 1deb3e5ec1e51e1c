"""Keeps the key store in its own database, and everything else out of it."""

from __future__ import annotations

from typing import Any

ALIAS = "keys"
LABEL = "keystore"


class Router:
    """The key store's models live in the database `keys` alone."""

    def db_for_read(self, model: Any, **_: Any) -> str | None:
        return ALIAS if model._meta.app_label == LABEL else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **_: Any) -> bool | None:
        return None if one._meta.app_label == other._meta.app_label else LABEL not in _labels(one, other)

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        return (db == ALIAS) == (app_label == LABEL)


def _labels(*rows: Any) -> set[str]:
    return {row._meta.app_label for row in rows}
