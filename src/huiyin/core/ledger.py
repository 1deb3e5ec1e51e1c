"""Proof of what happened: entry bytes, their openings, and signed notes.

Public bytes say when something was put on record and commit to the rest; only who holds the opening (the
petition's key holder, an auditor) can tell what it was. What is counted stands in leaves of its own
(`cohorts.py`). Formats carry a version and are frozen: a test holds
the exact bytes. Fields cannot be reordered or removed; a change is a new version.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

ENTRY = "huiyin-entry/2"
OPENING = b"huiyin-opening/2\n"
RECEIPT = "huiyin-receipt/2"
SIGNERS_RECEIPT = "huiyin-signature/1"
SALT_BYTES = DIGEST_BYTES = 32
ED25519 = b"\x01"  # signature type of C2SP signed-note
SIGNATURE_BYTES = 64
PUBLIC_KEY_BYTES = 32
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")  # a note may hold newlines and no other control character
KEY_ID_BYTES = 4


class BadNote(ValueError):
    """A signed note that is malformed, or whose signature does not hold."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8: the same value always gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def second(moment: datetime) -> str:
    """A moment as UTC to the second, e.g. 2026-11-22T08:00:00Z. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be put on record")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def minute(moment: datetime) -> str:
    """A moment as UTC to the minute, rounded down: as fine as the log says when something was recorded."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be put on record")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def is_digest(said: str) -> bool:
    """Whether it is the base64 of 32 bytes, in the one way of writing it."""
    try:
        raw = base64.b64decode(said, validate=True)
    except ValueError:
        return False
    return len(raw) == DIGEST_BYTES and base64.b64encode(raw).decode() == said


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger, version 2.

    recorded_at: when this installation put it on record. claimed_at: when an imported data set says that it
    happened; absent for all that happened here. Both to the minute: entries of one petition that were
    written in one second must not be seen to belong together. commitment: SHA-256 over salt and opening,
    where the second stands.
    """

    recorded_at: datetime
    commitment: str
    claimed_at: datetime | None = None

    def to_bytes(self) -> bytes:
        lines = [ENTRY, f"recorded_at {minute(self.recorded_at)}"]
        if self.claimed_at is not None:
            lines.append(f"claimed_at {minute(self.claimed_at)}")
        lines.append(f"commitment {self.commitment}")
        return ("\n".join(lines) + "\n").encode()


class BadEntry(ValueError):
    """Bytes that are no entry of a version known here."""


def read_entry(leaf: bytes) -> Entry:
    """Read a public entry. Raises BadEntry for whatever `to_bytes` would not have written."""
    try:
        head, *lines = leaf.decode("ascii").removesuffix("\n").split("\n")
        said = dict(line.split(" ", 1) for line in lines)
        claimed = said.get("claimed_at")
        entry = Entry(
            datetime.fromisoformat(said["recorded_at"]),
            said["commitment"],
            datetime.fromisoformat(claimed) if claimed else None,
        )
        same = head == ENTRY and is_digest(entry.commitment) and entry.to_bytes() == leaf
    except (ValueError, KeyError) as error:
        raise BadEntry("this is no entry: its lines are not those of one") from error
    if not same:
        raise BadEntry("this is no entry of a version known here")
    return entry


def commit(opening: Mapping[str, Any], salt: bytes, *, tag: bytes = OPENING) -> str:
    """The commitment to an opening: base64 of SHA-256(tag, salt, canonical JSON). Salt: 32 random bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return digest(tag + salt + canonical(opening))


# ---- signed notes (C2SP signed-note, Ed25519)


def key_id(name: str, public: bytes) -> bytes:
    """The first four bytes of SHA-256 over the key's name and its typed public key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_ID_BYTES]


def verifier_key(name: str, public: bytes) -> str:
    """The key as one line to hand to others: name+id+base64."""
    return f"{name}+{key_id(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def sign(text: str, name: str, seed: bytes) -> str:
    """The text as a signed note. The text must end with a newline; the name holds no space and no plus."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise ValueError("the text of a note ends with a newline and holds no other control character")
    if not name or any(c.isspace() or c == "+" for c in name):
        raise ValueError(f"{name!r} cannot name a key: it must hold no space and no plus sign")
    key = SigningKey(seed)
    made = key_id(name, bytes(key.verify_key)) + key.sign(text.encode()).signature
    return f"{text}\n— {name} {base64.b64encode(made).decode()}\n"


def read_note(note: str, key: str) -> str:
    """Check a signed note against one verifier key and answer its text. Raises BadNote."""
    name, public = _parse_key(key)
    text, found, signatures = note.rpartition("\n\n")
    if not found or not signatures.endswith("\n"):
        raise BadNote("this is not a signed note: no blank line before its signatures, or no newline after")
    if _CONTROL.search(note):
        raise BadNote("a signed note holds no control character but newlines")
    text += "\n"
    for line in signatures[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—":
            raise BadNote("a signature line is not of the form “— name signature”")
        if parts[1] == name and _holds(text, parts[2], name, public):
            return text
    raise BadNote(f"there is no signature by {name}")


def _parse_key(key: str) -> tuple[str, bytes]:
    try:
        name, _, rest = key.strip().partition("+")
        identity, _, encoded = rest.partition("+")
        typed = base64.b64decode(encoded, validate=True)
        public = typed[1:]
    except ValueError as error:
        raise BadNote("the key is not of the form name+id+base64") from error
    fits = len(public) == PUBLIC_KEY_BYTES and identity == key_id(name, public).hex()
    if typed[:1] != ED25519 or not fits:
        raise BadNote("the key is not an Ed25519 key, or its id does not fit it")
    return name, public


def _holds(text: str, encoded: str, name: str, public: bytes) -> bool:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise BadNote("the signature is not base64") from error
    if raw[:KEY_ID_BYTES] != key_id(name, public) or len(raw) != KEY_ID_BYTES + SIGNATURE_BYTES:
        return False
    try:
        VerifyKey(public).verify(text.encode(), raw[KEY_ID_BYTES:])
    except BadSignatureError as error:
        raise BadNote(
            "the signature does not hold: the note was changed, or another key signed it"
        ) from error
    return True
