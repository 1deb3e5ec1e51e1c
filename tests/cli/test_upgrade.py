"""What an earlier release left is taken over whole: rows, keys, log, and what authors hold in their hands.

`tests/upgrades` keeps the demonstration of each release as that release itself built it: database, key store,
keys and log. On PostgreSQL its tables are made as they were then, and its rows put into them.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.api import server

KEPT = Path(__file__).parents[1] / "upgrades"
RELEASES = sorted(path.name.removesuffix(".tar.xz") for path in KEPT.glob("*.tar.xz"))
URL = os.environ.get("HUIYIN_DATABASE_URL", "")
APPS = ("contenttypes", "auth", "sessions", "registry", "vault")
OPENS = """
import csv, sys, django
django.setup()
from django.conf import settings
from huiyin.core.refusal import Refusal
from huiyin.registry import access
rows = list(csv.DictReader((settings.DATA_DIR / "demonstration.csv").open(encoding="utf-8-sig")))
print(sum(not isinstance(access.author_of(row["ref"], row["key"]), Refusal) for row in rows))
"""
BEFORE = """
import json, sys, django
django.setup()
from django.core.management import call_command
for app, name in json.loads(sys.argv[1]).items():
    call_command("migrate", app, name, verbosity=0)
"""
pytestmark = pytest.mark.engine


def unpack(release: str, folder: Path) -> None:
    with tarfile.open(KEPT / f"{release}.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def python(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], env=env, cwd=server.HOUSE, capture_output=True, text=True, check=False
    )


def well(env: dict[str, str], *words: str) -> str:
    done = python(env, *words)
    assert done.returncode == 0, (words, done.stderr[-3000:], done.stdout[-1000:])
    return done.stdout


def waited(folder: Path) -> int:
    """Entries of the pack that the public log had not taken in yet."""
    with closing(sqlite3.connect(folder / "huiyin.sqlite3")) as old:
        (count,) = old.execute("SELECT count(*) FROM registry_entry WHERE number IS NULL").fetchone()
    return int(count)


def holds(env: dict[str, str], late: int) -> bool:
    """Whether all holds, but that what waited came in late: nobody ran it since that release was packed."""
    done = python(env, "-m", "huiyin.doors.cli", "check")
    told = done.stdout.splitlines()
    if done.returncode == 0:
        return "holds" in done.stdout
    return len(told) <= late and all(line.endswith("later than promised") for line in told)


def move_to_postgres(folder: Path, env: dict[str, str]) -> None:
    """The tables of that release in an empty database, and its rows in them."""
    with closing(sqlite3.connect(folder / "huiyin.sqlite3")) as old:
        _move(old, env)
    (folder / "huiyin.sqlite3").unlink()


def _move(old: sqlite3.Connection, env: dict[str, str]) -> None:
    last = {
        app: name
        for app in APPS
        for (name,) in old.execute("SELECT max(name) FROM django_migrations WHERE app = ?", [app])
        if name
    }
    well(env, "-c", BEFORE, json.dumps(last))
    old.row_factory = sqlite3.Row
    with psycopg.connect(env["HUIYIN_DATABASE_URL"]) as new:
        new.execute(
            "SET session_replication_role = replica"
        )  # rows come table by table, not in the order of keys
        kinds: dict[str, dict[str, str]] = {}
        for table, column, kind in new.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_generated = 'NEVER'"
        ):
            kinds.setdefault(table, {})[column] = kind
        there = {name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        tables = sorted(kinds.keys() & there - {"django_migrations"})
        new.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
        for table in tables:
            for row in old.execute(f'SELECT * FROM "{table}"'):
                columns = [name for name in row.keys() if name in kinds[table]]  # noqa: SIM118 - a row, not a dict
                new.execute(
                    sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
                        sql.Identifier(table),
                        sql.SQL(", ").join(map(sql.Identifier, columns)),
                        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
                    ),
                    [_as(kinds[table][name], row[name]) for name in columns],
                )
            if kinds[table].get("id") in {"integer", "bigint"}:
                new.execute(
                    sql.SQL(
                        "SELECT setval(pg_get_serial_sequence({name}, 'id'), max(id)) FROM {table} "
                        "HAVING max(id) > 0"
                    ).format(name=sql.Literal(table), table=sql.Identifier(table))
                )


def _as(kind: str, value: Any) -> Any:
    return bool(value) if kind == "boolean" and value is not None else value


@pytest.mark.parametrize("release", RELEASES)
def test_an_installation_of_that_release_goes_on_whole(release: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    unpack(release, folder)
    told = (folder / "demonstration.csv").read_text(encoding="utf-8-sig")
    held, late = list(csv.DictReader(io.StringIO(told))), waited(folder)
    with server.own_database(URL) as url:
        env = server.environment(folder, url, zone="all") | {"DJANGO_SETTINGS_MODULE": "huiyin.site.settings"}
        if url:
            move_to_postgres(folder, env)
        shell = ("-m", "huiyin.doors.cli")
        behind = python(env, *shell, "clerk", "--once")
        assert behind.returncode == 1  # it does not guess at rows that are older than itself
        assert "huiyin setup" in behind.stderr
        well(env, *shell, "setup")
        # It stood still since that release was packed: what waited for the log then comes in now.
        well(env, *shell, "clerk", "--once")
        assert holds(env, late)
        assert well(env, "-c", OPENS).strip() == str(len(held))
        well(env, *shell, "explain", held[0]["ref"])
        assert holds(env, late)
    assert len(held) > 20
