"""The public log: numbering against plain SHA-256, proofs out of tiles, and a whole log checked.

No database and no web: what is measured is what the core does with bytes and files. The tiles of a large
log are made up once in a folder outside of the repository, and only its first million entries have bundles.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.report import median, percentile
from huiyin.core import merkle, tiles
from huiyin.core.tiles import Edge, Tile, Tree

ENTRIES = 10_000_000
BUNDLED = 1_000_000
SEQUENCED = 100_000
AT_ONCE = 10_000
ASKED = 500
MEGABYTE = 1 << 20

HEAD = ("log", "ours", "floor", "ratio", "p50 ms", "p99 ms", "peak MB")


def entry(number: int) -> bytes:
    """About as many bytes as an entry of ours has."""
    return b"huiyin-entry/1\nrecorded_at 2026-11-22T08:00:00Z\ncommitment %064d\nlabel %040d\n" % (
        number,
        number % 97,
    )


def measure(*, rounds: int, entries: int = ENTRIES) -> list[dict[str, Any]]:
    """All rows of the table. Each measurement runs in a process of its own: its memory can be told."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-log-"))
    try:
        made = [_sequenced(rounds)]
        root, peak = apart(build, folder, entries)
        made[0]["peak"] = peak
        made += [_asked(folder, entries, root), *_checked(folder, entries, root)]
    finally:
        shutil.rmtree(folder)
    return made


def row(one: dict[str, Any]) -> tuple[str, ...]:
    def said(name: str, form: str = ",.0f") -> str:
        return format(one[name], form) if name in one else "–"

    return (
        one["name"],
        *(said("ours"), said("floor"), said("ratio", ".2f")),
        *(said("p50", ".2f"), said("p99", ".2f"), said("peak")),
    )


# ---- numbering


def _sequenced(rounds: int) -> dict[str, Any]:
    """Entries a second into leaves, tree, tiles and bundles; the floor hashes the same bytes and does no
    more.
    """
    content = [entry(number) for number in range(SEQUENCED)]
    each = [(_rate(content, sequence), _rate(content, plain)) for _ in range(rounds)]
    return {
        "name": f"entries/s sequenced (floor: SHA-256), {SEQUENCED:,}",
        "ours": median([ours for ours, _ in each]),
        "floor": median([floor for _, floor in each]),
        "ratio": median([ours / floor for ours, floor in each]),
        "rounds": each,
    }


def sequence(content: list[bytes]) -> None:
    edge = Edge()
    for start in range(0, len(content), tiles.WIDTH * 64):  # as the clerk does it
        batch = content[start : start + tiles.WIDTH * 64]
        _exhaust(tiles.bundles(start, content[start - start % tiles.WIDTH : start], batch))
        _exhaust(edge.append(map(merkle.leaf_hash, batch)))
    edge.root()


def plain(content: list[bytes]) -> None:
    for each in content:
        hashlib.sha256(each).digest()


def _rate(content: list[bytes], work: Callable[[list[bytes]], None]) -> float:
    began = time.perf_counter()
    work(content)
    return len(content) / (time.perf_counter() - began)


def _exhaust(made: Iterable[object]) -> None:
    for _ in made:
        pass


# ---- a large log


def build(folder: Path, entries: int) -> bytes:
    """Write the tiles of a log of that many entries; answer its root."""
    edge = Edge()
    bundled = -(-BUNDLED // tiles.WIDTH) * tiles.WIDTH  # the last of them is full too
    _write(folder, tiles.bundles(0, [], map(entry, range(min(entries, bundled)))))
    _write(folder, edge.append(merkle.leaf_hash(entry(number)) for number in range(entries)))
    _write(folder, edge.narrow())
    return edge.root()


def _write(folder: Path, made: Iterator[tuple[Tile, bytes]]) -> None:
    for tile, content in made:
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _asked(folder: Path, entries: int, root: bytes) -> dict[str, Any]:
    """Inclusion proofs for entries anywhere, made and checked; the floor is to read the tiles that it
    takes.
    """
    (ours, floor), peak = apart(ask, folder, entries, root)
    return {
        "name": f"inclusion proofs/s at {entries:,} (floor: its files read)",
        "ours": 1 / median(ours),
        "floor": 1 / median(floor),
        "ratio": median([of / took for took, of in zip(ours, floor, strict=True)]),
        "p50": 1000 * median(ours),
        "p99": 1000 * percentile(ours, 0.99),
        "peak": peak,
    }


def ask(folder: Path, entries: int, root: bytes) -> tuple[list[float], list[float]]:
    """Seconds of each proof, and of reading its files alone."""
    chance = random.Random(1)
    ours, floor = [], []
    for _ in range(ASKED):
        read: list[Path] = []

        def fetch(tile: Tile, read: list[Path] = read) -> bytes:
            read.append(folder / tile.path)
            return read[-1].read_bytes()

        index = chance.randrange(entries)
        began = time.perf_counter()
        tree = Tree(
            entries, root, fetch
        )  # as somebody would who comes with one receipt: nothing is known yet
        proof = tree.inclusion_proof(index)
        merkle.check_inclusion(index, entries, tree.node(0, index), proof, root)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        for path in read:
            path.read_bytes()
        floor.append(time.perf_counter() - began)
    return ours, floor


def _checked(folder: Path, entries: int, root: bytes) -> Iterator[dict[str, Any]]:
    """Every entry of the beginning of the log, read and checked; more of them must take no more memory."""
    for count in (BUNDLED // 10, BUNDLED):
        many = min(count, entries)
        (ours, floor), peak = apart(check, folder, entries, root, many)
        yield {
            "name": f"entries/s checked (floor: SHA-256), {many:,}",
            "ours": many / ours,
            "floor": many / floor,
            "ratio": floor / ours,
            "peak": peak,
        }


def check(folder: Path, entries: int, root: bytes, many: int) -> tuple[float, float]:
    """Seconds to read and check that many entries, and to hash the same bytes."""
    began = time.perf_counter()
    tree = Tree(entries, root, lambda tile: (folder / tile.path).read_bytes())
    _exhaust(tree.entries(0, many))
    ours = time.perf_counter() - began
    floor = 0.0
    for start in range(0, many, AT_ONCE):  # in no more memory than ours
        content = [entry(number) for number in range(start, min(start + AT_ONCE, many))]
        began = time.perf_counter()
        plain(content)
        floor += time.perf_counter() - began
    return ours, floor


# ---- in a process of its own


def apart(work: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """What it answers, and how many megabytes the process that did it took at most."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_told, (work, given))


def _told(work: Callable[..., Any], given: tuple[Any, ...]) -> tuple[Any, float]:
    answer = work(*given)
    return answer, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
