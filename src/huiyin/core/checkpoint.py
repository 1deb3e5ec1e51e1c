"""Heads of a log as checkpoints, and who signed them (C2SP tlog-checkpoint, tlog-cosignature).

A checkpoint is a note: origin, number of entries, root. The log signs it, with an Ed25519 key of plain notes
or as cosigners do; witnesses add their cosignatures, each with the moment when it was made. Two types of
cosignature are read and made: Ed25519 (0x04) and ML-DSA-44 (0x06), which a quantum computer does not forge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from huiyin.core import merkle, notes
from huiyin.core.notes import BadNote, Key, Note, Signature

LARGEST = (1 << 63) - 1  # entries, and seconds
STAMP_BYTES = 8
SEED_BYTES = 32
_NAME_BYTES = 255  # of a cosigner and of an origin under ML-DSA-44
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_PRIVATE = "PRIVATE+KEY+"
_LABEL = b"subtree/v1\n\0"


class BadCheckpoint(BadNote):
    """A note whose text is not a checkpoint."""


def number(text: str) -> int:
    """A decimal without leading zeroes, up to 2**63 - 1. Raises ValueError."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST:
        raise ValueError(f"{text!r} is not a number as a log writes it")
    return int(text)


def a_hash(text: str) -> bytes:
    """A hash in base64. Raises ValueError."""
    raw = notes.unbase64(text)
    if len(raw) != merkle.HASH_BYTES:
        raise ValueError(f"a hash has {merkle.HASH_BYTES} bytes, not {len(raw)}")
    return raw


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a head says. origin: which log; size: how many entries; root: 32 bytes; extensions: more lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is signed. Raises ValueError for a head that cannot be written."""
        lines = [self.origin, str(self.size), notes.base64_of(self.root), *self.extensions]
        text = "\n".join(lines) + "\n"
        try:
            fits = parse(text) == self
        except BadCheckpoint as error:
            raise ValueError(f"this head cannot be written: {error}") from error
        if not fits:
            raise ValueError("this head cannot be written: a line of it holds a newline")
        return text


def parse(text: str) -> Checkpoint:
    """Read the text of a checkpoint. Raises BadCheckpoint."""
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not all(lines):
        raise BadCheckpoint("a checkpoint has three lines at least, none of them empty")
    try:
        notes.must_be_text(text)
        return Checkpoint(lines[0], number(lines[1]), a_hash(lines[2]), tuple(lines[3:]))
    except ValueError as error:
        raise BadCheckpoint(f"the note is not a checkpoint: {error}") from error


def read(note: str) -> tuple[Checkpoint, Note]:
    """Take a signed checkpoint apart. Nothing is trusted yet: `signers` tells who signed. Raises BadNote."""
    parsed = notes.parse(note)
    return parse(parsed.text), parsed


# ---- who signed


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key. seed: 32 bytes, of Ed25519 or of ML-DSA-44 as the kind says."""

    name: str
    kind: int
    seed: bytes

    @property
    def key(self) -> Key:
        """The public half."""
        if self.kind == notes.SUBTREE:
            public = MLDSA44PrivateKey.from_seed_bytes(self.seed).public_key().public_bytes_raw()
        else:
            public = notes.public_of(self.seed)
        return Key(self.name, self.kind, public)


def sign(head: Checkpoint, signers: Iterable[Signer], timestamp: int) -> str:
    """The head as a note by those keys, the way a log signs it. timestamp: seconds since 1970."""
    return str(Note(head.text, tuple(cosign(head, signer, timestamp) for signer in signers)))


def cosign(head: Checkpoint, signer: Signer, timestamp: int) -> Signature:
    """The line of signature by one key. timestamp: seconds since 1970; a plain note key does not say it."""
    message = _message(head, signer.name, signer.kind, timestamp)
    if signer.kind == notes.SUBTREE:
        made = MLDSA44PrivateKey.from_seed_bytes(signer.seed).sign(message)
    else:
        made = notes.ed25519(message, signer.seed)
    stamp = b"" if signer.kind == notes.ED25519 else timestamp.to_bytes(STAMP_BYTES, "big")
    return Signature(signer.name, signer.key.id, stamp + made)


def signers(note: Note, keys: Iterable[Key]) -> dict[Key, int | None]:
    """Which of the keys signed this checkpoint, each with the seconds since 1970 that its cosignature tells.

    None stands for a plain note key, which tells no time. Of several cosignatures by one key the latest
    counts. Raises BadNote where any signature by one of the keys does not hold; signatures by others are
    passed over.
    """
    head = parse(note.text)
    found: dict[Key, int | None] = {}
    for key in keys:
        stamps = [_checked(head, key, each) for each in note.by(key)]
        if stamps:
            found[key] = max(stamps) if key.kind != notes.ED25519 else None
    return found


def _checked(head: Checkpoint, key: Key, signature: Signature) -> int:
    """The seconds that a signature tells; 0 for a plain one. Raises BadNote where it does not hold."""
    stamp, raw = 0, signature.raw
    if key.kind != notes.ED25519:
        stamp, raw = int.from_bytes(raw[:STAMP_BYTES], "big"), raw[STAMP_BYTES:]
    try:
        holds = _holds(key, _message(head, key.name, key.kind, stamp), raw)
    except ValueError:
        holds = False
    if not holds:
        raise BadNote(
            f"the signature by {key.name} does not hold: the head was changed, or another key signed it"
        )
    return stamp


def _holds(key: Key, message: bytes, raw: bytes) -> bool:
    if key.kind != notes.SUBTREE:
        return notes.ed25519_holds(key.public, message, raw)
    try:
        MLDSA44PublicKey.from_public_bytes(key.public).verify(raw, message)
    except InvalidSignature:
        return False
    return True


def _message(head: Checkpoint, name: str, kind: int, timestamp: int) -> bytes:
    """The bytes that a signature of that kind stands under. Raises ValueError for what cannot be signed."""
    if not 0 <= timestamp <= LARGEST:
        raise ValueError(f"{timestamp} is no moment that a cosignature can tell")
    if kind == notes.SUBTREE:
        return _whole_tree(head, name, timestamp)
    if kind == notes.COSIGNATURE:
        return f"cosignature/v1\ntime {timestamp}\n{head.text}".encode()
    return head.text.encode()


def _whole_tree(head: Checkpoint, name: str, timestamp: int) -> bytes:
    """The structure cosigned_message for a tree from its first leaf on. Extension lines are no part of it."""
    cosigner, origin = name.encode(), head.origin.encode()
    if max(len(cosigner), len(origin)) > _NAME_BYTES:
        raise ValueError(f"under ML-DSA-44 a name and an origin have at most {_NAME_BYTES} bytes")
    return b"".join(
        (
            *(_LABEL, bytes([len(cosigner)]), cosigner, timestamp.to_bytes(8, "big")),
            *(bytes([len(origin)]), origin, bytes(8), head.size.to_bytes(8, "big"), head.root),
        )
    )


# ---- private keys as lines of a file


def signer_line(signer: Signer) -> str:
    """A private key as one line: PRIVATE+KEY+name+id+base64 of its type and seed. Whoever reads it can
    sign.
    """
    typed = notes.base64_of(bytes([signer.kind]) + signer.seed)
    return f"{_PRIVATE}{signer.name}+{signer.key.id.hex()}+{typed}"


def parse_signer(line: str) -> Signer:
    """Read such a line. Raises BadNote, which repeats nothing of it."""
    try:
        name, identity, encoded = line.strip().removeprefix(_PRIVATE).split("+", 2)
        typed = notes.unbase64(encoded)
        signer = Signer(name, typed[0], typed[1:])
        fits = len(signer.seed) == SEED_BYTES and signer.key.id.hex() == identity
    except (ValueError, IndexError):
        fits = False
    if not fits or not line.startswith(_PRIVATE):
        raise BadNote("this is not a private key of the form PRIVATE+KEY+name+id+base64")
    return signer
