"""`huiyin backup` and `huiyin restore`: copies that are checked, and put back only whole."""

from __future__ import annotations

from pathlib import Path

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, Problem, both, say

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
RECIPIENT = say(
    Text("只有这把钥匙的主人能读（可以写几次）", "Who alone can read it; may be given more than once")
)
IDENTITY = say(Text("打开加密备份的钥匙文件", "The file with the key that opens a closed backup"))
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
@click.option("--recipient", "to", metavar="age1…", multiple=True, help=RECIPIENT)
def backup(place: Path, *, keys: Path | None, to: tuple[str, ...]) -> None:
    """Print what was copied."""
    house.open_house()
    from django.utils import timezone

    from huiyin.clerk import backup as copies
    from huiyin.clerk.closing import WrongKey

    with house.speaking_of_the_database():
        try:
            told = copies.make(place, keys, timezone.now(), to=to)
        except (copies.NotWhole, WrongKey, OSError) as error:
            raise Problem(both(f"没有备份成功：{error}", f"no backup was made: {error}"), FALSE) from error
    petitions, files = told["at_least"]["petition"], len(told["files"])
    click.echo(
        both(
            f"已备份并检查：{petitions} 件，{files} 个文件",
            f"copied and checked: {petitions} petitions, {files} files",
        )
    )
    if not to:
        click.echo(
            both(
                "备份没有加密：先用 huiyin backup-identity，再加 --recipient",
                "the copy is not closed: huiyin backup-identity makes a key, --recipient closes it",
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
@click.option("--identity", "key", metavar="FILE", type=FILE, help=IDENTITY)
def restore(place: Path, *, keys: Path | None, key: Path | None) -> None:
    """Print what was restored, and how much was erased again."""
    house.open_house()
    from django.utils import timezone

    from huiyin.clerk import backup as copies
    from huiyin.clerk.closing import WrongKey

    with house.speaking_of_the_database():
        try:
            told = copies.restore(place, keys, key=key)
        except (copies.NotWhole, WrongKey, OSError) as error:
            raise Problem(
                both(f"没有恢复：{error}", f"nothing is served from this: {error}"), FALSE
            ) from error
        house.set_up()
        from huiyin.registry import erasing

        gone = erasing.again(timezone.now())
    petitions = told["at_least"]["petition"]
    click.echo(both(f"已恢复 {petitions} 件，没有遗漏", f"{petitions} petitions restored, nothing was lost"))
    click.echo(both(f"重新删除 {gone} 件", f"{gone} erased again"))


@click.command(
    name="backup-identity",
    help=say(
        Text(
            "生成备份用的钥匙：私钥写进新文件 FILE（请拿到别处保管），打印 --recipient 要用的公钥。",
            "Make the key of closed backups: its secret half goes to the new FILE, which belongs on another "
            "machine; its public half, for --recipient, is printed.",
        )
    ),
)
@click.argument("file", metavar="FILE", type=FILE)
def identity(file: Path) -> None:
    """Print the public half."""
    from huiyin.clerk import closing

    try:
        click.echo(closing.new_identity(file))
    except OSError as error:
        raise Problem(both(f"没有生成：{error}", f"no key was made: {error}"), FALSE) from error
