"""Opens the house for a command: settings, database, keys. Whatever is missing is said with what to do."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from huiyin.doors.cli.words import FALSE, Problem, both

OWNER_ONLY = 0o700


def open_house(zone: str = "all") -> None:
    """Read the settings and make the registry usable. Ends the command for settings that cannot be right."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.site.settings")
    os.environ.setdefault("HUIYIN_ZONE", zone)
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.utils import translation

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(
            both(f"数据目录不能使用：{error}", f"the data folder cannot be used: {error}"), FALSE
        ) from error
    translation.activate(both("zh-hans", "en"))


@contextmanager
def speaking_of_the_database() -> Iterator[None]:
    """Turn a database that does not answer, or a key that is gone, into a message instead of a traceback."""
    from django.db import InterfaceError, OperationalError, ProgrammingError

    from huiyin.vault.keys import KeyRefused

    try:
        yield
    except KeyRefused as error:
        raise Problem(str(error), FALSE) from error
    except ProgrammingError:  # a table or column that is not there, as PostgreSQL says it
        refuse_if_behind()
        raise
    except (OperationalError, InterfaceError) as error:
        if "no such" in str(error):  # the same, as SQLite says it
            refuse_if_behind()
        said = str(error).strip()
        raise Problem(
            both(
                f"数据库没有正常应答：{said}\n  请检查 HUIYIN_DATABASE_URL、HUIYIN_DATA_DIR 和数据库服务",
                f"the database does not answer as it should: {said}\n"
                "  check HUIYIN_DATABASE_URL, HUIYIN_DATA_DIR and the database server",
            ),
            FALSE,
        ) from error


def is_new() -> bool:
    """Whether this database has never been set up: nothing in it could be damaged."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return not MigrationRecorder(connection).has_table()


def is_behind(alias: str = "default") -> bool:
    """Whether the database (or the key store, `keys`) is older than this program."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    label = "keystore" if alias == "keys" else None
    if _migrations(label) <= _applied(alias):
        return False  # the names say it: to read a hundred migrations takes longer than to load the house
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes(label)))


def _applied(alias: str) -> set[tuple[str, str]]:
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    return set(MigrationRecorder(connections[alias]).applied_migrations())


def _migrations(label: str | None) -> set[tuple[str, str]]:
    """Every migration of the program, or of one app of it, by its file's name."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    found = set()
    for app in (app for app in apps.get_app_configs() if label in {None, app.label}):
        module, _ = MigrationLoader.migrations_module(app.label)
        spec = find_spec(module) if module else None
        for folder in spec.submodule_search_locations or () if spec else ():
            found |= {(app.label, each.name) for each in iter_modules([folder]) if each.name[0] not in "_~"}
    return found


def set_up() -> list[str]:
    """Make what is missing, database tables and keys; answer what was made. Safe to run again."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from huiyin.vault import certificate, keys

    made = []
    if is_new():
        _close_to_others(settings.DATA_DIR)
    if is_behind("keys"):  # first: a change of the database may have to put keys there
        call_command("migrate", "keystore", database="keys", verbosity=0, interactive=False)
        made.append("key store")
    if is_behind():
        call_command("migrate", verbosity=0, interactive=False)
        made.append("database")
    made += keys.make_missing()
    if settings.ZONE != "public" and certificate.renew(timezone.now()):
        made.append("certificate")
    close_open_reports()
    return made


def close_open_reports() -> None:
    """Seal the reports of a database that is older than the sealing of reports; public keys are enough."""
    from django.db import transaction
    from django.utils import timezone

    from huiyin.registry import sealing
    from huiyin.registry.models import Petition

    for report in Petition.objects.filter(kind=sealing.REPORT, erased_on=None).iterator():
        with transaction.atomic():
            sealing.close_kept(report, timezone.now())


def set_up_if_new() -> None:
    """Set up an empty data folder; an older database is for its operator to bring up to date."""
    if is_new():
        set_up()
    else:
        refuse_if_behind()
        refuse_if_brought_back()


def refuse_if_behind() -> None:
    """Guess at nothing in a database that is older than this program."""
    if not is_new() and (is_behind() or is_behind("keys")):
        raise Problem(
            both(
                "数据库比程序旧；请先备份，再运行 huiyin setup",
                "the database is older than this program: back it up, then run huiyin setup",
            ),
            FALSE,
        )


def refuse_if_brought_back() -> None:
    """Serve nothing from a database that is older than an erasure: what was erased lies open in it again."""
    from huiyin.registry import erasing

    if found := len(erasing.behind()):
        raise Problem(
            both(
                f"数据库里有 {found} 件已经删除过的信访件（恢复了旧备份）；请先运行 huiyin erase",
                f"{found} petitions that were erased are back in this database, which was restored from an "
                "older copy: run huiyin erase before anything is served",
            ),
            FALSE,
        )


def _close_to_others(folder: Path) -> None:
    # The embedded database holds what people wrote: the folder is for its owner alone.
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        folder.chmod(OWNER_ONLY)
