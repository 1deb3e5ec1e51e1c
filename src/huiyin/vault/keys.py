"""The installation's keys: files in the data folder, one per purpose, private halves for their owner alone.

`public(...)` is all that the filing process ever asks for. Which process may read which private half is
decided by file permissions and by the zone: the public zone refuses to load any of the sealing keys.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings
from nacl.signing import SigningKey

from huiyin.core import seal

IDENTITY = "identity"
CONTACT = "courier"
RELIEF = "relief"
RECEIPT = "receipt"
OWNER_ONLY = 0o600


class KeyRefused(PermissionError):
    """This process may not hold that key, or the key is missing."""


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def make_missing() -> list[str]:
    """Make whichever keys this installation does not have yet; answer their names.

    Two processes may start at once, and either may die half-way: what is there is whole, and stays.
    """
    made = []
    for name in (IDENTITY, CONTACT, RELIEF):
        # A process that only files holds the public half alone: that is a whole installation.
        if not (_folder() / f"{name}.pub").exists():
            _write(f"{name}.key", seal.new_key_pair()[0])
            _write(f"{name}.pub", seal.public_of(_read(f"{name}.key")))
            made.append(name)
    if _write(f"{RECEIPT}.key", bytes(SigningKey.generate())):
        made.append(RECEIPT)
    return made


def _write(name: str, content: bytes) -> bool:
    """Write a key durably, whole or not at all; False when there is one already."""
    path = _folder() / name
    if path.exists():
        return False
    draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike a rename it never replaces a key that somebody else just made
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


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
