"""Roots and proofs, against the published vectors and against the words of RFC 6962 taken literally."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.core import merkle
from huiyin.core.merkle import BadProof, Frontier

VECTORS = [
    json.loads(line)
    for line in (Path(__file__).parent / "rfc6962" / "vectors.jsonl").read_text(encoding="utf-8").splitlines()
]

# ---- RFC 6962 section 2.1, as it stands there: recursive, slow and plain


def mth(leaves: list[bytes]) -> bytes:
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return merkle.leaf_hash(leaves[0])
    k = split(len(leaves))
    return merkle.node_hash(mth(leaves[:k]), mth(leaves[k:]))


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    return 1 << (n - 1).bit_length() - 1


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def made(size: int) -> list[bytes]:
    return [f"entry {n}".encode() for n in range(size)]


def reader(leaves: list[bytes]) -> merkle.Read:
    def read(level: int, index: int) -> bytes:
        below = leaves[index << level : (index + 1) << level]
        assert len(below) == 1 << level, "only complete nodes may be asked for"
        return mth(below)

    return read


# ---- the vectors


def decoded(vector, name):
    return base64.b64decode(vector[name])


def checked(vector):
    proof = [base64.b64decode(each) for each in vector["proof"] or []]
    if "leafIdx" in vector:
        leaf, root = decoded(vector, "leafHash"), decoded(vector, "root")
        merkle.check_inclusion(vector["leafIdx"], vector["treeSize"], leaf, proof, root)
    else:
        roots = decoded(vector, "root1"), decoded(vector, "root2")
        merkle.check_consistency(vector["size1"], vector["size2"], *roots, proof)


def test_all_vectors_are_here():
    assert len(VECTORS) == len({vector["file"] for vector in VECTORS}) == 196
    assert sum(not vector["wantErr"] for vector in VECTORS) == 12


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["file"])
def test_each_vector_gets_its_verdict(vector):
    if not vector["wantErr"]:
        checked(vector)
        return
    with pytest.raises(BadProof):
        checked(vector)


# ---- made and checked


def test_the_hashes_of_the_standard():
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_tree_of_each_size_grows_to_the_root_of_the_standard():
    frontier = Frontier()
    for size in range(80):
        leaves = made(size)
        assert frontier.root() == mth(leaves) == merkle.root(size, reader(leaves))
        frontier.append(merkle.leaf_hash(f"entry {size}".encode()))


def test_each_inclusion_proof_is_that_of_the_standard_and_holds():
    for size in range(1, 40):
        leaves = made(size)
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, reader(leaves))
            assert proof == path(index, leaves)
            merkle.check_inclusion(index, size, merkle.leaf_hash(leaves[index]), proof, mth(leaves))


def test_each_consistency_proof_is_that_of_the_standard_and_holds():
    for new in range(1, 40):
        leaves = made(new)
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(old, new, reader(leaves))
            assert proof == subproof(old, leaves, True)
            merkle.check_consistency(old, new, mth(leaves[:old]), mth(leaves), proof)


SIZES = st.integers(1, 70)


@settings(max_examples=60, deadline=None)
@given(SIZES, st.data())
def test_a_proof_shows_one_thing_only(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaves = made(size)
    proof, root = merkle.inclusion_proof(index, size, reader(leaves)), mth(leaves)
    leaf = merkle.leaf_hash(leaves[index])
    other = data.draw(st.integers(0, size + 3).filter(lambda n: n != index))
    wrong = [(other, size, leaf, proof, root), (index, size, merkle.leaf_hash(b"x"), proof, root)]
    wrong += [(index, size, leaf, [*proof, bytes(32)], root), (index, size, leaf, proof, bytes(32))]
    wrong += [(index, size, leaf, proof[:-1], root), (index, size, leaf, proof[1:], root)] if proof else []
    for place in range(len(proof)):
        changed = [each if at != place else bytes(32) for at, each in enumerate(proof)]
        wrong += [(index, size, leaf, changed, root)]
    for each in wrong:
        with pytest.raises(BadProof):
            merkle.check_inclusion(*each)


@settings(max_examples=60, deadline=None)
@given(SIZES, SIZES, st.data())
def test_a_log_that_changed_its_past_has_no_proof(first, second, data):
    old, new = sorted((first, second))
    leaves = made(new)
    changed = list(leaves)
    changed[data.draw(st.integers(0, old - 1))] = b"rewritten"
    proof = merkle.consistency_proof(old, new, reader(changed))
    with pytest.raises(BadProof):
        merkle.check_consistency(old, new, mth(leaves[:old]), mth(changed), proof)


@settings(max_examples=60, deadline=None)
@given(
    *(st.integers(0, 40), st.integers(0, 40), st.binary(min_size=32, max_size=32)),
    st.lists(st.binary(min_size=30, max_size=33), max_size=8),
)
def test_nothing_that_is_made_up_holds(one, two, root, proof):
    with pytest.raises(BadProof):
        merkle.check_inclusion(one, two, bytes(32), proof, root)
    with pytest.raises(BadProof):
        merkle.check_consistency(one, two, bytes(32), root or b"x", proof or [root])


def test_proofs_of_the_largest_logs_are_made_and_checked_at_once():
    size = (1 << 62) + 12345

    def read(level: int, index: int) -> bytes:
        return f"{level}/{index}".encode().rjust(32)

    assert len(merkle.inclusion_proof(1 << 61, size, read)) == 63
    assert len(merkle.consistency_proof(size - 1, size, read)) <= 64


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index, size, reader(made(3)))


def test_no_proof_is_made_that_a_log_has_shrunk():
    with pytest.raises(ValueError, match="grown"):
        merkle.consistency_proof(3, 2, reader(made(3)))
    assert merkle.consistency_proof(0, 3, reader(made(3))) == []
    assert merkle.consistency_proof(3, 3, reader(made(3))) == []


def test_what_is_wrong_is_said():
    leaves = made(5)
    proof, root = path(2, leaves), mth(leaves)
    leaf = merkle.leaf_hash(leaves[2])
    for given_, said in [
        ((5, 5, leaf, proof, root), "no leaf 5"),
        ((2, 5, leaf, proof[:-1], root), "ends before the root"),
        ((2, 5, leaf, [*proof, leaf], root), "longer than the tree is high"),
        ((2, 5, leaf, [*proof[:-1], b"x"], root), "32 bytes"),
        ((2, 5, leaf, proof, leaf), "another root"),
    ]:
        with pytest.raises(BadProof, match=said):
            merkle.check_inclusion(*given_)
    proof = subproof(3, leaves, True)
    for between, said in [
        ((6, 5, root, root, proof), "no consistency"),
        ((0, 5, root, root, []), "no consistency"),
        ((5, 5, root, leaf, []), "two different roots of 5"),
        ((5, 5, root, root, proof), "must be empty"),
        ((3, 5, mth(leaves[:3]), root, []), "is empty"),
        ((3, 5, mth(leaves[:3]), root, proof[:-1]), "ends before"),
        ((3, 5, mth(leaves[:3]), root, [*proof, root]), "longer"),
        ((3, 5, root, root, proof), "another old root"),
        ((3, 5, mth(leaves[:3]), leaf, proof), "another new root"),
    ]:
        with pytest.raises(BadProof, match=said):
            merkle.check_consistency(*between)
