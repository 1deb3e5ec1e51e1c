"""The clerk asks witnesses: real ones over HTTP, slow ones, lying ones, and some that are not there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from huiyin.clerk import witnesses
from huiyin.clerk.witnesses import Witnesses
from huiyin.core import checkpoint, notes, policy
from huiyin.core.checkpoint import Signer
from huiyin.core.notes import COSIGNATURE, SUBTREE
from huiyin.core.policy import BadPolicy, Policy
from huiyin.core.tiles import Tree
from huiyin.doors.cli import witness_door
from huiyin.doors.cli.witness_door import Witness
from huiyin.doors.cli.witness_memory import Memory
from tests.cli.growing import LOG, ORIGIN, Log, serving

NORTH = Signer("north.example/w", COSIGNATURE, bytes([1]) * 32)
SOUTH = Signer("south.example/w", SUBTREE, bytes([2]) * 32)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "log")


@pytest.fixture
def north(tmp_path: Path) -> Witness:
    return Witness([NORTH], {ORIGIN: [LOG.key]}, Memory(tmp_path / "north"))


@pytest.fixture
def two(north: Witness, tmp_path: Path) -> Iterator[Policy]:
    """A policy of two witnesses, who answer."""
    south = Witness([SOUTH], {ORIGIN: [LOG.key]}, Memory(tmp_path / "south"))
    with ExitStack() as house:
        urls = [
            house.enter_context(serving(witness_door.server(("127.0.0.1", 0), each)))
            for each in (north, south)
        ]
        yield of(north=(NORTH, urls[0]), south=(SOUTH, f"{urls[1]}/"))


def of(**named: tuple[Signer, str]) -> Policy:
    lines = [
        f"log {LOG.key}",
        *(f"witness {name} {signer.key} {url}" for name, (signer, url) in named.items()),
    ]
    return policy.parse("\n".join([*lines, f"group all all {' '.join(named)}", "quorum all", ""]).encode())


def grew(log: Log):
    def proof(old: int, new: int) -> list[bytes]:
        return Tree(log.edge.size, log.edge.root(), log.fetch).consistency_proof(old, new)

    return proof


class Liar(BaseHTTPRequestHandler):
    """Answers what the test says."""

    answer: tuple[int, str, bytes]
    waits: threading.Event | None = None

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.waits:
            self.waits.wait(20)
        status, kind, body = self.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def lying(status: int, kind: str, body: bytes, waits: threading.Event | None = None) -> Iterator[str]:
    handler = type("One", (Liar,), {"answer": (status, kind, body), "waits": waits})
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as url:
        yield url


def test_each_head_comes_back_cosigned_by_all(log: Log, two: Policy):
    asking = Witnesses(two)
    for size in (0, 1, 300, 300, 70_001):
        outcome = asking.cosigned(log.grow(size), grew(log))
        assert (outcome.missing, outcome.ahead) == ({}, ())
        trusted = two.check(outcome.note)
        assert (trusted.head.size, set(trusted.witnesses)) == (size, {"north", "south"})


def test_a_clerk_that_was_restarted_learns_from_them_how_far_they_are(log: Log, two: Policy):
    assert Witnesses(two).cosigned(log.grow(300), grew(log)).missing == {}
    assert Witnesses(two).cosigned(log.grow(600), grew(log)).missing == {}


def test_who_is_not_there_is_left_out(log: Log, north: Witness):
    with serving(witness_door.server(("127.0.0.1", 0), north)) as url:
        both = of(north=(NORTH, url), south=(SOUTH, "http://127.0.0.1:9"))
        outcome = Witnesses(both).cosigned(log.grow(3), grew(log))
    assert list(outcome.missing) == ["south"]
    with pytest.raises(policy.NotTrusted, match=r"of its 2 witnesses, north signed"):
        both.check(outcome.note)


def test_who_is_slow_holds_nobody_up(log: Log, north: Witness):
    done = threading.Event()
    with serving(witness_door.server(("127.0.0.1", 0), north)) as url, lying(200, "", b"", done) as slow:
        asking = Witnesses(of(north=(NORTH, url), south=(SOUTH, slow)), wait=0.5)
        outcome = asking.cosigned(log.grow(3), grew(log))
        done.set()
    assert list(outcome.missing) == ["south"]
    assert checkpoint.signers(notes.parse(outcome.note), [NORTH.key, SOUTH.key]).keys() == {NORTH.key}


def test_a_witness_that_knows_more_says_that_the_log_went_back(log: Log, two: Policy):
    older = log.grow(3)
    Witnesses(two).cosigned(log.grow(300), grew(log))
    outcome = Witnesses(two).cosigned(older, grew(log))
    assert set(outcome.ahead) == {"north", "south"}
    assert outcome.note == older
    assert "300 entries already" in outcome.missing["north"]


def test_another_story_is_not_cosigned(log: Log, two: Policy, tmp_path: Path):
    Witnesses(two).cosigned(log.grow(300), grew(log))
    other = Log(tmp_path / "other", story="another story")
    outcome = Witnesses(two).cosigned(other.grow(600), grew(other))
    assert set(outcome.missing) == {"north", "south"}
    assert "422" in outcome.missing["north"]


@pytest.mark.parametrize(
    ("status", "kind", "body", "why"),
    [
        (200, "text/plain", b"", "does not hold"),
        (200, "text/plain", b"hello\n", "does not hold"),
        (200, "text/plain", b"\xff", "codec"),
        (200, "text/plain", "— someone AAAAAAAAAAAA\n".encode(), "not answer with a signature"),
        (200, "text/plain", b"x" * 300_000, "more than"),
        (500, "text/plain", b"sorry", "it answered 500: sorry"),
        (302, "text/plain", b"", "it answered 302"),
        (409, "text/plain", b"3\n", "409 and no size"),
        (409, "text/x.tlog.size", b"03\n", "409 and no size"),
        (409, "text/x.tlog.size", b"3", "409 and no size"),
        (409, "text/x.tlog.size", b"1\n", "it answered 409"),
    ],
)
def test_what_does_not_hold_is_left_out(log: Log, status: int, kind: str, body: bytes, why: str):
    note = log.grow(3)
    with lying(status, kind, body) as url:
        outcome = Witnesses(of(north=(NORTH, url))).cosigned(note, grew(log))
    assert outcome.note == note
    assert why in outcome.missing["north"]


def test_a_signature_over_another_head_is_left_out(log: Log):
    head, _ = checkpoint.read(log.grow(3))
    note = log.grow(4)
    made = str(checkpoint.cosign(head, NORTH, 1_700_000_000))
    with lying(200, "text/plain", made.encode()) as url:
        outcome = Witnesses(of(north=(NORTH, url))).cosigned(note, grew(log))
    assert "does not hold" in outcome.missing["north"]
    no_time = str(checkpoint.cosign(checkpoint.read(note)[0], NORTH, 0))
    with lying(200, "text/plain", no_time.encode()) as url:
        outcome = Witnesses(of(north=(NORTH, url))).cosigned(note, grew(log))
    assert "not answer with a signature" in outcome.missing["north"]


def test_a_proof_that_cannot_be_made_is_told_and_harms_nobody(log: Log, two: Policy):
    Witnesses(two).cosigned(log.grow(3), grew(log))

    def broken(old: int, new: int) -> list[bytes]:
        raise RuntimeError(f"no tile between {old} and {new}")

    outcome = Witnesses(two).cosigned(log.grow(4), broken)
    assert outcome.missing == dict.fromkeys(("north", "south"), "no tile between 3 and 4")


def test_witnesses_tell_how_far_a_log_was_before_a_backup_came_back(log: Log, two: Policy, north: Witness):
    assert witnesses.latest(two, ORIGIN, LOG.key) == {}
    Witnesses(two).cosigned(log.grow(300), grew(log))
    found = witnesses.latest(two, ORIGIN, LOG.key)
    assert {name: checkpoint.read(note)[0].size for name, note in found.items()} == {
        "north": 300,
        "south": 300,
    }
    stranger = notes.Key(ORIGIN, notes.ED25519, notes.public_of(bytes([7]) * 32))
    assert witnesses.latest(two, ORIGIN, stranger) == {}
    assert witnesses.latest(of(a=(NORTH, "http://127.0.0.1:9")), ORIGIN, LOG.key, wait=1) == {}
    assert witnesses.latest(of(a=(NORTH, "file:///etc")), ORIGIN, LOG.key) == {}


def test_the_policy_is_a_file(tmp_path: Path, two: Policy):
    with pytest.raises(BadPolicy, match="cannot be read"):
        witnesses.read_policy(tmp_path / "none")
    (tmp_path / "policy").write_bytes(b"quorum none\n")
    assert witnesses.read_policy(tmp_path / "policy").quorum == "none"
