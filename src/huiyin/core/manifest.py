"""The case file for machines: what its signed list of contents says, and whether what lies beside it fits.

A bundle is a ZIP. `MANIFEST.txt` is a signed note that names every other file with its SHA-256; `case.json`
tells the petition (its form is described in `docs/case.schema.json`). Nothing here opens a file: whoever
checks a bundle reads the files and hands over their digests.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.core import checkpoint, cohorts, ledger, merkle
from huiyin.core.cohorts import BadCount, Count
from huiyin.core.merkle import BadProof
from huiyin.core.text import Text

FORMAT = "huiyin-case/1"
NAME = "MANIFEST.txt"
CASE = "case.json"


class BadManifest(ValueError):
    """A list of contents that is none."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the signed list says."""

    origin: str
    ref: str
    made_at: str
    files: Mapping[str, str]  # path in the bundle -> SHA-256 in hex


def written(manifest: Manifest) -> str:
    """The text to be signed. Raises ValueError for a path that does not fit on one line."""
    lines = [FORMAT, f"origin {manifest.origin}", f"ref {manifest.ref}", f"made_at {manifest.made_at}"]
    for path, digest in sorted(manifest.files.items()):
        if any(ord(c) < ord(" ") for c in path):
            raise ValueError("a path in a bundle holds no control character")
        lines.append(f"file {digest} {path}")
    return "\n".join(lines) + "\n"


def is_manifest(text: str) -> bool:
    return text.split("\n", 1)[0] == FORMAT


def read(text: str) -> Manifest:
    """Raises BadManifest."""
    head, *rest = text.rstrip("\n").split("\n")
    said: dict[str, str] = {}
    files: dict[str, str] = {}
    for line in rest:
        name, _, value = line.partition(" ")
        if name == "file":
            digest, _, path = value.partition(" ")
            files[path] = digest
        else:
            said[name] = value
    if head != FORMAT or not {"origin", "ref", "made_at"} <= said.keys():
        raise BadManifest("this is no list of contents of a case file of a version known here")
    return Manifest(said["origin"], said["ref"], said["made_at"], files)


# ---- whether all of it fits together


def wrongs(manifest: Manifest, digests: Mapping[str, str], case: Any) -> Iterator[Text]:
    """What does not fit. `digests`: of every file in the bundle but the manifest; `case`: case.json, read."""
    for path, digest in sorted(manifest.files.items()):
        if path not in digests:
            yield Text(f"缺少文件 {path}", f"the file {path} is missing")
        elif digests[path] != digest:
            yield Text(f"文件 {path} 被改动过", f"the file {path} was changed")
    for path in sorted(digests.keys() - manifest.files.keys()):
        yield Text(f"文件 {path} 不在清单中", f"the file {path} is not on the list")
    try:
        yield from _of_case(manifest, case)
    except (KeyError, TypeError, ValueError, AttributeError):
        yield Text("case.json 的内容不完整", "case.json lacks something that a case file says")


def _of_case(manifest: Manifest, case: Any) -> Iterator[Text]:
    if case["ref"] != manifest.ref:
        yield Text("case.json 是另一信访件的", "case.json is of another petition")
    before = 0
    for proof in case["proofs"]:
        number = int(proof["seq"])
        if number <= before or not _holds(proof, case["ref"], number):
            yield Text(f"第 {number} 条记录与证明不符", f"entry {number} does not fit its proof")
        before = number
    yield from _of_counts(case)
    yield from _of_paths(case)
    lodged = case["proofs"][0]
    first = lodged.get("contents") if lodged["seq"] == 1 else None
    words = {name: case["lodged"][name] for name in ("subject", "text", "attachments")}
    if first is not None and first["content_sha256"] != ledger.digest(ledger.canonical(words)):
        yield Text("原文与登记的不符", "the words are not those that were put on record")
    for file in case["attachments"]:
        if file["path"] in manifest.files and manifest.files[file["path"]] != file["sha256"]:
            yield Text(f"附件 {file['path']} 与记录不符", f"the attachment {file['path']} does not fit")


def _holds(proof: Mapping[str, Any], ref: str, number: int) -> bool:
    """Whether an entry's public bytes are made of its opening, and that of what was said, if told."""
    opening = proof["opening"]
    public = base64.b64decode(proof["public"], validate=True)
    times = dict(line.split(" ", 1) for line in public.decode().splitlines()[1:])
    claimed = times.get("claimed_at")
    made = ledger.Entry(
        datetime.fromisoformat(times["recorded_at"]),
        ledger.commit(opening, base64.b64decode(proof["salt"], validate=True)),
        datetime.fromisoformat(claimed) if claimed else None,
    )
    said = "contents" not in proof or opening["contents_sha256"] == ledger.digest(
        ledger.canonical(proof["contents"])
    )
    return made.to_bytes() == public and opening["ref"] == ref and opening["seq"] == number and said


# ---- what was counted


WRONG_COUNTS = {
    "commitment": Text("不是用它的开启内容做出来的", "it is not made of its opening"),
    "cohort": Text(
        "统计组不对：这个期限不属于那里", "a false label: a term like this does not stand in that cohort"
    ),
    "standing": Text("标签不真：期限不是那样的", "a false label: the term does not stand so"),
    "another": Text("说的是另一信访件", "it is of another petition"),
    "clock": Text(
        "标签不真：案卷的记录里没有这样的期限", "a false label: no entry of this case tells of such a term"
    ),
    "row": Text("与前一条统计接不上", "it does not follow from the count before it"),
}


def _of_counts(case: Any) -> Iterator[Text]:
    """Each count is true of a term that the entries tell of, and follows from the one before it."""
    clocks = [line[1:] for proof in case["proofs"] for line in proof["opening"]["clocks"]]
    clocks += [
        [told["clock"], told["state"], told["start"], told["due"], told.get("ended")]
        for told in case.get("clocks", [])
    ]
    whole = [proof["seq"] for proof in case["proofs"]] == list(range(1, len(case["proofs"]) + 1))
    stands: dict[int, tuple[cohorts.Cohort, str] | None] = {}
    for place, row in enumerate(case.get("counts", []), start=1):
        try:
            count = cohorts.read(base64.b64decode(row["public"], validate=True))
        except BadCount as error:
            yield Text(f"第 {place} 条统计：{error}", f"count {place}: {error}")
            continue
        why = _wrong_count(count, row, case["ref"], clocks)
        if why == "clock" and not whole:
            why = ""  # what is not told to this reader cannot be held against the count
        term = row["opening"]["term"]
        if not why and not _follows(count, stands.get(term)):
            why = "row"
        stands[term] = None if count.what[0] == cohorts.MOVED_OUT else (count.cohort, count.what[-1])
        if why:
            told = f"{count.cohort.period} {count.cohort.bodies} {count.cohort.clock}, {' '.join(count.what)}"
            said = WRONG_COUNTS[why]
            yield Text(f"第 {place} 条统计（{told}）：{said.zh}", f"count {place} ({told}): {said.en}")


def _wrong_count(count: Count, row: Mapping[str, Any], ref: str, clocks: list[list[Any]]) -> str:
    opening = row["opening"]
    if why := cohorts.wrong(count, opening, base64.b64decode(row["salt"], validate=True)):
        return why
    if opening["ref"] != ref:
        return "another"
    names = ("clock", "state", "began", "due", "ended")
    said = [opening[name] for name in names]
    return "" if said in clocks and count.cohort.clock == opening["clock"] else "clock"


def _follows(count: Count, before: tuple[cohorts.Cohort, str] | None) -> bool:
    """Whether it takes up the term where the count before it, if any, had left it."""
    verb = count.what[0]
    if verb in {cohorts.BEGAN, cohorts.MOVED_IN}:
        return before is None
    return before == (count.cohort, count.what[1])


# ---- that they stand in the log


def numbered(case: Any) -> list[tuple[int, bytes, Text]]:
    """Number, public bytes and name of everything in a case that stands under its head."""
    found = []
    under = case.get("paths") or {}
    for zh, en, rows in (("记录", "entry", case["proofs"]), ("统计", "count", case.get("counts", []))):
        for place, row in enumerate(rows, start=1):
            if str(row.get("number")) in under:
                public = base64.b64decode(row["public"], validate=True)
                found.append((int(row["number"]), public, Text(f"第 {place} 条{zh}", f"{en} {place}")))
    return found


def _of_paths(case: Any) -> Iterator[Text]:
    """Each way from a leaf to the root of the head. Whose head it is, is for whoever has the log key."""
    if not case.get("head"):
        return
    head = checkpoint.read(case["head"])[0]
    for number, public, name in numbered(case):
        try:
            path = [base64.b64decode(each, validate=True) for each in case["paths"][str(number)]]
            merkle.check_inclusion(number, head.size, merkle.leaf_hash(public), path, head.root)
        except BadProof as error:
            yield Text(
                f"{name.zh}：不能证明在日志中（{error}）",
                f"{name.en}: it is not shown to stand in the log: {error}",
            )
