"""`huiyin check` and `huiyin log`: what only the inside sees of the log, and going on after a loss."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
from tqdm import tqdm

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, Problem, both, say

TIMEOUT = 30
LARGEST = 32 << 20


@click.command(
    help=say(
        Text(
            "逐行核对数据库与公开日志：有没有被改动、删除、倒填日期，统计是否真实。只看不改。",
            "Check the database against the public log, line by line: whether anything was changed, deleted "
            "or dated back by hand, and whether each count is true. Changes nothing.",
        )
    )
)
@click.option("--json", "as_json", is_flag=True, help=say(Text("输出 JSON", "Print JSON")))
def check(*, as_json: bool) -> None:
    """Print what is wrong, and where. Exit 1 if anything is."""
    house.open_house()
    from django.utils import timezone

    from huiyin.clerk import checking

    with house.speaking_of_the_database():
        total = checking.how_many()
        with tqdm(total=total, unit="", disable=as_json or not sys.stderr.isatty(), file=sys.stderr) as bar:
            found = []
            for wrong in checking.check(timezone.now(), bar.update):
                found.append(wrong)
                if not as_json:
                    bar.write(say(wrong))
    if as_json:
        told = {"checked": total, "wrong": [say(each) for each in found]}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif not found:
        click.echo(both(f"核对 {total} 项，全部相符", f"{total} lines and petitions checked: all holds"))
    if found:
        raise Problem(both(f"{len(found)} 处不符", f"{len(found)} do not hold"), FALSE)


@click.group(help=say(Text("公开日志", "The public log")))
def log() -> None:
    """What an operator does with it."""


@log.command(
    help=say(
        Text(
            "恢复旧备份之后，从公布的日志（FROM：网址或者文件夹）接着写，不另起一份。",
            "After an older backup was restored: go on with the published log at FROM, a URL or a folder, "
            "instead of making another one. First stop the clerk.",
        )
    )
)
@click.argument("source", metavar="FROM")
def recover(source: str) -> None:
    """Print how far it goes, and how many of its lines this database has lost."""
    house.open_house()
    from huiyin.clerk import publishing, recovering

    with house.speaking_of_the_database():
        try:
            done = recovering.recover(_reader(source))
        except (publishing.Forked, OSError, ValueError) as error:
            raise Problem(both(f"没有接上：{error}", f"the log was not taken up: {error}"), FALSE) from error
    click.echo(
        both(
            f"日志有 {done.size} 行，从这里接着写；其中 {done.lost} 行的内容已经丢失，行还在",
            f"the log has {done.size} lines and goes on from there; of {done.lost} only the line is left",
        )
    )


def _reader(source: str) -> Callable[[str], bytes]:
    """Read a log's files by name from a folder or from a web server."""
    if not source.startswith(("http://", "https://")):
        folder = Path(source)
        return lambda name: (folder / name).read_bytes()

    def fetch(name: str) -> bytes:
        try:
            with urlopen(f"{source.rstrip('/')}/{name}", timeout=TIMEOUT) as answer:  # noqa: S310 - http(s) alone
                content: bytes = answer.read(LARGEST)
                return content
        except URLError as error:
            raise OSError(f"{source}: {error.reason}") from error

    return fetch
