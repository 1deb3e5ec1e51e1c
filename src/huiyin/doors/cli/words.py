"""What the shell says: Chinese or English by the locale, what went wrong, and how the command ends.

Exit codes: 0 done or true · 1 something is false, a row was bad, or the house cannot work · 2 wrong usage ·
3 refused by the rules · 4 nothing proved.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from typing import IO, Any, NoReturn

import click

from huiyin.core import rulebook
from huiyin.core.refusal import Refusal
from huiyin.core.text import Text

DONE, FALSE, USAGE, REFUSED, UNPROVED = range(5)

WEEKDAYS = (
    *(Text("周一", "Mon"), Text("周二", "Tue"), Text("周三", "Wed"), Text("周四", "Thu")),
    *(Text("周五", "Fri"), Text("周六", "Sat"), Text("周日", "Sun")),
)
# Notices name holidays in the language of their country; this is how the other language calls them.
HOLIDAYS = {
    "weekend": Text("周末", "weekend"),
    "元旦": Text("元旦", "New Year's Day"),
    "春节": Text("春节", "Spring Festival"),
    "清明": Text("清明", "Qingming Festival"),
    "劳动节": Text("劳动节", "Labour Day"),
    "端午": Text("端午", "Dragon Boat Festival"),
    "中秋": Text("中秋", "Mid-Autumn Festival"),
    "国庆节": Text("国庆节", "National Day"),
    "hearing": Text("听证", "hearing"),
    "test": Text("检验检测", "test"),
    "kept": Text("已告知的日期不提前", "the date told before stands"),
}
EXCLUDED = "excluded: "


def in_chinese() -> bool:
    """Whether the shell is set to Chinese; the first of the three that is set decides, as everywhere."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


def say(text: Text, **values: object) -> str:
    """A sentence in the language of the shell."""
    filled = text.format(**values) if values else text
    return filled.zh if in_chinese() else filled.en


def both(zh: str, en: str) -> str:
    return zh if in_chinese() else en


def day(when: date | str) -> str:
    """A date with its weekday; the same width for every date, so that columns stand."""
    when = date.fromisoformat(when) if isinstance(when, str) else when
    return f"{when.isoformat()} {say(WEEKDAYS[when.weekday()])}"


def why(reason: str) -> str:
    """Why a day does not count, in the language of the shell."""
    if reason.startswith(EXCLUDED):
        return both("依法不计入：", "left out by law: ") + why(reason.removeprefix(EXCLUDED))
    return say(HOLIDAYS[reason]) if reason in HOLIDAYS else reason


def term(days: int, unit: str) -> str:
    """A length of time as the law gives it."""
    if unit == "set":
        return both("由交办单位确定", "set by the assigning office")
    if unit == "workday":
        return both(f"{days} 个工作日", f"{days} working days")
    return both(f"{days} 日", f"{days} days")


def article(number: str, book: str = "") -> str:
    """An article of that rulebook; a local law is named, and one without numbers by what we call its part."""
    if number == "house":
        return both("回音自己的规则", "Huiyin's own rule")
    source = rulebook.by_id(book).source_of(number) if book else None
    if source is not None:
        there = number.partition("-")[2]
        return both(f"《{source.text.zh}》第 {there} 条", f"{source.text.en} art. {there}")
    if not number[:1].isdecimal():
        return f"“{number}”"
    return both(f"第 {number} 条", f"art. {number}")


# ---- what went wrong


class Problem(click.ClickException):
    """Ends a command: says what is wrong, where, and what to do, on standard error."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # one class for every way to end

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"huiyin: {self.message}", file=file, err=file is None)


def refuse(refusal: Refusal, labels: Mapping[str, Text] | None = None) -> NoReturn:
    """End with exit code 3 and everything that the refusal says."""
    raise Problem(told(refusal, labels), REFUSED)


def told(refusal: Refusal, labels: Mapping[str, Text] | None = None) -> str:
    """A refusal in words: the reason, its article, its code, and each field that is wrong."""
    head = say(refusal.reason)
    if refusal.article:
        head += both(f"（{article(refusal.article)}）", f" ({article(refusal.article)})")
    lines = [f"{head} [{refusal.code}]"]
    for name, wrong in refusal.fields.items():
        label = (labels or {}).get(name)
        known_as = f" ({say(label)})" if label else ""
        lines.append(f"  {name}{known_as}: {say(wrong)}")
    return "\n".join(lines)


def warn(message: str) -> None:
    click.echo(f"huiyin: {message}", err=True)
