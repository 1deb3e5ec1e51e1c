"""Lists at the shell: what is read from a file, and which of its columns are taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from huiyin.core import extending
from huiyin.core.text import Text
from huiyin.doors.cli.words import USAGE, Problem, both, say, warn
from huiyin.reading import lists, saved_maps, tables
from huiyin.reading.lists import Fields
from huiyin.reading.tables import Table
from huiyin.site import importers

MESSAGES = Fields(
    {
        "id": ("编号", "留言编号", "信访编号", "工单编号"),
        "subject": ("标题", "主题", "留言主题", "留言标题"),
        "text": ("内容", "留言详情", "留言内容", "诉求内容", "信访内容"),
        "lodged_at": ("留言时间", "提出时间", "来信时间", "提交时间"),
        "reply": ("答复", "答复意见", "答复内容", "回复内容"),
        "replied_at": ("答复时间", "回复时间"),
        "topic": ("类别", "分类", "一级标签"),
        "channel": ("渠道", "来源渠道", "受理渠道"),
    },
    needed=("text",),
)


def options(fields: str = "") -> Callable[[Any], Any]:
    """The options of a command that takes a list in; `fields`: what its help names beside the author's."""
    named = f"{fields}；" if fields else ""
    zh = f"指定列：{named}信访人本人的 name phone email address 只能这样指定，随即封存"
    told = f"Name a column: {fields}; " if fields else "Name a column; "
    en = f"{told}the author's name phone email address only in this way, and sealed at once"
    made = (
        click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help=say(Text(zh, en))),
        click.option(
            "--maps-from",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help=say(
                Text(
                    "按 FILE 里保存的对应表，只录入其中写明的列",
                    "Take in the columns that a saved map names, and no others",
                )
            ),
        ),
        click.option(
            "--save-maps",
            type=click.Path(dir_okay=False, writable=True, path_type=Path),
            help=say(Text("保存这次的对应表", "Save the map of this list for the next one")),
        ),
        click.option(
            "--dry-run",
            is_flag=True,
            help=say(
                Text(
                    "只检查，什么也不录入",
                    "Only look, row by row: what would be taken in, and what is wrong with the rest",
                )
            ),
        ),
    )

    def put(command: Any) -> Any:
        for option in reversed(made):
            command = option(command)
        return command

    return put


def opened(path: Path) -> Table:
    """The list in a file. Ends the command where it cannot be read."""
    try:
        return importers.table(str(path), lambda: path.open("rb"))
    except tables.Unreadable as error:
        raise Problem(say(error.said)) from error
    except extending.NoSuchClass as error:
        raise Problem(both(f"不能使用：{error}", str(error)), USAGE) from error
    except OSError as error:
        raise Problem(both(f"不能读取 {path}：{error}", f"cannot read {path}: {error}")) from error


def choose(headings: Sequence[str], fields: Fields = MESSAGES) -> dict[str, str]:
    """Field -> heading, by what is recognised alone. Ends the command if unclear."""
    try:
        return fields.choose(headings)
    except lists.BadMap as error:
        raise Problem(say(error.said)) from error


def choose_mapped(
    headings: Sequence[str],
    fields: Fields,
    *,
    maps: Sequence[str],
    maps_from: Path | None,
    save_maps: Path | None,
) -> dict[str, str]:
    """The same by what `options` say, too; saves what was chosen where that is asked for."""
    every = [*maps, *(_saved(maps_from) if maps_from else ())]
    try:
        chosen = fields.choose(headings, every, only=maps_from is not None)
    except lists.BadMap as error:
        raise Problem(both(f"--map：{error.said.zh}", f"--map: {error.said.en}")) from error
    if save_maps:
        _save(save_maps, chosen)
    return chosen


def _saved(path: Path) -> list[str]:
    try:
        return saved_maps.read(path.read_text(encoding="utf-8"))
    except lists.BadMap as error:
        raise Problem(both(f"{path}：{error.said.zh}", f"{path}: {error.said.en}")) from error
    except (OSError, UnicodeError) as error:
        raise Problem(both(f"不能读取 {path}：{error}", f"cannot read {path}: {error}")) from error


def _save(path: Path, chosen: Mapping[str, str]) -> None:
    try:
        path.write_text(saved_maps.written(chosen), encoding="utf-8")
    except lists.BadMap as error:
        raise Problem(say(error.said)) from error
    except OSError as error:
        raise Problem(both(f"不能写入 {path}：{error}", f"cannot write {path}: {error}")) from error


def say_what_is_left_out(headings: Sequence[str], chosen: Mapping[str, str]) -> None:
    """Which columns are not taken in; those about persons apart, by name and without a value."""
    persons, others = lists.left_out(headings, chosen)
    if others:
        warn(both("不录入的列：", "columns that are not taken in: ") + ", ".join(others))
    if persons:
        told = both(
            "这些列说的是人，不是事，从不录入：",
            "these columns tell who people are, and are never taken in: ",
        )
        warn(told + ", ".join(persons))
