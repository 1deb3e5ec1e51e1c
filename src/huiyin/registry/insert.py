"""Insert the rows of one filing or move as cheaply as the database allows.

Rows of several tables, which may point to one another before any has a number. PostgreSQL takes them all in
one prepared statement, so that a filing costs one round trip instead of seven; SQLite takes one statement
each. The words of a statement are the same every time, so they are put together once and not, as `save`
does, anew for each row: that was most of what a filing cost (`make bench`).
"""
# ruff: noqa: S608, SLF001 (the words are names of our own tables and columns; `_state` is Django's own)

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from itertools import count, repeat
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import AutoField, Field, ForeignKey, JSONField, Model
from django.db.models.base import ModelState

# Which earlier row of the same insert each of a table's pointing columns points to; None: to none of these.
Links = tuple[int | None, ...]
Way = tuple[type | None, Callable[[Any], Any]]


def _json(value: Any) -> str:
    # Both databases take JSON as text; the field would only have the driver wrap it up first.
    return json.dumps(value) if value else _EMPTY.get(type(value)) or json.dumps(value)


_EMPTY: dict[type, str] = {list: "[]", dict: "{}"}


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


# What a driver takes as it is, and how it is given the rest, by the kind of a field. To ask the field about
# each value, as `save` does, is most of what is left of the cost.
TAKEN = {
    "postgresql": frozenset({str, int, bool, float, bytes, date, datetime, UUID, type(None)}),
    "sqlite": frozenset({str, int, bool, float, bytes, type(None)}),
}
WAYS: dict[str, dict[str, Way]] = {
    "postgresql": {},
    "sqlite": {
        "DateTimeField": (datetime, _moment),
        "DateField": (date, date.isoformat),
        "UUIDField": (UUID, lambda value: value.hex),
    },
}

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Blank:
    """What every new row of one model begins with."""

    plain: Mapping[str, Any]
    made: tuple[tuple[str, Callable[[], Any]], ...]  # lists and the like: each row has its own
    points: Mapping[str, str]  # a field that points to another row: where that one's number is kept
    names: frozenset[str]


def new_row(model: type[Row], **values: Any) -> Row:
    """A row that is not in the database yet: `model(**values)`, at a fifth of its cost.

    Django asks each field of each row and sends two signals, which nobody here listens to: of a filing that
    was a sixth. A row that is pointed to does not learn of it before it is read again.
    """
    blank = _blank(model)
    if not blank.names.issuperset(values):
        raise TypeError(f"{model.__name__} has no field {', '.join(set(values) - blank.names)}")
    row = model.__new__(model)
    row._state = ModelState()
    kept = row.__dict__
    kept.update(blank.plain)
    for name, default in blank.made:
        kept[name] = default()
    kept.update(values)
    for name in blank.points.keys() & values:
        other = row._state.fields_cache[name] = kept.pop(name)
        kept[blank.points[name]] = other.pk if other is not None else None
    return row


@cache
def _blank(model: type[Model]) -> Blank:
    fields = model._meta.concrete_fields
    made = tuple((f.attname, f.default) for f in fields if callable(f.default) and f.has_default())
    plain = {f.attname: f.get_default() for f in fields if f.attname not in dict(made)}
    points = {f.name: f.attname for f in fields if isinstance(f, ForeignKey)}
    return Blank(plain, made, points, frozenset(name for f in fields for name in (f.name, f.attname)))


@dataclass(frozen=True, slots=True)
class Table:
    """What is the same in every INSERT into one table."""

    name: str
    columns: tuple[str, ...]
    fields: tuple[Field[Any, Any], ...]
    points: tuple[tuple[int, str, str], ...]  # columns that may point to another row: place, field, attribute
    numbered: bool  # the database gives the number, by which later rows point to it
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]  # all of a row's, in the order of the columns
    # Columns whose values are made ready for the driver: place, which type of value (None: any), and how.
    special: tuple[tuple[int, type | None, Callable[[Any], Any]], ...]

    def free(self, links: Links) -> tuple[int, ...]:
        """The places of the columns that hold a value of their own."""
        bound = {n for (n, _, _), link in zip(self.points, links, strict=True) if link is not None}
        return tuple(n for n in range(len(self.columns)) if n not in bound)

    def statement(self, links: Links, places: Iterator[str]) -> str:
        """The words of an INSERT; `places`: what stands for each value, in turn."""
        bound = {n: link for (n, _, _), link in zip(self.points, links, strict=True) if link is not None}
        names = ", ".join(f'"{name}"' for name in self.columns)
        values = ", ".join(
            f"(SELECT id FROM r{bound[n]})" if n in bound else next(places) for n in range(len(self.columns))
        )
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({values})'


@cache
def _table(model: type[Model], vendor: str) -> Table:
    fields = tuple(f for f in model._meta.local_concrete_fields if not isinstance(f, AutoField))
    ways = [_way(field, WAYS[vendor]) for field in fields]
    return Table(
        name=model._meta.db_table,
        columns=tuple(str(field.column) for field in fields),
        fields=fields,
        points=tuple((n, f.name, f.attname) for n, f in enumerate(fields) if isinstance(f, ForeignKey)),
        numbered=isinstance(model._meta.pk, AutoField),
        values=itemgetter(*(field.attname for field in fields)),
        special=tuple((n, *way) for n, way in enumerate(ways) if way),
    )


def _way(field: Field[Any, Any], ways: Mapping[str, Way]) -> Way | None:
    return (None, _json) if isinstance(field, JSONField) else ways.get(field.get_internal_type())


def insert(rows: Sequence[Model]) -> None:
    """Insert new rows, in the transaction of whoever calls; they know their numbers afterwards."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        _at_once(rows, connection)
    else:
        _one_by_one(rows, connection)


def _one_by_one(rows: Sequence[Model], connection: BaseDatabaseWrapper) -> None:
    with _raw_cursor(connection) as cursor:
        for row in rows:
            table = _table(type(row), connection.vendor)
            _point(row, table)
            cursor.execute(_alone(type(row)), _values(row, table, connection))
            if table.numbered:
                row.pk = cursor.lastrowid


def _at_once(rows: Sequence[Model], connection: BaseDatabaseWrapper) -> None:
    tables = [_table(type(row), connection.vendor) for row in rows]
    places = {id(row): n for n, (row, table) in enumerate(zip(rows, tables, strict=True)) if table.numbered}
    links: list[Links] = []
    params: list[Any] = []
    for row, table in zip(rows, tables, strict=True):
        others = row._state.fields_cache
        its = tuple(places.get(id(others.get(name))) for _, name, _ in table.points)
        values = _values(row, table, connection)
        params += [values[n] for n in _free(type(row), its)]
        links.append(its)
    with _raw_cursor(connection) as cursor:
        cursor.execute(_together(tuple(map(type, rows)), tuple(links)), params)
        numbers = iter(cursor.fetchone())
    for row, table in zip(rows, tables, strict=True):
        if table.numbered:
            row.pk = next(numbers)
        _point(row, table)


def _raw_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """A cursor that takes $1, $2 … as PostgreSQL does, and ? as SQLite does.

    With %s Django or the driver reads through the whole statement each time, and the driver keeps nothing of
    one as long as this.
    """
    connection.ensure_connection()
    made: Any = connection.connection
    made = _raw_cursor_of_psycopg()(made) if connection.vendor == "postgresql" else made.cursor()
    return _Watched(made, connection) if connection.queries_logged else connection.make_cursor(made)


@cache
def _raw_cursor_of_psycopg() -> Any:
    from psycopg import RawCursor  # not for who has SQLite

    return RawCursor


class _Watched(CursorDebugWrapper):
    """The same for who counts the queries. Django would put the values in where %s stands: nowhere."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        with self.debug_sql(sql, params):
            return CursorWrapper.execute(self, sql, params)


@cache
def _alone(model: type[Model]) -> str:
    table = _table(model, "sqlite")
    return table.statement((None,) * len(table.points), repeat("?"))


@cache
def _free(model: type[Model], links: Links) -> tuple[int, ...]:
    return _table(model, "postgresql").free(links)


@lru_cache(maxsize=256)
def _together(models: tuple[type[Model], ...], links: tuple[Links, ...]) -> str:
    tables = [_table(model, "postgresql") for model in models]
    places = (f"${n}" for n in count(1))
    parts = [
        f"r{n} AS ({table.statement(its, places)}{' RETURNING id' if table.numbered else ''})"
        for n, (table, its) in enumerate(zip(tables, links, strict=True))
    ]
    numbers = [f"(SELECT id FROM r{n})" for n, table in enumerate(tables) if table.numbered]
    return f"WITH {', '.join(parts)} SELECT {', '.join(numbers) or '1'}"


def _values(row: Model, table: Table, connection: BaseDatabaseWrapper) -> list[Any]:
    """The values of a row as the driver takes them."""
    values = list(table.values(row.__dict__))
    for n, of, way in table.special:
        value = values[n]
        if value is not None and of in {None, type(value)}:
            values[n] = way(value)
    taken = TAKEN[connection.vendor]
    if not taken.issuperset(map(type, values)):
        for n, value in enumerate(values):
            if type(value) not in taken:
                values[n] = table.fields[n].get_db_prep_save(value, connection)
    return values


def _point(row: Model, table: Table) -> None:
    """Take over the numbers that the rows it points to have been given."""
    others = row._state.fields_cache
    for _, name, attribute in table.points:
        if (other := others.get(name)) is not None:
            row.__dict__[attribute] = other.pk
