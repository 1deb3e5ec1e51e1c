"""`huiyin keys`: change the pairs that open seals, destroy the old private halves; make the keys of a
witness.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from huiyin.core import checkpoint, notes
from huiyin.core.checkpoint import SEED_BYTES, Signer
from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, REFUSED, Problem, both, say

PURPOSES = ("identity", "courier", "relief")
SIGNING = ("receipt", "log")
WHICH = click.Choice((*PURPOSES, *SIGNING))


@click.group(help=say(Text("更换开启封存内容的密钥", "Change the keys that open seals")))
def keys() -> None:
    """Commands about the pairs."""


@keys.command(
    help=say(
        Text(
            "生成新密钥，每份封存内容的小钥匙改用新密钥包好；不写名称即全部更换。"
            "内容不动，中断后加 --again 继续。receipt 和 log 是签名密钥：换新并重新签发证书。",
            "Make a new pair and wrap the key of every seal for it; without PURPOSE, for all three. No "
            "content is touched. Killed half-way, it goes on when it is run with --again. receipt and log "
            "are keys that sign: a new one is made and certified; an old log key signs beside it until it "
            "is destroyed.",
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

        for name in (each for each in purpose if each in SIGNING):
            _change(name)
        for name in (each for each in purpose or PURPOSES if each in PURPOSES):
            done = turning.rewrap(name) if again else turning.rotate(name)
            click.echo(both(f"{name}：改包 {done} 份", f"{name}: {done} wrapped anew"))
    click.echo(
        both(
            "请备份 keys 目录；只登记的机器换上新的 .pub；然后运行 huiyin keys destroy-old",
            "Back up the folder keys, copy the new .pub files to machines that only file, "
            "then run huiyin keys destroy-old",
        )
    )


def _change(name: str) -> None:
    """A new key that signs, and the certificate that says so at once."""
    from django.utils import timezone

    from huiyin.vault import certificate
    from huiyin.vault import keys as kept

    was = kept.change(name)
    certificate.renew(timezone.now())
    click.echo(both(f"{name}：已更换（旧密钥 {was}）", f"{name}: changed, the old one was {was}"))
    if name == "log":
        click.echo(both("请公布新的公钥：", "Publish the new key: ") + certificate.log_key())


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
        from huiyin.vault import keys as kept

        for pair in kept.retired_pairs(kept.LOG):
            kept.destroy(kept.LOG, pair)
            click.echo(both(f"log：销毁旧密钥 {pair}", f"log: the old key {pair} is destroyed"))


@keys.command(
    help=say(
        Text(
            "为见证人 NAME（例如 witness.example/w1）生成私钥文件 FILE，并打印公钥。不需要数据库。"
            "每种签名一把：Ed25519 和 ML-DSA-44（可抵御量子计算机）。",
            "Make the private keys of the witness NAME (such as witness.example/w1) in FILE and print the "
            "public ones. "
            "Needs no database. One for each type of signature: Ed25519, and ML-DSA-44, which a quantum "
            "computer does "
            "not forge.",
        )
    )
)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def witness(*, name: str, file: Path) -> None:
    """Print the public keys, which are also kept beside the file."""
    if not notes.is_name(name):
        raise Problem(both("NAME 不能有空格或加号", "NAME must not be empty nor hold a space or a plus sign"))
    made = [
        Signer(name, kind, secrets.token_bytes(SEED_BYTES)) for kind in (notes.COSIGNATURE, notes.SUBTREE)
    ]
    public = "".join(f"{signer.key}\n" for signer in made)
    try:
        _write_once(file, "".join(f"{checkpoint.signer_line(signer)}\n" for signer in made), 0o600)
        _write_once(file.with_name(f"{file.name}.pub"), public, 0o644)
    except OSError as error:
        raise Problem(both(f"没有生成：{error}", f"not made: {error}"), FALSE) from error
    click.echo(public, nl=False)


def _write_once(path: Path, text: str, mode: int) -> None:
    """Write a file that is not there yet."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
