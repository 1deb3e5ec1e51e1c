"""Databases whose tables are already there: migrated once, and copied wherever a test wants its own.

Django reckons for ten seconds before a new database has its tables, and writes them in one. So the first who
asks migrates, in a process of its own, and everybody else gets a copy: of two SQLite files, kept in the
environment's folder under the digest of the migrations, or of a template on the PostgreSQL at hand.

`tests/clerk/test_process.py` sets up from nothing, on purpose, and on PostgreSQL every run migrates anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

HOUSE = Path(__file__).resolve().parent.parent
# As `huiyin.site.environment` names them inside an installation's folder, by their alias in the settings.
FILES = {"default": "huiyin.sqlite3", "keys": "keystore/keystore.sqlite3"}


def fill(folder: Path) -> None:
    """Put tables into the folder of an installation that is to begin on SQLite."""
    for alias, file in FILES.items():
        copy(alias, folder / file)


def install(folder: Path) -> None:
    """The same with keys, without which `huiyin serve` trusts no database that it did not make itself."""
    fill(folder)
    shutil.copytree(_files() / "keys", folder / "keys", dirs_exist_ok=True)


def copy(alias: str, file: Path) -> None:
    """Make `file` a database with the tables that `alias` has in the settings, and nothing in them."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(_files() / FILES[alias], file)
    file.chmod(0o600)


def template(url: str) -> str:
    """The name of a database on that server which has the tables: for CREATE DATABASE … TEMPLATE."""
    import psycopg
    from psycopg import sql

    name = f"huiyin_tables_{_digest()}"
    with psycopg.connect(url, autocommit=True) as connection:
        # Of several workers one migrates, and the others wait here.
        connection.execute("SELECT pg_advisory_lock(%s)", [int(_digest(), 16) >> 8])
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            draft = f"{name}_draft"
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            with tempfile.TemporaryDirectory() as folder:
                _migrate(Path(folder), urlsplit(url)._replace(path=f"/{draft}").geturl())
            # Only what is whole gets the name: whoever is killed half-way leaves a draft.
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def begin_tests() -> None:
    """Have the databases of this process's tests begin as copies, which Django takes as they are."""
    from django.db import connections

    for alias in FILES:
        settings = connections[alias].settings_dict
        settings["TEST"]["MIGRATE"] = False  # even to see that nothing is left to do takes seconds
        if connections[alias].vendor == "sqlite":
            copy(alias, Path(settings["TEST"]["NAME"]))
        else:
            settings["TEST"]["TEMPLATE"] = template(os.environ["HUIYIN_DATABASE_URL"])


def _files() -> Path:
    """The folder with the migrated SQLite files, made by the first who asks."""
    kept = Path(sys.prefix, "tables")
    kept.mkdir(exist_ok=True)
    made = kept / _digest()
    with _alone(kept / "lock"):
        if not made.exists():
            with tempfile.TemporaryDirectory(dir=kept) as draft:
                whole = Path(draft, "whole")
                _migrate(whole, "")
                whole.rename(made)
            for old in kept.iterdir():  # of other migrations
                if old.is_dir() and old != made:
                    shutil.rmtree(old, ignore_errors=True)
    return made


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _digest() -> str:
    """What the copies depend on: our migrations, Django with its own, and this file."""
    import django

    found = hashlib.sha256(django.__version__.encode() + Path(__file__).read_bytes())
    for file in sorted((HOUSE / "src").rglob("migrations/*.py")):
        found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()[:16]


def _migrate(folder: Path, url: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    more = {"HUIYIN_DATA_DIR": str(folder), "HUIYIN_DATABASE_URL": url, "HUIYIN_ZONE": "all"}
    more |= {"DJANGO_SETTINGS_MODULE": "huiyin.site.settings"}
    command = [sys.executable, "-m", "tests.prepared"]
    subprocess.run(command, cwd=HOUSE, env=kept | more, check=True, timeout=240)


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "keystore", database="keys", verbosity=0)
    call_command("migrate", verbosity=0)

    from huiyin.vault import certificate, keys

    keys.make_missing()
    certificate.current()
