"""`huiyin key` and `huiyin verify`: what a receipt, a file or a whole log proves, with only the key."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from huiyin.core import assessment_proof, notes, published, receipts, witnessing
from huiyin.core import policy as policies
from huiyin.core.heads import Fetch, Missing
from huiyin.core.notes import BadNote, Key
from huiyin.core.policy import BadPolicy, Log, Policy
from huiyin.core.text import Text
from huiyin.doors.cli import reach
from huiyin.doors.cli.reach import Unreachable
from huiyin.doors.cli.verdict import Verdict
from huiyin.doors.cli.words import FALSE, UNPROVED, Problem, both, say

LARGEST = 1 << 20


@click.command(
    help=say(
        Text(
            "打印检验本站一切凭证用的日志公钥。请把它公布出去：拿着它，任何人都可以检验回执、案卷和日志。",
            "Print the log key, which checks everything of this installation. Publish it: whoever has it can "
            "check receipts, case files and the log.",
        )
    )
)
def key() -> None:
    """Print the key as one line."""
    from huiyin.doors.cli import house

    house.open_house()
    from huiyin.registry.receipt import log_key

    with house.speaking_of_the_database():
        click.echo(log_key())


@click.command(
    help=say(
        Text(
            "检验 TARGET：回执或收录证明（- 表示标准输入）、ZIP 案卷、年度考核的证明文件，"
            "或者一个日志的网址或目录。除了读取给出的日志，不连网。"
            "退出码：0 属实，1 不属实，2 用法不对，4 什么也没有证明（没有给出公钥，或者日志读不到）。",
            "Check TARGET: a receipt or a proof of inclusion (- for standard input), a case file as ZIP, "
            "the file of a yearly assessment, or a whole log by its URL or folder. Reads nothing from the "
            "network but the log named. Exit codes: 0 it holds, 1 it does not, 2 wrong usage, 4 nothing is "
            "proved: no key was given, or the log cannot be reached.",
        )
    )
)
@click.argument("target", metavar="TARGET")
@click.option(
    "--key",
    "typed",
    metavar="KEY",
    multiple=True,
    help=say(
        Text(
            "日志公钥（huiyin key 打印的一行），或者存有它的文件；也可以是回执公钥；可以给出几个",
            "The log key (the line that huiyin key prints), or a file with it; the receipt key will do for a "
            "receipt. May be given more than once",
        )
    ),
)
@click.option(
    "--policy",
    "policy_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say(
        Text(
            "信任谁：日志和见证人（C2SP tlog-policy）",
            "Whom you trust: logs and witnesses (C2SP tlog-policy)",
        )
    ),
)
@click.option(
    "--log",
    metavar="URL|DIR",
    help=say(Text("在这个日志里查找回执的记录", "Look for the entry of the receipt in this log")),
)
@click.option(
    "--receipt",
    "receipt_files",
    metavar="FILE",
    multiple=True,
    help=say(
        Text(
            "检验日志时一并查找的回执；可以给出许多",
            "A receipt to look for in the log; may be given many times",
        )
    ),
)
@click.option(
    "--head",
    "head_files",
    metavar="FILE",
    multiple=True,
    help=say(
        Text(
            "别人（例如见证人）保存下来的日志头；日志里必须有同一个",
            "A head that somebody kept, a witness for instance: the log must show the same one",
        )
    ),
)
@click.option(
    "--json", "as_json", is_flag=True, help=say(Text("为程序输出 JSON", "Print JSON, for programs"))
)
def verify(
    target: str,
    *,
    typed: Sequence[str],
    policy_file: Path | None,
    log: str | None,
    receipt_files: Sequence[str],
    head_files: Sequence[str],
    as_json: bool,
) -> None:
    """Say plainly what is proved, and what is not."""
    is_log = reach.is_url(target) or Path(target).is_dir()
    text = "" if is_log or _is_zip(target) else _read(target)
    policy = _policy(policy_file)
    keys = [*_keys(typed), *(each.key for each in policy.logs)]
    known = [Log(key) for key in keys if key.kind == notes.ED25519]
    policy = replace(policy, logs=tuple(known))
    if not keys:
        raise Problem(
            both(
                "没有公钥，什么也没有证明。请从发出回执的单位公布的地方取得公钥，再用 --key 给出。",
                "nothing proved: no key, and without a key nothing is proved. Take it from where the issuing "
                "body publishes it and give it with --key, or give --policy.",
            ),
            UNPROVED,
        )
    try:
        if is_log:
            verdict = _log(target, keys, policy, receipt_files, head_files)
        elif _is_zip(target):
            from huiyin.doors.cli import bundles

            verdict = bundles.check(Path(target), keys, policy)
        elif assessment_proof.is_proof(text):
            from huiyin.doors.cli import assessments

            verdict = assessments.check(text, policy)
        elif witnessing.is_evidence(text):
            from huiyin.doors.cli import evidence

            verdict = evidence.check(text, keys)
        else:
            from huiyin.doors.cli import receipts as of_receipts

            verdict = of_receipts.check(text, keys, policy, log)
    except Unreachable as error:
        raise Problem(
            both(f"日志读不到，什么也没有证明：{error}", f"nothing proved: the log cannot be read: {error}"),
            UNPROVED,
        ) from error
    verdict.show(as_json=as_json)


def _log(
    target: str, keys: Sequence[Key], policy: Policy, receipt_files: Sequence[str], head_files: Sequence[str]
) -> Verdict:
    from huiyin.doors.cli import walking

    fetch = reach.log_at(target)
    origin = _origin_of(fetch)
    logs = [key for key in keys if key.kind == notes.ED25519 and origin in {"", key.name}]
    if not logs:
        raise Problem(
            both(
                f"什么也没有证明：这是 {origin} 的日志，没有给出它的日志公钥",
                f"nothing proved: this is the log of {origin}, and its log key was not given",
            ),
            UNPROVED,
        )
    given = {name: _read(name) for name in receipt_files}
    heads = {name: _read(name) for name in head_files}
    return walking.check(fetch, logs, policy, given, heads)


def _origin_of(fetch: Fetch) -> str:
    """Which log it says that it is; nothing is believed. Empty where it has no head."""
    try:
        return fetch(published.CHECKPOINT).decode("utf-8", "replace").partition("\n")[0]
    except Missing:
        return ""


def _is_zip(target: str) -> bool:
    return target != "-" and zipfile.is_zipfile(target)


def _read(path: str) -> str:
    try:
        raw = sys.stdin.buffer.read(LARGEST) if path == "-" else _some(Path(path))
    except OSError as error:
        raise Problem(both(f"不能读取 {path}：{error}", f"cannot read {path}: {error}")) from error
    try:
        # Mail and editors like to change line ends; the signature is over plain newlines.
        return raw.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n") + "\n"
    except UnicodeDecodeError as error:
        raise Problem(
            both(f"不属实：{path} 不是文本", f"it does not hold: {path} is no text"), FALSE
        ) from error


def _some(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)


def _keys(typed: Sequence[str]) -> list[Key]:
    try:
        return receipts.keys_of(line for each in typed for line in _lines_of(each))
    except BadNote as error:
        raise Problem(
            both(f"这不是公钥，什么也没有证明：{error}", f"nothing proved, this is no key: {error}"), UNPROVED
        ) from error


def _lines_of(typed: str) -> list[str]:
    """The key itself, or the lines of the file that it names."""
    try:
        return _some(Path(typed)).decode("utf-8", "replace").splitlines()
    except OSError:  # no such file, or no name of one: a long key cannot be
        return [typed]


def _policy(path: Path | None) -> Policy:
    if path is None:
        return Policy()
    try:
        return policies.parse(_some(path))
    except BadPolicy as error:
        raise Problem(both(f"{path} 不能使用：{error}", f"{path} cannot be followed: {error}")) from error
