"""A log of many bundles: walked with flat memory, and looked into without reading all of it."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

from huiyin.core import checkpoint, merkle, published, tiles
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.policy import Log, Policy
from huiyin.core.published import Asked
from huiyin.doors.cli import reach
from tests.verifying.made_log import LOG, ORIGIN, START, TIME, MadeLog, entry

OURS = Policy((Log(LOG.key),))
LEAVES = 256 * 256 + 300  # a full tile of the second level, and a little


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One head a minute over 4,000 leaves each."""
    made = MadeLog()
    edge = tiles.Edge()
    while edge.size < LEAVES:
        some = [entry(made.now, n) for n in range(min(4000, LEAVES - edge.size))]
        made.leaves += some
        for _ in edge.append(map(merkle.leaf_hash, some)):
            pass
        made.now += timedelta(minutes=1)
        head = Checkpoint(ORIGIN, edge.size, edge.root())
        made.heads.append(
            (made.now, edge.size, checkpoint.sign(head, (LOG, TIME), int(made.now.timestamp())))
        )
    made.checkpoint = lambda size: Checkpoint(ORIGIN, size, edge.root())  # type: ignore[method-assign]
    return made.write(tmp_path_factory.mktemp("long"))


def test_a_tile_of_the_second_level_that_was_changed_is_found(long_log: Path):
    walked = published.walk(reach.log_at(str(long_log)), Asked([LOG.key], OURS))
    assert list(walked.findings) == []
    assert (walked.entries, walked.heads) == (LEAVES, -(-LEAVES // 4000))
    path = long_log / tiles.Tile(1, 0).path
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    walked = published.walk(reach.log_at(str(long_log)), Asked([LOG.key], OURS))
    path.write_bytes(whole)
    assert [(each.what, each.where) for each in walked.findings] == [("wrong-tile", "tile/1/000")]


def test_memory_stays_flat(long_log: Path):
    fetch, most = reach.log_at(str(long_log)), 0

    def progress(done: int, _of: int) -> None:
        nonlocal most
        if done > LEAVES // 2:
            most = max(most, tracemalloc.get_traced_memory()[1])

    tracemalloc.start()
    published.walk(fetch, Asked([LOG.key], OURS), progress)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20, "all leaves together have more than that"
    assert sum(len(entry(START, n)) for n in range(LEAVES)) > 5 << 20
