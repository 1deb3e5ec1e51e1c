"""Tiles: their names, their contents, how they grow, and that only what fits the head is believed."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.core import merkle, tiles
from huiyin.core.tiles import ENTRIES, BadTile, Edge, Tile, Tree

ENTRY = [f"entry {n}".encode() for n in range(1500)]
LEAF = [merkle.leaf_hash(entry) for entry in ENTRY]


class Shelf(dict[str, bytes]):
    """A folder of tiles, as a web server would hand them out."""

    def put(self, made) -> None:
        for tile, content in made:
            assert self.setdefault(tile.path, content) == content, "a tile never changes"

    def fetch(self, tile: Tile) -> bytes:
        return self[tile.path]

    def grow(self, edge: Edge, size: int) -> None:
        """Append entries up to that size, as a log does it."""
        start = edge.size
        narrow = tiles.wide(ENTRIES, start >> 8, start)
        waiting = tiles.unpack_entries(narrow, self[narrow.path]) if narrow else []
        self.put(tiles.bundles(start, waiting, ENTRY[start:size]))
        self.put(edge.append(LEAF[start:size]))
        self.put(edge.narrow())


def root(size: int) -> bytes:
    frontier = merkle.Frontier()
    for leaf in LEAF[:size]:
        frontier.append(leaf)
    return frontier.root()


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    made = Shelf()
    edge = Edge()
    for size in (0, 1, 3, 255, 256, 257, 600, 600, 1024, 1300):
        made.grow(edge, size)
    return made


def tree(shelf, size, **more) -> Tree:
    return Tree(size, root(size), shelf.fetch, **more)


# ---- names


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(1, 999, 17), "tile/1/999.p/17"),
        (Tile(2, 1000, 1), "tile/2/x001/000.p/1"),
        (Tile(63, 0, 255), "tile/63/000.p/255"),
        (Tile(ENTRIES, 5), "tile/entries/005"),
        (Tile(ENTRIES, 70_005_001, 112), "tile/entries/x070/x005/001.p/112"),
    ],
)
def test_paths_are_those_of_the_specification(tile, path):
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "tile/0/x000",
            "tile/0/1000",
        ),
        *("tile/00/000", "tile/64/000", "tile/-1/000", "tile/x/000", "tile/data/000", "/tile/0/000"),
        *("tile/0/x000/000", "tile/0/001/000", "tile/0/x1/000", "tile/0/000.p/0", "tile/0/000.p/256"),
        *("tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/0/000/", "tile/0/٠٠٠", "tile/0/../000"),
        "tile/0/000\n",
    ],
)
def test_every_other_way_to_write_one_is_refused(path):
    with pytest.raises(BadTile):
        tiles.parse_path(path)


@settings(max_examples=60, deadline=None)
@given(st.integers(-1, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_each_path_leads_back_to_its_tile(level, index, width):
    assert tiles.parse_path(Tile(level, index, width).path) == Tile(level, index, width)


@pytest.mark.parametrize("wrong", [(-2, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_there_is_no_tile_beyond_the_bounds(wrong):
    with pytest.raises(ValueError, match="no tile"):
        Tile(*wrong)


# ---- which ones there are


def test_the_examples_of_the_specification():
    all_of_it = list(tiles.new_tiles(0, 70_000))
    count = {
        (level, width == 256): len(list(each))
        for (level, width), each in itertools.groupby(all_of_it, lambda tile: (tile.level, tile.width))
        if level != ENTRIES
    }
    assert count == {(0, True): 273, (0, False): 1, (1, True): 1, (1, False): 1, (2, False): 1}
    assert list(tiles.edge(70_000)) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles.new_tiles(0, 256)) == [Tile(ENTRIES, 0), Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles.edge(256)) == [Tile(1, 0, 1)]
    assert list(tiles.edge(0)) == list(tiles.new_tiles(0, 0)) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1500), min_size=1, max_size=6).map(sorted))
def test_a_log_grows_into_the_same_tiles_however_it_is_batched(sizes):
    by_batches, edge = Shelf(), Edge()
    expected = set()
    for size in sizes:
        expected |= {tile.path for tile in tiles.new_tiles(edge.size, size)}
        by_batches.grow(edge, size)
        assert edge.root() == root(size)
    at_once = Shelf()
    at_once.grow(Edge(), sizes[-1])
    assert at_once.items() <= by_batches.items()
    assert set(by_batches) == expected
    assert set(at_once) == {tile.path for tile in tiles.new_tiles(0, sizes[-1])}


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600, 1300])
def test_a_log_is_taken_up_again_from_its_narrow_tiles(shelf, size):
    edge = Edge.of(size, shelf.fetch)
    assert edge.root() == root(size)
    shelf_of_two = Shelf(shelf)
    shelf_of_two.grow(edge, 1400)
    assert edge.root() == root(1400)


def test_an_edge_stays_small():
    edge = Edge()
    for _ in edge.append(itertools.repeat(LEAF[0], 70_000)):
        pass
    assert [len(row) for row in edge.rows] == [112, 17, 1]


def test_bundles_go_on_only_from_what_stood_there():
    with pytest.raises(ValueError, match="1 entries of its bundle"):
        list(tiles.bundles(257, [], ENTRY))


# ---- what is in them


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=256))
def test_entries_come_back_from_a_bundle(entries):
    packed = tiles.pack_entries(entries)
    for width in {1, len(entries)}:
        assert tiles.unpack_entries(Tile(ENTRIES, 0, width), packed) == entries[:width]


def test_an_entry_fits_its_two_bytes_of_length():
    longest = bytes(65535)
    assert tiles.unpack_entries(Tile(ENTRIES, 0, 1), tiles.pack_entries([longest])) == [longest]
    with pytest.raises(ValueError, match="65535 bytes, not 65536"):
        tiles.pack_entries([bytes(65536)])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 entries: 2 are wanted"),
        (b"\0\0", "1 entries: 2 are wanted"),
        (b"\0\1a\0", "in the middle of its entry 1"),
        (b"\0\1a\0\2b", "in the middle of its entry 1"),
        (b"\0\0" * 257, "257 entries: 2 are wanted"),
        (b"\0\0" * 9_000_000, "257 entries: 2 are wanted"),
    ],
    ids=range(6),
)
def test_a_broken_bundle_is_refused(content, said):
    with pytest.raises(BadTile, match=said):
        tiles.unpack_entries(Tile(ENTRIES, 0, 2), content)


@pytest.mark.parametrize("content", [b"", bytes(32), bytes(63), bytes(65), bytes(32 * 257)])
def test_a_broken_tile_is_refused(content):
    with pytest.raises(BadTile, match=r"tile/0/000\.p/2 has .* bytes: 64 are wanted"):
        tiles.unpack(Tile(0, 0, 2), content)


# ---- read


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600, 1300])
def test_proofs_through_tiles_hold_at_each_size_that_the_log_had(shelf, size):
    read = tree(shelf, size)
    for then in {1, size // 2 or 1, max(1, size - 1), size}:
        assert read.root_at(then) == root(then)
        merkle.check_consistency(then, size, root(then), root(size), read.consistency_proof(then))
        for index in {0, then // 3, then - 1}:
            proof = read.inclusion_proof(index, then)
            merkle.check_inclusion(index, then, LEAF[index], proof, root(then))


def test_entries_are_read_in_order_from_anywhere(shelf):
    read = tree(shelf, 1300, keep=2)
    assert list(read.entries()) == list(enumerate(ENTRY[:1300]))
    assert list(read.entries(250, 520)) == list(enumerate(ENTRY[250:520], 250))
    assert list(read.entries(1299)) == [(1299, ENTRY[1299])]
    assert list(read.entries(0, 0)) == []


def test_an_empty_log_has_nothing_to_read(shelf):
    read = tree(shelf, 0)
    assert list(read.entries()) == []
    assert read.root_at(0) == merkle.EMPTY_ROOT
    assert read.consistency_proof(0) == []


def test_a_wider_tile_serves_for_a_narrow_one_that_is_gone(shelf):
    later = Shelf({path: content for path, content in shelf.items() if ".p/" not in path or "1300" in path})
    later.put((tile, shelf[tile.path]) for tile in tiles.edge(600) if tile.level)

    def fetch(tile: Tile) -> bytes:
        return later.get(tile.path) or later[Tile(tile.level, tile.index).path]

    read = Tree(600, root(600), fetch)
    assert list(read.entries()) == list(enumerate(ENTRY[:600]))


def test_every_flipped_bit_of_every_file_is_found(shelf):
    size = 600
    for path in [tile.path for tile in tiles.new_tiles(0, size)]:
        for place in (0, len(shelf[path]) // 2, len(shelf[path]) - 1):
            content = bytearray(shelf[path])
            content[place] ^= 1
            with pytest.raises(BadTile):
                list(tree(Shelf(shelf | {path: bytes(content)}), size).entries())


def test_entries_that_were_swapped_or_left_out_are_found(shelf):
    for entries in (ENTRY[1:2] + ENTRY[:1] + ENTRY[2:256], ENTRY[1:257], ENTRY[:255]):
        changed = Shelf(shelf | {"tile/entries/000": tiles.pack_entries(entries)})
        with pytest.raises(BadTile, match="tile/entries/000"):
            list(tree(changed, 600).entries())


def test_another_head_of_the_same_tiles_is_not_believed(shelf):
    with pytest.raises(BadTile, match="root of the head of 600 entries"):
        Tree(600, bytes(32), shelf.fetch).inclusion_proof(0)


def test_only_the_last_tiles_are_held(shelf):
    asked = []

    def fetch(tile: Tile) -> bytes:
        asked.append(tile.path)
        return bytes(shelf.fetch(tile))

    read = Tree(1300, root(1300), fetch, keep=2)
    for index in (0, 1, 255):
        read.inclusion_proof(index)
    assert len(asked) == len(set(asked))
    for bundle in range(6):
        read.bundle(bundle)
    assert len(read._held) == 2


def test_what_a_log_has_not_is_not_asked_for(shelf):
    read = tree(shelf, 600)
    for wrong in (
        lambda: read.inclusion_proof(600),
        lambda: read.inclusion_proof(0, 601),
        lambda: read.consistency_proof(601),
        lambda: read.root_at(601),
        lambda: read.bundle(3),
        lambda: read.node(0, 600),
        lambda: read.node(9, 1),
        lambda: read.node(70, 0),
        lambda: list(read.entries(0, 601)),
    ):
        with pytest.raises(
            ValueError, match=r"no leaf|not known at|grown|no bundle|no complete node|no tile"
        ):
            wrong()
