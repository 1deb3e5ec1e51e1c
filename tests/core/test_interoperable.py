"""Held against programs that are not ours: theirs read our logs, and ours read theirs.

tlog-scales is an independent reader and writer of C2SP logs (PyPI). The other data was signed and published
by others: the checksum database of Go, and the tests of the witness litewitness.
"""

from __future__ import annotations

import json
import logging
from itertools import pairwise
from pathlib import Path

import pytest
from tlog_scales import backend, reader, signing, tlog, writer

from huiyin.core import checkpoint, merkle, notes, proof, witnessing
from huiyin.core.checkpoint import Checkpoint, Signer
from huiyin.core.notes import COSIGNATURE, ED25519, SUBTREE, BadNote
from huiyin.core.tiles import BadTile, Tree
from huiyin.core.witnessing import Refused
from huiyin.doors.cli import reach
from huiyin.doors.cli.witness_door import Witness
from huiyin.doors.cli.witness_memory import Memory
from huiyin.doors.cli.witness_visit import look
from tests.cli.growing import LOG, Log

PUBLISHED = Path(__file__).parent / "published"
SIZES = (1, 255, 256, 257, 1000, 65_537)
THEIR_SIZES = (1, 255, 256, 257, 2000)


# ---- theirs reads ours


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, str]]:
    """A log of ours, and the heads that it had on its way."""
    log = Log(tmp_path_factory.mktemp("ours") / "log")
    return log.folder, {size: log.grow(size) for size in SIZES}


def test_their_reader_comes_to_our_root_at_each_size(ours: tuple[Path, dict[int, str]]):
    folder, heads = ours
    key = signing.Vkey.from_string(str(LOG.key))
    for size, note in heads.items():
        read = reader.TilesReader(backend.LocalBackend(folder))
        theirs = tlog.Checkpoint.from_text(note)
        theirs.verify(key)
        read.set_size(size)
        assert (theirs.size, theirs.root_hash) == (size, read.calculate_root_hash())
        for index in {0, size // 2, size - 1}:
            entry = f"entry {index}".encode()
            assert read.get_entry(index) == entry
            read.get_inclusion_proof(index, size).check(merkle.leaf_hash(entry), theirs.root_hash)


def test_their_checks_accept_our_proofs_and_make_the_same(ours: tuple[Path, dict[int, str]]):
    folder, heads = ours
    last = checkpoint.read(heads[SIZES[-1]])[0]
    tree = Tree(last.size, last.root, lambda tile: (folder / tile.path).read_bytes())
    read = reader.TilesReader(backend.LocalBackend(folder))
    read.set_size(last.size)
    for size in SIZES:
        made = tree.consistency_proof(size)
        assert read.get_consistency_proof(size, last.size).node_hashes == made
        tlog.ConsistencyProof(size, last.size, made).check(tree.root_at(size), last.root)
        index = size - 1
        path = tree.inclusion_proof(index)
        assert read.get_inclusion_proof(index, last.size).node_hashes == path
        tlog.InclusionProof(index, last.size, path).check(tree.node(0, index), last.root)


WITNESS = Signer("north.example/w", COSIGNATURE, bytes([1]) * 32)
QUANTUM = Signer("north.example/w", SUBTREE, bytes([2]) * 32)


def test_they_accept_each_kind_of_our_signatures(caplog: pytest.LogCaptureFixture):
    head = Checkpoint(LOG.name, 7, bytes(range(32)))
    note = checkpoint.sign(head, [LOG, WITNESS, QUANTUM], 1_700_000_000)
    keys = signing.VkeySet(*(signing.Vkey.from_string(str(each.key)) for each in (LOG, WITNESS, QUANTUM)))
    theirs = tlog.Checkpoint.from_text(note)
    assert len(keys.verify(theirs.signatures, theirs)) == 3
    changed = tlog.Checkpoint.from_text(note.replace("\n7\n", "\n8\n"))
    with caplog.at_level(logging.CRITICAL):
        assert keys.verify(changed.signatures, changed) == set()


# ---- ours reads theirs


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[notes.Key]]:
    """A log of theirs, grown in steps and signed with two keys."""
    folder = tmp_path_factory.mktemp("theirs") / "log"
    log = writer.TilesWriter.create(folder, "theirs.example/log")
    signers: list[signing.CheckpointSigner] = [
        signing.PlainEd25519Signer("theirs.example/log", bytes([3]) * 32),
        signing.MLDSA44CosignatureSigner("theirs.example/log", bytes([4]) * 32),
    ]
    for start, stop in pairwise((0, *THEIR_SIZES)):
        for number in range(start, stop):
            log.add_leaf(f"theirs {number}".encode())
        log.commit(signers)
    return folder, [notes.parse_key(signer.vkey.serialize()) for signer in signers]


def their_tree(folder: Path) -> Tree:
    head = checkpoint.read((folder / "checkpoint").read_text(encoding="utf-8"))[0]
    return Tree(head.size, head.root, lambda tile: (folder / tile.path).read_bytes())


def test_we_read_every_entry_of_their_log(theirs: tuple[Path, list[notes.Key]]):
    folder, keys = theirs
    note = notes.parse((folder / "checkpoint").read_text(encoding="utf-8"))
    assert set(checkpoint.signers(note, keys)) == set(keys)
    assert {key.kind for key in keys} == {ED25519, SUBTREE}
    tree = their_tree(folder)
    for number, entry in tree.entries():
        assert entry == f"theirs {number}".encode()
    assert number == THEIR_SIZES[-1] - 1
    for size in THEIR_SIZES:
        hashes = tree.consistency_proof(size)
        merkle.check_consistency(size, tree.size, tree.root_at(size), tree.root, hashes)


def test_we_find_what_was_changed_in_their_log(theirs: tuple[Path, list[notes.Key]]):
    folder, _ = theirs
    path = folder / "tile/entries/006"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"theirs 1700", b"theirs 1800"))
    try:
        with pytest.raises(BadTile, match="entry 1700 is not the one"):
            list(their_tree(folder).entries())
    finally:
        path.write_bytes(whole)


def test_our_witness_cosigns_their_log_and_they_accept_it(
    theirs: tuple[Path, list[notes.Key]], tmp_path: Path
):
    folder, keys = theirs
    me = Witness([WITNESS, QUANTUM], {"theirs.example/log": keys}, Memory(tmp_path))
    seen = look(reach.log_at(str(folder)), me)
    cosigned = tlog.Checkpoint.from_text(str(seen.cosigned))
    ours = signing.VkeySet(*(signing.Vkey.from_string(str(each.key)) for each in (WITNESS, QUANTUM)))
    assert len(ours.verify(cosigned.signatures, cosigned)) == 2
    assert len(cosigned.signatures) == 4


# ---- what others signed and published

# https://sum.golang.org, whose key stands in the go command; its name is not that of its origin.
GO = notes.parse_key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
TESSERA = notes.unbase64("D6V8URw7L/zAoFrWMXJWjSZar5hE6bY2oJeHlTlvKrE=")


def test_an_entry_of_the_checksum_database_of_go_is_proved():
    read = proof.parse((PUBLISHED / "sum.golang.org.tlog-proof").read_text(encoding="utf-8"))
    head, note = checkpoint.read(read.head)
    assert (head.origin, head.size, read.index) == ("go.sum database tree", 58_253_265, 43_930_254)
    assert checkpoint.signers(note, [GO]) == {GO: None}
    merkle.check_inclusion(read.index, head.size, TESSERA, read.hashes, head.root)
    with pytest.raises(merkle.BadProof):
        merkle.check_inclusion(read.index + 1, head.size, TESSERA, read.hashes, head.root)
    spoilt = notes.parse(read.head.replace("58253265", "58253266"))
    with pytest.raises(BadNote):
        checkpoint.signers(spoilt, [GO])


# A log that is not known was 403 in an earlier draft, which litewitness followed then; now it is 404. And the
# signature of this one is spelt with bits that stand for nothing: we do not even read it, they find it wrong.
OTHERWISE = {"unknown log": 404, "invalid signature": 400}


def test_our_witness_answers_what_litewitness_answers():
    asked = json.loads((PUBLISHED / "litewitness.json").read_text(encoding="utf-8"))
    assert len(asked) == 10
    known: dict[str, Checkpoint] = {}
    sigsum = "ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"
    origin = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
    keys = {origin: [notes.Key(origin, ED25519, bytes.fromhex(sigsum))], "go.sum database tree": [GO]}
    for each in asked:
        try:
            request = witnessing.parse(each["request"])
            head, _ = checkpoint.read(request.note)
            witnessing.judge(request, keys.get(head.origin, []), known.get(head.origin))
        except Refused as refused:
            status, told = refused.status, f"{refused.size}\n"
        else:
            status, told = 200, ""
            known[head.origin] = head
        expected = OTHERWISE.get(each["body"], each["status"])
        assert status == expected, each["request"]
        assert status != witnessing.CONFLICT or told == each["body"]
    assert {name: head.size for name, head in known.items()} == {
        origin: 5,
        "go.sum database tree": 35_225_469,
    }
