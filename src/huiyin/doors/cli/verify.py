"""`huiyin key` and `huiyin verify`: what a receipt or a case file proves, with nothing but the key."""

from __future__ import annotations

import base64
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from huiyin.core import ledger, notes
from huiyin.core.notes import BadNote
from huiyin.core.text import Text
from huiyin.doors.cli import bundles
from huiyin.doors.cli.words import FALSE, UNPROVED, Problem, both, day, say, term

LARGEST = 1 << 20


class BadReceipt(ValueError):
    """Signed, but not what a receipt must say."""


@click.command(
    help=say(
        Text(
            "打印检验回执用的公钥。请把它公布出去：拿着它，任何人都可以离线检验回执。",
            "Print the key that checks this installation's receipts. Publish it: whoever has it can check a "
            "receipt offline.",
        )
    )
)
def key() -> None:
    """Print the key as one line."""
    from huiyin.doors.cli import house

    house.open_house()
    from huiyin.registry.receipt import receipt_key

    with house.speaking_of_the_database():
        click.echo(receipt_key())


@click.command(
    help=say(
        Text(
            "离线检验 FILE：回执（- 表示标准输入），或者 ZIP 案卷。"
            "退出码：0 属实，1 不属实，4 没有给出公钥、什么也没有证明。",
            "Check FILE offline: a receipt (- for standard input), or a case file as ZIP. Exit codes: "
            "0 it holds, 1 it does not, 4 nothing is proved since no key was given.",
        )
    )
)
@click.argument("path", metavar="FILE")
@click.option(
    "--key",
    "typed",
    metavar="KEY",
    help=say(
        Text(
            "公钥（huiyin key 打印的一行），或者存有它的文件",
            "The key (the line that huiyin key prints), or a file with it",
        )
    ),
)
def verify(path: str, typed: str | None) -> None:
    """Say plainly what is proved, and what is not."""
    is_bundle = path != "-" and zipfile.is_zipfile(path)
    note = "" if is_bundle else _read(path)
    if not typed:
        raise Problem(
            both(
                "没有公钥，什么也没有证明。请从发出回执的单位公布的地方取得公钥，再用 --key 给出。",
                "without a key nothing is proved. Take it from where the issuing body publishes it and give "
                "it with --key.",
            ),
            UNPROVED,
        )
    if is_bundle:
        click.echo(bundles.check(Path(path), _key(typed)))
        return
    try:
        text = notes.read_note(note, _key(typed))
        told = _signature_told(text) if is_signers(text) else _told(receipt_of(text))
        click.echo("\n".join(told))
    except (BadNote, BadReceipt) as error:
        raise Problem(both(f"不属实：{error}", f"it does not hold: {error}"), FALSE) from error


def _read(path: str) -> str:
    try:
        raw = sys.stdin.buffer.read(LARGEST) if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Problem(both(f"不能读取 {path}：{error}", f"cannot read {path}: {error}")) from error
    try:
        # Mail and editors like to change line ends; the signature is over plain newlines.
        return raw.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n") + "\n"
    except UnicodeDecodeError as error:
        raise Problem(
            both(f"不属实：{path} 不是文本", f"it does not hold: {path} is no text"), FALSE
        ) from error


def _key(typed: str) -> str:
    return (
        typed if "+" in typed else Path(typed).read_text(encoding="utf-8") if Path(typed).is_file() else typed
    )


# ---- what a receipt says


@dataclass(frozen=True, slots=True)
class Receipt:
    """The lines of a receipt whose parts fit together."""

    lines: Mapping[str, list[str]]
    opening: Mapping[str, Any]

    def one(self, name: str) -> str:
        return self.lines[name][0]


def receipt_of(text: str) -> Receipt:
    """Read a receipt and check that its entry is made of its opening. Raises BadReceipt."""
    head, *rest = text.rstrip("\n").split("\n")
    if head != ledger.RECEIPT:
        raise BadReceipt(
            both(
                "签名属实，但这不是回执",
                "the signature holds, but this is no receipt of a version known here",
            )
        )
    lines: dict[str, list[str]] = {}
    for line in rest:
        name, _, value = line.partition(" ")
        lines.setdefault(name, []).append(value)
    try:
        opening = json.loads(lines["opening"][0])
        salt = base64.b64decode(lines["salt"][0], validate=True)
        claimed = lines.get("claimed_at")
        entry = ledger.Entry(
            _moment(lines["recorded_at"][0]),
            ledger.commit(opening, salt),
            _moment(claimed[0]) if claimed else None,
        )
        fits = ledger.digest(entry.to_bytes()) == lines["entry"][0] and opening["ref"] == lines["ref"][0]
        needed = (lines["origin"], lines["body"], lines["clock"], lines["content_sha256"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadReceipt(both("回执缺少内容", "it lacks something that a receipt says")) from error
    if not fits or not all(needed):
        raise BadReceipt(both("回执各部分不一致", "its parts do not fit together"))
    return Receipt(lines, opening)


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)


def is_signers(text: str) -> bool:
    """Whether it is the receipt of one who signed a petition with others."""
    return text.startswith(f"{ledger.SIGNERS_RECEIPT}\n")


def _signature_told(text: str) -> Iterator[str]:
    said = dict(line.partition(" ")[::2] for line in text.rstrip("\n").split("\n"))
    needed = ("origin", "ref", "signed_on", "entry", "content_sha256")
    if not all(said.get(name) for name in needed):
        raise BadReceipt(both("回执缺少内容", "it lacks something that a receipt says"))
    yield both("属实。它证明：", "It holds. It proves that:")
    yield both(
        f"  {said['origin']} 承认 {said['signed_on']} 有一人在信访件 {said['ref']} 上联名。",
        f"  {said['origin']} acknowledged a signature under petition {said['ref']} on {said['signed_on']}.",
    )
    yield both(
        "它没有证明：联名的是谁，以及该记录已收入公开日志。",
        "It does not prove who signed, nor that the entry stands in the public log.",
    )


def _told(receipt: Receipt) -> Iterator[str]:
    yield both("属实。它证明：", "It holds. It proves that:")
    yield both(
        f"  {receipt.one('origin')} 承认在 {receipt.one('recorded_at')}（UTC）"
        f"收到信访件 {receipt.one('ref')}，收件单位 {receipt.one('body')}。",
        f"  {receipt.one('origin')} acknowledged petition {receipt.one('ref')} at "
        f"{receipt.one('recorded_at')} (UTC), at the body {receipt.one('body')}.",
    )
    if "claimed_at" in receipt.lines:
        yield both(
            f"  它是导入的：来源称于 {receipt.one('claimed_at')}（UTC）提出。",
            f"  It was imported: its source says that it was lodged at {receipt.one('claimed_at')} (UTC).",
        )
    for clock in receipt.lines["clock"]:
        yield f"  {_clock(clock)}"
    yield both(
        "它没有证明：内容是真是假，以及该记录已收入公开日志。",
        "It does not prove that what was lodged is true, nor that the entry stands in the public log.",
    )


def _clock(said: str) -> str:
    if said == "none":
        return both("法律没有为此规定期限。", "The law sets no clock for it.")
    try:
        name, law, number, days, unit, start, due, certain = said.split(" ")
        length, begins, ends = term(int(days), unit), day(start), day(due)
    except ValueError:
        return said
    unsure = both("（暂定）", " (provisional)") if certain == "provisional" else ""
    return both(
        f"期限 {name}（{law} 第 {number} 条，{length}）从 {begins} 起算，{ends} 到期{unsure}。",
        f"The clock {name} ({law} art. {number}, {length}) runs from {begins} and is due {ends}{unsure}.",
    )
