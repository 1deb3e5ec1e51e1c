"""`huiyin verify` of a case file: the signature over its list, each file's digest, each entry's proof."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from huiyin.core import bundle, manifest
from huiyin.core.bundle import BadBundle
from huiyin.core.findings import Finding
from huiyin.core.manifest import BadManifest, Manifest
from huiyin.core.notes import BadNote, Key
from huiyin.core.policy import NotTrusted, Policy
from huiyin.core.receipts import BadReceipt
from huiyin.core.text import Text
from huiyin.doors.cli.verdict import Verdict
from huiyin.doors.cli.words import both

WRONG = (
    *(BadNote, BadManifest, BadBundle, BadReceipt, NotTrusted),
    *(zipfile.BadZipFile, ValueError, KeyError, TypeError, OSError),
)


def check(path: Path, keys: Sequence[Key], policy: Policy) -> Verdict:
    """What the case file proves, or what is wrong with it."""
    verdict = Verdict("case")
    try:
        listed, case, digests = bundle.read(path, keys)
        wrong = list(manifest.wrongs(listed, digests, case))
        verdict.wrong(Finding("case", "", text) for text in wrong)
        if not wrong:
            _tell(listed, case, verdict)
            _tell_log(case, keys, policy, verdict)
    except WRONG as error:
        text = error.text if isinstance(error, BadBundle) else Text(str(error), str(error))
        verdict.wrong([Finding("case", "", text)])
    return verdict


def _tell(listed: Manifest, case: Any, verdict: Verdict) -> None:
    untold = sum("contents" not in proof for proof in case["proofs"])
    counts = len(case.get("counts", []))
    verdict.proved += [
        both(
            f"{listed.origin} 于 {listed.made_at}（UTC）交出信访件 {listed.ref} 的案卷，"
            f"其中 {len(listed.files)} 个文件都没有改动过；",
            f"{listed.origin} handed out the case file of petition {listed.ref} at {listed.made_at} (UTC), "
            f"and none of its {len(listed.files)} files was changed since;",
        ),
        both(
            f"{len(case['proofs'])} 条记录都与各自的公开字节相符。",
            f"each of its {len(case['proofs'])} entries fits its public bytes.",
        ),
    ]
    if counts:
        verdict.proved.append(
            both(
                f"{counts} 条统计都是真的：与记录里的期限相符。",
                f"each of its {counts} counts is true of a term that the entries tell of.",
            )
        )
    if untold:
        verdict.proved.append(
            both(
                f"其中 {untold} 条的内容没有写进这份案卷（例如尚未送达的文书），只有摘要。",
                f"What {untold} of them said is not told here (a document not served yet, for instance), "
                "only its digest.",
            )
        )
    verdict.unproved.append(both("内容是真是假；", "that what is written is true;"))
    verdict.told["case"] = {
        "origin": listed.origin,
        "ref": listed.ref,
        "made_at": listed.made_at,
        "entries": len(case["proofs"]),
        "counts": counts,
    }


def _tell_log(case: Any, keys: Sequence[Key], policy: Policy, verdict: Verdict) -> None:
    """What stands in the log, as far as the log key was given. Raises BadNote or NotTrusted."""
    every = len(case["proofs"]) + len(case.get("counts", []))
    standing = manifest.numbered(case) if case.get("head") else []
    logs = bundle.log_keys(verdict.told["case"]["origin"], keys)
    if standing and not logs:
        verdict.unproved.append(
            both(
                "这些记录已收入公开日志：要检验，请用 --key 给出日志公钥。",
                "that the entries stand in the public log: give the log key with --key to check that.",
            )
        )
        return
    if standing:
        trusted = policy.check(case["head"])
        verdict.proved.append(
            both(
                f"其中 {len(standing)} 条在公开日志中，日志头共 {trusted.head.size} 条。",
                f"{len(standing)} of these stand in the log, under a head over {trusted.head.size} leaves.",
            )
        )
        verdict.proved += [
            both(f"见证人 {name} 见过这个日志头。", f"The witness {name} saw that head.")
            for name in trusted.witnesses
        ]
    if missing := every - len(standing):
        verdict.unproved.append(
            both(
                f"其余 {missing} 条已收入公开日志。",
                f"that the entries stand in the public log, as to {missing} of them.",
            )
        )
