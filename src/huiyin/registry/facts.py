"""What a move said, as labelled facts in words: codes turned into names, rows into lines.

Reads only. Who may hear which of them is for `disclosure` and `access` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from huiyin.core import rulebook
from huiyin.core.documents import DocumentRule
from huiyin.core.rulebook import Content, Row
from huiyin.core.text import LABELLED, Text, labelled
from huiyin.core.vocabulary import VERBS
from huiyin.registry import sealing
from huiyin.registry.models import Body, Entry

YES, NO = Text("是", "yes"), Text("否", "no")
NOBODY = Text("", "")
PARAGRAPHS = Text("\n\n", "\n\n")
ENDING = Text("接下来怎么办", "How it goes on from there")
ROLES: dict[str, Text] = {
    "author": Text("信访人", "the petitioner"),
    "registrar": Text("登记人员", "registrar"),
    "handler": Text("经办人员", "handling officer"),
    "head": Text("单位负责人", "head of the body"),
    "reviewer": Text("复查复核人员", "reviewer"),
    "leader": Text("领导", "leader"),
    "supervisor": Text("督办人员", "supervisor"),
    "custodian": Text("保管员", "custodian"),
    "auditor": Text("审计员", "auditor"),
    "recorder": Text("来函记录人员", "recorder of its letter"),
    "clerk": Text("系统", "Huiyin"),
    "courier": Text("系统", "Huiyin"),
    "importer": Text("数据导入", "import"),
}
SEATS = "seats"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a move said, labelled."""

    label: Text
    value: Text | str
    name: str
    parts: tuple[Fact, ...] = ()  # of one row of several columns; `value` tells them a line each


def bodies_named(entries: list[Entry]) -> dict[str, Body]:
    """Every body that held it, or that some step names."""
    codes = {entry.body for entry in entries} | {c for e in entries for c in codes_in(e.contents)}
    return {body.code: body for body in Body.objects.filter(code__in=codes)}


def codes_in(said: Mapping[str, Any]) -> Iterator[str]:
    """Whatever could be the code of a body in what a move says; what is none is simply not found."""
    for name, value in said.items():
        if name == "body":
            yield str(value)
        elif name in {"part_against", "reported"} and isinstance(value, list):
            yield from map(str, value)
        elif isinstance(value, list):
            yield from (code for line in value if isinstance(line, dict) for code in codes_in(line))


def document_of(entry: Entry) -> DocumentRule | None:
    """The document that an entry left, as its law describes it."""
    row = row_of(entry)
    return rulebook.by_id(entry.rulebook).document_of(row) if row else None


def row_of(entry: Entry) -> Row | None:
    """The row that an entry was made under: same event, same article, and able to lead to its state."""
    rows = [
        row
        for row in rulebook.by_id(entry.rulebook).rows
        if VERBS[row.verb] == entry.event and row.to in {"", entry.state}
    ]
    alike = [row for row in rows if row.article == entry.article] or rows
    # Rows that differ by class alone may ask differently: it is the one that asked for what was said.
    said = set(entry.contents) - {"attachments"}
    asking = (row for row in alike if said <= {content.name for content in row.contents})
    return next(asking, alike[0] if alike else None)


def facts_of(row: Row, entry: Entry, bodies: Mapping[str, Body], *, apart: bool = False) -> tuple[Fact, ...]:
    """What a move said, in the order of its row, with labels and with codes turned into words.

    The one place that leaves out what is kept apart (art. 33), unless `apart` asks for it.
    """
    row = row if apart else replace(row, contents=tuple(c for c in row.contents if not c.apart))
    said, book = entry.contents, entry.rulebook
    told = [
        fact
        for content in row.contents
        if content.name in said and content.type != "rows"
        for fact in _facts(content, said[content.name], book, bodies)
    ]
    return (*told, *_rows_facts(row, said, book, bodies))


def _facts(content: Content, value: Any, book: str, bodies: Mapping[str, Body]) -> Iterator[Fact]:
    """What was said, and what follows for the author from the choice that was made."""
    yield Fact(content.text, value_of(content, value, book, bodies), content.name)
    if ending := ending_of(content, value):
        yield Fact(ENDING, ending, f"{content.name}_ending")


def ending_of(content: Content, value: Any) -> Text | None:
    """How it goes on for the author after this choice, where the law's words say so."""
    return next((choice.ending for choice in content.choices if choice.code == value), None)


def told_of(entry: Entry) -> tuple[Fact, ...]:
    """What one entry says, to those who may read it all."""
    row = row_of(entry)
    return facts_of(row, entry, {}) if row else ()


def _rows_facts(row: Row, said: Mapping[str, Any], book: str, bodies: Mapping[str, Body]) -> list[Fact]:
    """One fact for each row, counted where there are several."""
    made = []
    for content in row.contents:
        lines = said.get(content.name, []) if content.type == "rows" else []
        for number, line in enumerate(lines, start=1):
            label = Text(f"{content.text.zh}{number}", f"{content.text.en} {number}")
            told = _row_fact(content, label if len(lines) > 1 else content.text, line, book, bodies)
            made.append(told)
    return made


def _row_fact(
    content: Content, label: Text, line: Mapping[str, Any], book: str, bodies: Mapping[str, Body]
) -> Fact:
    parts = tuple(
        Fact(column.text, value_of(column, line[column.name], book, bodies), column.name)
        for column in content.columns
        if _is_said(column, line.get(column.name))
    )
    if len(content.columns) == 1:
        return Fact(label, parts[0].value if parts else "", content.name)
    if content.name == SEATS:
        return Fact(label, _seat(parts), content.name, parts)
    lines = [labelled(part.label, part.value) for part in parts]
    return Fact(label, PARAGRAPHS.join(lines), content.name, parts)


def _seat(parts: tuple[Fact, ...]) -> Text:
    """One line: the seat, who takes it by function, and of those who must have stood apart that they did."""
    said = {part.name: part for part in parts}
    seat, held = said["seat"].value, said["function_held"].value
    line = LABELLED.format(label=seat, value=held)
    if "stood_apart" not in said:
        return line
    apart = said["stood_apart"].label
    return Text("{line}（{apart}）", "{line} ({apart})").format(
        line=line, apart=Text(apart.zh, apart.en.lower())
    )


def _is_said(column: Content, value: Any) -> bool:
    """Whether anything was said in this column: a flag that need not be set says nothing when it is not."""
    return value not in (None, "", []) and (value is not False or column.required)


def _bodies(value: Any, known: Mapping[str, Body] | None) -> Mapping[str, Body]:
    """The bodies that a value names: those already read, or else asked for."""
    if known is not None:
        return known
    codes = value if isinstance(value, list) else [value]
    return {body.code: body for body in Body.objects.filter(code__in=codes)}


def value_of(content: Content, value: Any, book: str, bodies: Mapping[str, Body] | None = None) -> Text | str:
    """What a move said of one content, with codes turned into words."""
    if value == sealing.CLOSED:
        return sealing.UNDER_SEAL
    if content.type == "choice":
        return next((c.text for c in content.choices if c.code == value), str(value))
    if content.type == "body":
        known = _bodies(value, bodies)
        return known[value].name if value in known else str(value)
    if content.type == "bodies":
        known = _bodies(value, bodies)
        return _joined([known[code].name if code in known else Text(code, code) for code in value or ()])
    if content.type == "clock":
        rule = rulebook.by_id(book).clocks.get(str(value).partition("/")[0])
        return rule.text if rule else str(value)
    if content.type == "flag":
        return YES if value else NO
    if content.type == "date" and value:
        return Text.of_weekday(date.fromisoformat(value))
    return "" if value is None else str(value)


def names_of(codes: Iterable[str]) -> Text:
    """The names of these bodies in one line."""
    return _joined([body.name for body in Body.objects.filter(code__in=codes)])


def _joined(names: list[Text]) -> Text:
    return Text("、", ", ").join(names)
