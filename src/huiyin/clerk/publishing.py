"""Publish the log: tiles and bundles as files that never change, and heads that are signed once.

Order is everything. Leaves have their numbers in the database first; the tiles that a head needs lie on the
disk before it is signed; the head lies in the database before anybody else sees it. Killed at any point, the
next round finishes what was begun and comes to the same bytes. A database that knows less than was published
is refused: going on from it would make another log (`docs/operate/log.md`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from heapq import merge
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from huiyin.clerk import numbering, witnesses
from huiyin.clerk.witnesses import Witnesses
from huiyin.core import checkpoint, cohorts, merkle, notes, tiles
from huiyin.core.checkpoint import Checkpoint, Signer
from huiyin.core.tiles import WIDTH, Edge, Tree
from huiyin.registry import logfiles
from huiyin.registry.leaves import NUMBERED
from huiyin.registry.models import Head, LogSize
from huiyin.vault import certificate, keys

log = logging.getLogger("huiyin.clerk")


class Forked(RuntimeError):
    """Going on would make a second log: what was published is not what this database knows."""


def publish(now: datetime) -> int:
    """Number what waits and publish a head over it; answer how many leaves are new in it. Raises Forked.

    Where another clerk is at it, this one leaves it to that one.
    """
    with logfiles.alone() as mine:
        return _publish(now) if mine else 0


def _publish(now: datetime) -> int:
    _refuse_to_fork()
    certificate.renew(now)
    numbering.number()
    last = Head.objects.last()
    size = LogSize.objects.aggregate(size=Max("size"))["size"] or 0
    grown = size - (last.size if last else 0)
    if grown or last is None:
        last = _grow(last, size, now)
    elif not _is_signed(last):
        last = _sign_again(last)
    _show(last)
    return grown


def signers() -> tuple[Signer, ...]:
    """Whose signatures a head bears: the log's own, one with the moment, one for after quantum computers."""
    return (
        Signer(settings.ORIGIN, notes.ED25519, keys.log_seed()),
        *(Signer(settings.ORIGIN, notes.ED25519, seed) for seed in keys.older_log_seeds()),
        Signer(certificate.time_key_name(), notes.COSIGNATURE, keys.time_seed()),
        Signer(f"{settings.ORIGIN}/mldsa", notes.SUBTREE, keys.post_quantum_seed()),
    )


# ---- what was published already


def published() -> Checkpoint | None:
    """The head that outsiders see now, read from its files. Raises Forked for one not by our key."""
    note = logfiles.read(logfiles.CHECKPOINT)
    if note is None:
        return None
    try:
        head, signed = checkpoint.read(note.decode())
        notes.check(signed, [signer.key for signer in signers() if signer.kind == notes.ED25519])
        return head
    except (notes.BadNote, UnicodeDecodeError) as error:
        raise Forked(f"the published head is not signed by the key of this installation: {error}") from error


def _refuse_to_fork() -> None:
    """Compare the published head with those that this database signed."""
    seen, last = published(), Head.objects.last()
    if seen is None:
        # The very first head may have been signed and not shown; any later one was.
        if last is not None and Head.objects.count() > 1:
            raise Forked(
                f"{settings.LOG_DIR} holds no log, and {last.size} leaves were published: "
                "put the folder back, or run huiyin log recover"
            )
        return
    known = Head.objects.filter(size=seen.size).first()
    if known is None:
        raise Forked(
            f"a head over {seen.size} leaves was published, and this database knows none: it is older. "
            "Run huiyin log recover"
        )
    if bytes(known.root) != seen.root:
        raise Forked(f"the published head over {seen.size} leaves has another root than the one signed here")


# ---- a new head


def _grow(last: Head | None, size: int, now: datetime) -> Head:
    """Write the tiles of all leaves up to `size`, then sign. Nobody sees the head yet."""
    old = last.size if last else 0
    edge = Edge.of(old, logfiles.tile)
    if last is not None and edge.root() != bytes(last.root):
        raise Forked(f"the tiles on the disk do not lead to the head over {old} leaves that was signed")
    for start in range(old, size, AT_ONCE):
        _write_tiles(edge, list(leaves(start, min(start + AT_ONCE, size))))
    logfiles.write((tile.path, content) for tile, content in edge.narrow())
    head = Checkpoint(settings.ORIGIN, size, edge.root())
    # First the witnesses, then the row: what one of them refuses was never signed for anybody else.
    note = _cosigned(head, checkpoint.sign(head, signers(), int(now.timestamp())))
    return Head.objects.create(size=size, root=head.root, signed_at=now, signed=note)


def _is_signed(head: Head) -> bool:
    """Whether the log key of today signed it: not so after that was changed."""
    return bool(notes.parse(head.signed).by(signers()[0].key))


def _sign_again(head: Head) -> Head:
    """The same head, by the keys of today, of the same moment: a later one would look as if it were late."""
    said = Checkpoint(settings.ORIGIN, head.size, bytes(head.root))
    head.signed = _cosigned(said, checkpoint.sign(said, signers(), int(head.signed_at.timestamp())))
    head.save(update_fields=["signed"])
    return head


def _cosigned(head: Checkpoint, note: str) -> str:
    """The head with what its witnesses signed in time. Raises Forked where one has seen a larger log."""
    if not settings.WITNESSES:
        return note
    tree = Tree(head.size, head.root, logfiles.tile)
    outcome = _witnesses(settings.WITNESSES).cosigned(note, tree.consistency_proof)
    if outcome.ahead:
        raise Forked(
            f"{', '.join(outcome.ahead)} cosigned a larger log than the {head.size} leaves here: this "
            "installation was put back to an older state. Run huiyin log recover"
        )
    return outcome.note


@cache
def _witnesses(path: str) -> Witnesses:
    return Witnesses(witnesses.read_policy(Path(path)))


AT_ONCE = WIDTH * 64


def _write_tiles(edge: Edge, entries: list[bytes]) -> None:
    waiting: list[bytes] = []
    if beside := edge.size % WIDTH:
        narrow = tiles.Tile(tiles.ENTRIES, edge.size // WIDTH, beside)
        waiting = tiles.unpack_entries(narrow, logfiles.tile(narrow))
    logfiles.write((tile.path, content) for tile, content in tiles.bundles(edge.size, waiting, entries))
    full = edge.append(map(merkle.leaf_hash, entries))
    logfiles.write((tile.path, content) for tile, content in full)


def leaves(start: int, stop: int) -> Iterator[bytes]:
    """The public bytes of the leaves from `start` up to `stop`. Raises Forked where one is missing."""
    rows = [
        model.objects.filter(number__gte=start, number__lt=stop)
        .order_by("number")
        .values_list("number", "public")
        .iterator(chunk_size=2000)
        for model in NUMBERED
    ]
    place = start
    for number, public in merge(*rows):
        if number != place:
            break
        yield bytes(public)
        place += 1
    if place != stop:
        raise Forked(f"leaf {place} is numbered and not in the database: a row was deleted or changed")


# ---- for everybody to see


def _show(head: Head) -> None:
    """Put out the head and what hangs on it. The head itself comes last."""
    words = {
        logfiles.KEY: f"{certificate.log_key()}\n".encode(),
        logfiles.CERTIFICATE: certificate.current().encode(),
    }
    logfiles.write((name, content) for name, content in words.items() if logfiles.read(name) != content)
    if logfiles.read(logfiles.CHECKPOINT) != head.signed.encode():
        _make_sure(head)
        logfiles.write(_heads_of(head.signed_at.date()))
        logfiles.write(_figures(head))
        logfiles.write([(logfiles.CHECKPOINT, head.signed.encode())])


def _make_sure(head: Head) -> None:
    """Let no head out that could still be lost. Raises DatabaseError.

    A head that was signed before a crash may be on this machine alone. Whoever locks it waits, as that
    commits, until the standby has it, and with it all that was written before (decision 0070).
    """
    with transaction.atomic():
        Head.objects.select_for_update().get(size=head.size)


def _heads_of(day: date) -> Iterator[tuple[str, bytes]]:
    """Every head of a day, and the list of days."""
    signed = Head.objects.filter(signed_at__date=day)
    lines = [json.dumps({"size": each.size, "note": each.signed}) for each in signed]
    yield f"{logfiles.HEADS}/{day:%Y-%m-%d}", "".join(f"{line}\n" for line in lines).encode()
    days = Head.objects.order_by("signed_at__date").values_list("signed_at__date", flat=True).distinct()
    yield logfiles.HEADS_INDEX, "".join(f"{each:%Y-%m-%d}\n" for each in days).encode()


def _figures(head: Head) -> Iterator[tuple[str, bytes]]:
    """The figures over all leaves of that head: taken up where they were left, or summed from the start."""
    said, sums = _sums_so_far(head)
    if said == head.size:
        return
    for number, leaf in enumerate(leaves(said, head.size), said):
        if cohorts.is_count(leaf):
            try:
                sums.add(cohorts.read(leaf))
            except (cohorts.BadCount, cohorts.Unbalanced):
                log.exception("leaf %s cannot be added to the figures", number)
    rows = sums.as_json()
    known = certificate.known()
    told = {
        "format": "huiyin-figures/1",
        "origin": settings.ORIGIN,
        "size": head.size,
        "root": notes.base64_of(bytes(head.root)),
        "cohort": known.cohort if known else cohorts.SMALLEST,
        "cohorts": rows,
    }
    yield logfiles.FIGURES, json.dumps(told, indent=1).encode()
    yield logfiles.FIGURES_CSV, cohorts.as_csv(rows).encode()


def _sums_so_far(head: Head) -> tuple[int, cohorts.Figures]:
    try:
        told = json.loads(logfiles.read(logfiles.FIGURES) or b"")
        size, sums = int(told["size"]), cohorts.Figures.from_json(told["cohorts"])
    except (ValueError, KeyError, TypeError):
        return 0, cohorts.Figures()
    return (size, sums) if size <= head.size else (0, cohorts.Figures())
