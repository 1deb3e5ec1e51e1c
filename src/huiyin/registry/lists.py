"""What the lists of bodies and of officers have in common: columns, cells, and what is wrong in which row.

A list is judged whole before anything of it is kept, and every fault is named with its line, its column and
the value that stands there: whoever mends it in a spreadsheet does so once.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huiyin.core.text import Text
from huiyin.reading.tables import Table

MOST_ROWS = 2000
YES = frozenset({"yes", "y", "1", "true", "是", "对"})
NO = frozenset({"no", "n", "0", "false", "否", ""})
BETWEEN = ("；", ";", "\n")  # of several values in one cell

TOO_MANY = Text(
    "超过 {most} 行；请分成几个文件，先导入上级",
    "more than {most} rows: make several files, and import those above first",
)
NO_ROWS = Text(
    "除表头外没有内容；请在表头下面每行写一个",
    "nothing stands below the heading: write one on each line",
)
UNKNOWN_COLUMNS = Text(
    "不认识这些列：{what}；请改成模板里的列名，或者删掉",
    "these columns are not known: {what}. Call them as the template does, or take them out",
)
MISSING_COLUMNS = Text("缺少这些列：{what}", "these columns are missing: {what}")
TWICE = Text("这两列是同一列：{what}；请只留一列", "two columns mean the same: {what}. Leave one of them")
NEEDED = Text("不能空着", "must be filled in")
YES_OR_NO = Text("请写“是”或者“否”", "write yes or no")
TOO_LONG = Text("超过 {most} 个字符", "longer than {most} characters")
NOT_A_CODE = Text(
    "只能用字母、数字、- 和 _，最多 40 个，不能是 new",
    "use at most 40 letters, digits, - and _, and not “new”",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how code calls it, how a heading may, and what belongs into it."""

    name: str
    heading: Text
    meaning: Text
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where. Line 0: of the whole file."""

    line: int
    column: Text | None
    value: str
    what: Text


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line by the names of their columns; a column that the file has not is not in it."""

    line: int
    cells: Mapping[str, str]


class Faulty(Exception):
    """A list of which nothing can be judged, such as one without a column that is needed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(str(fault.what) for fault in faults))
        self.faults = tuple(faults)


class Overtaken(RuntimeError):
    """Something changed since the list was looked at; nothing of it was kept."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def digest(does: Sequence[object]) -> str:
    """What a list would do, to be compared: looked at and confirmed are the same, or something changed."""
    return hashlib.sha256(repr(does).encode()).hexdigest()


def rows_of(table: Table, columns: Sequence[Column]) -> tuple[list[Row], list[Fault]]:
    """The rows with their cells named, and the lines that are none. Raises Faulty."""
    named = _named(table.headings, columns)
    rows: list[Row] = []
    faults: list[Fault] = []
    for line in table.lines():
        if len(rows) == MOST_ROWS:
            raise Faulty([whole(TOO_MANY.format(most=MOST_ROWS))])
        if line.problem:
            faults.append(Fault(line.number, None, "", line.problem))
            continue
        cells = {named[heading]: cell.strip() for heading, cell in line.cells.items() if heading in named}
        rows.append(Row(line.number, dict.fromkeys(named.values(), "") | cells))
    if not (rows or faults):
        raise Faulty([whole(NO_ROWS)])
    return rows, faults


def whole(what: Text) -> Fault:
    return Fault(0, None, "", what)


def _named(headings: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """Heading -> column. Raises Faulty for a heading that means nothing, and for one that is missing."""
    known = {each: c.name for c in columns for each in (c.name, c.heading.zh, c.heading.en.lower())}
    named = {h: known[h.lower()] for h in headings if h.lower() in known}
    faults = []
    if strange := [h for h in headings if h and h not in named]:
        faults.append(whole(UNKNOWN_COLUMNS.format(what=_listed(strange))))
    found = list(named.values())
    if again := [c.heading for c in columns if found.count(c.name) > 1]:
        faults.append(whole(TWICE.format(what=_joined(again))))
    if missing := [c.heading for c in columns if c.needed and c.name not in found]:
        faults.append(whole(MISSING_COLUMNS.format(what=_joined(missing))))
    if faults:
        raise Faulty(faults)
    return named


def _listed(words: Iterable[str]) -> Text:
    words = list(words)
    return Text("、".join(words), ", ".join(words))


def _joined(texts: Iterable[Text]) -> Text:
    texts = list(texts)
    return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))


def choice(value: str, names: Iterable[tuple[str, Text]]) -> str | None:
    """The code of what a cell names, by its code or by its name in one of the languages."""
    wanted = value.strip().lower()
    for code, name in names:
        if wanted in {code, name.zh.lower(), name.en.lower()}:
            return code
    return None


def yes(value: str) -> bool | None:
    """None for a word that is neither."""
    said = value.strip().lower()
    return True if said in YES else False if said in NO else None


def several(value: str) -> list[str]:
    """The values of one cell."""
    for mark in BETWEEN[1:]:
        value = value.replace(mark, BETWEEN[0])
    return [part.strip() for part in value.split(BETWEEN[0]) if part.strip()]


def as_csv(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, chinese: bool) -> bytes:
    """A file that Excel opens as it is meant: UTF-8 with its mark, headings in the language of the page."""
    made = io.StringIO()
    written = csv.writer(made)
    written.writerow([c.heading.zh if chinese else c.heading.en for c in columns])
    written.writerows(rows)
    return made.getvalue().encode("utf-8-sig")
