"""Proof of what happened: entry bytes and their openings.

Public bytes say when something was put on record and commit to the rest; only who holds the opening (the
petition's key holder, an auditor) can tell what it was. Formats carry a version and are frozen: a test holds
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

ENTRY = "huiyin-entry/1"
OPENING = b"huiyin-opening/1\n"
RECEIPT = "huiyin-receipt/1"
SIGNERS_RECEIPT = "huiyin-signature/1"
SALT_BYTES = 32


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8: the same value always gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def second(moment: datetime) -> str:
    """A moment as UTC to the second, e.g. 2026-11-22T08:00:00Z. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be put on record")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger, version 1.

    recorded_at: when this installation put it on record. claimed_at: when an imported data set says that it
    happened; absent for all that happened here. commitment: SHA-256 over salt and opening.
    """

    recorded_at: datetime
    commitment: str
    claimed_at: datetime | None = None

    def to_bytes(self) -> bytes:
        lines = [ENTRY, f"recorded_at {second(self.recorded_at)}"]
        if self.claimed_at is not None:
            lines.append(f"claimed_at {second(self.claimed_at)}")
        lines.append(f"commitment {self.commitment}")
        return ("\n".join(lines) + "\n").encode()


def commit(opening: Mapping[str, Any], salt: bytes) -> str:
    """The commitment to an opening: base64 of SHA-256(tag, salt, canonical JSON). Salt: 32 random bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return digest(OPENING + salt + canonical(opening))
