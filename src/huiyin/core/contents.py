"""What a move says: reads the required contents of a row from whatever a door was given.

Doors hand over strings (a form, a shell) or JSON values; both become the same plain values here, so that
each content is checked once, the same for every door.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from huiyin.core.refusal import Refusal, refuse
from huiyin.core.rulebook import Content, Row

# What neither database nor UTF-8 can hold: NUL, and halves of characters that JSON can smuggle in.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
TRUE = {"true", "1", "yes", "on"}
FALSE = {"false", "0", "no", "off", ""}


class _Wrong(ValueError):
    """A value that cannot be read; the argument is a key of FIELD_REASONS."""


def is_keepable(words: str) -> bool:
    """Whether a text can be kept at all, by either database and in UTF-8."""
    return not _UNKEEPABLE.search(words)


def read(row: Row, given: Mapping[str, Any]) -> dict[str, Any] | Refusal:
    """Answer the contents as plain JSON values, or the refusal that names each field that is wrong."""
    wrong: dict[str, str] = {}
    said: dict[str, Any] = {}
    known = {content.name for content in row.contents}
    wrong.update({name: "unknown" for name in given if name not in known})
    for content in row.contents:
        try:
            value = _value(content, given.get(content.name))
        except _Wrong as error:
            wrong[content.name] = str(error)
            continue
        if value is not None:
            said[content.name] = value
        elif content.required:
            wrong[content.name] = "required"
    return refuse("contents", row.article, fields=wrong) if wrong else said


def _value(content: Content, raw: Any) -> Any:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    return _READERS[content.type](content, raw)


def _text(content: Content, raw: Any) -> str:
    if not isinstance(raw, str) or not is_keepable(raw):
        raise _Wrong("text")
    if len(raw) > content.most:
        raise _Wrong("too-long")
    return raw.strip()


def _choice(content: Content, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in {choice.code for choice in content.choices}:
        raise _Wrong("choice")
    return raw


def _bodies(_: Content, raw: Any) -> list[str] | None:
    """Codes of bodies, as a list or with commas between them; each once."""
    given = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple) or not all(isinstance(c, str) and is_keepable(c) for c in given):
        raise _Wrong("body")
    return list(dict.fromkeys(code.strip() for code in given if code.strip())) or None


def bodies_of(raw: Any) -> frozenset[str]:
    """The codes in what names bodies, whatever door it came through; what is none is left out."""
    given = raw.split(",") if isinstance(raw, str) else raw
    named = given if isinstance(given, list | tuple) else ()
    return frozenset(c.strip() for c in named if isinstance(c, str) and is_keepable(c)) - {""}


def _date(_: Content, raw: Any) -> str:
    try:
        return date.fromisoformat(str(raw).strip()).isoformat()
    except ValueError:
        raise _Wrong("date") from None


def _days(content: Content, raw: Any) -> int:
    return _whole(content, raw, "days")


def _number(content: Content, raw: Any) -> int:
    return _whole(content, raw, "number")


def _whole(content: Content, raw: Any, wrong: str) -> int:
    try:
        number = int(str(raw).strip())
    except ValueError:
        raise _Wrong(wrong) from None
    if not 1 <= number <= content.most:
        raise _Wrong(wrong)
    return number


def _task(_: Content, raw: Any) -> int:
    word = str(raw).strip()
    if not word.isdecimal() or len(word) > 4:
        raise _Wrong("task")
    return int(word)


def _letter(_: Content, raw: Any) -> int:
    word = str(raw).strip()
    if not word.isdecimal() or len(word) > 6:
        raise _Wrong("letter")
    return int(word)


def _flag(_: Content, raw: Any) -> bool:
    word = str(raw).strip().lower()
    if word not in TRUE | FALSE:
        raise _Wrong("flag")
    return word in TRUE


def _rows(content: Content, raw: Any) -> list[dict[str, Any]] | None:
    if not isinstance(raw, list) or len(raw) > content.most:
        raise _Wrong("rows")
    rows = [row for row in raw if isinstance(row, Mapping) and any(_is_said(v) for v in row.values())]
    if rows and len(rows) < content.least:
        raise _Wrong("too-few")
    return [_row(content, row) for row in rows] or None


def _is_said(value: Any) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def _row(content: Content, raw: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for column in content.columns:
        value = _value(column, raw.get(column.name))
        if value is None and column.type == "flag":
            value = False  # a box that is not ticked sends nothing
        if value is None and column.required:
            raise _Wrong("rows")
        made[column.name] = value
    return made


_READERS: dict[str, Callable[[Content, Any], Any]] = {
    "text": _text,
    "choice": _choice,
    "body": _text,
    "bodies": _bodies,
    "officer": _text,
    "date": _date,
    "days": _days,
    "rows": _rows,
    "ref": _text,
    "flag": _flag,
    "clock": _text,
    "number": _number,
    "task": _task,
    "letter": _letter,
}
