"""Make and drop indexes and checks while others go on reading and writing: for a release that is in use.

PostgreSQL does it beside the running system (CONCURRENTLY), outside of any transaction: the migration says
`atomic = False`. SQLite, whose writers stand in line anyway, does it at once, and does not load what speaks
to PostgreSQL: every process reads the migrations when it starts.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations import AddConstraint, AddIndex, RemoveIndex


class _Online:
    """An operation that on PostgreSQL is done by another, which stops nobody."""

    def _beside(self, schema_editor: Any) -> Any:
        raise NotImplementedError

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            self._beside(schema_editor).database_forwards(app_label, schema_editor, *states)
        else:
            super().database_forwards(app_label, schema_editor, *states)  # type: ignore[misc]

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            self._beside(schema_editor).database_backwards(app_label, schema_editor, *states)
        else:
            super().database_backwards(app_label, schema_editor, *states)  # type: ignore[misc]


class AddIndexOnline(_Online, AddIndex):
    """Add an index that no writer waits for. Broken off and begun again, it begins anew."""

    atomic = False

    def _beside(self, schema_editor: Any) -> Any:
        from django.contrib.postgres.operations import AddIndexConcurrently

        _drop_half_made(schema_editor, self.index.name)
        return AddIndexConcurrently(self.model_name, self.index)


class RemoveIndexOnline(_Online, RemoveIndex):
    """Drop an index without waiting for those who read, nor they for it."""

    atomic = False

    def _beside(self, schema_editor: Any) -> Any:  # noqa: ARG002
        from django.contrib.postgres.operations import RemoveIndexConcurrently

        return RemoveIndexConcurrently(self.model_name, self.name)


class AddCheckOnline(_Online, AddConstraint):
    """Add a check that holds for what is written from now on, and reads no row under its lock.

    For one that every row of before keeps: a wider check in place of a narrower one.
    """

    def _beside(self, schema_editor: Any) -> Any:  # noqa: ARG002
        from django.contrib.postgres.operations import AddConstraintNotValid

        return AddConstraintNotValid(self.model_name, self.constraint)


def _drop_half_made(schema_editor: Any, name: str) -> None:
    """What a build that was broken off leaves is no index, and stands in the way of the next one."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid",
            [schema_editor.quote_name(name)],
        )
        if cursor.fetchone():
            schema_editor.execute(f"DROP INDEX CONCURRENTLY {schema_editor.quote_name(name)}")
