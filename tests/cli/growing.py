"""A log in a folder, as a clerk would publish it, and a web server for it: what a witness is tried on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from huiyin.core import checkpoint, merkle, tiles
from huiyin.core.checkpoint import Checkpoint, Signer
from huiyin.core.notes import ED25519
from huiyin.core.tiles import Edge, Tile, Tree
from huiyin.core.witnessing import Request
from huiyin.doors.cli.witness import read_signers
from huiyin.doors.cli.witness_door import Witness
from huiyin.doors.cli.witness_memory import Memory

ORIGIN = "petitions.example/log"
LOG = Signer(ORIGIN, ED25519, bytes(range(32)))


class Log:
    """Grows, signs and publishes. story: what its entries say, so that two logs of one key can differ."""

    def __init__(self, folder: Path, story: str = "entry") -> None:
        self.folder = folder
        self.story = story
        self.edge = Edge()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "key").write_text(f"{LOG.key}\n", encoding="utf-8")

    def entries(self, start: int, stop: int) -> list[bytes]:
        return [f"{self.story} {n}".encode() for n in range(start, stop)]

    def grow(self, size: int) -> str:
        """Publish that many entries; answer the signed head."""
        start = self.edge.size
        index = start >> tiles.HEIGHT
        new = self.entries(start, size)
        self._put(tiles.bundles(start, self.entries(index << tiles.HEIGHT, start), new))
        self._put(self.edge.append(map(merkle.leaf_hash, new)))
        self._put(self.edge.narrow())
        note = self.head()
        (self.folder / "checkpoint").write_text(note, encoding="utf-8")
        return note

    def head(self) -> str:
        return checkpoint.sign(Checkpoint(ORIGIN, self.edge.size, self.edge.root()), [LOG], 1)

    def grew_from(self, old: int) -> list[bytes]:
        return Tree(self.edge.size, self.edge.root(), self.fetch).consistency_proof(old)

    def fetch(self, tile: Tile) -> bytes:
        return (self.folder / tile.path).read_bytes()

    def _put(self, made: Iterator[tuple[Tile, bytes]]) -> None:
        for tile, content in made:
            path = self.folder / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    """Run a server beside the test; its address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def web(folder: Path) -> ThreadingHTTPServer:
    return ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))


def cosign_for_ever(folder: Path) -> None:
    """What a test kills: cosign one head after the other, and tell each."""
    me = Witness(read_signers(folder / "w.key"), {ORIGIN: [LOG.key]}, Memory(folder / "state"))
    tree = Tree(199, checkpoint.read((folder / "head-199").read_text(encoding="utf-8"))[0].root,
                lambda tile: (folder / "log" / tile.path).read_bytes())  # fmt: skip
    known = me.memory.head(ORIGIN)
    for size in range(known[0].size + 1 if known else 1, 200):
        proof = merkle.consistency_proof(size - 1, size, tree.node)
        me.add(Request(size - 1, tuple(proof), (folder / f"head-{size}").read_text(encoding="utf-8")))
        sys.stdout.write(f"{size}\n")
        sys.stdout.flush()
