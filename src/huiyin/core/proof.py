"""The proof that an entry stands in a log, as a file that is checked offline (C2SP tlog-proof, a draft).

It holds the number of the entry, the way from its hash to the root, and the signed head. What the entry says
is not in it: whoever checks must have the entry, or its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.core import checkpoint, merkle, notes
from huiyin.core.merkle import BadProof
from huiyin.core.notes import Key
from huiyin.core.policy import Policy, Trusted

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """index: number of the entry, from 0; hashes: the leaf's sibling first; head: a signed checkpoint.

    extra: what the application adds for whoever reads it; nobody vouches for it.
    """

    index: int
    hashes: tuple[bytes, ...]
    head: str
    extra: bytes | None = None

    def __str__(self) -> str:
        lines = [FIRST_LINE]
        lines += [f"extra {notes.base64_of(self.extra)}"] if self.extra is not None else []
        lines += [f"index {self.index}", *map(notes.base64_of, self.hashes)]
        return "\n".join(lines) + f"\n\n{self.head}"

    def check(self, leaf: bytes, policy: Policy, log: Key | None = None) -> Trusted:
        """Check that the entry with this leaf hash stands in a log that the policy accepts; answer the head.

        Raises NotTrusted, BadNote or BadProof; `log` as in `Policy.check`.
        """
        trusted = policy.check(self.head, log)
        merkle.check_inclusion(self.index, trusted.head.size, leaf, self.hashes, trusted.head.root)
        return trusted


def parse(text: str) -> Proof:
    """Read a proof, checking its form alone. Raises BadProof, and BadNote for what is wrong with its head."""
    above, found, head = text.partition("\n\n")
    first, *lines = above.split("\n")
    if first != FIRST_LINE or not found:
        raise BadProof(f"this is not a proof of a log: its first line must be {FIRST_LINE}")
    try:
        extra = notes.unbase64(_after("extra ", [lines.pop(0)])) if _has_extra(lines) else None
        index = checkpoint.number(_after("index ", lines))
        hashes = hashes_of(lines[1:])
    except ValueError as error:
        raise BadProof(f"this is not a proof of a log: {error}") from error
    checkpoint.read(head)
    return Proof(index, hashes, head, extra)


def hashes_of(lines: Sequence[str]) -> tuple[bytes, ...]:
    """Hashes in base64, one a line, 63 at most. Raises ValueError."""
    if len(lines) > MOST_HASHES:
        raise ValueError(f"no proof has more than {MOST_HASHES} hashes")
    return tuple(map(checkpoint.a_hash, lines))


def _has_extra(lines: Sequence[str]) -> bool:
    return bool(lines) and lines[0].startswith("extra ")


def _after(word: str, lines: Sequence[str]) -> str:
    if not lines or not lines[0].startswith(word):
        raise ValueError(f"the line “{word.strip()}” is missing")
    return lines[0].removeprefix(word)
