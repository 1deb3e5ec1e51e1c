"""Insert the rows of one filing or move as cheaply as the database allows.

Rows of several tables, which may point to one another before any has a number. PostgreSQL takes them all in
one prepared statement, so that a filing costs one round trip instead of seven; SQLite takes one statement
each. The words of a statement are the same every time, so they are put together once and not, as `save`
does, anew for each row: that was most of what a filing cost (`make bench`).
"""
# ruff: noqa: S608 (the words are names of our own tables and columns; values go as parameters)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, repeat
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import AutoField, Field, ForeignKey, JSONField, Model

# Which earlier row each column points to; nothing where it holds a value of its own.
Links = tuple[int | None, ...]
# Values that go into a column as they are. Asking the field about each of them is most of what is left.
PLAIN = {str, int, bool, type(None)}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    attribute: str
    field: Field[Any, Any]
    points: ForeignKey[Any, Any] | None  # the same field, where it points to another row
    is_json: bool

    def value(self, row: Model, connection: BaseDatabaseWrapper) -> Any:
        value = getattr(row, self.attribute)
        if type(value) in PLAIN and not self.is_json:
            return value
        return self.field.get_db_prep_save(value, connection)

    def other(self, row: Model) -> Model | None:
        """The row that it points to, as far as that is at hand."""
        return self.points.get_cached_value(row, default=None) if self.points else None


@dataclass(frozen=True, slots=True)
class Table:
    """What is the same in every INSERT into one table."""

    name: str
    columns: tuple[Column, ...]
    pointing: tuple[int, ...]  # which of the columns may point to another row
    numbered: bool  # the database gives the number, by which later rows point to it
    alone: Links  # of a row that points to none without a number

    def statement(self, links: Links, places: Iterator[str]) -> str:
        """The words of an INSERT; `places`: what stands for each value, in turn."""
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        values = ", ".join(next(places) if link is None else f"(SELECT id FROM r{link})" for link in links)
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({values})'


@cache
def _table(model: type[Model]) -> Table:
    fields = [f for f in model._meta.local_concrete_fields if not isinstance(f, AutoField)]
    columns = tuple(_column(field) for field in fields)
    numbered = isinstance(model._meta.pk, AutoField)
    pointing = tuple(n for n, column in enumerate(columns) if column.points)
    return Table(model._meta.db_table, columns, pointing, numbered, (None,) * len(columns))


def _column(field: Field[Any, Any]) -> Column:
    points = field if isinstance(field, ForeignKey) else None
    return Column(str(field.column), field.attname, field, points, isinstance(field, JSONField))


def stands_alone() -> bool:
    """Whether the next `insert` is a transaction by itself: one statement, and nobody else's around it.

    Inside another's transaction a failure would take that along; there it needs a savepoint.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    return connection.vendor == "postgresql" and not connection.in_atomic_block


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
            table = _table(type(row))
            _point(row, table)
            cursor.execute(_alone(type(row)), _values(row, table, table.alone, connection))
            if table.numbered:
                row.pk = cursor.lastrowid


def _at_once(rows: Sequence[Model], connection: BaseDatabaseWrapper) -> None:
    links = tuple(_links(row, rows) for row in rows)
    params: list[Any] = []
    for row, its in zip(rows, links, strict=True):
        params += _values(row, _table(type(row)), its, connection)
    with _raw_cursor(connection) as cursor:
        cursor.execute(_together(tuple(type(row) for row in rows), links), params)
        numbers = iter(cursor.fetchone())
    for row in rows:
        table = _table(type(row))
        if table.numbered:
            row.pk = next(numbers)
        _point(row, table)


def _raw_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """A cursor that takes $1, $2 … as PostgreSQL does.

    With %s the driver reads through the whole statement each time, and keeps nothing of one as long as this.
    """
    from psycopg import RawCursor

    connection.ensure_connection()
    made: Any = RawCursor(connection.connection)
    return _Watched(made, connection) if connection.queries_logged else connection.make_cursor(made)


class _Watched(CursorDebugWrapper):
    """The same for who counts the queries. Django would put the values in where %s stands: nowhere."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        with self.debug_sql(sql, params):
            return CursorWrapper.execute(self, sql, params)


@cache
def _alone(model: type[Model]) -> str:
    table = _table(model)
    return table.statement(table.alone, repeat("%s"))


@cache
def _together(models: tuple[type[Model], ...], links: tuple[Links, ...]) -> str:
    tables = [_table(model) for model in models]
    places = (f"${n}" for n in count(1))
    parts = [
        f"r{n} AS ({table.statement(its, places)}{' RETURNING id' if table.numbered else ''})"
        for n, (table, its) in enumerate(zip(tables, links, strict=True))
    ]
    numbers = [f"(SELECT id FROM r{n})" for n, table in enumerate(tables) if table.numbered]
    return f"WITH {', '.join(parts)} SELECT {', '.join(numbers) or '1'}"


def _values(row: Model, table: Table, links: Links, connection: BaseDatabaseWrapper) -> list[Any]:
    return [
        column.value(row, connection)
        for column, link in zip(table.columns, links, strict=True)
        if link is None
    ]


def _links(row: Model, rows: Sequence[Model]) -> Links:
    """For each column, the earlier row of this very insert that it points to."""
    table = _table(type(row))
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
    for n in table.pointing:
        column = table.columns[n]
        if (other := column.other(row)) is not None:
            setattr(row, column.attribute, other.pk)
