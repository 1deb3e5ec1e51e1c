"""Which reader opens a list that comes in: one of the operator's (`HUIYIN_IMPORTERS`), or the built-in."""

from __future__ import annotations

from huiyin.core import extending
from huiyin.reading import tables
from huiyin.reading.tables import Open, Table
from huiyin.site import environment

OPENING = 4096  # bytes by which a list is known


def table(name: str, opened: Open) -> Table:
    """The list that is called `name`.

    Raises tables.Unreadable, extending.NoSuchClass, and OSError where it cannot be opened.
    """
    with opened() as file:
        opening = file.read(OPENING)
    reader = next(each for each in (*_own(), tables.Lists()) if each.reads(name, opening))
    return reader.table(name, opened)


def _own() -> list[tables.Importer]:
    said = environment.setting("HUIYIN_IMPORTERS")
    named = [each.strip() for each in said.split(",") if each.strip()]
    return [extending.made("HUIYIN_IMPORTERS", each, ("reads", "table")) for each in named]
