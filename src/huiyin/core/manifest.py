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

from huiyin.core import ledger
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
    for number, proof in enumerate(case["proofs"], start=1):
        if not _holds(proof, case["ref"], number):
            yield Text(f"第 {number} 条记录与证明不符", f"entry {number} does not fit its proof")
    first = case["proofs"][0].get("contents")
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
