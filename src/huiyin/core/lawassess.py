"""Reads what a rulebook says of the yearly assessment of bodies (`[assessment]`); refuses a bad formula."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from huiyin.core.formula import DIFFICULTIES, TERMS, Formula, Item
from huiyin.core.formula import wrongs as wrongs_of

if TYPE_CHECKING:
    from huiyin.core.lawvalues import Values
    from huiyin.core.rulebook import Rulebook

TABLE = {"article", "items", "weights", "unsaid"}
ITEM = {"term", "points", "article", "clocks", "zh", "en"}
CONTENT = "difficulty"


def formula(read: Values, table: Any) -> Formula | None:
    """The formula, or None for a law without one."""
    if table is None:
        return None
    read.known("assessment", table, TABLE)
    items, weights = (table.get(name) for name in ("items", "weights"))
    if not isinstance(items, dict) or not isinstance(weights, dict):
        read.fail("assessment", "needs its items and its weights, each a table")
    read.all_in("assessment.weights", weights, DIFFICULTIES)
    return Formula(
        article=read.said("assessment.article", table.get("article")),
        items=tuple(_item(read, name, each) for name, each in items.items()),
        weights={code: read.whole(f"assessment.weights.{code}", n) for code, n in weights.items()},
        unsaid=read.whole("assessment.unsaid", table.get("unsaid")),
    )


def _item(read: Values, name: str, table: Any) -> Item:
    key = f"assessment.items.{read.name('assessment.items', name)}"
    read.known(key, table, ITEM)
    return Item(
        name=name,
        # The vocabulary is closed: no word in it counts how many ask, or pays for fewer (charter 8).
        term=read.one_of(f"{key}.term", table.get("term"), TERMS),
        points=read.whole(f"{key}.points", table.get("points")),
        article=read.said(f"{key}.article", table.get("article")),
        text=read.text(key, table),
        clocks=frozenset(read.names(f"{key}.clocks", table.get("clocks", []))),
    )


def cited(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(key, article) of everything here that names one."""
    if book.assessment:
        yield "assessment.article", book.assessment.article
        for item in book.assessment.items:
            yield f"assessment.items.{item.name}.article", item.article


def wrongs(book: Rulebook) -> Iterator[tuple[str, str]]:
    """What is wrong, as (key, what)."""
    if book.assessment is None:
        return
    for key, what in wrongs_of(book.assessment, book.clocks):
        yield f"assessment.{key}", what.en
    offered = {choice.code for choice in book.choices.get("difficulties", ())}
    if offered - DIFFICULTIES:
        yield "choices.difficulties", f"unknown: {', '.join(sorted(offered - DIFFICULTIES))}"
    asked = [row for row in book.rows_of("register") if not any(c.name == CONTENT for c in row.contents)]
    if asked:
        yield (
            "assessment.weights",
            f'how hard a case is must be asked at registration: contents = ["{CONTENT}?"]',
        )
