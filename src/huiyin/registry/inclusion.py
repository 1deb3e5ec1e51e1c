"""How a leaf stands in the published log: its number, and the way from it to the head that outsiders see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from huiyin.core import checkpoint, notes, tiles
from huiyin.core.proof import Proof
from huiyin.core.tiles import Tree
from huiyin.registry import logfiles
from huiyin.registry.leaves import Leaf
from huiyin.registry.models import Petition


@dataclass(frozen=True, slots=True)
class Published:
    """The head that everybody sees now, and the log below it."""

    note: str
    tree: Tree

    def proof(self, entry: Leaf, extra: bytes | None = None) -> Proof | None:
        """The proof that a leaf stands in the log; None while it waits for its head."""
        number = entry.number
        if number is None or number >= self.tree.size:
            return None
        return Proof(number, tuple(self.tree.inclusion_proof(number)), self.note, extra)


def published() -> Published | None:
    """What is published now; None before the first head, or where its tiles cannot be read."""
    note = logfiles.read(logfiles.CHECKPOINT)
    if note is None:
        return None
    head, _ = checkpoint.read(note.decode())
    return Published(note.decode(), Tree(head.size, head.root, logfiles.tile))


def proofs(leaves: Iterable[Leaf]) -> tuple[str, dict[int, list[str]]]:
    """The published head, and by number the hashes (base64) that lead to it from each of these leaves."""
    log = published()
    if log is None:
        return "", {}
    try:
        found = [made for leaf in leaves if (made := log.proof(leaf))]
    except (tiles.BadTile, OSError):
        return "", {}
    return log.note, {made.index: [notes.base64_of(each) for each in made.hashes] for made in found}


@dataclass(frozen=True, slots=True)
class Logged:
    """Where a lodging stands in the public log: its number, or until when it was promised to have one."""

    number: int | None
    promised: datetime


def of_first(petition: Petition) -> Logged | None:
    """How its first entry stands in what is published; None where it is on record nowhere."""
    found = petition.entries.filter(seq=1).values_list("number", "recorded_at").first()
    if found is None:
        return None
    number, recorded_at = found
    size = _size()
    return Logged(
        number if number is not None and number < size else None,
        recorded_at + timedelta(seconds=settings.INCLUDE_WITHIN),
    )


def _size() -> int:
    note = logfiles.read(logfiles.CHECKPOINT)
    return checkpoint.read(note.decode())[0].size if note else 0


def of_lodging(petition: Petition, receipt: bytes | None) -> Proof | None:
    """The receipt with the proof that its entry stands in the log; None while it waits for its head."""
    log, first = published(), petition.entries.filter(seq=1).first()
    if log is None or first is None:
        return None
    try:
        return log.proof(first, receipt)
    except (tiles.BadTile, OSError):
        return None
