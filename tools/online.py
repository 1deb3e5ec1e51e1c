"""Whether each new migration can run while the release before it is in use: `python tools/online.py`.

Exit 1 where one cannot. Those of before this rule are frozen in BEFORE. What is new must neither lock a table
of before for longer than a moment, nor take away what a running process still reads or writes.
The rules are those of squawk (https://squawkhq.com) and strong_migrations. squawk reads SQL, which Django
prints only where a server is at hand; so here they are asked of the operations themselves.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.db import models
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from huiyin.registry.online import AddCheckOnline, AddIndexOnline, RemoveIndexOnline

APPS = ("registry", "vault", "keystore")
# The last migration of each app that was written before this rule; it and what it stands on are not judged.
BEFORE = {"registry": ("0104",), "vault": ("0008",), "keystore": ("0004",)}
UNUSED = "unused_since"  # of a migration that drops something: the release since which nothing asks for it

ADVICE = {
    "index": "locks out writers while it is built: AddIndexOnline (registry/online.py), and atomic = False",
    "drop-index": "waits for every reader, and they for it: RemoveIndexOnline, and atomic = False",
    "constraint": "checks every row under a lock: AddCheckOnline where all rows of before keep it",
    "not-null": "an INSERT of the release before fails without it: a db_default, or null=True",
    "set-not-null": "checks every row under a lock, and the release before may write nothing: leave it null",
    "type": "writes the table anew under a lock: add a field beside it, and fill that in batches",
    "rename": "the release before asks for the old name: add the new one, drop the old one a release later",
    "drop": f"the release before still asks for it: wait a release, then name it with `{UNUSED}`",
    "indexed-field": "builds an index or checks a key under a lock: db_index=False, then AddIndexOnline",
    "data": "holds the lock of the schema change while rows are written: a migration of its own",
    "atomic": "runs outside of any transaction: atomic = False",
}


def judged(app: str, name: str) -> bool:
    """Whether this migration is of the time of the rule."""
    return app in APPS and name[:4] > max(BEFORE[app])


def faults(migration: Any, state: ProjectState) -> Iterator[tuple[str, str]]:
    """(what is wrong, of what) in one migration; `state`: of the models before it."""
    app, new = migration.app_label, set()
    state = state.clone()
    for operation in migration.operations:
        if isinstance(operation, ops.CreateModel):
            new.add(operation.name_lower)
        model = str(getattr(operation, "model_name_lower", getattr(operation, "name_lower", "")))
        if model not in new:
            for code in _of(operation, state, app, migration):
                yield code, f"{type(operation).__name__} {model}".strip()
        operation.state_forwards(app, state)
    schema = any(not isinstance(each, (ops.RunPython, ops.RunSQL)) for each in migration.operations)
    data = any(isinstance(each, (ops.RunPython, ops.RunSQL)) for each in migration.operations)
    if schema and data and migration.atomic and _touches_old(migration, new):
        yield "data", "RunPython"


def _touches_old(migration: Any, new: set[str]) -> bool:
    return any(getattr(each, "model_name_lower", None) not in {None, *new} for each in migration.operations)


def _of(operation: Any, state: ProjectState, app: str, migration: Any) -> Iterator[str]:
    if isinstance(operation, ops.AddIndex):
        yield from _alone(migration) if isinstance(operation, AddIndexOnline) else ("index",)
    elif isinstance(operation, ops.RemoveIndex):
        yield from _alone(migration) if isinstance(operation, RemoveIndexOnline) else ("drop-index",)
    elif isinstance(operation, ops.AddConstraint):
        yield from () if isinstance(operation, AddCheckOnline) else ("constraint",)
    elif isinstance(operation, ops.AddField):
        yield from _added(operation.field)
    elif isinstance(operation, ops.AlterField):
        before = state.models[app, operation.model_name_lower].get_field(operation.name)
        yield from _altered(before, operation.field)
    elif isinstance(operation, (ops.RenameField, ops.RenameModel, ops.AlterModelTable)):
        yield "rename"
    elif isinstance(operation, (ops.RemoveField, ops.DeleteModel)) and not getattr(migration, UNUSED, ""):
        yield "drop"


def _alone(migration: Any) -> Iterator[str]:
    if migration.atomic:
        yield "atomic"


def _added(field: Any) -> Iterator[str]:
    if isinstance(field, models.ManyToManyField):
        return
    if not field.null and not field.has_db_default():
        yield "not-null"
    if field.unique or field.db_index or (field.remote_field and field.db_constraint):
        yield "indexed-field"


def _altered(before: Any, after: Any) -> Iterator[str]:
    if before.null and not after.null:
        yield "set-not-null"
    longer = (before.max_length or 0) <= (after.max_length or 0) or after.max_length is None
    if before.get_internal_type() != after.get_internal_type() or not longer:
        yield "type"
    if (after.unique or after.db_index) and not (before.unique or before.db_index):
        yield "indexed-field"
    if before.db_column != after.db_column:
        yield "rename"


def main() -> int:
    """Judge every migration of the time of the rule."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.site.settings")
    django.setup()
    loader = MigrationLoader(None)
    wrong = 0
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if not judged(app, name):
            continue
        before = loader.project_state((app, name), at_end=False)
        for code, what in faults(migration, before):
            wrong += 1
            print(f"{app}.{name}: {what}: {ADVICE[code]} [{code}]", file=sys.stderr)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
