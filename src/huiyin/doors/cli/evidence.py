"""`huiyin verify` of what a witness caught: two signed heads of one log that cannot both be true."""

from __future__ import annotations

from collections.abc import Sequence

from huiyin.core import witnessing
from huiyin.core.findings import WORDS, Finding
from huiyin.core.merkle import BadProof
from huiyin.core.notes import BadNote, Key
from huiyin.doors.cli.verdict import Verdict
from huiyin.doors.cli.words import both


def check(text: str, keys: Sequence[Key]) -> Verdict:
    """Whether it proves, by the log's keys alone, that the log told two stories."""
    verdict = Verdict("evidence")
    verdict.unproved.append(both("两套说法哪一套是真的。", "which of the two stories is true."))
    try:
        first, second = witnessing.check_evidence(text, keys)
    except (BadNote, BadProof) as error:
        said = WORDS["bad-evidence"].format(error=error)
        verdict.wrong([Finding("bad-evidence", "", said)])
        return verdict
    verdict.proved.append(
        both(
            f"日志 {first.origin} 签了两个不可能都真的日志头：{first.size} 条的和 {second.size} 条的。",
            f"the log {first.origin} signed two heads that cannot both be true, of {first.size} entries "
            f"and of "
            f"{second.size}.",
        )
    )
    verdict.told["evidence"] = {"origin": first.origin, "sizes": [first.size, second.size]}
    return verdict
