"""Reads what a rulebook says of its letters: `[letters]` and `[documents.…]`, described in `documents.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn, Protocol

from huiyin.core.documents import (
    CLOCK_WORDS,
    NUMBER_WORDS,
    READERS,
    REMEDY_WORDS,
    WORDS,
    DocumentRule,
    LetterWords,
    Sentence,
    blanks,
)
from huiyin.core.rulebook import Row, Rulebook
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS

LETTERS = {"opening", "through", "addressee", "contact", "number", "red"}
DOCUMENT = {"zh", "en", "series", "opening", "lead", "hides", "closing", "summary", "to", "served"}
CONDITIONS = ("clock", "remedy", "after", "without")
SENTENCE = {"zh", "en", *CONDITIONS}
LONGEST_SERIES = 20


class Values(Protocol):
    """What checks single values: the reader of the whole file."""

    def fail(self, key: str, what: str) -> NoReturn: ...
    def known(self, key: str, table: Any, allowed: set[str]) -> None: ...
    def is_true(self, key: str, value: Any) -> bool: ...
    def text(self, key: str, value: Any) -> Text: ...
    def said(self, key: str, value: Any) -> str: ...
    def names(self, key: str, value: Any) -> list[str]: ...
    def one_of(self, key: str, value: Any, allowed: Iterable[str]) -> str: ...


def letter_words(values: Values, table: Mapping[str, Any]) -> LetterWords | None:
    """The words that all letters share, or None for a law that describes no letters."""
    if not table:
        return None
    values.known("letters", table, LETTERS)
    form = values.said("letters.number", table.get("number"))
    if blanks(form) != NUMBER_WORDS:
        values.fail("letters.number", f"must name each of {_list(NUMBER_WORDS)} once")
    return LetterWords(
        opening=_sentences(values, "letters.opening", table.get("opening")),
        through=values.text("letters.through", table.get("through")),
        addressee=values.text("letters.addressee", table.get("addressee")),
        contact=_sentences(values, "letters.contact", table.get("contact")),
        number=form,
        red=values.is_true("letters.red", table.get("red", True)),
    )


def documents(values: Values, tables: Mapping[str, Any], rows: tuple[Row, ...]) -> dict[str, DocumentRule]:
    """The documents that moves of this law leave; the words that versions share may hold more."""
    used = {VERBS[row.verb] for row in rows} | {row.notice for row in rows}
    return {name: _document(values, name, table) for name, table in tables.items() if name in used}


def _document(values: Values, name: str, table: Any) -> DocumentRule:
    key = f"documents.{name}"
    values.known(key, table, DOCUMENT)
    served = table.get("served", False)
    if not isinstance(served, bool):
        values.fail(f"{key}.served", f"must be true or false, not {served!r}")
    series = values.said(f"{key}.series", table["series"]) if "series" in table else ""
    if len(series) > LONGEST_SERIES:
        values.fail(f"{key}.series", f"must have at most {LONGEST_SERIES} characters")
    return DocumentRule(
        name=name,
        title=values.text(key, table),
        series=series,
        opening=_sentences(values, f"{key}.opening", table.get("opening", [])),
        lead=_sentences(values, f"{key}.lead", table.get("lead", [])),
        hides=tuple(values.names(f"{key}.hides", table.get("hides", []))),
        closing=_sentences(values, f"{key}.closing", table.get("closing", [])),
        summary=_sentences(values, f"{key}.summary", table.get("summary")),
        to=values.one_of(f"{key}.to", table.get("to", "author"), READERS),
        served=served,
    )


def _sentences(values: Values, key: str, given: Any) -> tuple[Sentence, ...]:
    if not isinstance(given, list):
        values.fail(key, "must be a list of { zh = …, en = … }")
    return tuple(_sentence(values, f"{key}[{i}]", each) for i, each in enumerate(given, start=1))


def _sentence(values: Values, key: str, table: Any) -> Sentence:
    values.known(key, table, SENTENCE)
    said = {name: values.said(f"{key}.{name}", table[name]) for name in CONDITIONS if name in table}
    if {"clock", "remedy"} <= said.keys():
        values.fail(key, "is said of a clock or of a remedy, not of both")
    for name in ("after", "without"):
        if name in said:
            values.one_of(f"{key}.{name}", said[name], VERBS.values())
    return Sentence(values.text(key, table), **said)


# ---- what the documents and the rows say together


def wrongs(book: Rulebook) -> Iterator[tuple[str, str]]:
    """What is wrong with the letters of a law, as (key, what)."""
    if book.documents and book.letters is None:
        yield "letters", "documents need the words that all letters share: write a [letters] table"
        return
    for name, rule in book.documents.items():
        rows = [row for row in book.rows if book.document_of(row) is rule]
        yield from _of_document(book, f"documents.{name}", rule, rows)
    if book.letters:
        for key, sentences in (("opening", book.letters.opening), ("contact", book.letters.contact)):
            for i, sentence in enumerate(sentences, start=1):
                yield from _unknown(f"letters.{key}[{i}]", sentence.blanks(), WORDS)
        yield from _unknown("letters.through", Sentence(book.letters.through).blanks(), {"sender"})
        yield from _unknown("letters.addressee", Sentence(book.letters.addressee).blanks(), {"ref"})


def _of_document(book: Rulebook, key: str, rule: DocumentRule, rows: list[Row]) -> Iterator[tuple[str, str]]:
    said = {content.name for row in rows for content in row.contents}
    # What is chosen row by row can be named too: it is told of all rows together.
    chosen = {
        column.name
        for row in rows
        for content in row.contents
        for column in content.columns
        if column.type == "choice"
    }
    for name in rule.hides:
        if name not in said:
            yield f"{key}.hides", f"no move that leaves this document says {name!r}"
    for sentence in rule.sentences:
        where = f"{key} ({sentence.text.en[:30]}…)"
        allowed = WORDS | said | chosen
        if sentence.clock:
            allowed |= CLOCK_WORDS
            # Words that versions share may speak of a clock that this one says it does not know.
            if sentence.clock not in {*book.clocks, *book.absent}:
                yield where, f"{sentence.clock!r} is no clock of this rulebook"
        if sentence.remedy:
            allowed |= REMEDY_WORDS
            if sentence.remedy not in VERBS:
                yield where, f"there is no move {sentence.remedy!r}"
        yield from _unknown(where, sentence.blanks(), allowed)
    if rule.served and not _is_ever_served(book, rows):
        yield f"{key}.served", "no 'serve' move leads on from the state in which it is issued"


def _is_ever_served(book: Rulebook, rows: list[Row]) -> bool:
    return all(any(book.covers(row.to, serve) for serve in book.rows_of("serve")) for row in rows)


def _unknown(key: str, found: set[str], allowed: frozenset[str] | set[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(found - allowed):
        yield key, f"{{{name}}} is nothing that can be filled in here; these can: {_list(allowed)}"


def _list(words: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(words))
