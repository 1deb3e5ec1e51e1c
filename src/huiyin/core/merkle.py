"""The tree of a transparency log: hashes, roots and proofs (RFC 6962 section 2.1, RFC 9162 section 2.1).

A node is named by its level and its index: level 0 are the leaves, and the node (level, index) stands for the
2**level leaves from index * 2**level on. Proofs are made through a function that reads such nodes, wherever
they are kept. Nothing here recurses, and nothing holds more than one hash a level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
_LEAF = b"\x00"
_NODE = b"\x01"

Read = Callable[[int, int], bytes]
"""Answers the hash of the node (level, index), which is always a complete one."""


class BadProof(ValueError):
    """A proof that does not show what it should; the message says what is wrong with it."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf: SHA-256 of 0x00 and the entry."""
    return sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes side by side: SHA-256 of 0x01, left, right."""
    return sha256(_NODE + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash above 2**n hashes of one level. Raises ValueError for another number of them."""
    row = hashes
    if not row or len(row) & (len(row) - 1):
        raise ValueError(f"{len(row)} hashes are not the leaves of a complete tree")
    while len(row) > 1:  # nearly all of a log's hashing is here: no call that is not needed
        row = [sha256(_NODE + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def peaks(size: int) -> Iterator[tuple[int, int]]:
    """The nodes (level, index) of the complete trees that `size` leaves consist of, the largest first."""
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over the hashes of all peaks, the largest first; over none, the root of the empty tree."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


@dataclass(slots=True)
class Frontier:
    """What is needed of a tree to go on with it: its size and the hashes of its peaks, the largest first."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        above, size = leaf, self.size
        while size & 1:
            above = node_hash(self.hashes.pop(), above)
            size >>= 1
        self.hashes.append(above)
        self.size += 1

    def root(self) -> bytes:
        return root_of(self.hashes)


def root(size: int, read: Read) -> bytes:
    """The root of the first `size` leaves."""
    return root_of([read(level, index) for level, index in peaks(size)])


# ---- proofs are made


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of `size` leaves, the leaf's sibling first.

    Raises ValueError for a leaf that is not among them.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} among {size}")
    return list(_climb(0, index, size, read))


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """The hashes that show that the tree of `new` leaves begins with the tree of `old` (RFC 6962, 2.1.2).

    Empty where nothing is to be shown: for an old tree without leaves, and for two trees of one size.
    Raises ValueError for an old tree that is the larger one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves cannot have grown from one of {old}")
    if old in {0, new}:
        return []
    level = (old & -old).bit_length() - 1  # the last peak of the old tree
    index = (old >> level) - 1
    begins = [read(level, index)] if index else []  # a checker has the root of a complete old tree already
    return [*begins, *_climb(level, index, new, read)]


def _climb(level: int, index: int, size: int, read: Read) -> Iterator[bytes]:
    """The sibling of each node on the way up from (level, index), where it has one."""
    last = (size - 1) >> level
    while last:
        beside = index ^ 1
        if (beside + 1) << level <= size:
            yield read(level, beside)
        elif beside << level < size:
            yield _ragged(beside << level, size, read)
        level, index, last = level + 1, index >> 1, last >> 1


def _ragged(start: int, size: int, read: Read) -> bytes:
    """The hash over the leaves from `start` on, where the tree is not complete."""
    return root_of([read(level, (start >> level) + index) for level, index in peaks(size - start)])


# ---- proofs are checked


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise BadProof unless the hash `leaf` is number `index` of the tree of `size` leaves with that root."""
    if not 0 <= index < size:
        raise BadProof(f"there is no leaf {index} in a tree of {size}")
    _all_hashes([leaf, *proof])
    here, last, above = index, size - 1, leaf
    for beside in proof:
        if not last:
            raise BadProof("the inclusion proof is longer than the tree is high")
        if here & 1 or here == last:
            above = node_hash(beside, above)
            here, last = _left_behind(here, last)
        else:
            above = node_hash(above, beside)
        here, last = here >> 1, last >> 1
    if last:
        raise BadProof("the inclusion proof ends before the root")
    if above != root:
        raise BadProof("the inclusion proof leads to another root")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise BadProof unless the tree (new, new_root) begins with the tree (old, old_root).

    From a tree without leaves nothing can be proved, and so it is refused: every tree has grown from it.
    """
    if not 0 < old <= new:
        raise BadProof(f"no consistency is to be proved from {old} leaves to {new}")
    if old == new:
        if proof:
            raise BadProof("between two trees of one size the proof must be empty")
        if old_root != new_root:
            raise BadProof(f"there are two different roots of {old} leaves")
        return
    if not proof:
        raise BadProof("the consistency proof is empty")
    _all_hashes(proof)
    first, second = _two_roots(old, new, old_root, proof)
    if first != old_root:
        raise BadProof("the consistency proof leads to another old root")
    if second != new_root:
        raise BadProof("the consistency proof leads to another new root")


def _two_roots(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root that a consistency proof leads to (RFC 9162, 2.1.4.2)."""
    complete = not old & (old - 1)
    path = [old_root, *proof] if complete else list(proof)
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = path[0]
    for beside in path[1:]:
        if not last:
            raise BadProof("the consistency proof is longer than the tree is high")
        if here & 1 or here == last:
            first, second = node_hash(beside, first), node_hash(beside, second)
            here, last = _left_behind(here, last)
        else:
            second = node_hash(second, beside)
        here, last = here >> 1, last >> 1
    if last:
        raise BadProof("the consistency proof ends before the root")
    return first, second


def _left_behind(here: int, last: int) -> tuple[int, int]:
    """Go up to where there is a node to the left: at the right edge, levels without a sibling are skipped."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _all_hashes(hashes: Sequence[bytes]) -> None:
    for each in hashes:
        if len(each) != HASH_BYTES:
            raise BadProof(f"a hash has {HASH_BYTES} bytes, not {len(each)}")
