"""What a witness must not forget: the last head of each log that it cosigned, and what it caught a log at.

One folder a log, named by the SHA-256 of the log's origin, so that no origin can name a path. A head is on
the disk before anybody sees the cosignature: it is written beside, synced, and put in place by one rename.
Of two who cosign at once, in one process or in two, the second waits.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huiyin.core import checkpoint
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.notes import BadNote, Note

HEAD = "checkpoint"
KEY = "key"
_CAUGHT = "caught"


class Damaged(Exception):
    """A memory that cannot be read. A witness that has forgotten must not sign."""


def folder_of(origin: str) -> str:
    """The name of a log's folder, which is also where the protocol says that its head is served."""
    return hashlib.sha256(origin.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Memory:
    """The folder of a witness."""

    folder: Path

    def head(self, origin: str) -> tuple[Checkpoint, Note] | None:
        """The last head of this log that was cosigned. Raises Damaged."""
        try:
            text = (self.folder / folder_of(origin) / HEAD).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise Damaged(f"the last head of {origin} cannot be read: {error}") from error
        try:
            head, note = checkpoint.read(text)
        except BadNote as error:
            raise Damaged(f"the last head of {origin} is damaged ({error}): put back a copy of it") from error
        if head.origin != origin:
            raise Damaged(f"in the folder of {origin} there is a head of {head.origin}")
        return head, note

    def served(self, folder: str) -> bytes | None:
        """The last head in that folder as it stands on the disk."""
        try:
            return (self.folder / folder / HEAD).read_bytes()
        except FileNotFoundError:
            return None

    def remember(self, head: Checkpoint, note: Note) -> None:
        """Keep this head as the last one. Only while `alone`."""
        before = self.head(head.origin)
        if before and before[0].size > head.size:
            raise Damaged(f"the log {head.origin} would go back from {before[0].size} entries to {head.size}")
        self._put(folder_of(head.origin), HEAD, str(note))

    def key(self, address: str) -> str | None:
        """The key of the log at this address that was taken when it was first seen."""
        path = self.folder / folder_of(address) / KEY
        return path.read_text(encoding="utf-8").strip() if path.exists() else None

    def remember_key(self, address: str, key: str) -> None:
        """Keep it. Only while `alone`."""
        self._put(folder_of(address), KEY, f"{key}\n")

    def catch(self, head: Checkpoint, evidence: str) -> Path:
        """Keep what proves that a log told two stories. Nothing is written over. Only while `alone`."""
        name = f"{_CAUGHT}-{head.size}-{hashlib.sha256(evidence.encode()).hexdigest()[:16]}.txt"
        return self._put(folder_of(head.origin), name, evidence)

    def caught(self) -> list[Path]:
        """All that was caught so far."""
        return sorted(self.folder.glob(f"*/{_CAUGHT}-*.txt"))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """From looking at the last head to having kept the next one, nobody else does the same."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _put(self, folder: str, name: str, text: str) -> Path:
        """Only while `alone`: what was written half is written over next time."""
        place = self.folder / folder
        place.mkdir(parents=True, exist_ok=True)
        draft = place / f".{name}"
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place / name)
        for each in (place, self.folder):
            _sync(each)
        return place / name


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
