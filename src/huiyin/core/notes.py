"""Signed notes: a text, an empty line, and lines of signatures (C2SP signed-note 1.0.0).

A key is known by its name and its id together; signatures by others are passed over, as the specification
says, so that a note may gather signatures that not every reader can check. What is malformed is refused.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

# Signature types. The two kinds of cosignature are read and made in `cosignatures`.
ED25519 = 0x01
COSIGNATURE = 0x04
SUBTREE = 0x06

PUBLIC_BYTES = {ED25519: 32, COSIGNATURE: 32, SUBTREE: 1312}
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 4
MOST_SIGNATURES = 64  # the specification asks for 16 at least
LARGEST = 1 << 20  # characters
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")  # a note may hold newlines and no other control character
_DASH = "— "


class BadNote(ValueError):
    """A signed note that is malformed, or whose signature does not hold."""


def is_name(name: str) -> bool:
    """Whether it can name a key: not empty, no spaces of any script, no plus sign, no control character."""
    return bool(name) and not any(c.isspace() or c == "+" or c < " " for c in name) and _is_utf8(name)


def unbase64(encoded: str) -> bytes:
    """Read base64 (RFC 4648 section 4) in the one way to write it. Raises ValueError for anything else."""
    raw = base64.b64decode(encoded, validate=True)
    if base64.b64encode(raw).decode() != encoded:
        raise ValueError("not the one way to write these bytes in base64")
    return raw


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


# ---- keys


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with its name and the type of signature that it checks; as text, a verifier key (vkey)."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise BadNote(f"{self.name!r} cannot name a key: it must hold no space and no plus sign")
        if len(self.public) != PUBLIC_BYTES.get(self.kind):
            raise BadNote(
                f"the key {self.name} is of a type that is not known, or has not the length of its type"
            )

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, type and key."""
        named = f"{self.name}\n".encode() + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_of(bytes([self.kind]) + self.public)}"


def parse_key(line: str) -> Key:
    """Read a verifier key: name+id+base64. Raises BadNote."""
    name, _, rest = line.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    try:
        typed = unbase64(encoded)
    except ValueError as error:
        raise BadNote("the key is not of the form name+id+base64") from error
    if not typed or typed[0] not in PUBLIC_BYTES:
        raise BadNote("the key is not an Ed25519 key nor one of a cosigner: its type is not known")
    key = Key(name, typed[0], typed[1:])
    if identity != key.id.hex():
        raise BadNote("the key's id does not fit it: a character of it was changed or lost")
    return key


def verifier_key(name: str, public: bytes) -> str:
    """An Ed25519 key as one line to hand to others: name+id+base64."""
    return str(Key(name, ED25519, public))


# ---- notes


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of signature. raw: what follows the four bytes of the key's id."""

    name: str
    id: bytes
    raw: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64_of(self.id + self.raw)}\n"

    def is_by(self, key: Key) -> bool:
        """Whether it says that it is by this key; whether it holds is another question."""
        return (self.name, self.id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a newline, and its signatures. As text: the note as it is handed on."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def by(self, key: Key) -> list[Signature]:
        """The signatures that say they are by this key. There may be several, above all cosignatures."""
        return [each for each in self.signatures if each.is_by(key)]

    def signed_also(self, more: Iterable[Signature]) -> Note:
        """The note with further signatures, each once."""
        return Note(self.text, tuple(dict.fromkeys([*self.signatures, *more])))


def parse(note: str) -> Note:
    """Take a note apart, checking its form alone. Raises BadNote."""
    if len(note) > LARGEST:
        raise BadNote(f"a signed note longer than {LARGEST} characters is not read")
    if _CONTROL.search(note) or not _is_utf8(note):
        raise BadNote("a signed note holds no control character but newlines")
    text, found, lines = note.rpartition("\n\n")
    if not found or not lines.endswith("\n"):
        raise BadNote("this is not a signed note: no blank line before its signatures, or no newline after")
    return Note(f"{text}\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read lines of signatures, at least one. Raises BadNote."""
    each = lines.removesuffix("\n").split("\n")
    if not lines.endswith("\n") or len(each) > MOST_SIGNATURES:
        raise BadNote(f"the signatures do not end with a newline, or there are more than {MOST_SIGNATURES}")
    return tuple(map(_parse_signature, each))


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not is_name(name) or " " in encoded:
        raise BadNote("a signature line is not of the form “— name signature”")
    try:
        raw = unbase64(encoded)
    except ValueError as error:
        raise BadNote("the signature is not base64") from error
    if len(raw) <= KEY_ID_BYTES:
        raise BadNote("the signature is too short to be one")
    return Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def must_be_text(text: str) -> None:
    """Raise ValueError for a text that cannot be signed as a note."""
    if not text.endswith("\n") or _CONTROL.search(text) or not _is_utf8(text):
        raise ValueError("the text of a note ends with a newline and holds no other control character")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    return True


# ---- Ed25519


def sign(text: str, name: str, seed: bytes) -> str:
    """The text as a note signed with Ed25519. It must end with a newline; name: no space and no plus."""
    must_be_text(text)
    return str(Note(text, (signature(text, name, seed),)))


def signature(text: str, name: str, seed: bytes) -> Signature:
    """An Ed25519 signature over the text of a note."""
    return Signature(name, _key_id(name, seed), ed25519(text.encode(), seed))


@lru_cache(maxsize=16)
def _key_id(name: str, seed: bytes) -> bytes:
    """Asked at each signature and of few: to find the public half takes as long as to sign."""
    return Key(name, ED25519, public_of(seed)).id


def read_note(note: str, key: str) -> str:
    """Check a signed note against one verifier key and answer its text. Raises BadNote."""
    known = parse_key(key)
    if known.kind != ED25519:
        raise BadNote("the key is not an Ed25519 key: it signs heads of a log, not such notes")
    read = parse(note)
    check(read, [known])
    return read.text


def check(note: Note, keys: Sequence[Key]) -> list[Key]:
    """The Ed25519 keys by which the note is signed.

    Raises BadNote where any signature by one of the keys does not hold, and where none of them signed.
    """
    signed = [key for key in keys if note.by(key)]
    for key in signed:
        for each in note.by(key):
            if not ed25519_holds(key.public, note.text.encode(), each.raw):
                raise BadNote("the signature does not hold: the note was changed, or another key signed it")
    if not signed:
        raise BadNote(f"there is no signature by {', '.join(key.name for key in keys)}")
    return signed


def public_of(seed: bytes) -> bytes:
    """The public half that belongs to an Ed25519 seed, 32 bytes each."""
    return bytes(_signer(seed).verify_key)


def ed25519(message: bytes, seed: bytes) -> bytes:
    """The signature over bytes (RFC 8032), 64 bytes."""
    return _signer(seed).sign(message).signature


@lru_cache(maxsize=1)
def _signer(seed: bytes) -> SigningKey:
    # Whoever signs much signs with one key, and to make it of its seed costs as much as to sign with it.
    return SigningKey(seed)


def ed25519_holds(public: bytes, message: bytes, raw: bytes) -> bool:
    """Whether it is the signature over the message by the key."""
    if len(raw) != SIGNATURE_BYTES:
        return False
    try:
        VerifyKey(public).verify(message, raw)
    except BadSignatureError:
        return False
    return True
