"""Copies of an installation, checked as they are made, and put back only if nothing of them was lost.

Two places: one for database, attachments and notices, another for the keys and the key store. What the first
one holds opens nothing; whoever has both can read every name. Copies of the key store grow old and are thrown
away, for an erasure is complete only when none is left that is older.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from huiyin.clerk import closing
from huiyin.registry import pulses, stores
from huiyin.registry.models import Attachment, Entry, Petition

MANIFEST = "manifest.json"
FORMAT = "huiyin-backup/1"
CLOSED = "huiyin-backup/1+age"  # its files are closed, the manifest of what is in them among them
FOLDERS = ("attachments", "calendars", "rulebooks")
STORES = "keystore"
STAMP = "%Y%m%dT%H%M%SZ"


class NotWhole(RuntimeError):
    """A copy that lacks something or was changed, or a place that must not take one."""


def make(place: Path, keys: Path | None, now: datetime, *, to: Sequence[str] = ()) -> dict[str, Any]:
    """Copy everything into an empty folder, check the copy, and answer its manifest.

    `to`: who alone can read it, as age recipients; the keys' copy is closed to them as well. Raises NotWhole,
    and closing.WrongKey for a recipient that is none.
    """
    readers = closing.recipients(to)
    _refuse_places(place, keys)
    if not readers:
        told = _copy(place, now)
    else:
        with closing.in_the_works() as open_:
            told = _copy(open_, now)
            closing.close(open_, place, readers)
        _write_manifest(place, now, CLOSED)
    check(place)
    if keys is not None:
        _copy_keys(keys, now, readers)
        pulses.beat(pulses.KEY_BACKUP, now)
    pulses.beat(pulses.BACKUP, now)
    return told


def _refuse_places(place: Path, keys: Path | None) -> None:
    if place.exists() and any(place.iterdir()):
        raise NotWhole(f"{place} is not empty: give a new folder for each backup")
    if keys is not None and (_within(keys, place) or _within(place, keys)):
        raise NotWhole("the keys must not lie beside what they open: give two places apart")


def _copy(place: Path, now: datetime) -> dict[str, Any]:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = _counted("default")
    # The database first: a file is stored before the row that names it, so each row of the copy has its file.
    database = _dump("default", place / "database")
    for name in FOLDERS:
        source = settings.DATA_DIR / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns(".*"))
    # Files of a store of the operator's own are copied by whoever keeps it; that they are there is seen here.
    copied = stores.store() if settings.ATTACHMENTS_STORE else stores.Folder(place / "attachments")
    missing = [digest for digest in _named(database) if not copied.has(digest)]
    if missing:
        raise NotWhole(
            f"{len(missing)} attachments are named in the database and not in the store: {missing[0]}"
        )
    engine = connections["default"].vendor
    _write_manifest(place, now, FORMAT, engine=engine, database=database.name, at_least=before)
    return check(place)


def _write_manifest(place: Path, now: datetime, kind: str, **more: Any) -> None:
    told = {
        "format": kind,
        "made_at": now.astimezone(UTC).strftime(STAMP),
        **more,
        "files": {str(p.relative_to(place)): _digest(p) for p in _files(place)},
    }
    (place / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")


def check(place: Path) -> dict[str, Any]:
    """Read a copy and answer its manifest, or raise NotWhole and say what is wrong."""
    try:
        told: dict[str, Any] = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotWhole(f"{place} holds no readable {MANIFEST}: this is no backup") from error
    if told.get("format") not in {FORMAT, CLOSED}:
        raise NotWhole(f"{place}: unknown format {told.get('format')!r}")
    for name, digest in told["files"].items():
        path = place / name
        if not path.is_file():
            raise NotWhole(f"{name} is missing from the backup")
        if _digest(path) != digest:
            raise NotWhole(f"{name} was changed since the backup was made")
    if told["format"] == FORMAT:
        _check_database(place / told["database"], told)
    return told


def restore(place: Path, keys: Path | None, *, key: Path | None = None) -> dict[str, Any]:
    """Put a checked copy into an installation that holds nothing yet.

    `key`: the file with the secret half, for a copy that is closed. Raises NotWhole, and closing.WrongKey.
    """
    if check(place)["format"] == FORMAT:
        return _restore(place, keys)
    if key is None:
        raise NotWhole("this backup is closed: name the file that holds its key, --identity FILE")
    opens = closing.identity(key)
    with closing.in_the_works() as open_:
        closing.open_(place, open_ / "copy", opens)
        if keys is not None:
            closing.open_(keys, open_ / "keys", opens)
        return _restore(open_ / "copy", open_ / "keys" if keys is not None else None)


def _restore(place: Path, keys: Path | None) -> dict[str, Any]:
    told = check(place)
    if told["engine"] != connections["default"].vendor:
        raise NotWhole(f"this backup is of {told['engine']}, and HUIYIN_DATABASE_URL says otherwise")
    if _holds_something():
        raise NotWhole("there are petitions here already: restore into an empty data folder and database")
    for name in FOLDERS:
        if (place / name).is_dir():
            shutil.copytree(place / name, settings.DATA_DIR / name, dirs_exist_ok=True)
    if keys is not None:
        _put_keys_back(keys)
    _load("default", place / told["database"])
    here = _counted("default")
    if any(here[name] < count for name, count in told["at_least"].items()):
        raise NotWhole(f"the restored database holds {here}, less than the backup's {told['at_least']}")
    return told


# ---- the database


def _dump(alias: str, target: Path) -> Path:
    connection = connections[alias]
    if connection.vendor == "sqlite":
        target = target.with_suffix(".sqlite3")
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
        return target
    target = target.with_suffix(".dump")
    _postgres(alias, "pg_dump", "--format=custom", "--no-owner", f"--file={target}")
    return target


def _load(alias: str, source: Path) -> None:
    connection = connections[alias]
    connection.close()
    if connection.vendor == "sqlite":
        _copy_sqlite(source, Path(connection.settings_dict["NAME"]))
    else:
        name = connection.settings_dict["NAME"]
        _postgres(
            alias, "pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={name}", str(source)
        )


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online copy: whole even while others write."""
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)


def _postgres(alias: str, program: str, *words: str) -> None:
    told = connections[alias].settings_dict
    found = shutil.which(program) or _beside_server(program)
    if found is None:
        raise NotWhole(f"{program} is not installed: it comes with PostgreSQL's client programs")
    # The password goes by the environment of the one child, never by a command line that others can read.
    secret = {"PGPASSWORD": told["PASSWORD"]} if told["PASSWORD"] else {}
    if session := told["OPTIONS"].get("target_session_attrs"):
        secret["PGTARGETSESSIONATTRS"] = session  # of several servers, the one that takes writes
    where = ["--host", told["HOST"], "--port", told["PORT"], "--username", told["USER"]]
    given = [
        word for flag, word in zip(where[::2], where[1::2], strict=True) if word for word in (flag, word)
    ]
    last = [] if program == "pg_restore" else [told["NAME"]]
    done = subprocess.run(  # noqa: S603 - a fixed program with words of our own
        [found, *given, *words, *last],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotWhole(f"{program}: {done.stderr.strip()[-500:]}")


def _beside_server(program: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
    return str(places[0]) if places else None


def _check_database(copy: Path, told: dict[str, Any]) -> None:
    if told["engine"] != "sqlite":
        found = shutil.which("pg_restore") or _beside_server("pg_restore")
        listed = subprocess.run(  # noqa: S603
            [found or "pg_restore", "--list", str(copy)], capture_output=True, text=True, check=False
        )
        if listed.returncode or "registry_petition" not in listed.stdout:
            raise NotWhole(f"{copy.name} cannot be read by pg_restore")
        return
    with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
        if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise NotWhole(f"{copy.name} is damaged")
        for name, least in told["at_least"].items():
            (count,) = database.execute(f"SELECT count(*) FROM registry_{name}").fetchone()  # noqa: S608
            if count < least:
                raise NotWhole(f"{copy.name} holds {count} rows of {name}, and there were {least}")


def _named(copy: Path) -> list[str]:
    """Digests that the copied rows name; of PostgreSQL, those of now, which are at least as many."""
    if copy.suffix != ".sqlite3":
        return list(Attachment.objects.values_list("sha256", flat=True).distinct())
    with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("SELECT DISTINCT sha256 FROM registry_attachment")]


def _counted(alias: str) -> dict[str, int]:
    return {m.__name__.lower(): m._default_manager.using(alias).count() for m in (Petition, Entry)}


def _holds_something() -> bool:
    tables = connections["default"].introspection.table_names()
    return Petition._meta.db_table in tables and Petition.objects.exists()


# ---- the keys


def _copy_keys(place: Path, now: datetime, readers: Sequence[Any]) -> None:
    """Add a copy of the key store to this place, and throw away those that are too old."""
    if readers:
        with closing.in_the_works() as open_:
            _lay_keys(open_, now)
            closing.close(open_, place, readers)
    else:
        _lay_keys(place, now)
    forget_old_stores(place, now)


def _lay_keys(place: Path, now: datetime) -> None:
    (place / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (settings.DATA_DIR / "keys").iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copy2(path, place / "keys" / path.name)
    (place / STORES).mkdir(mode=0o700, exist_ok=True)
    _dump("keys", place / STORES / now.astimezone(UTC).strftime(STAMP))


def forget_old_stores(place: Path, now: datetime) -> int:
    """Throw away copies of the key store that are older than HUIYIN_KEY_BACKUP_DAYS; answer how many."""
    oldest = (now.astimezone(UTC) - timedelta(days=settings.KEY_BACKUP_DAYS)).strftime(STAMP)
    old = [path for path in (place / STORES).iterdir() if path.stem < oldest]
    for path in old:
        path.unlink()
    return len(old)


def _put_keys_back(place: Path) -> None:
    for path in (place / "keys").iterdir():
        target = settings.DATA_DIR / "keys" / path.name
        target.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copy2(path, target)
    stores = sorted((place / STORES).iterdir())
    if not stores:
        raise NotWhole(f"{place} holds no copy of the key store")
    _load("keys", stores[-1])


# ---- files


def _files(place: Path) -> Iterator[Path]:
    return (path for path in sorted(place.rglob("*")) if path.is_file() and path.name != MANIFEST)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _within(inner: Path, outer: Path) -> bool:
    return inner.resolve().is_relative_to(outer.resolve())
