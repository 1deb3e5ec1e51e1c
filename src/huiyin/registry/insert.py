"""Insert the rows of one filing or move as cheaply as the database allows.

Rows of several tables, which may point to one another before any has a number. PostgreSQL takes them all in
one prepared statement, so that a filing costs one round trip instead of seven; SQLite takes one statement
each. The words of a statement are the same every time, so they are put together once and not, as `save`
does, anew for each row: that was most of what a filing cost (`make bench`).
"""
# ruff: noqa: S608 (the words are names of our own tables and columns; values go as parameters)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, ForeignKey, Model

# Which earlier row a field points to; nothing where it holds a value of its own.
Links = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What is the same in every INSERT into one table."""

    name: str
    fields: tuple[Field[Any, Any], ...]
    numbered: bool  # the database gives the number, by which later rows point to it

    def statement(self, links: Links) -> str:
        columns = ", ".join(f'"{field.column}"' for field in self.fields)
        values = ", ".join("%s" if link is None else f"(SELECT id FROM r{link})" for link in links)
        return f'INSERT INTO "{self.name}" ({columns}) VALUES ({values})'


@cache
def _table(model: type[Model]) -> Table:
    fields = tuple(f for f in model._meta.local_concrete_fields if not isinstance(f, AutoField))
    return Table(model._meta.db_table, fields, isinstance(model._meta.pk, AutoField))


def insert(rows: Sequence[Model]) -> None:
    """Insert new rows inside the transaction of whoever calls; they know their numbers afterwards."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _at_once(rows)
    else:
        _one_by_one(rows)


def _one_by_one(rows: Sequence[Model]) -> None:
    with connection.cursor() as cursor:
        for row in rows:
            table = _table(type(row))
            _point(row, table)
            cursor.execute(_alone(type(row)), _values(row, table, (None,) * len(table.fields)))
            if table.numbered:
                row.pk = cursor.lastrowid


def _at_once(rows: Sequence[Model]) -> None:
    links = tuple(_links(row, rows) for row in rows)
    params: list[Any] = []
    for row, its in zip(rows, links, strict=True):
        params += _values(row, _table(type(row)), its)
    with connection.cursor() as cursor:
        cursor.execute(_together(tuple(type(row) for row in rows), links), params)
        numbers = iter(cursor.fetchone())
    for row in rows:
        table = _table(type(row))
        if table.numbered:
            row.pk = next(numbers)
        _point(row, table)


@cache
def _alone(model: type[Model]) -> str:
    table = _table(model)
    return table.statement((None,) * len(table.fields))


@cache
def _together(models: tuple[type[Model], ...], links: tuple[Links, ...]) -> str:
    tables = [_table(model) for model in models]
    parts = [
        f"r{n} AS ({table.statement(its)}{' RETURNING id' if table.numbered else ''})"
        for n, (table, its) in enumerate(zip(tables, links, strict=True))
    ]
    numbers = [f"(SELECT id FROM r{n})" for n, table in enumerate(tables) if table.numbered]
    return f"WITH {', '.join(parts)} SELECT {', '.join(numbers) or '1'}"


def _values(row: Model, table: Table, links: Links) -> list[Any]:
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field, link in zip(table.fields, links, strict=True)
        if link is None
    ]


def _links(row: Model, rows: Sequence[Model]) -> Links:
    """For each field, the earlier row of this very insert that it points to."""
    return tuple(_link(row, field, rows) for field in _table(type(row)).fields)


def _link(row: Model, field: Field[Any, Any], rows: Sequence[Model]) -> int | None:
    other = _other(row, field)
    if other is None or other.pk is not None:
        return None
    return next(n for n, earlier in enumerate(rows) if earlier is other)


def _other(row: Model, field: Field[Any, Any]) -> Model | None:
    """The row that a field points to, as far as it is at hand."""
    return field.get_cached_value(row, default=None) if isinstance(field, ForeignKey) else None


def _point(row: Model, table: Table) -> None:
    """Take over the numbers that the rows it points to have been given."""
    for field in table.fields:
        if (other := _other(row, field)) is not None:
            setattr(row, field.attname, other.pk)
