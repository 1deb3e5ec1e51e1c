"""What a new migration may not do to a registry in use, and what it may."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations import operations as ops
from django.db.migrations.state import ModelState, ProjectState

from huiyin.registry.online import AddCheckOnline, AddIndexOnline, RemoveIndexOnline
from tools import online

INDEX = models.Index(fields=["name"], name="by_name")


def codes(*operations: Any, atomic: bool = True, unused_since: str = "") -> list[str]:
    state = ProjectState()
    kept: list[tuple[str, Any]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=40)),
        ("day", models.DateField(null=True)),
    ]
    state.add_model(
        ModelState(
            "registry", "Petition", kept, options={"indexes": [models.Index(fields=["day"], name="by_day")]}
        )
    )
    made: Any = migrations.Migration("0200_new", "registry")
    made.operations, made.atomic = list(operations), atomic
    if unused_since:
        made.unused_since = unused_since
    return [code for code, _ in online.faults(made, state)]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (ops.AddIndex("petition", INDEX), "index"),
        (ops.RemoveIndex("petition", "by_day"), "drop-index"),
        (ops.AddField("petition", "more", models.CharField(max_length=4, default="")), "not-null"),
        (ops.AddField("petition", "more", models.DateField(null=True, db_index=True)), "indexed-field"),
        (
            ops.AddField(
                "petition", "more", models.ForeignKey("self", models.CASCADE, null=True, db_index=False)
            ),
            "indexed-field",
        ),
        (ops.AlterField("petition", "day", models.DateField()), "set-not-null"),
        (ops.AlterField("petition", "name", models.CharField(max_length=20)), "type"),
        (ops.AlterField("petition", "name", models.IntegerField()), "type"),
        (ops.RenameField("petition", "name", "title"), "rename"),
        (ops.RenameModel("Petition", "Case"), "rename"),
        (ops.RemoveField("petition", "day"), "drop"),
        (ops.DeleteModel("Petition"), "drop"),
        (ops.AddConstraint("petition", models.UniqueConstraint(fields=["name"], name="once")), "constraint"),
        (AddIndexOnline("petition", INDEX), "atomic"),
    ],
)
def test_what_stops_a_registry_in_use_is_refused(operation: Any, code: str) -> None:
    assert codes(operation) == [code]
    assert code in online.ADVICE


def test_what_nobody_waits_for_is_let_through() -> None:
    assert (
        codes(AddIndexOnline("petition", INDEX), RemoveIndexOnline("petition", "by_day"), atomic=False) == []
    )
    check = models.CheckConstraint(condition=models.Q(name__in=("a", "b")), name="name_known")
    assert codes(AddCheckOnline("petition", check)) == []
    assert codes(ops.AddField("petition", "more", models.DateField(null=True))) == []
    assert codes(ops.AddField("petition", "more", models.BooleanField(db_default=False))) == []
    assert codes(ops.AlterField("petition", "name", models.CharField(max_length=80))) == []
    assert codes(ops.RemoveField("petition", "day"), unused_since="0.1.0") == []


def test_a_new_table_is_in_nobodys_way() -> None:
    made = ops.CreateModel(
        "Note", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
    )
    assert codes(made, ops.AddIndex("note", INDEX)) == []


def test_rows_are_not_written_under_the_lock_of_a_schema_change() -> None:
    field = ops.AddField("petition", "more", models.DateField(null=True))
    fill = ops.RunPython(ops.RunPython.noop)
    assert codes(field, fill) == ["data"]
    assert codes(fill) == []


def test_every_migration_of_the_time_of_the_rule_keeps_it() -> None:
    assert online.judged("registry", "0106_large")
    assert not online.judged("registry", "0097_mask_version")
    assert not online.judged("auth", "9999_any")
    assert online.main() == 0
