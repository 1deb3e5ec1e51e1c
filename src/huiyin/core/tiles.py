"""A log as files that never change: tiles of 256 hashes and bundles of 256 entries (C2SP tlog-tiles).

Tile (level, index) holds the hashes of 256 nodes side by side, each of 256**level leaves; in a bundle the
level is ENTRIES and it holds the entries themselves. The rightmost tile of a level may be narrower: it is
written under a name of its own, and the next head has another one.

`Edge` makes tiles while a log grows. `Tree` reads them: given a head that one trusts, it believes no tile
before its hash was found in the tile above, and the narrow ones not before they led to the head's root.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from huiyin.core import merkle
from huiyin.core.merkle import HASH_BYTES

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = -1
ENTRY_BYTES = (1 << 16) - 1
TILE_BYTES = WIDTH * HASH_BYTES
BUNDLE_BYTES = WIDTH * (2 + ENTRY_BYTES)
_HIGHEST = 63
_GROUP = 1000
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class BadTile(ValueError):
    """A tile or bundle that is not what it must be; the message names it."""


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """The name of a tile or, with level ENTRIES, a bundle. width: number of hashes or entries, 1 to 256."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (ENTRIES <= self.level <= _HIGHEST and self.index >= 0 and 0 < self.width <= WIDTH):
            raise ValueError(f"there is no tile {self.level}/{self.index} of width {self.width}")

    @property
    def path(self) -> str:
        """Where it is served below a log's URL, such as tile/0/x001/x234/067.p/112."""
        rest, last = divmod(self.index, _GROUP)
        groups = [f"{last:03d}"]
        while rest:
            rest, group = divmod(rest, _GROUP)
            groups.insert(0, f"x{group:03d}")
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{partial}"

    @property
    def first(self) -> int:
        """The number of the first entry that it covers."""
        return self.index << HEIGHT * (max(self.level, 0) + 1)


def parse_path(path: str) -> Tile:
    """The tile that a path names. Raises BadTile for anything but the one way to write it."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise BadTile(f"{path!r} is not the path of a tile")
    level = ENTRIES if found["level"] == "entries" else int(found["level"])
    try:
        tile = Tile(level, int(re.sub(r"[x/]", "", found["index"])), int(found["width"] or WIDTH))
    except ValueError as error:
        raise BadTile(f"{path!r} is not the path of a tile") from error
    if tile.path != path:
        raise BadTile(f"{path!r} is not how the path of a tile is written, which is {tile.path!r}")
    return tile


# ---- which tiles a log of a size has


def wide(level: int, index: int, size: int) -> Tile | None:
    """That tile as it stands in a log of `size` entries; None where it would be empty."""
    width = min(WIDTH, (size >> HEIGHT * max(level, 0)) - (index << HEIGHT))
    return Tile(level, index, width) if width > 0 else None


def edge(size: int) -> Iterator[Tile]:
    """The narrow tiles of hashes of a log of `size` entries, the lowest first. They alone make its root."""
    level = 0
    while count := size >> HEIGHT * level:
        if count % WIDTH:
            yield Tile(level, count >> HEIGHT, count % WIDTH)
        level += 1


def new_tiles(old: int, new: int) -> Iterator[Tile]:
    """The tiles and bundles that a log of `new` entries has and one of `old` had not; with old 0, all."""
    for level in range(ENTRIES, _HIGHEST):
        before, now = (size >> HEIGHT * max(level, 0) for size in (old, new))
        if not now:
            return
        if before < now:
            for index in range(before >> HEIGHT, -(-now // WIDTH)):
                yield Tile(level, index, min(WIDTH, now - (index << HEIGHT)))


# ---- what is in them


def pack(hashes: Iterable[bytes]) -> bytes:
    """The bytes of a tile."""
    return b"".join(hashes)


def unpack(tile: Tile, content: bytes) -> list[bytes]:
    """The hashes of a tile, of which a wider version may be given. Raises BadTile for what cannot be it."""
    if len(content) % HASH_BYTES or not tile.width * HASH_BYTES <= len(content) <= TILE_BYTES:
        raise BadTile(f"{tile.path} has {len(content)} bytes: {tile.width * HASH_BYTES} are wanted")
    return [content[i : i + HASH_BYTES] for i in range(0, tile.width * HASH_BYTES, HASH_BYTES)]


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """The bytes of a bundle: each entry after its length in two bytes. Raises ValueError for one too long."""
    parts = []
    for entry in entries:
        if len(entry) > ENTRY_BYTES:
            raise ValueError(f"an entry of a log has at most {ENTRY_BYTES} bytes, not {len(entry)}")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def unpack_entries(bundle: Tile, content: bytes) -> list[bytes]:
    """The entries of a bundle; a wider version of it may be given. Raises BadTile for what cannot be it."""
    found: list[bytes] = []
    place = 0
    while place < len(content) and len(found) <= WIDTH:
        begins = place + 2
        place = begins + int.from_bytes(content[place:begins], "big")
        if begins > len(content) or place > len(content):
            raise BadTile(f"{bundle.path} ends in the middle of its entry {len(found)}")
        found.append(content[begins:place])
    if not bundle.width <= len(found) <= WIDTH:
        raise BadTile(f"{bundle.path} has {len(found)} entries: {bundle.width} are wanted")
    return found[: bundle.width]


# ---- made while the log grows


@dataclass(slots=True)
class Edge:
    """The right edge of a log: its size and the hashes of the narrow tile of each level, the lowest first.

    At most 255 hashes a level, however large the log is.
    """

    size: int = 0
    rows: list[list[bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, size: int, fetch: Callable[[Tile], bytes]) -> Edge:
        """Take up a log of that size again, from its narrow tiles. Compare its `root` with the head's."""
        rows: list[list[bytes]] = [[] for _ in range(-(-size.bit_length() // HEIGHT))]
        for tile in edge(size):
            rows[tile.level] = unpack(tile, fetch(tile))
        return cls(size, rows)

    def append(self, leaves: Iterable[bytes]) -> Iterator[tuple[Tile, bytes]]:
        """Add the hashes of leaves; answer each tile that they fill, at the moment when it is full.

        It is a generator: nothing is added before it is read, and all is when it was read to its end.
        """
        for leaf in leaves:
            yield from self._add(leaf)
            self.size += 1

    def _add(self, leaf: bytes) -> Iterator[tuple[Tile, bytes]]:
        above, level = leaf, 0
        while True:
            if level == len(self.rows):
                self.rows.append([])
            row = self.rows[level]
            row.append(above)
            if len(row) < WIDTH:
                return
            yield Tile(level, self.size >> HEIGHT * (level + 1)), pack(row)
            above, level = merkle.fold(row), level + 1
            row.clear()

    def narrow(self) -> Iterator[tuple[Tile, bytes]]:
        """The narrow tiles as they now stand: a head of this size needs them."""
        for tile in edge(self.size):
            yield tile, pack(self.rows[tile.level])

    def root(self) -> bytes:
        """The root of the whole log."""
        hashes = [_within(self.rows, node) for node in merkle.peaks(self.size)]
        return merkle.root_of(hashes)


def _within(rows: Sequence[Sequence[bytes]], node: tuple[int, int]) -> bytes:
    level, index = node
    begins = (index << level % HEIGHT) % WIDTH
    return merkle.fold(rows[level // HEIGHT][begins : begins + (1 << level % HEIGHT)])


def bundles(start: int, waiting: Sequence[bytes], entries: Iterable[bytes]) -> Iterator[tuple[Tile, bytes]]:
    """The bundles that entries fill from number `start` on, and the narrow one at the end, if there is one.

    waiting: the entries of the narrow bundle that stood there before, `start` % 256 of them.
    """
    if len(waiting) != start % WIDTH:
        raise ValueError(f"before entry {start}, {start % WIDTH} entries of its bundle are wanted")
    index, held = start >> HEIGHT, list(waiting)
    for entry in entries:
        held.append(entry)
        if len(held) == WIDTH:
            yield Tile(ENTRIES, index), pack_entries(held)
            index, held = index + 1, []
    if held:
        yield Tile(ENTRIES, index, len(held)), pack_entries(held)


# ---- read, and believed only against a head


class Tree:
    """A log of a known size and root, read through its tiles.

    fetch: answers the bytes of a tile or bundle; where a narrow one is gone, it may answer a wider one. What
    it raises goes through. Every hash and entry that comes out of here was checked against the root; BadTile
    is raised for the first that does not fit. Holds the narrow tiles and the last `keep` others.
    """

    def __init__(self, size: int, root: bytes, fetch: Callable[[Tile], bytes], *, keep: int = 64) -> None:
        self.size = size
        self.root = root
        self._fetch = fetch
        self._keep = keep
        self._edge: Edge | None = None
        self._held: OrderedDict[Tile, list[bytes]] = OrderedDict()

    def node(self, level: int, index: int) -> bytes:
        """The hash of the node (level, index), as `merkle` wants to read it."""
        begins = index << level % HEIGHT
        row = self._row(level // HEIGHT, begins >> HEIGHT)
        begins %= WIDTH
        hashes = row[begins : begins + (1 << level % HEIGHT)]
        if len(hashes) != 1 << level % HEIGHT:
            raise ValueError(f"a log of {self.size} entries has no complete node {level}/{index}")
        return merkle.fold(hashes)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that entry `index` stands in this log, or in the log as it was at a smaller size."""
        return merkle.inclusion_proof(index, self._no_larger(size), self.node)

    def consistency_proof(self, old: int, size: int | None = None) -> list[bytes]:
        """The proof that this log, or this log as it was at `size`, grew from its first `old` entries."""
        return merkle.consistency_proof(old, self._no_larger(size), self.node)

    def root_at(self, size: int) -> bytes:
        """The root that this log had when it had `size` entries."""
        return merkle.root(self._no_larger(size), self.node)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of the entries from `start` up to `stop`, in order, one bundle at a time."""
        stop = self._no_larger(stop)
        for index in range(start >> HEIGHT, -(-stop // WIDTH)):
            for number, entry in enumerate(self.bundle(index), index << HEIGHT):
                if start <= number < stop:
                    yield number, entry

    def bundle(self, index: int) -> list[bytes]:
        """The entries of a bundle."""
        bundle = wide(ENTRIES, index, self.size)
        if bundle is None:
            raise ValueError(f"a log of {self.size} entries has no bundle {index}")
        found = unpack_entries(bundle, self._fetch(bundle))
        for number, (entry, leaf) in enumerate(zip(found, self._row(0, index), strict=True), bundle.first):
            if merkle.leaf_hash(entry) != leaf:
                raise BadTile(f"{bundle.path}: entry {number} is not the one that the tree holds")
        return found

    def _row(self, level: int, index: int) -> list[bytes]:
        """The hashes of a tile. Walks up to the first tile that is known, and down again checking."""
        rows = self._narrow().rows
        doubted: list[Tile] = []
        while True:
            tile = wide(level, index, self.size)
            if tile is None:
                raise ValueError(f"a log of {self.size} entries has no tile {level}/{index}")
            known = rows[level] if tile.width < WIDTH else self._held.get(tile)
            if known is not None:
                break
            doubted.append(tile)
            level, index = level + 1, index >> HEIGHT
        for below in reversed(doubted):
            known = self._believed(below, known[below.index % WIDTH])
        return known

    def _believed(self, tile: Tile, above: bytes) -> list[bytes]:
        row = unpack(tile, self._fetch(tile))
        if merkle.fold(row) != above:
            raise BadTile(f"{tile.path} does not fit the tree")
        self._held[tile] = row
        if len(self._held) > self._keep:
            self._held.popitem(last=False)
        return row

    def _narrow(self) -> Edge:
        """The narrow tiles, read once. All their hashes are part of the root."""
        if self._edge is None:
            read = Edge.of(self.size, self._fetch)
            if read.root() != self.root:
                raise BadTile(f"the tiles do not lead to the root of the head of {self.size} entries")
            self._edge = read
        return self._edge

    def _no_larger(self, size: int | None) -> int:
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError(f"a log of {self.size} entries is not known at {size}")
        return size
