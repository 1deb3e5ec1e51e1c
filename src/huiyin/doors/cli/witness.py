"""`huiyin witness`: cosign the heads of logs that only grew. Needs no database, no settings and no Django."""

from __future__ import annotations

import logging
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from huiyin.core import checkpoint, notes
from huiyin.core.checkpoint import Signer
from huiyin.core.heads import Fetch, Missing
from huiyin.core.notes import BadNote, Key
from huiyin.core.text import Text
from huiyin.core.tiles import BadTile
from huiyin.core.witnessing import Refused
from huiyin.doors.cli import reach, witness_door
from huiyin.doors.cli.reach import Unreachable
from huiyin.doors.cli.witness_door import TwoStories, Witness
from huiyin.doors.cli.witness_memory import Damaged, Memory
from huiyin.doors.cli.witness_visit import Older, Seen, look, text_of
from huiyin.doors.cli.words import FALSE, USAGE, Problem, both, say, warn

EVERY = 60


@click.command(
    help=say(
        Text(
            "为公开日志的日志头联署：先检查日志只增不改。URL 是日志的地址（checkpoint 所在的文件夹）；"
            "用 --listen 时由日志自己来请求联署。两者可以并用。",
            "Cosign the heads of a public log after checking that it only grew. URL is the log's address, "
            "where its "
            "checkpoint is; with --listen, logs come and ask. Both can be done at once.",
        )
    )
)
@click.argument("url", required=False)
@click.option(
    "--key",
    "key_file",
    metavar="FILE",
    required=True,
    help=say(
        Text(
            "见证人私钥文件（huiyin keys witness 生成）",
            "The witness's private keys (made by huiyin keys witness)",
        )
    ),
)
@click.option(
    "--log-key",
    "log_keys",
    metavar="KEY",
    multiple=True,
    help=say(
        Text(
            "日志的公钥，或者每行一个公钥的文件；可以给出多次。不给时第一次从 URL/key 取得，此后不再更换。",
            "The log's key, or a file with one a line; may be given again. Without it, it is taken from "
            "URL/key the "
            "first time and never changed.",
        )
    ),
)
@click.option("--once", is_flag=True, help=say(Text("只看一次", "Look once")))
@click.option(
    "--every",
    type=click.IntRange(1),
    default=EVERY,
    show_default=True,
    help=say(Text("每隔多少秒看一次", "Seconds between two looks")),
)
@click.option(
    "--listen", metavar="HOST:PORT", help=say(Text("在这个地址应答日志", "Answer logs at this address"))
)
@click.option(
    "--state",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help=say(
        Text(
            "记住日志头的文件夹（默认：私钥文件名加 .state）",
            "Where heads are remembered (default: the key file's name and .state)",
        )
    ),
)
@click.option(
    "--to",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say(
        Text(
            "联署后的日志头写到哪里（默认标准输出）",
            "Where the cosigned head goes (default: standard output)",
        )
    ),
)
def witness(
    *,
    url: str | None,
    key_file: str,
    log_keys: tuple[str, ...],
    once: bool,
    every: int,
    listen: str | None,
    state: Path | None,
    target: Path | None,
) -> None:
    """Look once, look again and again, answer, or both."""
    if not url and not listen:
        raise Problem(both("请给出日志的地址 URL，或者 --listen", "give the log's URL, or --listen"))
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    path = Path(key_file)
    memory = Memory(state or path.with_name(f"{path.name}.state"))
    fetch = reach.log_at(url) if url else None
    with speaking():
        keys = _log_keys(log_keys) or _first_seen(url, memory)
        me = Witness(read_signers(path), _by_origin(keys), memory)
    if listen:
        _answer(me, listen, beside=fetch is not None and not once)
    if fetch:
        _look(fetch, me, every=0 if once else every, target=target)


def read_signers(path: Path) -> list[Signer]:
    """The private keys of a witness. Ends the command for a file that others can read."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Problem(
                both(f"{path} 其他用户也能读，请 chmod 600", f"others can read {path}: chmod 600"), FALSE
            )
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(
            both(
                f"不能读取私钥 {path}：{error}；用 huiyin keys witness 生成",
                f"cannot read the keys in {path}: {error}; make them with huiyin keys witness",
            )
        ) from error
    try:
        signers = [checkpoint.parse_signer(line) for line in lines]
    except BadNote as error:
        raise Problem(f"{path}: {error}") from error
    if not signers or any(signer.kind == notes.ED25519 for signer in signers):
        raise Problem(both(f"{path} 里没有见证人的私钥", f"there are no keys of a witness in {path}"))
    return signers


@contextmanager
def speaking() -> Iterator[None]:
    """Turn whatever keeps a witness from signing into a message, and a log that tells two stories into a
    loud one.
    """
    try:
        yield
    except TwoStories as caught:
        raise Problem(
            both(
                f"{caught}\n  没有联署。证据保存在 {caught.kept}，请公布它。",
                f"{caught}\n  Nothing was cosigned. The proof is kept in {caught.kept}: publish it.",
            ),
            FALSE,
        ) from caught
    except Missing as error:
        raise Problem(
            both(f"没有联署：日志里没有 {error}", f"nothing was cosigned: the log has no file {error}"), FALSE
        ) from error
    except (Refused, Older, Damaged, Unreachable, BadNote, BadTile) as error:
        raise Problem(both(f"没有联署：{error}", f"nothing was cosigned: {error}"), FALSE) from error


# ---- which logs


def _log_keys(given: tuple[str, ...]) -> list[Key]:
    lines: list[str] = []
    for each in given:
        lines += [each] if "+" in each else _lines(Path(each))
    return [notes.parse_key(line) for line in lines]


def _lines(path: Path) -> list[str]:
    try:
        written = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(
            both(f"不能读取日志公钥 {path}：{error}", f"cannot read the log's key {path}: {error}")
        ) from error
    return [line for line in written if line.strip() and not line.startswith("#")]


def _first_seen(url: str | None, memory: Memory) -> list[Key]:
    """The key that this log was first seen with."""
    if url is None:
        raise Problem(
            both("请用 --log-key 给出所见证日志的公钥", "say with --log-key which logs are watched"), USAGE
        )
    with memory.alone():
        known = memory.key(url.rstrip("/"))
        if known is None:
            known = str(notes.parse_key(text_of(reach.log_at(url), "key")))
            memory.remember_key(url.rstrip("/"), known)
            warn(
                both(
                    f"注意：第一次见到这个日志，公钥取自日志自己：{known}\n  请从别处核对它。",
                    f"note: this log is seen for the first time and told its key itself: {known}\n"
                    "  compare it with what is published elsewhere.",
                )
            )
    return [notes.parse_key(known)]


def _by_origin(keys: list[Key]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for key in keys:
        found.setdefault(key.name, []).append(key)
    return found


# ---- at work


def _answer(me: Witness, listen: str, *, beside: bool) -> None:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        raise Problem(both("--listen 的写法是 127.0.0.1:8090", "--listen is written like 127.0.0.1:8090"))
    try:
        server = witness_door.server((host.strip("[]"), int(port)), me)
    except (OSError, OverflowError) as error:
        raise Problem(
            both(f"不能使用地址 {listen}：{error}", f"cannot use {listen}: {error}"), FALSE
        ) from error
    warn(both(f"见证人在 {listen} 应答", f"the witness answers at {listen}"))
    for signer in me.signers:
        warn(f"  {signer.key}")
    if beside:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    else:
        server.serve_forever()


def _look(fetch: Fetch, me: Witness, *, every: int, target: Path | None) -> None:
    """Look once, or for ever. Only two stories end the second: everything else may be better next time."""
    while True:
        try:
            with speaking():
                _told(look(fetch, me), target)
        except Problem as problem:
            if not every or isinstance(problem.__cause__, TwoStories):
                raise
            warn(problem.message)
        if not every:
            return
        time.sleep(every)


def _told(seen: Seen, target: Path | None) -> None:
    head = seen.head
    warn(
        both(
            f"已联署：{head.origin}，{head.size} 条（上次联署时 {seen.grew_from} 条），只增未改",
            f"cosigned: {head.origin} with {head.size} entries; it had {seen.grew_from} last time and only "
            f"grew",
        )
    )
    if target is None:
        click.echo(str(seen.cosigned), nl=False)
        return
    draft = target.with_name(f".{target.name}")
    draft.write_text(str(seen.cosigned), encoding="utf-8")
    draft.replace(target)
