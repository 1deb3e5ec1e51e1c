"""Reads a list of messages, CSV, XLSX or JSON Lines, row by row with its line number; judges no row."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from typing import IO, Any, Protocol
from zipfile import BadZipFile

from huiyin.core.text import Text

ENCODINGS = ("utf-8-sig", "gb18030")  # Chinese spreadsheets still write the second one
ZIP = b"PK\x03\x04"
BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")  # what Excel calls "Unicode text"
CHUNK = 1 << 20

Open = Callable[[], IO[bytes]]
"""Opens the list from its start: it is gone through more than once."""


class Unreadable(ValueError):
    """A list that cannot be read at all: `said` tells what is wrong and what to do."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, or why it cannot be read as one."""

    number: int  # the line of the file on which it starts
    cells: Mapping[str, str]
    problem: Text | None = None


class Importer(Protocol):
    """What a reader of lists of another kind has to do (docs/operate/extending.md)."""

    def reads(self, name: str, opening: bytes) -> bool:
        """Whether this is one of its lists, by the name of the file and its first 4096 bytes."""

    def table(self, name: str, opened: Open) -> Table:
        """The list. Raises Unreadable. Every row is a `Line` with its number; it judges none."""


class Lists:
    """What is built in: CSV, XLSX and JSON Lines, whatever the file is called."""

    def reads(self, name: str, opening: bytes) -> bool:  # noqa: ARG002 it reads whatever no other one does
        return True

    def table(self, name: str, opened: Open) -> Table:
        return read(name, opened)


@dataclass(frozen=True, slots=True)
class Table:
    headings: tuple[str, ...]
    total: int | None  # rows, as far as can be told beforehand
    lines: Callable[[], Iterator[Line]]


def read(name: str, opened: Open) -> Table:
    """Open a list that is called `name`. Raises Unreadable, and OSError where it cannot be opened."""
    with opened() as file:
        opening = file.read(4096)
    if opening.startswith(ZIP):
        return _sheet(name, opened)
    encoding = _encoding(name, opened, opening)
    start = opening.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    return (_json_lines if start.startswith("{") else _comma_separated)(name, opened, encoding)


def _text(opened: Open, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(opened(), encoding=encoding, newline="")


def _encoding(name: str, opened: Open, opening: bytes) -> str:
    """The first encoding in which the whole file makes sense."""
    for encoding in ("utf-16",) if opening.startswith(BYTE_ORDER) else ENCODINGS:
        try:
            with _text(opened, encoding) as file:
                while file.read(CHUNK):
                    pass
        except UnicodeError:
            continue
        return encoding
    raise Unreadable(
        Text(
            f"{name}：既不是 UTF-8，也不是 GB18030；请另存为 UTF-8 编码的 CSV",
            f"{name}: is neither UTF-8 nor GB18030; save it as CSV in UTF-8",
        )
    )


# ---- CSV


def _comma_separated(name: str, opened: Open, encoding: str) -> Table:
    csv.field_size_limit(sys.maxsize)  # an overlong cell is a bad row with a number, not a crash
    with _text(opened, encoding) as file:
        separator = _separator(file.readline())
        file.seek(0)
        rows = csv.reader(file, delimiter=separator)
        headings = tuple(cell.strip().lstrip("\ufeff") for cell in next(rows, []))
        total = sum(1 for row in rows if any(row))

    def lines() -> Iterator[Line]:
        with _text(opened, encoding) as file:
            rows = csv.reader(file, delimiter=separator)
            next(rows, None)
            before = rows.line_num
            for row in rows:
                first, before = before + 1, rows.line_num
                if any(cell.strip() for cell in row):
                    yield _line(first, headings, row)

    return Table(_headings(name, headings), total, lines)


def _separator(heading: str) -> str:
    return max(",;\t", key=heading.count)


def _line(number: int, headings: tuple[str, ...], row: list[str]) -> Line:
    if len(row) > len(headings):
        return Line(
            number,
            {},
            Text(
                f"有 {len(row)} 格，表头只有 {len(headings)} 格；检查引号和逗号",
                f"has {len(row)} cells, the heading {len(headings)}: check quotes and commas",
            ),
        )
    return Line(number, dict(zip(headings, row, strict=False)))


def _headings(name: str, headings: tuple[str, ...]) -> tuple[str, ...]:
    named = [heading for heading in headings if heading]
    if not named:
        raise Unreadable(Text(f"{name}：第一行没有表头", f"{name}: its first line names no columns"))
    if twice := sorted({name for name in named if named.count(name) > 1}):
        what = ", ".join(twice)
        raise Unreadable(
            Text(f"{name}：表头重复：{what}", f"{name}: these columns stand there twice: {what}")
        )
    return headings


# ---- XLSX


@contextmanager
def _rows(name: str, opened: Open) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The rows of the first sheet, for as long as the workbook is open."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with opened() as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
        except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
            raise Unreadable(Text(f"{name}：不是 XLSX 表格", f"{name}: is no XLSX workbook")) from error
        with closing(book):
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write a wrong size: rows would be missed in silence
            yield sheet.iter_rows(values_only=True)


def _sheet(name: str, opened: Open) -> Table:
    with _rows(name, opened) as rows:
        headings = tuple(_cell(cell).strip() for cell in next(rows, ()))
    while headings and not headings[-1]:
        headings = headings[:-1]

    def lines() -> Iterator[Line]:
        with _rows(name, opened) as rows:
            next(rows, None)
            for number, row in enumerate(rows, start=2):
                cells = [_cell(cell) for cell in row]
                while len(cells) > len(headings) and not cells[-1]:
                    cells.pop()
                if any(cell.strip() for cell in cells):
                    yield _line(number, headings, cells)

    return Table(_headings(name, headings), None, lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a spreadsheet keeps every number as a float, ids too
    return str(value)


# ---- JSON Lines


def _json_lines(name: str, opened: Open, encoding: str) -> Table:
    names: dict[str, None] = {}
    total = 0
    with _text(opened, encoding) as file:
        for text in file:
            total += bool(text.strip())
            names.update(dict.fromkeys(_object(text) or ()))

    def lines() -> Iterator[Line]:
        with _text(opened, encoding) as file:
            for number, text in enumerate(file, start=1):
                if text.strip("\ufeff \t\r\n"):
                    yield _json_line(number, text)

    return Table(_headings(name, tuple(names)), total, lines)


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _json_line(number: int, text: str) -> Line:
    value = _object(text)
    if value is None:
        return Line(number, {}, Text("不是一个 JSON 对象", "is no JSON object"))
    for name, cell in value.items():
        if isinstance(cell, dict | list):
            return Line(number, {}, Text(f"“{name}”必须是文字", f"{name!r} must be text"))
    return Line(number, {name: _cell(cell) for name, cell in value.items()})
