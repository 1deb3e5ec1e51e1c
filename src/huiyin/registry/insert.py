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
from itertools import chain, count, repeat
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
class Form:
    """What is the same in every INSERT of rows of these tables that point to one another in this way.

    To go through the columns anew for each filing was half of what is not the driver's own.
    """

    words: str
    values: tuple[Callable[[Mapping[str, Any]], tuple[Any, ...]], ...]  # of each row, in order
    fields: tuple[Field[Any, Any], ...]  # of all values together
    # Values that are made ready for the driver: place, which type of value (None: any), and how.
    special: tuple[tuple[int, type | None, Callable[[Any], Any]], ...]
    numbered: tuple[tuple[int, str], ...]  # rows that the database numbers, and where the number is kept
    points: tuple[tuple[int, str, int, str], ...]  # which row keeps where the number of which, kept where

    def params(self, rows: Sequence[Model], connection: BaseDatabaseWrapper) -> list[Any]:
        """The values of these rows as the driver takes them."""
        made: list[Any] = []
        for row, values in zip(rows, self.values, strict=True):
            made += values(row.__dict__)
        for n, of, way in self.special:
            value = made[n]
            if value is not None and of in {None, type(value)}:
                made[n] = way(value)
        taken = TAKEN[connection.vendor]
        if not taken.issuperset(map(type, made)):
            for n, value in enumerate(made):
                if type(value) not in taken:
                    made[n] = self.fields[n].get_db_prep_save(value, connection)
        return made


def _way(field: Field[Any, Any], ways: Mapping[str, Way]) -> Way | None:
    return (None, _json) if isinstance(field, JSONField) else ways.get(field.get_internal_type())


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table as rows are inserted into it."""

    name: str
    fields: tuple[Field[Any, Any], ...]  # of its columns, but for a number that the database gives
    pointing: tuple[tuple[str, str], ...]  # columns that may point to another row: field and attribute
    key: str  # where the number is kept that the database gives, by which later rows point to it; or ''


@cache
def _table(model: type[Model]) -> Table:
    meta = model._meta
    fields = tuple(f for f in meta.local_concrete_fields if not isinstance(f, AutoField))
    pointing = tuple((f.name, f.attname) for f in fields if isinstance(f, ForeignKey))
    return Table(meta.db_table, fields, pointing, meta.pk.attname if isinstance(meta.pk, AutoField) else "")


@lru_cache(maxsize=256)
def _form(tables: tuple[Table, ...], links: tuple[Links, ...], vendor: str) -> Form:
    bound = [
        {at: link for (_, at), link in zip(table.pointing, its, strict=True) if link is not None}
        for table, its in zip(tables, links, strict=True)
    ]
    free = [
        [f for f in table.fields if f.attname not in its] for table, its in zip(tables, bound, strict=True)
    ]
    fields = tuple(chain.from_iterable(free))
    ways = [_way(field, WAYS[vendor]) for field in fields]
    places = (f"${n}" for n in count(1)) if vendor == "postgresql" else repeat("?")
    parts = [_insertion(*each, places) for each in zip(tables, bound, strict=True)]
    return Form(
        words=_together(tables, parts) if vendor == "postgresql" else parts[0],
        values=tuple(_values([field.attname for field in its]) for its in free),
        fields=fields,
        special=tuple((n, *way) for n, way in enumerate(ways) if way),
        numbered=tuple((n, table.key) for n, table in enumerate(tables) if table.key),
        points=tuple(
            (n, at, link, tables[link].key) for n, its in enumerate(bound) for at, link in its.items()
        ),
    )


def _values(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    # Of one name itemgetter would answer the value alone.
    return itemgetter(*names) if len(names) > 1 else lambda kept: tuple(kept[name] for name in names)


def _insertion(table: Table, bound: Mapping[str, int], places: Iterator[str]) -> str:
    """The words of an INSERT; `places`: what stands for each value, in turn."""
    names = ", ".join(f'"{field.column}"' for field in table.fields)
    values = ", ".join(
        f"(SELECT id FROM r{bound[f.attname]})" if f.attname in bound else next(places) for f in table.fields
    )
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({values})'


def _together(tables: Sequence[Table], parts: Sequence[str]) -> str:
    """One statement of them all, which answers the numbers that the database gave."""
    each = zip(tables, parts, strict=True)
    named = [
        f"r{n} AS ({part}{' RETURNING id' if table.key else ''})" for n, (table, part) in enumerate(each)
    ]
    numbers = [f"(SELECT id FROM r{n})" for n, table in enumerate(tables) if table.key]
    return f"WITH {', '.join(named)} SELECT {', '.join(numbers) or '1'}"


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
            table = _table(type(row))
            others = row._state.fields_cache
            for name, attribute in table.pointing:
                if (other := others.get(name)) is not None:
                    row.__dict__[attribute] = other.pk
            form = _form((table,), ((None,) * len(table.pointing),), connection.vendor)
            cursor.execute(form.words, form.params((row,), connection))
            if table.key:
                row.__dict__[table.key] = cursor.lastrowid


def _at_once(rows: Sequence[Model], connection: BaseDatabaseWrapper) -> None:
    tables = tuple([_table(type(row)) for row in rows])
    places = {id(row): n for n, row in enumerate(rows) if tables[n].key}
    links = tuple([_links(row, table, places) for row, table in zip(rows, tables, strict=True)])
    form = _form(tables, links, connection.vendor)
    with _raw_cursor(connection) as cursor:
        cursor.execute(form.words, form.params(rows, connection))
        numbers = cursor.fetchone()
    for (n, key), number in zip(form.numbered, numbers, strict=False):  # 1 where there are none
        rows[n].__dict__[key] = number
    for n, attribute, other, key in form.points:
        rows[n].__dict__[attribute] = rows[other].__dict__[key]


def _links(row: Model, table: Table, places: Mapping[int, int]) -> Links:
    others = row._state.fields_cache
    return tuple([places.get(id(others[name])) if name in others else None for name, _ in table.pointing])


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
