"""A witness that goes and looks: it reads a log's head and tiles, and asks itself to cosign."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.core import checkpoint, notes, witnessing
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.heads import Fetch, bytes_of
from huiyin.core.notes import BadNote, Note
from huiyin.core.tiles import Tile, Tree
from huiyin.core.witnessing import Refused, Request
from huiyin.doors.cli.witness_door import Witness

_TRIES = 3  # while another process of this witness cosigns the same log


class Older(Exception):
    """The log shows a head that is older than the one cosigned last. Both are true; nothing is to be
    signed.
    """


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit came to. grew_from: entries of the head that was cosigned before."""

    head: Checkpoint
    cosigned: Note
    grew_from: int


def look(fetch: Fetch, witness: Witness) -> Seen:
    """Read the head that is published now and cosign it.

    Raises Refused (TwoStories for a log that contradicts itself), Older, Damaged, Unreachable, Missing,
    BadNote, and BadTile for tiles that do not fit the head.
    """
    for left in reversed(range(_TRIES)):
        note = text_of(fetch, "checkpoint")
        head, parsed = checkpoint.read(note)
        witnessing.authentic(head, parsed, witness.logs.get(head.origin, ()))
        known = witness.memory.head(head.origin)
        try:
            request = _shown(fetch, witness, head, note, known)
            return Seen(head, witness.add(request), request.old)
        except Refused as refused:
            if refused.status != witnessing.CONFLICT or not left:
                raise
    raise AssertionError("the last try answers or raises")


def text_of(fetch: Fetch, path: str) -> str:
    """A file of the log that is a text. Raises BadNote for one that is none."""
    try:
        return fetch(path).decode()
    except UnicodeDecodeError as error:
        raise BadNote(f"{path} is no text") from error


def _tree(head: Checkpoint, fetch: Fetch) -> Tree:
    def tile(wanted: Tile) -> bytes:
        return bytes_of(fetch, wanted)

    return Tree(head.size, head.root, tile)


def _shown(
    fetch: Fetch, witness: Witness, head: Checkpoint, note: str, known: tuple[Checkpoint, Note] | None
) -> Request:
    """The request that a log would make, with the proof read out of its tiles."""
    tree = _tree(head, fetch)
    if known is None or not known[0].size or head.size == known[0].size:
        if known is None or not witnessing.contradicts(head, known[0]):
            tree.root_at(head.size)  # that the tiles belong to the head; a contradiction needs none
        return Request(known[0].size if known else 0, (), note)
    before, first = known
    if head.size < before.size:
        _must_be_the_same(witness, _tree(before, fetch), first, head, note)
        raise Older(
            f"the log shows a head of {head.size} entries and signed one of {before.size} before: "
            "it was put back to an older state, or what it shows is out of date"
        )
    _must_be_the_same(witness, tree, notes.parse(note), before, str(first))
    return Request(before.size, tuple(tree.consistency_proof(before.size)), note)


def _must_be_the_same(witness: Witness, later: Tree, later_note: Note, head: Checkpoint, note: str) -> None:
    """Raise TwoStories unless the tree of the later head had the root of the earlier head when it had its
    size.
    """
    root = later.root_at(head.size)
    if root == head.root:
        return
    hashes = later.consistency_proof(head.size)
    with witness.memory.alone():
        raise witness.caught(head, witnessing.evidence(note, str(later_note), root, hashes), old=head.size)
