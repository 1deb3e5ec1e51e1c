"""Who waits at the door begins when it is opened, and goes when it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from huiyin.doors.cli import house
from huiyin.doors.cli.processes import Door, Process

SAYS = """
import sys, pathlib
from huiyin.site import lifeline
pathlib.Path(sys.argv[1]).write_text("went in" if lifeline.is_let_go() else "was sent away")
"""


def waiting(path: Path, door: Door | None) -> Process:
    made = Process("one", [sys.executable, "-c", SAYS, str(path)])
    made.start(door)
    assert made.running is not None
    return made


def test_each_who_waits_is_let_in_when_the_door_opens(tmp_path: Path):
    door = Door()
    both = [waiting(tmp_path / name, door) for name in ("one", "two")]
    assert not list(tmp_path.iterdir())
    door.open(2)
    for process in both:
        assert process.running is not None
        assert process.running.wait(20) == 0
    door.close()
    assert {path.read_text() for path in tmp_path.iterdir()} == {"went in"}


def test_a_door_that_never_opens_sends_everybody_away(tmp_path: Path):
    door = Door()
    process = waiting(tmp_path / "one", door)
    door.close()
    assert process.running is not None
    assert process.running.wait(20) == 0
    assert (tmp_path / "one").read_text() == "was sent away"


def test_where_there_is_no_door_nobody_waits(tmp_path: Path):
    process = waiting(tmp_path / "one", None)
    assert process.running is not None
    assert process.running.wait(20) == 0
    assert (tmp_path / "one").read_text() == "went in"


@pytest.mark.django_db(databases=["default", "keys"])
def test_a_database_is_behind_when_a_migration_of_the_program_is_not_on_record(
    monkeypatch: pytest.MonkeyPatch,
):
    loader = MigrationExecutor(connection).loader
    assert house._migrations(None) == set(loader.disk_migrations)
    assert not house.is_behind()
    assert not house.is_behind("keys")
    ((_, last),) = loader.graph.leaf_nodes("registry")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'registry' AND name = %s", [last])
    assert house.is_behind()
    assert not house.is_behind("keys")
