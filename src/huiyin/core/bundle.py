"""Opens a case file that somebody handed over and says whether it is what it claims to be.

The archive is not trusted: it can claim to hold anything, so it is read within limits.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from huiyin.core import manifest, notes, receipts
from huiyin.core.manifest import Manifest
from huiyin.core.notes import Key
from huiyin.core.text import Text

MOST_FILES = 10_000
LARGEST_FILE = 1 << 30  # of one file, unpacked: a small archive can claim to hold anything
LARGEST_TEXT = 1 << 26  # of what is read as a whole
BLOCK = 1 << 20


class BadBundle(ValueError):
    """A ZIP that is no case file, or holds more than one may."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def read(file: Path | IO[bytes], keys: Sequence[Key]) -> tuple[Manifest, Any, dict[str, str]]:
    """Its list, its case.json and the digest of each file, once the signature over the list holds.

    Raises BadBundle, BadManifest, BadNote, BadReceipt, zipfile.BadZipFile, ValueError, KeyError, TypeError or
    OSError for what is none. Whether the parts fit together, `manifest.wrongs` says.
    """
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if manifest.NAME not in names or manifest.CASE not in names:
            raise BadBundle(Text("这个 ZIP 不是案卷", "this ZIP is no case file"))
        if len(names) > MOST_FILES or len(set(names)) < len(names):
            raise BadBundle(Text("文件太多或者重名", "it holds too many files, or two of one name"))
        if any(info.file_size > LARGEST_FILE for info in archive.infolist()):
            raise BadBundle(Text("其中的文件太大", "a file in it is too large"))
        note = notes.parse(whole(archive, manifest.NAME).decode("utf-8"))
        listed, case = manifest.read(note.text), json.loads(whole(archive, manifest.CASE))
        notes.check(note, _signers(listed, case, keys))
        digests = {name: _digest(archive, name) for name in names if name != manifest.NAME}
    return listed, case, digests


def log_keys(origin: str, keys: Sequence[Key]) -> list[Key]:
    return [key for key in keys if key.name == origin and key.kind == notes.ED25519]


def whole(archive: zipfile.ZipFile, name: str, most: int = LARGEST_TEXT) -> bytes:
    """One file of it. Raises BadBundle where it is longer than that."""
    with archive.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise _too_large(name)
    return content


def _signers(listed: Manifest, case: Any, keys: Sequence[Key]) -> list[Key]:
    """Whose signature over the list counts: the receipt key's, given itself or vouched for by the log key."""
    logs = log_keys(listed.origin, keys)
    named = receipts.certified(str(case.get("certificate") or ""), logs) if logs else None
    if named:
        if not named.covers(datetime.fromisoformat(listed.made_at)):
            raise BadBundle(
                Text(
                    "交出案卷时，证书不在有效期内", "its certificate did not hold when the case file was made"
                )
            )
        return [notes.parse_key(named.receipt_key)]
    direct = [key for key in keys if key.name == f"{listed.origin}/receipt"]
    if not direct:
        raise BadBundle(
            Text(
                f"没有给出 {listed.origin} 的公钥，或者案卷里没有证书",
                f"no key of {listed.origin} was given, or the case file lacks the certificate by the log key",
            )
        )
    return direct


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    made, room = hashlib.sha256(), LARGEST_FILE
    with archive.open(name) as file:
        while block := file.read(BLOCK):
            made.update(block)
            room -= len(block)
            if room < 0:
                raise _too_large(name)
    return made.hexdigest()


def _too_large(name: str) -> BadBundle:
    return BadBundle(Text(f"{name} 太大", f"{name} is too large"))
