"""`huiyin verify` of a receipt, alone, with its proof of inclusion, or held against the log that owes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from huiyin.core import checkpoint, inclusion, ledger, notes, proof, receipts
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.findings import WORDS, Finding
from huiyin.core.heads import Missing, certificate_key, moment_of
from huiyin.core.merkle import BadProof
from huiyin.core.notes import BadNote, Key
from huiyin.core.policy import NotTrusted, Policy
from huiyin.core.proof import Proof
from huiyin.core.published import Stands
from huiyin.core.receipts import BadReceipt, Vouched
from huiyin.core.text import Text
from huiyin.core.tiles import BadTile
from huiyin.doors.cli import reach
from huiyin.doors.cli.verdict import Verdict
from huiyin.doors.cli.words import Problem, both, day, term

WRONG = (BadNote, BadReceipt, BadProof, NotTrusted, BadTile)


def check(text: str, keys: Sequence[Key], policy: Policy, log: str | None) -> Verdict:
    """A receipt, or a tlog-proof that carries one. log: address or folder of the log to look in."""
    verdict = Verdict("proof" if text.startswith(proof.FIRST_LINE) else "receipt")
    try:
        note, proved = _taken_apart(text)
        vouched = receipts.check(note, keys)
        _tell(vouched, verdict)
        if proved:
            _prove(proved, vouched, keys, policy, verdict)
        elif log is None:
            _tell_unlogged(verdict)
        if log:
            _look(log, vouched, keys, policy, verdict)
    except WRONG as error:
        verdict.wrong([bad_receipt(error)])
    return verdict


def bad_receipt(error: Exception, where: str = "") -> Finding:
    said = error.text if isinstance(error, BadReceipt) else Text(str(error), str(error))
    return Finding("bad-receipt", where, WORDS["bad-receipt"].format(error=said))


def _taken_apart(text: str) -> tuple[str, Proof | None]:
    if not text.startswith(proof.FIRST_LINE):
        return text, None
    read = proof.parse(text)
    if read.extra is None:
        raise BadReceipt(Text("证明里没有回执，无从知道是哪一条记录", "the proof carries no receipt"))
    try:
        return read.extra.decode(), read
    except UnicodeDecodeError as error:
        raise BadReceipt(Text("证明里的回执不是文本", "what the proof carries is no text")) from error


# ---- what the receipt itself says


def _tell(vouched: Vouched, verdict: Verdict) -> None:
    receipt = vouched.receipt
    verdict.proved += list(_acknowledged(vouched))
    verdict.unproved.append(
        both("联名的是谁；", "who signed;")
        if receipt.signed
        else both("内容是真是假；", "that what was lodged is true;")
    )
    verdict.told["receipt"] = {
        "origin": receipt.origin,
        "ref": receipt.ref,
        "entry": receipt.digest,
        "signed_by": str(vouched.receipt_key),
        "certified": vouched.certificate is not None,
        "promised": _said(vouched.promised),
    }


def _acknowledged(vouched: Vouched) -> Sequence[str]:
    receipt = vouched.receipt
    lines = [_what(vouched), *map(_clock, receipt.clocks)]
    if receipt.claimed_at:
        claimed = ledger.second(receipt.claimed_at)
        lines.insert(
            1,
            both(
                f"它是导入的：来源称于 {claimed}（UTC）提出。",
                f"It was imported: its source says that it was lodged at {claimed} (UTC).",
            ),
        )
    if vouched.certificate:
        until = ledger.second(vouched.certificate.until)
        lines.append(
            both(
                f"日志公钥为签署回执的公钥作证，直到 {until}。",
                f"The log key vouches for the key that signed this receipt, until {until}.",
            )
        )
    if vouched.promised:
        promised = ledger.second(vouched.promised)
        lines.append(
            both(
                f"它承诺：至迟 {promised}（UTC）收入公开日志。",
                f"It promises that the entry stands in the public log by {promised} (UTC).",
            )
        )
    return lines


def _what(vouched: Vouched) -> str:
    receipt = vouched.receipt
    if receipt.signed:
        return both(
            f"{receipt.origin} 承认 {receipt.signed_on} 有一人在信访件 {receipt.ref} 上联名。",
            f"{receipt.origin} acknowledged a signature under petition {receipt.ref} on {receipt.signed_on}.",
        )
    at = ledger.second(receipt.acknowledged)
    return both(
        f"{receipt.origin} 承认在 {at}（UTC）收到信访件 {receipt.ref}，收件单位 {receipt.body}。",
        f"{receipt.origin} acknowledged petition {receipt.ref} at {at} (UTC), at the body {receipt.body}.",
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


def _tell_unlogged(verdict: Verdict) -> None:
    more = both(
        "要看它在不在，请用 --log 给出日志的地址。", "to see whether it does, give the log with --log."
    )
    verdict.unproved.append(
        both(f"该记录已收入公开日志；{more}", f"that the entry stands in the public log; {more}")
    )


# ---- that it stands in the log


def log_keys_of(vouched: Vouched, keys: Sequence[Key]) -> list[Key]:
    """The keys of the log that this receipt is owed by. Raises Problem where none was given."""
    found = [key for key in keys if key.name == vouched.receipt.origin]
    if not found:
        raise Problem(
            both(
                f"检验日志需要 {vouched.receipt.origin} 的日志公钥，只给出了回执公钥",
                f"the log of {vouched.receipt.origin} needs its log key: only the receipt key was given",
            )
        )
    return found


def _prove(proved: Proof, vouched: Vouched, keys: Sequence[Key], policy: Policy, verdict: Verdict) -> None:
    """Check the way from the entry to the head that the proof carries."""
    leaf = vouched.receipt.leaf
    if leaf is None:
        raise BadReceipt(
            Text("联名回执不公开记录本身，无法这样证明", "the receipt of a signature does not open the entry")
        )
    log_keys_of(vouched, keys)
    trusted = proved.check(leaf, policy)
    at = _signed_at(proved.head, vouched)
    _tell_standing(trusted.head, proved.index, at, trusted.witnesses, verdict)


def _signed_at(head: str, vouched: Vouched) -> datetime | None:
    """When the log itself says that it signed a head, where its time key is vouched for."""
    if vouched.certificate is None:
        return None
    key = certificate_key(vouched.certificate.time_key)
    stamp = checkpoint.signers(checkpoint.read(head)[1], [key]).get(key)
    return None if stamp is None else moment_of(stamp)


def _tell_standing(
    head: Checkpoint, number: int, at: datetime | None, witnesses: Any, verdict: Verdict
) -> None:
    when = both(f"，签署于 {_said(at)}（UTC）", f", signed at {_said(at)} (UTC)") if at else ""
    verdict.proved.append(
        both(
            f"该记录在公开日志中，编号 {number}；日志头共 {head.size} 条{when}。",
            f"The entry stands in the public log as number {number}, under a head over {head.size} leaves"
            f"{when}.",
        )
    )
    for name, stamp in witnesses.items():
        seen = _said(moment_of(stamp))
        verdict.proved.append(
            both(f"见证人 {name} 于 {seen} 见过这个日志头。", f"The witness {name} saw that head at {seen}.")
        )
    if not witnesses:
        verdict.unproved.append(
            both(
                "别人看到的是同一个日志：请用 --policy 指定您信任的见证人。",
                "that others see the same log: name the witnesses whom you trust with --policy.",
            )
        )
    verdict.told["log"] = {
        "number": number,
        "size": head.size,
        "root": notes.base64_of(head.root),
        "signed_at": _said(at),
        "witnesses": dict(witnesses),
    }


def _look(log: str, vouched: Vouched, keys: Sequence[Key], policy: Policy, verdict: Verdict) -> None:
    """Look for it in the log; a promise that was broken is found and said."""
    try:
        looked = inclusion.look(reach.log_at(log), vouched.receipt, log_keys_of(vouched, keys), policy)
    except (BadNote, NotTrusted) as error:
        verdict.wrong([Finding("head", log, WORDS["head"].format(error=error))])
        return
    except BadTile as error:
        verdict.wrong([Finding("bad-tile", log, WORDS["bad-tile"].format(error=error))])
        return
    except Missing as error:
        verdict.wrong([Finding("missing", log, WORDS["missing"].format(path=error.args[0]))])
        return
    if found := broken(vouched, looked.stands, looked.at):
        verdict.wrong([found])
    elif looked.stands:
        number, witnesses = looked.stands.number, looked.head.witnesses
        _tell_standing(looked.head.head, number, looked.at, witnesses, verdict)
    else:
        verdict.unproved.append(
            both(
                f"该记录已收入公开日志：{_said(looked.at)} 的日志头还没有它，承诺的时间也还没有到。",
                f"that the entry stands in the public log: the head of {_said(looked.at)} does not hold it "
                "yet, and the promised time has not come.",
            )
        )


def broken(vouched: Vouched, stands: Stands | None, at: datetime | None, where: str = "") -> Finding | None:
    """The finding that a promise was broken: kept too late, or not at all under a head of that moment."""
    promised = vouched.promised
    first = stands.at if stands else at
    if promised is None or first is None or first <= promised:
        return None
    what = "too-late" if stands else "not-there"
    said, ref = ledger.second(promised), vouched.receipt.ref
    return Finding(what, where, WORDS[what].format(ref=ref, promised=said, signed=ledger.second(first)))


def _said(moment: datetime | None) -> str | None:
    return None if moment is None else ledger.second(moment)
