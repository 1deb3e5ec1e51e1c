"""Attachments that wait between the pages of a form, so that nobody has to choose them again.

Each lies in the data folder under a random name, enciphered under a key that only the form holds: a file
that is never sent can be read by nobody, and goes with the next sweep.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.translation import get_language
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import attachments
from huiyin.registry.attachments import Upload

STAGED = "staged"  # the hidden fields that carry the tokens
DROP = "drop"  # the button that takes one away again, by its place
FILES = "attachments"
SALT = "huiyin.petitioner.staged"
HOURS = 12
MOST_BYTES = 4 * 1024**3  # of all that waits; then uploads are refused until the next sweep
NAME_BYTES = 16
GONE = Text(
    "“{name}”放置超过12小时，已被删除，请重新选择",
    "“{name}” waited for over 12 hours and was deleted; choose it again",
)
FULL = Text("现在不能接收更多附件，请稍后再试", "no more files can be taken just now; please try again later")


@dataclass(frozen=True, slots=True)
class Staged:
    """One file that waits."""

    token: str
    name: str
    size: int
    sha256: str
    place: str
    key: bytes

    def content(self) -> bytes | None:
        """Its bytes, or None when it has been swept away."""
        try:
            return SecretBox(self.key).decrypt(_path(self.place).read_bytes())
        except (FileNotFoundError, CryptoError):
            return None

    def drop(self) -> None:
        _path(self.place).unlink(missing_ok=True)


def take(request: HttpRequest) -> tuple[list[Staged], str]:
    """The files that wait, with those that just came; and what is wrong with one that cannot be taken."""
    waiting = [file for token in request.POST.getlist(STAGED) if (file := opened(token))]
    dropped = request.POST.get(DROP, "")
    if dropped.isdecimal() and int(dropped) < len(waiting):
        waiting.pop(int(dropped)).drop()
    problem = ""
    for sent in request.FILES.getlist(FILES):
        # One byte more than is taken tells enough: a huge file is never read whole.
        upload = Upload(sent.name or "file", sent.read(attachments.MOST_BYTES + 1))
        if refused := attachments.refusal([upload], already=len(waiting)):
            problem = next(iter(refused.fields.values())).say(get_language() or "")
        elif sweep() > MOST_BYTES:
            problem = FULL.say(get_language() or "")
        else:
            waiting.append(stage(upload))
    return waiting, problem


def stage(upload: Upload) -> Staged:
    """Put a file aside, enciphered under a key that is handed out and not kept."""
    place, key = secrets.token_hex(NAME_BYTES), secrets.token_bytes(SecretBox.KEY_SIZE)
    path = _path(place)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(SecretBox(key).encrypt(upload.content))
    name, digest = attachments.clean_name(upload.name), hashlib.sha256(upload.content).hexdigest()
    told = [name, len(upload.content), digest, place, base64.b64encode(key).decode()]
    return Staged(signing.dumps(told, salt=SALT), name, len(upload.content), digest, place, key)


def uploads(files: Iterable[Staged]) -> list[Upload] | Refusal:
    """The waiting files as the registry takes them, or which one is gone."""
    made = []
    for file in files:
        content = file.content()
        if content is None:
            gone = GONE.format(name=file.name)
            return Refusal("attachment", gone, "", {FILES: gone})
        made.append(Upload(file.name, content))
    return made


def opened(token: str) -> Staged | None:
    """The file that a token of a form names, or None if it is none of ours."""
    try:
        name, size, digest, place, key = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Staged(token, name, size, digest, place, base64.b64decode(key))


def folder() -> Path:
    """Where they lie."""
    data: Path = settings.DATA_DIR
    return data / "staged"


def _path(place: str) -> Path:
    return folder() / place


def sweep() -> int:
    """Delete what waited too long; answer how many bytes wait still."""
    oldest, size = time.time() - HOURS * 3600, 0
    for path in folder().glob("*"):
        try:
            stat = path.stat()
            if stat.st_mtime < oldest:
                path.unlink()
            else:
                size += stat.st_size
        except FileNotFoundError:  # another process swept it first
            continue
    return size
