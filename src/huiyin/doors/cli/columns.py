"""Which column of a list is what. Columns about the author count only when the operator names them.

There is no field for anything else about a person: what a list says about people beyond how to reach the
author is not taken in at all (charter 1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from huiyin.core import extending
from huiyin.doors.cli.words import USAGE, Problem, both, say
from huiyin.reading import tables
from huiyin.reading.about_persons import is_about_persons
from huiyin.reading.tables import Table
from huiyin.site import environment

FIELDS = ("id", "subject", "text", "lodged_at", "reply", "replied_at", "topic", "channel")
AUTHOR = ("name", "phone", "email", "address")
# Headings that are recognised without being told; never one that is about the author.
HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "留言编号", "信访编号", "工单编号"),
    "subject": ("标题", "主题", "留言主题", "留言标题"),
    "text": ("内容", "留言详情", "留言内容", "诉求内容", "信访内容"),
    "lodged_at": ("留言时间", "提出时间", "来信时间", "提交时间"),
    "reply": ("答复", "答复意见", "答复内容", "回复内容"),
    "replied_at": ("答复时间", "回复时间"),
    "topic": ("类别", "分类", "一级标签"),
    "channel": ("渠道", "来源渠道", "受理渠道"),
}
OPENING = 4096  # bytes by which a list is known
_BY_HEADING = {h: field for field, others in HEADINGS.items() for h in (field, *others)}


def opened(path: Path) -> Table:
    """The list in a file. Ends the command where it cannot be read."""
    try:
        with path.open("rb") as file:
            opening = file.read(OPENING)
        reader = next(each for each in (*_importers(), tables.Lists()) if each.reads(path.name, opening))
        return reader.table(str(path), lambda: path.open("rb"))
    except tables.Unreadable as error:
        raise Problem(say(error.said)) from error
    except OSError as error:
        raise Problem(both(f"不能读取 {path}：{error}", f"cannot read {path}: {error}")) from error


def _importers() -> list[tables.Importer]:
    """Those that the operator names. Ends the command where one cannot be used."""
    said = environment.setting("HUIYIN_IMPORTERS")
    named = [each.strip() for each in said.split(",") if each.strip()]
    try:
        return [extending.made("HUIYIN_IMPORTERS", each, ("reads", "table")) for each in named]
    except extending.NoSuchClass as error:
        raise Problem(both(f"不能使用：{error}", str(error)), USAGE) from error


def choose(
    headings: Sequence[str], maps: Sequence[str] | None = None, *, only: bool = False
) -> dict[str, str]:
    """Field -> heading, from what the operator mapped and what is recognised. Ends the command if unclear.

    `maps`: None where the command has no `--map`. `only`: nothing is taken but what they name.
    """
    may_map, maps = maps is not None, maps or ()
    chosen = _mapped(headings, maps)
    taken = set(chosen.values())
    for heading in () if only else headings:
        field = _BY_HEADING.get(heading.strip().lower())
        if field is None or heading in taken or field in _named(maps):
            continue
        if field in chosen:
            raise Problem(
                both(
                    f"“{chosen[field]}”和“{heading}”两列都像是 {field}；请用 --map 指定一列",
                    f"both {chosen[field]!r} and {heading!r} look like {field}; choose one with --map",
                )
            )
        chosen[field] = heading
    if "text" not in chosen:
        listed = ", ".join(heading for heading in headings if heading)
        zh = "用 --map 列名=text 指定" if may_map else "请把它的列名写成 text"
        en = "name it with --map column=text" if may_map else "call it text"
        raise Problem(
            both(
                f"没有内容列；{zh}。文件里的列：{listed}",
                f"no column holds the text; {en}. The file has: {listed}",
            )
        )
    return chosen


def left_out(headings: Sequence[str], chosen: Mapping[str, str]) -> list[str]:
    """The columns that are not taken in."""
    return [heading for heading in headings if heading and heading not in chosen.values()]


def about_persons(headings: Sequence[str]) -> list[str]:
    """The columns that tell who people are: left out whatever is asked."""
    return [heading for heading in headings if is_about_persons(heading)]


def _named(maps: Sequence[str]) -> set[str]:
    return {one.rpartition("=")[2].strip() for one in maps}


def _mapped(headings: Sequence[str], maps: Sequence[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for one in maps:
        heading, found, field = (part.strip() for part in one.rpartition("="))
        if not found or field not in FIELDS + AUTHOR:
            known = ", ".join(FIELDS + AUTHOR)
            raise Problem(
                both(
                    f"--map {one}：请写成 列名=字段，字段是其中之一：{known}",
                    f"--map {one}: write column=field, the field being one of {known}",
                )
            )
        if heading not in headings:
            listed = ", ".join(name for name in headings if name)
            raise Problem(
                both(
                    f"--map {one}：文件里没有“{heading}”这一列；有：{listed}",
                    f"--map {one}: the file has no column {heading!r}; it has: {listed}",
                )
            )
        if is_about_persons(heading):
            raise Problem(
                both(
                    f"--map {one}：“{heading}”说的是人，不是事，任何字段都不录入",
                    f"--map {one}: {heading!r} tells who people are, and is taken in under no name",
                )
            )
        if field in chosen:
            raise Problem(both(f"--map：{field} 指定了两次", f"--map: {field} is named twice"))
        chosen[field] = heading
    return chosen
