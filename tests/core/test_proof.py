"""The file that proves, offline, that an entry stands in a log."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.core import checkpoint, merkle, notes, policy, proof
from huiyin.core.checkpoint import Checkpoint, Signer
from huiyin.core.merkle import BadProof
from huiyin.core.notes import COSIGNATURE, ED25519, BadNote
from huiyin.core.policy import NotTrusted
from huiyin.core.proof import Proof

LEAF = [merkle.leaf_hash(bytes([n])) for n in range(5)]
LEFT = merkle.node_hash(merkle.node_hash(*LEAF[:2]), merkle.node_hash(*LEAF[2:4]))
HEAD = Checkpoint("petitions.example/log", 5, merkle.node_hash(LEFT, LEAF[4]))
LOG = Signer(HEAD.origin, ED25519, bytes(32))
WITNESS = Signer("w.example", COSIGNATURE, bytes([1]) * 32)
SIGNED = checkpoint.sign(HEAD, [LOG, WITNESS], 1_700_000_000)
POLICY = policy.parse(f"log {LOG.key}\nwitness w {WITNESS.key}\nquorum w\n".encode())
LAST = Proof(4, (LEFT,), SIGNED)


def test_the_file_is_that_of_the_specification():
    text = str(replace(LAST, extra=b"extra"))
    b64 = notes.base64_of(LEFT)
    assert text == f"c2sp.org/tlog-proof@v1\nextra ZXh0cmE=\nindex 4\n{b64}\n\n{SIGNED}"
    assert proof.parse(text) == replace(LAST, extra=b"extra")
    assert proof.parse(str(replace(LAST, extra=b""))).extra == b""


def test_it_proves_one_entry_under_a_head_that_is_trusted():
    trusted = proof.parse(str(LAST)).check(LEAF[4], POLICY)
    assert (trusted.head, trusted.witnesses) == (HEAD, {"w": 1_700_000_000})


def test_it_proves_nothing_else():
    for wrong in (replace(LAST, index=3), replace(LAST, hashes=()), replace(LAST, index=5)):
        with pytest.raises(BadProof):
            wrong.check(LEAF[4], POLICY)
    with pytest.raises(BadProof):
        LAST.check(LEAF[3], POLICY)
    with pytest.raises(NotTrusted):
        replace(LAST, head=checkpoint.sign(HEAD, [LOG], 1)).check(LEAF[4], POLICY)
    with pytest.raises(NotTrusted):
        replace(LAST, head=checkpoint.sign(HEAD, [WITNESS], 1)).check(LEAF[4], POLICY)
    with pytest.raises(BadNote):
        replace(LAST, head=SIGNED.replace("\n5\n", "\n6\n")).check(LEAF[4], POLICY)


def test_the_proof_of_the_only_entry_has_no_hashes():
    head = checkpoint.sign(Checkpoint(HEAD.origin, 1, LEAF[0]), [LOG, WITNESS], 1)
    alone = proof.parse(str(Proof(0, (), head)))
    assert alone.check(LEAF[0], POLICY).head.size == 1


ROOT = notes.base64_of(bytes(32))


@pytest.mark.parametrize(
    "above",
    [
        *(
            "",
            "c2sp.org/tlog-proof@v2\nindex 1",
            "index 1",
            "c2sp.org/tlog-proof@v1",
            "c2sp.org/tlog-proof@v1\n",
        ),
        *(f"c2sp.org/tlog-proof@v1\nindex {n}" for n in ("", "01", "-1", " 1", "1 ", 1 << 63, "x")),
        *(
            f"c2sp.org/tlog-proof@v1\nindex 1\n{line}"
            for line in ("AAAA", f"{ROOT} ", "extra AAAA", "index 1")
        ),
        *(f"c2sp.org/tlog-proof@v1\nextra {said}\nindex 1" for said in ("A", "A A", "AB==", "\u00e9")),
        *("c2sp.org/tlog-proof@v1\nextra AAAA", "c2sp.org/tlog-proof@v1\nextra\nindex 1"),
        *("c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 1", "c2sp.org/tlog-proof@v1\r\nindex 1"),
        "c2sp.org/tlog-proof@v1\nindex 1" + f"\n{ROOT}" * 64,
    ],
)
def test_what_is_no_proof_is_refused(above):
    with pytest.raises(BadProof, match="not a proof of a log"):
        proof.parse(f"{above}\n\n{SIGNED}")


@pytest.mark.parametrize("head", ["", "\n", HEAD.text, f"\n{SIGNED}", SIGNED[:-1], "a\n\n— a AAAAAAAA\n"])
def test_a_proof_without_a_head_is_refused(head):
    with pytest.raises(BadNote):
        proof.parse(f"c2sp.org/tlog-proof@v1\nindex 1\n\n{head}")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary())
def test_whatever_was_written_is_read(index, hashes, extra):
    made = Proof(index, tuple(hashes), SIGNED, extra)
    assert proof.parse(str(made)) == made
