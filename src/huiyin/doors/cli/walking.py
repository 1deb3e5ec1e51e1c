"""`huiyin verify` of a whole log: walks it with a bar, and says what was found and what that proves."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tqdm import tqdm

from huiyin.core import ledger, notes, proof, published, receipts
from huiyin.core.findings import WORDS, Finding
from huiyin.core.heads import Fetch, moment_of
from huiyin.core.notes import Key
from huiyin.core.policy import NOBODY, Policy
from huiyin.core.published import Asked, Seen, Unreadable, Walked
from huiyin.core.receipts import Vouched
from huiyin.doors.cli.receipts import WRONG, bad_receipt, broken
from huiyin.doors.cli.verdict import Verdict
from huiyin.doors.cli.words import both


def check(
    fetch: Fetch, logs: Sequence[Key], policy: Policy, given: Mapping[str, str], heads: Mapping[str, str]
) -> Verdict:
    """Walk a log. given: receipts and proofs by file name; heads: signed heads that somebody kept."""
    verdict = Verdict("log")
    held, bad = _held(given, logs)
    seen, unlike = _seen({**heads, **_heads_of(given)}, policy)
    digests = frozenset(vouched.receipt.digest for vouched in held.values())
    try:
        with tqdm(
            unit=both("条", " leaves"), leave=False, mininterval=0.5, disable=None, file=sys.stderr
        ) as bar:

            def progress(done: int, of: int) -> None:
                bar.total = of
                bar.update(done - bar.n)

            walked = published.walk(fetch, Asked(logs, policy, digests, seen), progress)
    except Unreadable as error:
        verdict.wrong([Finding("head", published.CHECKPOINT, WORDS["head"].format(error=error))])
        return verdict
    verdict.wrong([*walked.findings, *bad, *unlike, *_promises(held, walked)])
    _tell(walked, held, verdict)
    return verdict


# ---- what was given beside


def _held(given: Mapping[str, str], logs: Sequence[Key]) -> tuple[dict[str, Vouched], list[Finding]]:
    held: dict[str, Vouched] = {}
    bad: list[Finding] = []
    for name, text in given.items():
        try:
            is_proof = text.startswith(proof.FIRST_LINE)
            note = (proof.parse(text).extra or b"").decode() if is_proof else text
            held[name] = receipts.check(note, logs)
        except (*WRONG, UnicodeDecodeError) as error:
            bad.append(bad_receipt(error, name))
    return held, bad


def _heads_of(given: Mapping[str, str]) -> dict[str, str]:
    """The heads that proofs carry: they have to be heads of this very log."""
    proofs = {name: text for name, text in given.items() if text.startswith(proof.FIRST_LINE)}
    return {name: text.partition("\n\n")[2] for name, text in proofs.items()}


def _seen(kept: Mapping[str, str], policy: Policy) -> tuple[list[Seen], list[Finding]]:
    seen: list[Seen] = []
    bad: list[Finding] = []
    for name, note in kept.items():
        try:
            seen.append(Seen(replace(policy, quorum=NOBODY).check(note).head, name))
        except WRONG as error:
            bad.append(Finding("head", name, WORDS["head"].format(error=error)))
    return seen, bad


def _promises(held: Mapping[str, Vouched], walked: Walked) -> Iterable[Finding]:
    for name, vouched in held.items():
        stands = walked.found.get(vouched.receipt.digest)
        if (walked.complete or stands) and (found := broken(vouched, stands, walked.at, name)):
            yield found


# ---- in words


def _tell(walked: Walked, held: Mapping[str, Vouched], verdict: Verdict) -> None:
    head = walked.head
    at = ledger.second(walked.at) if walked.at else None
    verdict.proved += _proved(walked, at)
    verdict.proved += _receipts(held, walked)
    verdict.unproved += _unproved(walked)
    verdict.told |= {
        "log": {
            "origin": head.origin,
            "size": head.size,
            "root": notes.base64_of(head.root),
            "signed_at": at,
            "witnesses": dict(walked.witnesses),
            "entries": walked.entries,
            "counts": walked.counts,
            "heads": walked.heads,
            "whole": walked.complete,
            "figures_compared": walked.compared,
        },
        "figures": walked.figures.as_json(),
        "receipts": {
            name: (stands.number if (stands := walked.found.get(one.receipt.digest)) else None)
            for name, one in held.items()
        },
    }


def _proved(walked: Walked, at: str | None) -> Sequence[str]:
    size, rows = walked.head.size, len(walked.figures.cohorts)
    lines = [
        both(
            f"{walked.head.origin} 的日志共 {size} 条：{walked.entries} 条记录、{walked.counts} 条统计；"
            f"最新的日志头签署于 {at}（UTC）。",
            f"The log of {walked.head.origin} holds {size} leaves, each of a known form: {walked.entries} "
            f"entries and {walked.counts} counts. Its last head was signed at {at} (UTC).",
        ),
        both(
            f"签署过的 {walked.heads} 个日志头都与记录相符：日志只增加过，没有改动过。",
            f"All {walked.heads} heads that were signed fit the leaves: the log only grew.",
        ),
        both(
            "每一条记录都在承诺的时间内收录。",
            "Every entry was included within the promised time.",
        ),
    ]
    if walked.compared:
        lines.append(
            both(
                f"公布的数字与日志算出来的相同：{rows} 个统计组。",
                f"The published figures are those that the log comes to: {rows} cohorts.",
            )
        )
    for name, stamp in walked.witnesses.items():
        seen = ledger.second(moment_of(stamp))
        lines.append(
            both(
                f"见证人 {name} 于 {seen} 见过最新的日志头。",
                f"The witness {name} saw the last head at {seen}.",
            )
        )
    return lines


def _receipts(held: Mapping[str, Vouched], walked: Walked) -> Iterable[str]:
    for name, vouched in held.items():
        if stands := walked.found.get(vouched.receipt.digest):
            yield both(
                f"{name}：该记录在日志中，编号 {stands.number}。",
                f"{name}: the entry stands in the log as number {stands.number}.",
            )
        elif vouched.promised:
            promised = ledger.second(vouched.promised)
            yield both(
                f"{name}：回执属实，还没有收录；承诺至迟 {promised}。",
                f"{name}: the receipt holds; the entry is not in the log yet, and promised by {promised}.",
            )


def _unproved(walked: Walked) -> Iterable[str]:
    if not walked.witnesses:
        yield both(
            "别人看到的是同一个日志：请用 --policy 指定您信任的见证人，或者用 --head 给出别人保存的日志头；",
            "that others see the same log: name witnesses with --policy, or give a head that somebody else "
            "kept with --head;",
        )
    if not walked.compared:
        yield both("公布的数字：没有可以比较的；", "the published figures: none could be compared;")
    yield both(
        "记录和统计说的是真是假：那由持有查询码的人和审计员打开核对；",
        "that entries and counts are true: whoever holds a petition's key, and an auditor, open them;",
    )
    yield both(
        "有没有什么从未收录：那由回执证明，请用 --receipt 给出。",
        "that nothing was left out: a receipt proves that; give receipts with --receipt.",
    )
