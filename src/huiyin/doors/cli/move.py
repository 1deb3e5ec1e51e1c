"""`huiyin move`: any move from the shell, through `perform` like from every other door."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Content, all_rulebooks
from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import Problem, both, day, refuse, say
from huiyin.reading import moments

if TYPE_CHECKING:
    from datetime import datetime

    from huiyin.registry.access import Acting
    from huiyin.registry.models import Petition


@click.command(
    help=say(
        Text(
            "由工作人员 OFFICER 对信访件 REF 进行 MOVE 这一步（例如 accept）。内容写成 key=value；"
            "key=@文件 读取文本文件；逐项内容写成 JSON。规则不允许时退出码为 3，并说明理由和条款。",
            "Make MOVE (such as accept) on petition REF as OFFICER. Contents are key=value; key=@file reads "
            "a text file; rows are given as JSON. What the rules refuse ends with exit code 3, the reason "
            "and the article.",
        )
    )
)
@click.argument("ref", metavar="REF")
@click.argument("verb", metavar="MOVE")
@click.argument("contents", metavar="[KEY=VALUE]...", nargs=-1)
@click.option(
    "--as",
    "login",
    required=True,
    metavar="OFFICER",
    help=say(Text("工作人员的登录名", "The officer's sign-in name")),
)
@click.option(
    "--at",
    metavar="TIME",
    help=say(
        Text(
            "当时的时间；只有标明演示或导入的数据可以",
            "When it happened; only in a demonstration or an import",
        )
    ),
)
def move(ref: str, verb: str, contents: tuple[str, ...], login: str, at: str | None) -> None:
    """Make the move and say where the petition stands now."""
    asked = Move(verb, read_contents(verb, contents))
    house.open_house()
    with house.speaking_of_the_database():
        _perform(ref, asked, login, at)


def _perform(ref: str, asked: Move, login: str, at: str | None) -> None:
    from django.utils import timezone

    from huiyin.registry import keys, law
    from huiyin.registry.perform import perform

    now = timezone.now()
    rules, today = law.at(now)
    moment = _moment(at, ZoneInfo(rules.zone)) if at else None
    acting = _officer(login, moment.date() if moment else today)
    after = perform(keys.read_ref(ref), asked, acting, now, at=moment)
    if isinstance(after, Refusal):
        refuse(after, {content.name: content.text for content in _asked_for(asked.verb)})
    click.echo("\n".join(_standing(after)))


def _moment(typed: str, zone: ZoneInfo) -> datetime:
    try:
        return moments.read(typed, zone).at
    except moments.Unreadable as error:
        raise Problem(
            both(
                f"--at：“{typed}”不是看得懂的时间；请写成 2026-03-02T10:00",
                f"--at: {typed!r} is no time that can be read; write it like 2026-03-02T10:00",
            )
        ) from error


def _officer(login: str, on: Any) -> Acting:
    from huiyin.registry.access import Acting
    from huiyin.registry.bodies import Officer

    officer = Officer.objects.filter(login=login).first()
    if officer is None:
        raise Problem(
            both(
                f"--as：没有登录名为“{login}”的工作人员",
                f"--as: there is no officer with sign-in name {login!r}",
            )
        )
    return Acting(officer, on)


def _standing(petition: Petition) -> list[str]:
    from huiyin.registry import story

    lines = [f"{petition.ref}  {say(story.state_of(petition).text)} ({petition.state})"]
    if petition.next_due:
        lines.append(both(f"下一个到期日：{day(petition.next_due)}", f"next due: {day(petition.next_due)}"))
    return lines


# ---- what the move says


def read_contents(verb: str, given: tuple[str, ...]) -> dict[str, Any]:
    """The contents as the shell gave them. Ends the command for what cannot be read."""
    rows = {content.name for content in _asked_for(verb) if content.type == "rows"}
    said: dict[str, Any] = {}
    for one in given:
        name, found, value = one.partition("=")
        if not found or not name:
            raise Problem(both(f"“{one}”：请写成 key=value", f"{one!r}: write it as key=value"))
        if name in said:
            raise Problem(both(f"{name} 写了两次", f"{name} is given twice"))
        text = _file(name, value[1:]) if value.startswith("@") else value
        said[name] = _json(name, text) if name in rows else text
    return said


def _asked_for(verb: str) -> list[Content]:
    """Every content that any law asks of that move."""
    return [c for book in all_rulebooks() for row in book.rows_of(verb) for c in row.contents]


def _file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise Problem(
            both(f"{name}：不能读取 {path}：{error}", f"{name}: cannot read {path}: {error}")
        ) from error


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Problem(
            both(
                f'{name}：逐项内容要写成 JSON，例如 \'[{{"request": "…"}}]\'（{error}）',
                f'{name}: rows are given as JSON, such as \'[{{"request": "…"}}]\' ({error})',
            )
        ) from error
