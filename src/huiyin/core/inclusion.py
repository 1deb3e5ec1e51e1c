"""Whether the entry of a receipt stands in a published log, and since when: without walking all of the log.

Looks first where it must be: among the leaves that came after the receipt was given. It is said to be missing
only after every leaf was looked at, each checked against the head.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.core import ledger, receipts
from huiyin.core.certificate import Certificate
from huiyin.core.findings import Findings
from huiyin.core.heads import (
    INDEX,
    Fetch,
    HeadKeys,
    Missing,
    SignedHead,
    bytes_of,
    certificate_key,
    signed_heads,
)
from huiyin.core.notes import BadNote, Key
from huiyin.core.policy import Policy, Trusted
from huiyin.core.published import CERTIFICATE, CHECKPOINT, Stands
from huiyin.core.receipts import Receipt
from huiyin.core.tiles import Tree


@dataclass(frozen=True, slots=True)
class Looked:
    """The head under which was looked, when it was signed, and where the entry stands; None: not under it."""

    head: Trusted
    at: datetime
    stands: Stands | None


def look(fetch: Fetch, receipt: Receipt, logs: Sequence[Key], policy: Policy) -> Looked:
    """Look for the entry of a receipt in a log. The policy names its keys too.

    Raises BadNote, NotTrusted, BadTile or Missing where the log cannot be believed or read.
    """
    named = _certificate(fetch, logs)
    keys = HeadKeys(logs, certificate_key(named.time_key))
    note = fetch(CHECKPOINT).decode()
    head, at = policy.check(note), keys.read(note, CHECKPOINT).at
    tree = Tree(head.head.size, head.head.root, lambda tile: bytes_of(fetch, tile))
    start = min(_size_before(fetch, keys, receipt.acknowledged), tree.size)
    number = _find(tree, receipt.digest, start)
    return Looked(head, at, None if number is None else Stands(number, _covered(fetch, keys, number) or at))


def _certificate(fetch: Fetch, logs: Sequence[Key]) -> Certificate:
    named = receipts.certified(fetch(CERTIFICATE).decode(), logs)
    if named is None:
        raise BadNote("the certificate of the log is empty")
    return named


def _find(tree: Tree, digest: str, start: int) -> int | None:
    for first, stop in ((start, tree.size), (0, start)):
        for number, leaf in tree.entries(first, stop):
            if ledger.digest(leaf) == digest:
                return number
    return None


def _size_before(fetch: Fetch, keys: HeadKeys, moment: datetime) -> int:
    """How large the log was before that moment, as far as its heads tell; 0 where they do not."""
    size = 0
    for head in _heads(fetch, keys, until=f"{moment:%Y-%m-%d}", last=2):
        if head.at >= moment:
            break
        size = head.head.size
    return size


def _covered(fetch: Fetch, keys: HeadKeys, number: int) -> datetime | None:
    """When the first head was signed that holds that leaf."""
    for head in _heads(fetch, keys):
        if head.head.size > number:
            return head.at
    return None


def _heads(fetch: Fetch, keys: HeadKeys, *, until: str = "9", last: int = 0) -> Iterator[SignedHead]:
    """The heads that hold, of all days, or of the `last` days up to one."""
    try:
        days = [day for day in fetch(INDEX).decode("ascii", "replace").split() if day <= until]
    except Missing:
        return iter(())
    index = "\n".join(days[-last:]).encode()
    return signed_heads(lambda path: index if path == INDEX else fetch(path), keys, Findings())
