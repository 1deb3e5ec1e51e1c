"""`huiyin keys`: change the pairs that open seals, and destroy the old private halves."""

from __future__ import annotations

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import REFUSED, Problem, both, say

PURPOSES = ("identity", "courier", "relief")
WHICH = click.Choice(PURPOSES)


@click.group(help=say(Text("更换开启封存内容的密钥", "Change the keys that open seals")))
def keys() -> None:
    """Commands about the pairs."""


@keys.command(
    help=say(
        Text(
            "生成新密钥，每份封存内容的小钥匙改用新密钥包好；不写名称即全部更换。"
            "内容不动，中断后加 --again 继续。",
            "Make a new pair and wrap the key of every seal for it; without PURPOSE, for all three. No "
            "content is touched. Killed half-way, it goes on when it is run with --again.",
        )
    )
)
@click.argument("purpose", nargs=-1, type=WHICH)
@click.option(
    "--again",
    is_flag=True,
    help=say(
        Text("不再生成新密钥，只把剩下的改包", "Make no new pair, only wrap what is still under an older one")
    ),
)
def rotate(*, purpose: tuple[str, ...], again: bool) -> None:
    """Print how many keys were wrapped anew."""
    house.open_house()
    with house.speaking_of_the_database():
        from huiyin.vault import rotate as turning

        for name in purpose or PURPOSES:
            done = turning.rewrap(name) if again else turning.rotate(name)
            click.echo(both(f"{name}：改包 {done} 份", f"{name}: {done} wrapped anew"))
    click.echo(
        both(
            "请备份 keys 目录；只登记的机器换上新的 .pub；然后运行 huiyin keys destroy-old",
            "Back up the folder keys, copy the new .pub files to machines that only file, "
            "then run huiyin keys destroy-old",
        )
    )


@keys.command(
    "destroy-old",
    help=say(
        Text(
            "销毁已被替换的私钥；还有内容靠它开启的，不销毁。",
            "Destroy private halves that were replaced; refused while anything still needs one.",
        )
    ),
)
def destroy_old() -> None:
    """Print how many were destroyed."""
    house.open_house()
    with house.speaking_of_the_database():
        from huiyin.vault import rotate as turning

        for name in PURPOSES:
            try:
                done = turning.destroy_old(name)
            except turning.StillNeeded as needed:
                raise Problem(
                    both(
                        f"{name}：还有 {needed.count} 份没有改包；请先运行 huiyin keys rotate --again",
                        f"{name}: {needed.count} are still wrapped for an older pair; "
                        "first run huiyin keys rotate --again",
                    ),
                    REFUSED,
                ) from needed
            click.echo(both(f"{name}：销毁旧私钥 {done} 把", f"{name}: {done} old private halves destroyed"))
