"""`huiyin due`: one deadline, reckoned from the rulebook and the calendar alone; no database, no Django."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path

import click

from huiyin.core import calendar, explain, rulebook
from huiyin.core.calendar import BrokenCalendar, Calendar
from huiyin.core.rulebook import BrokenRulebook, NoSuchRule, Rulebook
from huiyin.core.text import Text
from huiyin.doors.cli import drawing
from huiyin.doors.cli.words import FALSE, REFUSED, USAGE, Problem, both, say, warn

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@click.command(
    help=say(
        Text(
            "按规则 RULEBOOK（例如 cn-2022）计算期限 CLOCK（例如 objection），从 START（例如 2026-02-11）"
            "起算，起算日不计入。",
            "Reckon CLOCK (such as objection) of RULEBOOK (such as cn-2022) from START (such as "
            "2026-02-11), which is not itself counted.",
        )
    )
)
@click.argument("name", metavar="RULEBOOK")
@click.argument("clock", metavar="CLOCK")
@click.argument("start", metavar="START")
@click.option("--json", "as_json", is_flag=True, help=say(Text("输出 JSON", "Print JSON")))
def due(name: str, clock: str, start: str, *, as_json: bool) -> None:
    """Print when it is due, and how that was reckoned."""
    begins = read_day(start)
    own_rulebooks()
    try:
        book = rulebook.by_id(name)
        told = explain.due(book, clock, begins, calendar_of(book))
    except NoSuchRule as error:
        raise Problem(say(error.reason), REFUSED if error.refused else USAGE) from error
    except (BrokenRulebook, BrokenCalendar) as error:
        raise Problem(str(error), FALSE) from error
    except ValueError as error:  # the term reaches beyond the last year that a date can hold
        raise Problem(str(error)) from error
    _warn_out_of_force(book, begins)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(_drawn(book, told)))


def read_day(typed: str) -> date:
    """A date as the law writes it. Ends the command for what is none."""
    try:
        if ISO_DATE.fullmatch(typed):
            return date.fromisoformat(typed)
    except ValueError:
        pass
    raise Problem(
        both(
            f"START：“{typed}”不是一个日期；请写成 2026-02-11 这样",
            f"START: {typed!r} is not a date; write it like 2026-02-11",
        )
    )


def data_folder() -> Path:
    """The data folder that the environment names, whether there is one or not."""
    return Path(os.environ.get("HUIYIN_DATA_DIR", "").strip() or "var")


def own_rulebooks() -> Path:
    """Let the operator's own rulebooks count, as they do in the house; answer the folder they stand in."""
    folder = Path(os.environ.get("HUIYIN_RULEBOOKS_DIR", "").strip() or data_folder() / "rulebooks")
    rulebook.also_from(folder)
    return folder


def calendar_of(book: Rulebook) -> Calendar:
    """The rulebook's calendar with the official notices entered in the data folder, if there is one."""
    folder = data_folder() / "calendars"
    return calendar.load(book.calendar, folder if folder.is_dir() else None)


def _warn_out_of_force(book: Rulebook, day: date) -> None:
    until = book.in_force_until
    if day < book.in_force_from or (until is not None and day > until):
        span_zh = f"{book.in_force_from} 至 {until or '今'}"
        span_en = f"from {book.in_force_from}" + (f" to {until}" if until else " on")
        warn(
            both(
                f"注意：{book.id} 在 {day} 不生效（有效期 {span_zh}）",
                f"note: {book.id} was not in force on {day} (in force {span_en})",
            )
        )


def _drawn(book: Rulebook, told: dict[str, object]) -> list[str]:
    rule = book.clocks[str(told["clock"])]
    lines = [drawing.heading(told, rule.text)]
    if cited := book.articles.get(rule.article):
        lines.append(f"  {say(book.title)}{both('：', ': ')}{say(cited)}")
    lines += ["", *(f"  {line}" for line in drawing.reckoning(told))]
    lines += ["", drawing.provisional(told)] if told["provisional"] else []
    doubts = book.doubts(rule)
    return [*lines, *([""] if doubts else []), *(say(doubt) for doubt in doubts)]
