"""The installation's keys: files in the data folder, one per purpose, private halves for their owner alone.

`public(...)` is all that the filing process ever asks for. Which process may read which private half is
decided by file permissions and by the zone: the public zone refuses to load any of the sealing keys.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from nacl.signing import SigningKey

from huiyin.core import seal

IDENTITY = "identity"
CONTACT = "courier"
RELIEF = "relief"
PARTNER = "partner"  # closes what goes over the line from another installation, and nothing that is kept
RECEIPT = "receipt"
LOG = "log"
TIME = "time"
POST_QUANTUM = "mldsa"
SEED_BYTES = 32
SIGNING = (RECEIPT, LOG, TIME, POST_QUANTUM)  # seeds of Ed25519, the last one of ML-DSA-44
OWNER_ONLY = 0o600


class KeyRefused(PermissionError):
    """This process may not hold that key, or the key is missing."""


def folder() -> Path:
    made: Path = settings.DATA_DIR / "keys"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def make_missing() -> list[str]:
    """Make whichever keys this installation does not have yet; answer their names.

    Two processes may start at once, and either may die half-way: what is there is whole, and stays.
    """
    made = []
    # Of a holder of the operator's own there is the public half alone, which the operator lays there.
    for name in () if settings.KEY_HOLDER else (IDENTITY, CONTACT, RELIEF):
        # A process that only files holds the public half alone: that is a whole installation.
        if not (folder() / f"{name}.pub").exists():
            _write(f"{name}.key", seal.new_key_pair()[0])
            _write(f"{name}.pub", seal.public_of(_read(f"{name}.key")))
            made.append(name)
    # Where people file, the receipt key is all there is of these: the log's lie where the clerk runs.
    signing = (RECEIPT,) if settings.ZONE == "public" else SIGNING
    return made + [name for name in signing if _write(f"{name}.key", secrets.token_bytes(SEED_BYTES))]


def _write(name: str, content: bytes) -> bool:
    """Write a key durably, whole or not at all; False when there is one already."""
    path = folder() / name
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
    _settle(path.parent)
    return True


def _settle(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(name: str, content: bytes) -> None:
    """Write what is no secret durably in the place of what was there."""
    draft = f".{name}.{secrets.token_hex(4)}"
    _write(draft, content)
    (folder() / draft).replace(folder() / name)
    _settle(folder())


def partner_public() -> bytes:
    """The public half of the pair that closes what partners send here, made when it is first asked for.

    Raises KeyRefused in the public zone where there is none: that process makes no private key.
    """
    if not (folder() / f"{PARTNER}.pub").exists():
        if settings.ZONE == "public":
            raise missing(f"{PARTNER}.pub")
        _write(f"{PARTNER}.key", seal.new_key_pair()[0])
        _write(f"{PARTNER}.pub", seal.public_of(_read(f"{PARTNER}.key")))
    return public(PARTNER)


def replace(name: str) -> str:
    """Make a new pair for one purpose and answer the id of the old one, whose private half stays for now.

    Killed at any point, each private half that anything was closed for is still there.
    """
    old = private(name)
    was = id_of(seal.public_of(old))
    _write(retired(name, was), old)
    fresh, _ = seal.new_key_pair()
    for ending, content in (("key", fresh), ("pub", seal.public_of(fresh))):
        draft = f"{name}.{ending}.{secrets.token_hex(4)}"
        _write(draft, content)
        (folder() / draft).replace(folder() / f"{name}.{ending}")
        _settle(folder())
    return was


def change(name: str) -> str:
    """Make a new signing key in the place of the receipt key or the log key; answer the id of the old one.

    An old log key goes on signing beside the new one until it is destroyed: whoever knows only that one is
    not cut off from one day to the next. An old receipt key signs nothing any more, and is destroyed.
    """
    old = _read(f"{name}.key")
    was = id_of(bytes(SigningKey(old).verify_key))
    _write(retired(name, was), old)
    put(f"{name}.key", secrets.token_bytes(SEED_BYTES))
    if name == RECEIPT:
        destroy(name, was)
    return was


def retired_pairs(name: str) -> list[str]:
    """Ids of the pairs that were replaced and whose private half was not destroyed yet."""
    return sorted(path.stem.removeprefix(f"{name}-") for path in folder().glob(f"{name}-*.key"))


def destroy(name: str, pair: str) -> None:
    """Destroy the private half of a replaced pair: overwritten, then unlinked. Copies elsewhere stay."""
    path = folder() / retired(name, pair)
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _settle(folder())


def public(name: str) -> bytes:
    """The public half of a sealing key. Raises KeyRefused when the installation has none yet."""
    return _current(name)[0]


def key_id(name: str) -> str:
    """The id of the pair that seals today."""
    return _current(name)[1]


def _current(name: str) -> tuple[bytes, str]:
    path = f"{settings.DATA_DIR}/keys/{name}.pub"
    try:
        # A pair that was changed is taken up at once by every process that runs.
        return _public(path, os.stat(path).st_mtime_ns)  # noqa: PTH116 - asked at each filing
    except FileNotFoundError as error:
        raise missing(f"{name}.pub") from error


@lru_cache(maxsize=16)
def _public(path: str, stamp: int) -> tuple[bytes, str]:  # noqa: ARG001 - the stamp tells one content from another
    content = Path(path).read_bytes()
    return content, id_of(content)


def id_of(public_key: bytes) -> str:
    """What a pair is known by: the start of the digest of its public half."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def private(name: str, pair: str = "") -> bytes:
    """The private half of a sealing key. Never cached; refused in the public zone (charter 5).

    `pair`: the id of a pair that may have been replaced since. Raises KeyRefused when it was destroyed.
    """
    if settings.ZONE == "public":
        raise KeyRefused(f"the public zone may not hold the private key {name!r}")
    current = _read(f"{name}.key")
    if pair and id_of(seal.public_of(current)) != pair:
        return _read(retired(name, pair))
    return current


def retired(name: str, pair: str) -> str:
    """The file of a private half that was replaced and not destroyed yet."""
    return f"{name}-{pair}.key"


def receipt_seed() -> bytes:
    """The Ed25519 seed that signs receipts. It proves what this process acknowledged and opens nothing."""
    path = f"{settings.DATA_DIR}/keys/{RECEIPT}.key"
    try:
        # One that was changed is taken up at once by every process that runs.
        return _seed(path, os.stat(path).st_mtime_ns)  # noqa: PTH116 - asked at each filing
    except FileNotFoundError as error:
        raise missing(f"{RECEIPT}.key") from error


@lru_cache(maxsize=4)
def _seed(path: str, stamp: int) -> bytes:  # noqa: ARG001 - the stamp tells one content from another
    return Path(path).read_bytes()


def receipt_public() -> bytes:
    return bytes(SigningKey(receipt_seed()).verify_key)


def log_seed() -> bytes:
    """The Ed25519 seed that signs heads and certificates. Refused in the public zone."""
    return _of_the_log(LOG)


def older_log_seeds() -> tuple[bytes, ...]:
    """The log keys that were replaced and not destroyed yet."""
    if settings.ZONE == "public":
        raise KeyRefused("the public zone may not hold the private keys of the log")
    return tuple(_read(retired(LOG, pair)) for pair in retired_pairs(LOG))


def time_seed() -> bytes:
    """The Ed25519 seed that signs heads together with the moment. Refused in the public zone."""
    return _of_the_log(TIME)


def post_quantum_seed() -> bytes:
    """The ML-DSA-44 seed that signs heads as well. Refused in the public zone."""
    return _of_the_log(POST_QUANTUM)


def _of_the_log(name: str) -> bytes:
    if settings.ZONE == "public":
        raise KeyRefused(f"the public zone may not hold the private key {name!r}")
    return _read(f"{name}.key")


def _read(name: str) -> bytes:
    try:
        return (folder() / name).read_bytes()
    except FileNotFoundError as error:
        raise missing(name) from error


def missing(name: str) -> KeyRefused:
    return KeyRefused(f"{name} is missing: run `huiyin setup` for this data folder")
