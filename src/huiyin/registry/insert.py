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
from functools import cache
from itertools import compress, count, repeat
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import AutoField, Field, ForeignKey, JSONField, Model
from django.db.models.base import ModelState

# Which earlier row each column points to; nothing where it holds a value of its own.
Links = tuple[int | None, ...]


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
WAYS: dict[str, dict[str, tuple[type, Callable[[Any], Any]]]] = {
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
class Column:
    name: str
    attribute: str
    field: Field[Any, Any]
    points: ForeignKey[Any, Any] | None  # the same field, where it points to another row
    of: type | None  # values that `way` makes ready for the driver; None: all but nothing at all
    way: Callable[[Any], Any] | None

    def value(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """A value as the driver takes it."""
        if self.way and value is not None and self.of in {None, type(value)}:
            return self.way(value)
        return value if value is None else self.field.get_db_prep_save(value, connection)

    def other(self, row: Model) -> Model | None:
        """The row that it points to, as far as that is at hand."""
        return row._state.fields_cache.get(self.field.name) if self.points else None


@dataclass(frozen=True, slots=True)
class Table:
    """What is the same in every INSERT into one table."""

    name: str
    columns: tuple[Column, ...]
    pointing: tuple[int, ...]  # which of the columns may point to another row
    numbered: bool  # the database gives the number, by which later rows point to it
    alone: Links  # of a row that points to none without a number
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]  # all of a row's, in the order of the columns
    special: tuple[int, ...]  # columns whose values are made ready for the driver

    def statement(self, links: Links, places: Iterator[str]) -> str:
        """The words of an INSERT; `places`: what stands for each value, in turn."""
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        values = ", ".join(next(places) if link is None else f"(SELECT id FROM r{link})" for link in links)
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({values})'


@cache
def _table(model: type[Model], vendor: str) -> Table:
    fields = [f for f in model._meta.local_concrete_fields if not isinstance(f, AutoField)]
    columns = tuple(_column(field, WAYS[vendor]) for field in fields)
    return Table(
        name=model._meta.db_table,
        columns=columns,
        pointing=tuple(n for n, column in enumerate(columns) if column.points),
        numbered=isinstance(model._meta.pk, AutoField),
        alone=(None,) * len(columns),
        values=itemgetter(*(column.attribute for column in columns)),
        special=tuple(n for n, column in enumerate(columns) if column.way),
    )


def _column(field: Field[Any, Any], ways: Mapping[str, tuple[type, Callable[[Any], Any]]]) -> Column:
    points = field if isinstance(field, ForeignKey) else None
    of, way = ways.get(field.get_internal_type(), (None, None))
    way = _json if isinstance(field, JSONField) else way
    return Column(str(field.column), field.attname, field, points, of, way)


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
    with connection.cursor() as cursor:
        for row in rows:
            table = _table(type(row), connection.vendor)
            _point(row, table)
            cursor.execute(_alone(type(row)), _values(row, table, table.alone, connection))
            if table.numbered:
                row.pk = cursor.lastrowid


def _at_once(rows: Sequence[Model], connection: BaseDatabaseWrapper) -> None:
    tables = [_table(type(row), connection.vendor) for row in rows]
    links = tuple(_links(row, table, rows) for row, table in zip(rows, tables, strict=True))
    params: list[Any] = []
    for row, table, its in zip(rows, tables, links, strict=True):
        params += _values(row, table, its, connection)
    with _raw_cursor(connection) as cursor:
        cursor.execute(_together(tuple(type(row) for row in rows), links), params)
        numbers = iter(cursor.fetchone())
    for row, table in zip(rows, tables, strict=True):
        if table.numbered:
            row.pk = next(numbers)
        _point(row, table)


def _raw_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """A cursor that takes $1, $2 … as PostgreSQL does.

    With %s the driver reads through the whole statement each time, and keeps nothing of one as long as this.
    """
    connection.ensure_connection()
    made: Any = _raw_cursor_of_psycopg()(connection.connection)
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
    return table.statement(table.alone, repeat("%s"))


@cache
def _together(models: tuple[type[Model], ...], links: tuple[Links, ...]) -> str:
    tables = [_table(model, "postgresql") for model in models]
    places = (f"${n}" for n in count(1))
    parts = [
        f"r{n} AS ({table.statement(its, places)}{' RETURNING id' if table.numbered else ''})"
        for n, (table, its) in enumerate(zip(tables, links, strict=True))
    ]
    numbers = [f"(SELECT id FROM r{n})" for n, table in enumerate(tables) if table.numbered]
    return f"WITH {', '.join(parts)} SELECT {', '.join(numbers) or '1'}"


def _values(row: Model, table: Table, links: Links, connection: BaseDatabaseWrapper) -> list[Any]:
    values = list(table.values(row.__dict__))
    for n in table.special:
        values[n] = table.columns[n].value(values[n], connection)
    taken = TAKEN[connection.vendor]
    if not taken.issuperset(map(type, values)):
        for n, value in enumerate(values):
            if type(value) not in taken:
                values[n] = table.columns[n].field.get_db_prep_save(value, connection)
    return values if links is table.alone else list(compress(values, (link is None for link in links)))


def _links(row: Model, table: Table, rows: Sequence[Model]) -> Links:
    """For each column, the earlier row of this very insert that it points to."""
    found = {n: _link(table.columns[n].other(row), rows) for n in table.pointing}
    if all(link is None for link in found.values()):
        return table.alone
    return tuple(found.get(n) for n in range(len(table.columns)))


def _link(other: Model | None, rows: Sequence[Model]) -> int | None:
    if other is None or other.pk is not None:
        return None
    return next(n for n, earlier in enumerate(rows) if earlier is other)


def _point(row: Model, table: Table) -> None:
    """Take over the numbers that the rows it points to have been given."""
    kept, others = row.__dict__, row._state.fields_cache
    for n in table.pointing:
        column = table.columns[n]
        if (other := others.get(column.field.name)) is not None:
            kept[column.attribute] = other.pk
