"""`huiyin rulebook check | chart | diff`: for whoever writes the law down; no database, no Django."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from huiyin.core import calendar, lawadvice, lawdiff, statechart
from huiyin.core import rulebook as law
from huiyin.core.calendar import BrokenCalendar
from huiyin.core.rulebook import BrokenRulebook, NoSuchRule, Rulebook
from huiyin.core.text import Text
from huiyin.doors.cli.due import own_rulebooks
from huiyin.doors.cli.words import FALSE, Problem, both, in_chinese, say

ID = re.compile(r'^id\s*=\s*"([^"]+)"', re.MULTILINE)
PARTS = {
    "head": Text("总则", "rulebook"),
    "clock": Text("期限", "term"),
    "state": Text("状态", "state"),
    "move": Text("步骤", "move"),
    "choice": Text("选项", "list"),
    "article": Text("条款", "article"),
}


@click.group(help=say(Text("编写规则：检查、画图、比较", "Write rulebooks: check, draw and compare them")))
def rulebook() -> None:
    """The words below."""


@rulebook.command(
    help=say(
        Text(
            "检查规则文件、由若干章组成的目录，或者存放规则的目录；有误时写明文件、位置和问题，状态为 1；"
            "只需要再看一眼的，不影响结束状态。",
            "Check a rulebook: a file, a folder of chapters, or a folder of rulebooks. What is wrong is told "
            "with file, key and what to do, and ends with status 1; what is only to be thought of does not.",
        )
    )
)
@click.argument("path", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """Read it as the house would, and say what a second look should go to."""
    own_rulebooks()
    if not path.exists():
        raise Problem(both(f"没有 {path}", f"there is no {path}"))
    books = [_sound(found) for found in found_in(path)]
    if not books:
        raise Problem(both(f"{path} 里没有规则", f"{path} holds no rulebook"))
    for book in books:
        parts = (len(book.clocks), len(book.states), len(book.rows))
        zh = "{}：可以使用（期限 {}，状态 {}，步骤 {}）"
        click.echo(both(zh, "{}: sound (terms {}, states {}, rows {})").format(book.id, *parts))
        for key, text in lawadvice.advice(book):
            click.echo(f"  {key}: {say(text)}")
    for key, text in lawadvice.between(books):
        click.echo(f"{key}: {say(text)}")


def found_in(path: Path) -> list[Path]:
    """The rulebooks meant: a file, a folder of chapters, a jurisdiction's folder, or a folder of those."""
    if path.is_file() or _is_one(path):
        return [path]
    beside = any(file.name != law.WORDS for file in path.glob("*.toml"))
    versions = [found for found in law.rulebooks_in(path.parent) if found.parent == path]
    return versions if beside else law.rulebooks_in(path)


def _is_one(folder: Path) -> bool:
    """Whether its files are chapters of one law: one of them says that the law is called like the folder."""
    texts = (file.read_text("utf-8", "replace") for file in folder.glob("*.toml"))
    return any(folder.name in ID.findall(text) for text in texts)


def _sound(path: Path) -> Rulebook:
    try:
        book = law.load(path)
        calendar.load(book.calendar)
    except BrokenRulebook as error:
        raise Problem(str(error), FALSE) from error
    except BrokenCalendar as error:
        raise Problem(f"{path.name}: rulebook.calendar: {error}", FALSE) from error
    return book


@rulebook.command(
    help=say(Text("把一部规则的状态画成 SVG 图", "Draw the states of a rulebook, as an SVG picture"))
)
@click.argument("name", metavar="ID|FILE")
@click.option(
    "--to",
    "target",
    metavar="FILE.svg",
    required=True,
    type=click.Path(path_type=Path),
    help=say(Text("写到这个文件", "write it to this file")),
)
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="zh" if in_chinese() else "en",
    help=say(Text("图中文字的语言", "language of the words in it")),
)
def chart(name: str, target: Path, language: str) -> None:
    """Draw one."""
    drawn = statechart.svg(named(name), language)
    try:
        target.write_text(drawn + "\n", encoding="utf-8")
    except OSError as error:
        raise Problem(f"{target}: {error.strerror}") from error
    click.echo(both(f"已写入 {target}", f"written to {target}"))


@rulebook.command(
    help=say(
        Text(
            "用文字说明从一部规则到另一部改变了什么。",
            "Say in words what changed from one rulebook to another.",
        )
    )
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
def diff(old: str, new: str) -> None:
    """Compare two, by id or by file."""
    for line in told(named(old), named(new)):
        click.echo(line)


def told(old: Rulebook, new: Rulebook) -> Iterator[str]:
    """Each change on its line, or that there is none."""
    found = list(lawdiff.changes(old, new))
    if not found:
        yield both(f"{old.id} 与 {new.id} 没有区别", f"{old.id} and {new.id} say the same")
    for change in found:
        yield f"{say(PARTS[change.part])} {change.name}: {say(change.what)}"


def named(name: str) -> Rulebook:
    """A rulebook by its id, or the one in that file. Ends the command where there is none."""
    own_rulebooks()
    path = Path(name)
    if path.exists():
        return _sound(path)
    try:
        return law.by_id(name)
    except NoSuchRule as error:
        raise Problem(say(error.reason)) from error
    except BrokenRulebook as error:
        raise Problem(str(error), FALSE) from error
