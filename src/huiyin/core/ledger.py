"""Proof of what happened: entry bytes and their openings.

Public bytes say when something was put on record and commit to the rest; only who holds the opening (the
petition's key holder, an auditor) can tell what it was. What is counted stands in leaves of its own
(`cohorts.py`). Formats carry a version and are frozen: a test holds
the exact bytes. Fields cannot be reordered or removed; a change is a new version.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ENTRY = "huiyin-entry/2"
OPENING = b"huiyin-opening/2\n"
RECEIPT = "huiyin-receipt/2"
SIGNERS_RECEIPT = "huiyin-signature/1"
SALT_BYTES = DIGEST_BYTES = 32


# Made once: `json.dumps` makes one for each call that asks for anything of its own.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8: the same value always gives the same bytes."""
    return _CANONICAL.encode(value).encode()


def second(moment: datetime) -> str:
    """A moment as UTC to the second, e.g. 2026-11-22T08:00:00Z. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be put on record")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def minute(moment: datetime) -> str:
    """A moment as UTC to the minute, rounded down: as fine as the log says when something was recorded."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be put on record")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="minutes") + "Z"


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
