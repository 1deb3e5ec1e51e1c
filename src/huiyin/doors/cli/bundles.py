"""`huiyin verify` of a case file: the signature over its list, each file's digest, each entry's proof."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from huiyin.core import manifest, notes, receipts
from huiyin.core.findings import Finding
from huiyin.core.manifest import BadManifest, Manifest
from huiyin.core.notes import BadNote, Key
from huiyin.core.policy import NotTrusted, Policy
from huiyin.core.receipts import BadReceipt
from huiyin.core.text import Text
from huiyin.doors.cli.verdict import Verdict
from huiyin.doors.cli.words import both

MOST_FILES = 10_000
LARGEST_FILE = 1 << 30  # of one file, unpacked: a small archive can claim to hold anything
LARGEST_TEXT = 1 << 26  # of what is read as a whole
BLOCK = 1 << 20


class BadBundle(ValueError):
    """A ZIP that is no case file, or holds more than one may."""


WRONG = (
    *(BadNote, BadManifest, BadBundle, BadReceipt, NotTrusted),
    *(zipfile.BadZipFile, ValueError, KeyError, TypeError, OSError),
)


def check(path: Path, keys: Sequence[Key], policy: Policy) -> Verdict:
    """What the case file proves, or what is wrong with it."""
    verdict = Verdict("case")
    try:
        with zipfile.ZipFile(path) as archive:
            listed, case, digests = _read(archive, keys)
        wrong = list(manifest.wrongs(listed, digests, case))
        verdict.wrong(Finding("case", "", text) for text in wrong)
        if not wrong:
            _tell(listed, case, verdict)
            _tell_log(case, keys, policy, verdict)
    except WRONG as error:
        verdict.wrong([Finding("case", "", Text(str(error), str(error)))])
    return verdict


def _read(archive: zipfile.ZipFile, keys: Sequence[Key]) -> tuple[Manifest, Any, dict[str, str]]:
    names = archive.namelist()
    if manifest.NAME not in names or manifest.CASE not in names:
        raise BadBundle(both("这个 ZIP 不是案卷", "this ZIP is no case file"))
    if len(names) > MOST_FILES or len(set(names)) < len(names):
        raise BadBundle(both("文件太多或者重名", "it holds too many files, or two of one name"))
    if any(info.file_size > LARGEST_FILE for info in archive.infolist()):
        raise BadBundle(both("其中的文件太大", "a file in it is too large"))
    note = notes.parse(_whole(archive, manifest.NAME).decode("utf-8"))
    listed, case = manifest.read(note.text), json.loads(_whole(archive, manifest.CASE))
    notes.check(note, _signers(listed, case, keys))
    digests = {name: _digest(archive, name) for name in names if name != manifest.NAME}
    return listed, case, digests


def _signers(listed: Manifest, case: Any, keys: Sequence[Key]) -> list[Key]:
    """Whose signature over the list counts: the receipt key's, given itself or vouched for by the log key."""
    logs = _log_keys(listed.origin, keys)
    named = receipts.certified(str(case.get("certificate") or ""), logs) if logs else None
    if named:
        if not named.covers(datetime.fromisoformat(listed.made_at)):
            raise BadBundle(
                both(
                    "交出案卷时，证书不在有效期内", "its certificate did not hold when the case file was made"
                )
            )
        return [notes.parse_key(named.receipt_key)]
    direct = [key for key in keys if key.name == f"{listed.origin}/receipt"]
    if not direct:
        raise BadBundle(
            both(
                f"没有给出 {listed.origin} 的公钥，或者案卷里没有证书",
                f"no key of {listed.origin} was given, or the case file lacks the certificate by the log key",
            )
        )
    return direct


def _log_keys(origin: str, keys: Sequence[Key]) -> list[Key]:
    return [key for key in keys if key.name == origin and key.kind == notes.ED25519]


def _whole(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        content = file.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise BadBundle(both(f"{name} 太大", f"{name} is too large"))
    return content


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    made, room = hashlib.sha256(), LARGEST_FILE
    with archive.open(name) as file:
        while block := file.read(BLOCK):
            made.update(block)
            room -= len(block)
            if room < 0:
                raise BadBundle(both(f"{name} 太大", f"{name} is too large"))
    return made.hexdigest()


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
    logs = _log_keys(verdict.told["case"]["origin"], keys)
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
