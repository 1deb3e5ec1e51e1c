"""Go on with the published log after a database was restored from an older copy.

What was published stays: the database learns which of its rows stand in it, takes over the lines whose rows
are lost, and takes back in figures what it will count again. It never signs anything; the clerk does, later.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huiyin.clerk.publishing import Forked
from huiyin.core import checkpoint, cohorts, ledger, notes, tiles
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.cohorts import Cohort
from huiyin.core.tiles import Tree
from huiyin.registry import logfiles
from huiyin.registry.leaves import LEAVES, Leaf
from huiyin.registry.models import Adopted, Cohorted, Count, Head, LogSize
from huiyin.vault import certificate

Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Recovered:
    """size: of the log now; lost: lines whose rows this database has no longer."""

    size: int
    lost: int


def recover(fetch: Fetch) -> Recovered:
    """Take up the log that `fetch` reads by the names of its files. Raises Forked where it is another one."""
    note = fetch(logfiles.CHECKPOINT).decode()
    try:
        seen = checkpoint.parse(notes.read_note(note, certificate.log_key()))
    except notes.BadNote as error:
        raise Forked(f"that head is not signed by the key of this installation: {error}") from error
    tree = Tree(seen.size, seen.root, lambda tile: fetch(tile.path))
    known = _last_common(tree)
    heads = [*_heads(fetch, tree, known), (seen, note)]
    _copy(fetch, seen)
    with transaction.atomic():
        LogSize.objects.select_for_update().get_or_create(id=1)
        lost = _adopt([leaf for _, leaf in tree.entries(known)], known)
        for head, signed in heads:
            Head.objects.get_or_create(size=head.size, defaults=_row(head, signed))
        LogSize.objects.filter(id=1).update(size=seen.size)
    return Recovered(seen.size, lost)


def _last_common(tree: Tree) -> int:
    """How many lines both have; every head that was signed here must be one of that log."""
    last = Head.objects.order_by("size").last()
    if last is None:
        return 0
    if last.size > tree.size:
        raise Forked(f"{last.size} lines were signed here, and that log has {tree.size}: it is older")
    if tree.root_at(last.size) != bytes(last.root):
        raise Forked(f"that log and this database differ among their first {last.size} lines")
    return last.size


def _heads(fetch: Fetch, tree: Tree, known: int) -> Iterator[tuple[Checkpoint, str]]:
    """The heads that were published meanwhile, so that it stays known when each line came."""
    for day in fetch(logfiles.HEADS_INDEX).decode().split():
        for line in fetch(f"{logfiles.HEADS}/{day}").decode().splitlines():
            note: str = json.loads(line)["note"]
            head = checkpoint.parse(notes.read_note(note, certificate.log_key()))
            if known < head.size < tree.size:
                if tree.root_at(head.size) != head.root:
                    raise Forked(f"a head over {head.size} lines was signed that is not one of that log")
                yield head, note


def _row(head: Checkpoint, note: str) -> dict[str, Any]:
    known = certificate.known()
    key = notes.parse_key(known.time_key) if known else None
    stamps = checkpoint.signers(notes.parse(note), [key]) if key else {}
    at = stamps.get(key) if key else None
    return {"root": head.root, "signed": note, "signed_at": datetime.fromtimestamp(at or 0, UTC)}


def _copy(fetch: Fetch, seen: Checkpoint) -> None:
    """Put the log's files where the clerk goes on with them. The head itself comes last."""
    for tile in tiles.new_tiles(0, seen.size):
        logfiles.write([(tile.path, fetch(tile.path))])
    days = [f"{logfiles.HEADS}/{day}" for day in fetch(logfiles.HEADS_INDEX).decode().split()]
    for name in (*days, logfiles.HEADS_INDEX, logfiles.CHECKPOINT):
        logfiles.write([(name, fetch(name))])


# ---- lines and rows


def _adopt(leaves: Sequence[bytes], start: int) -> int:
    """Number the rows that stand in the log, and keep the bytes of those that are lost; answer how many."""
    Adopted.objects.filter(number__gte=start).delete()
    found: dict[bytes, tuple[type[Leaf], int]] = {}
    for model in LEAVES:
        model.objects.filter(number__gte=start).update(number=None)
        waiting = model.objects.filter(number=None).values_list("public", "pk")
        found |= {bytes(public): (model, pk) for public, pk in waiting}
    lost = []
    for number, leaf in enumerate(leaves, start):
        if leaf in found:
            model, pk = found[leaf]
            model.objects.filter(pk=pk).update(number=number)
        else:
            lost.append(Adopted(number=number, public=leaf))
    Adopted.objects.bulk_create(lost)
    _take_back(bytes(row.public) for row in lost)
    return len(lost)


def _take_back(leaves: Iterable[bytes]) -> None:
    """Undo in figures what the lost lines counted: the terms are here as they were, and are counted again."""
    moved: dict[Cohort, Counter[str]] = defaultdict(Counter)
    for leaf in leaves:
        if not cohorts.is_count(leaf):
            continue
        count = cohorts.read(leaf)
        verb, *standings = count.what
        if verb in {cohorts.BECAME, cohorts.MOVED_OUT}:
            moved[count.cohort][standings[0]] -= 1
        if verb != cohorts.MOVED_OUT:
            moved[count.cohort][standings[-1]] += 1
    Cohorted.objects.bulk_create(
        [Cohorted(period=c.period, bodies=c.bodies, clock=c.clock) for c in moved], ignore_conflicts=True
    )
    Count.objects.bulk_create([row for cohort, sums in moved.items() for row in _undoing(cohort, sums)])


def _undoing(cohort: Cohort, sums: Counter[str]) -> Iterator[Count]:
    for stands, many in sums.items():
        verb = cohorts.MOVED_OUT if many > 0 else cohorts.MOVED_IN
        for _ in range(abs(many)):
            salt = secrets.token_bytes(ledger.SALT_BYTES)
            opening: dict[str, Any] = {"taken_back": True, "chance": secrets.token_hex(8)}
            leaf = cohorts.Count(cohort, (verb, stands), cohorts.commit(opening, salt))
            yield Count(term=0, public=leaf.to_bytes(), salt=salt, opening=opening)
