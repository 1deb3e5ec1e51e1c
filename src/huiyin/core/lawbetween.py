"""Reads what a rulebook says of letters between bodies (`[correspondence]`) and of days (`[spans]`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from huiyin.core import vocabulary as words
from huiyin.core.correspondence import FLAGS, Kind
from huiyin.core.spans import BASES, SPANS, Span

if TYPE_CHECKING:
    from huiyin.core.lawvalues import Values
    from huiyin.core.rulebook import Rulebook

GROUNDS = "grounds-of-responsibility"  # the choices of a letter that is about a body
KIND = {"article", "zh", "en", "by", "answered", *FLAGS}
SPAN = {"days", "article", "basis", "evidence", "zh", "en"}


def correspondence(read: Values, tables: Any) -> dict[str, Kind]:
    """The kinds of letters, in the order of the rulebook."""
    if not isinstance(tables, dict):
        read.fail("correspondence", "must be a table")
    return {name: _kind(read, name, table) for name, table in tables.items()}


def _kind(read: Values, name: str, table: Any) -> Kind:
    key = f"correspondence.{read.name('correspondence', name)}"
    read.known(key, table, KIND)
    by = read.names(f"{key}.by", table.get("by"))
    read.all_in(f"{key}.by", by, words.BODY_KINDS)
    if not by:
        read.fail(f"{key}.by", "a letter that nobody may write: name at least one kind of body")
    return Kind(
        code=name,
        article=read.said(f"{key}.article", table.get("article")),
        text=read.text(key, table),
        by=frozenset(by),
        answered=read.is_true(f"{key}.answered", table.get("answered", True)),
        **{flag: read.is_true(f"{key}.{flag}", table.get(flag, False)) for flag in FLAGS},
    )


def spans(read: Values, tables: Any) -> dict[str, Span]:
    """The numbers of days, by name."""
    if not isinstance(tables, dict):
        read.fail("spans", "must be a table")
    return {name: _span(read, name, table) for name, table in tables.items()}


def _span(read: Values, name: str, table: Any) -> Span:
    key = f"spans.{read.one_of(f'spans.{name}', name, SPANS)}"
    read.known(key, table, SPAN)
    basis = read.one_of(f"{key}.basis", table.get("basis"), BASES)
    article = table.get("article", "")
    if basis != "house" or article:
        article = read.said(f"{key}.article", table.get("article"))
    return Span(
        name=name,
        days=read.whole(f"{key}.days", table.get("days")),
        article=article,
        basis=basis,
        evidence=read.one_of(f"{key}.evidence", table.get("evidence"), words.EVIDENCE),
        text=read.text(key, table),
    )


def cited(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(key, article) of everything here that names one."""
    for name, kind in book.correspondence.items():
        yield f"correspondence.{name}.article", kind.article
    for name, span in book.spans.items():
        yield f"spans.{name}.article", span.article


def wrongs(book: Rulebook) -> Iterator[tuple[str, str]]:
    """What is wrong, as (key, what)."""
    for name, kind in book.correspondence.items():
        if kind.about and not book.choices.get(GROUNDS):
            yield f"correspondence.{name}.about", f"needs its grounds: [[choices.{GROUNDS}]]"
        if kind.counted and kind.answered:
            yield f"correspondence.{name}.answered", "a report that is counted asks for no answer"
