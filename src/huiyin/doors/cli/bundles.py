"""`huiyin verify` of a case file: the signature over its list, each file's digest, each entry's proof."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huiyin.core import manifest, notes
from huiyin.core.manifest import BadManifest, Manifest
from huiyin.core.notes import BadNote
from huiyin.doors.cli.words import FALSE, Problem, both

MOST_FILES = 10_000
LARGEST_FILE = 1 << 30  # of one file, unpacked: a small archive can claim to hold anything
LARGEST_TEXT = 1 << 26  # of what is read as a whole
BLOCK = 1 << 20


class BadBundle(ValueError):
    """A ZIP that is no case file, or holds more than one may."""


def check(path: Path, key: str) -> str:
    """What the case file proves, in words. Raises Problem where it does not hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed, case, digests = _read(archive, key)
    except (BadNote, BadManifest, BadBundle, zipfile.BadZipFile, ValueError, OSError) as error:
        raise Problem(both(f"不属实：{error}", f"it does not hold: {error}"), FALSE) from error
    wrong = list(manifest.wrongs(listed, digests, case))
    if wrong:
        lines = [both("不属实：", "it does not hold:"), *(f"  {both(text.zh, text.en)}" for text in wrong)]
        raise Problem("\n".join(lines), FALSE)
    return "\n".join(_told(listed, case))


def _read(archive: zipfile.ZipFile, key: str) -> tuple[Manifest, Any, dict[str, str]]:
    names = archive.namelist()
    if manifest.NAME not in names or manifest.CASE not in names:
        raise BadBundle(both("这个 ZIP 不是案卷", "this ZIP is no case file"))
    if len(names) > MOST_FILES or len(set(names)) < len(names):
        raise BadBundle(both("文件太多或者重名", "it holds too many files, or two of one name"))
    if any(info.file_size > LARGEST_FILE for info in archive.infolist()):
        raise BadBundle(both("其中的文件太大", "a file in it is too large"))
    note = _whole(archive, manifest.NAME).decode("utf-8")
    listed = manifest.read(notes.read_note(note, key))
    digests = {name: _digest(archive, name) for name in names if name != manifest.NAME}
    return listed, json.loads(_whole(archive, manifest.CASE)), digests


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


def _told(listed: Manifest, case: Any) -> Iterator[str]:
    untold = sum("contents" not in proof for proof in case["proofs"])
    yield both("属实。它证明：", "It holds. It proves that:")
    yield both(
        f"  {listed.origin} 于 {listed.made_at}（UTC）交出信访件 {listed.ref} 的案卷，"
        f"其中 {len(listed.files)} 个文件都没有改动过；",
        f"  {listed.origin} handed out the case file of petition {listed.ref} at {listed.made_at} (UTC), and "
        f"none of its {len(listed.files)} files was changed since;",
    )
    yield both(
        f"  {len(case['proofs'])} 条记录都与各自的公开字节相符。",
        f"  each of its {len(case['proofs'])} entries fits its public bytes.",
    )
    if untold:
        yield both(
            f"  其中 {untold} 条的内容没有写进这份案卷（例如尚未送达的文书），只有摘要。",
            f"  What {untold} of them said is not told here (a document not served yet, for instance), "
            "only its digest.",
        )
    yield both(
        "它没有证明：内容是真是假，以及这些记录已收入公开日志。",
        "It does not prove that what is written is true, nor that the entries stand in the public log.",
    )
