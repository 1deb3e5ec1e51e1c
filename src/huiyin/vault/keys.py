"""The installation's keys: files in the data folder, one per purpose, private halves for their owner alone.

`public(...)` is all that the filing process ever asks for. Which process may read which private half is
decided by file permissions and by the zone: the public zone refuses to load any of the sealing keys.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from django.conf import settings
from nacl.signing import SigningKey

from huiyin.core import seal

IDENTITY = "identity"
CONTACT = "courier"
RECEIPT = "receipt"
OWNER_ONLY = 0o600


class KeyRefused(PermissionError):
    """This process may not hold that key, or the key is missing."""


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def make_missing() -> list[str]:
    """Make whichever keys this installation does not have yet; answer their names."""
    made = []
    for name in (IDENTITY, CONTACT):
        if not (_folder() / f"{name}.pub").exists():
            private, public = seal.new_key_pair()
            _write(f"{name}.key", private)
            _write(f"{name}.pub", public)
            made.append(name)
    if not (_folder() / f"{RECEIPT}.key").exists():
        _write(f"{RECEIPT}.key", bytes(SigningKey.generate()))
        made.append(RECEIPT)
    return made


def _write(name: str, content: bytes) -> None:
    handle = os.open(_folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@cache
def public(name: str) -> bytes:
    """The public half of a sealing key. Raises KeyRefused when the installation has none yet."""
    return _read(f"{name}.pub")


def key_id(name: str) -> str:
    return hashlib.sha256(public(name)).hexdigest()[:16]


def private(name: str) -> bytes:
    """The private half of a sealing key. Never cached; refused in the public zone (charter 5)."""
    if settings.ZONE == "public":
        raise KeyRefused(f"the public zone may not hold the private key {name!r}")
    return _read(f"{name}.key")


@cache
def receipt_seed() -> bytes:
    """The Ed25519 seed that signs receipts. It proves what this process acknowledged and opens nothing."""
    return _read(f"{RECEIPT}.key")


def receipt_public() -> bytes:
    return bytes(SigningKey(receipt_seed()).verify_key)


def _read(name: str) -> bytes:
    try:
        return (_folder() / name).read_bytes()
    except FileNotFoundError as error:
        raise KeyRefused(f"{name} is missing: run `huiyin setup` for this data folder") from error
