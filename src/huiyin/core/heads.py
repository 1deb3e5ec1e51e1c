"""The heads that a log signed, day by day: read, and each checked as far as it can be without the tree.

`heads/index` names one day a line, `heads/YYYY-MM-DD` holds the heads of that day as JSON Lines. Whoever
walks the tree compares each root as the walk comes past its size.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from huiyin.core import checkpoint, notes
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.findings import Findings
from huiyin.core.notes import BadNote, Key
from huiyin.core.tiles import WIDTH, Tile

INDEX = "heads/index"
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


class Missing(LookupError):
    """A file of a log that is not there."""


Fetch = Callable[[str], bytes]
"""Answers a file of the log by its path below the log's address. Raises Missing where there is none."""


def bytes_of(fetch: Fetch, tile: Tile) -> bytes:
    """A tile or bundle; narrow ones may be gone once there is the full one, which is answered then."""
    try:
        return fetch(tile.path)
    except Missing:
        if tile.width == WIDTH:
            raise
        return fetch(Tile(tile.level, tile.index).path)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head whose signatures hold. at: what the log's time key tells; where: its file and line."""

    head: Checkpoint
    at: datetime
    where: str


def moment_of(stamp: int) -> datetime:
    """The moment that a cosignature tells. Raises BadNote for one that no calendar has."""
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise BadNote(f"it tells a time that no calendar has: {stamp} seconds") from error


@dataclass(frozen=True, slots=True)
class HeadKeys:
    """The keys under which a log signs its heads: its own, and the one that tells the moment."""

    logs: Sequence[Key]  # several where the log changed its key: each head is by one of them
    time: Key

    def read(self, note: str, where: str) -> SignedHead:
        """Take a head that both keys signed. Raises BadNote."""
        head, parsed = checkpoint.read(note)
        signed = checkpoint.signers(parsed, [*self.logs, self.time])
        if not any(key in signed and key.name == head.origin for key in self.logs):
            raise BadNote(
                f"it is not signed by the log key {self.logs[0]}; after a change of keys, give both"
            )
        at = signed.get(self.time)
        if at is None:
            raise BadNote(f"it does not tell when it was signed: the key {self.time.name} did not sign it")
        return SignedHead(head, moment_of(at), where)


def signed_heads(fetch: Fetch, keys: HeadKeys, findings: Findings) -> Iterator[SignedHead]:
    """The heads of a log in order. One that does not hold, or goes back, is a finding and left out."""
    last: SignedHead | None = None
    for day, where, line in _lines(fetch, findings):
        try:
            told = json.loads(line)
            found = keys.read(told["note"], where)
            if told["size"] != found.head.size:
                raise BadNote("the size beside it is another")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            findings.add("head", where, error=error)
            continue
        if f"{found.at:%Y-%m-%d}" != day:
            findings.add("wrong-day", where, day=f"{found.at:%Y-%m-%d}")
        if last is None or _follows(found, last, findings):
            last = found
            yield found


def _lines(fetch: Fetch, findings: Findings) -> Iterator[tuple[str, str, str]]:
    """Day, place and text of each line."""
    try:
        days = fetch(INDEX).decode("ascii", "replace").split()
    except Missing:
        findings.add("missing", INDEX, path=INDEX)
        return
    if days != sorted(set(days)):
        findings.add("days-order", INDEX)
    for day in days:
        if not _DAY.fullmatch(day):
            findings.add("no-day", INDEX, day=ascii(day[:40]))
            continue
        path = f"heads/{day}"
        try:
            content = fetch(path).decode("utf-8", "replace")
        except Missing:
            findings.add("missing", path, path=path)
            continue
        for number, line in enumerate(content.splitlines(), 1):
            yield day, f"{path}:{number}", line


def _follows(found: SignedHead, last: SignedHead, findings: Findings) -> bool:
    """Whether it may come after the last one; only then can the tree be compared with it on the way."""
    old, new = last.head, found.head
    if found.at < last.at:
        findings.add("backwards", found.where, where=last.where)
    if new.size < old.size:
        findings.add("shrank", found.where, old=old.size, new=new.size, where=last.where)
        return False
    if new.size == old.size and new.root != old.root:
        findings.add("split", found.where, size=new.size, where=last.where)
        return False
    return True


def certificate_key(line: str) -> Key:
    """The time key that a certificate names. Raises BadNote for one that tells no time."""
    key = notes.parse_key(line)
    if key.kind != notes.COSIGNATURE:
        raise BadNote("the time key of the certificate is not one of cosignatures")
    return key
