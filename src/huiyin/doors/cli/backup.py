"""`huiyin backup` and `huiyin restore`: copies that are checked, and put back only whole."""

from __future__ import annotations

from pathlib import Path

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, Problem, both, say

FOLDER = click.Path(file_okay=False, path_type=Path)
KEYS = say(Text("密钥和密钥库的备份，放在另一个地方", "Where the keys and the key store go, a place apart"))


@click.command(
    help=say(
        Text(
            "把数据库、附件、放假通知备份到空目录 DIR，并检查有没有遗漏；--keys 把密钥另放一处。",
            "Copy database, attachments and notices to the empty folder DIR and check that nothing is "
            "missing; --keys puts the keys elsewhere. Everything keeps running.",
        )
    )
)
@click.argument("place", metavar="DIR", type=FOLDER)
@click.option("--keys", metavar="DIR", type=FOLDER, help=KEYS)
def backup(place: Path, *, keys: Path | None) -> None:
    """Print what was copied."""
    house.open_house()
    from django.utils import timezone

    from huiyin.clerk import backup as copies

    with house.speaking_of_the_database():
        try:
            told = copies.make(place, keys, timezone.now())
        except (copies.NotWhole, OSError) as error:
            raise Problem(both(f"没有备份成功：{error}", f"no backup was made: {error}"), FALSE) from error
    petitions, files = told["at_least"]["petition"], len(told["files"])
    click.echo(
        both(
            f"已备份并检查：{petitions} 件，{files} 个文件",
            f"copied and checked: {petitions} petitions, {files} files",
        )
    )
    if keys is None:
        click.echo(both("密钥没有备份：加 --keys", "the keys were not copied: add --keys"))


@click.command(
    help=say(
        Text(
            "把 backup 备份的 DIR 恢复到空的数据目录：先核对，恢复后重新删除备份之后删除过的内容。",
            "Put a backup from DIR into an empty data folder: checked first, and what was erased since is "
            "erased again before anything is served.",
        )
    )
)
@click.argument("place", metavar="DIR", type=FOLDER)
@click.option("--keys", metavar="DIR", type=FOLDER, help=KEYS)
def restore(place: Path, *, keys: Path | None) -> None:
    """Print what was restored, and how much was erased again."""
    house.open_house()
    from django.utils import timezone

    from huiyin.clerk import backup as copies

    with house.speaking_of_the_database():
        try:
            told = copies.restore(place, keys)
        except (copies.NotWhole, OSError) as error:
            raise Problem(
                both(f"没有恢复：{error}", f"nothing is served from this: {error}"), FALSE
            ) from error
        house.set_up()
        from huiyin.registry import erasing

        gone = erasing.again(timezone.now())
    petitions = told["at_least"]["petition"]
    click.echo(both(f"已恢复 {petitions} 件，没有遗漏", f"{petitions} petitions restored, nothing was lost"))
    click.echo(both(f"重新删除 {gone} 件", f"{gone} erased again"))
