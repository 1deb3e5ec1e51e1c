"""What a witness cosigns, and the status with which it turns down everything else."""

from dataclasses import replace

import pytest

from huiyin.core import checkpoint, merkle, notes, witnessing
from huiyin.core.checkpoint import Checkpoint, Signer
from huiyin.core.notes import COSIGNATURE, ED25519
from huiyin.core.witnessing import Refused, Request

ORIGIN = "petitions.example/log"
LOG = Signer(ORIGIN, ED25519, bytes(32))
KEYS = [LOG.key]
LEAF = [merkle.leaf_hash(bytes([n])) for n in range(40)]


def node(level: int, index: int) -> bytes:
    return merkle.fold(LEAF[index << level : (index + 1) << level])


def head(size: int, *, root: bytes | None = None) -> Checkpoint:
    return Checkpoint(ORIGIN, size, merkle.root(size, node) if root is None else root)


def asking(old: int, new: int, **changed) -> Request:
    hashes = tuple(merkle.consistency_proof(min(old, new), new, node))
    note = checkpoint.sign(changed.pop("head", head(new)), [changed.pop("by", LOG)], 1)
    return replace(Request(old, hashes, note), **changed)


def status(request: Request, known: Checkpoint | None, keys=KEYS) -> int:
    with pytest.raises(Refused) as refused:
        witnessing.judge(request, keys, known)
    return refused.value.status


# The example of the specification.
SPEC = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501


def test_the_example_of_the_specification_is_read():
    request = witnessing.parse(SPEC)
    assert (request.old, len(request.hashes)) == (20852014, 4)
    assert checkpoint.read(request.note)[0].size == 20852163
    assert str(request) == SPEC


NOTE = checkpoint.sign(head(3), [LOG], 1)
HASH = notes.base64_of(bytes(32))


@pytest.mark.parametrize(
    "body",
    [
        *("", "\n", NOTE, f"old 0\n{NOTE}", f"old\n\n{NOTE}", f"old 01\n\n{NOTE}", f"old -1\n\n{NOTE}"),
        *(f"old 1 \n\n{NOTE}", f"OLD 1\n\n{NOTE}", f"old 1\nAAAA\n\n{NOTE}", f"old 1\r\n\r\n{NOTE}"),
        *(
            "old 1\n" + f"{HASH}\n" * 64 + f"\n{NOTE}",
            f"old 1\n{HASH} \n\n{NOTE}",
            f"old {1 << 63}\n\n{NOTE}",
        ),
        *(
            "old 1\n\n",
            "old 1\n\nx",
            f"old 1\n\n{head(3).text}",
            f"old 1\n\n{NOTE[:-1]}",
            f"old 1\n\n\n{NOTE}",
        ),
        "old 0\n\nno checkpoint\n\n— a AAAAAAAA\n",
    ],
)
def test_a_request_that_cannot_be_read_is_400(body):
    with pytest.raises(Refused) as refused:
        witnessing.parse(body)
    assert refused.value.status == 400


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 1), (0, 40), (1, 1), (7, 7), (1, 2), (7, 40), (32, 33)])
def test_a_log_that_grew_is_cosigned(old, new):
    request = witnessing.parse(str(asking(old, new)))
    signed = witnessing.judge(request, KEYS, head(old) if old else None)
    assert str(signed) == request.note
    assert witnessing.judge(request, KEYS, head(old)) == signed


def test_only_the_signatures_of_the_log_come_back():
    stranger, witness = Signer("a", ED25519, bytes([1]) * 32), Signer("w", COSIGNATURE, bytes([2]) * 32)
    note = checkpoint.sign(head(5), [stranger, LOG, witness], 1)
    assert str(witnessing.judge(Request(0, (), note), KEYS, None)) == checkpoint.sign(head(5), [LOG], 1)


def test_a_log_that_nobody_watches_is_404():
    assert status(asking(0, 5), None, []) == 404


def test_a_head_without_the_logs_signature_is_403():
    assert status(asking(0, 5, by=Signer(ORIGIN, ED25519, bytes([1]) * 32)), None) == 403
    spoilt = asking(0, 5).note.replace("\n5\n", "\n6\n")
    assert status(Request(0, (), spoilt), None) == 403
    line = NOTE.rpartition("\n\n")[2]  # a good one, and one that does not hold
    assert status(Request(0, (), asking(0, 5).note + line), None) == 403


def test_an_old_size_beyond_the_new_one_is_400():
    assert status(asking(6, 5), head(6)) == 400


@pytest.mark.parametrize(("old", "known"), [(0, 3), (2, 3), (4, 3), (3, 0), (5, 4)])
def test_another_old_size_than_the_last_one_is_409_and_tells_it(old, known):
    with pytest.raises(Refused) as refused:
        witnessing.judge(asking(old, 6), KEYS, head(known) if known else None)
    assert (refused.value.status, refused.value.size) == (409, known)


def test_an_empty_log_with_another_root_is_422():
    assert status(asking(0, 0, head=head(0, root=bytes(32))), None) == 422


def test_a_proof_from_nothing_is_422():
    assert status(asking(0, 5, hashes=(bytes(32),)), None) == 422
    assert status(asking(0, 5, hashes=(bytes(32),)), head(0)) == 422


def test_a_proof_that_does_not_hold_is_422():
    good = asking(3, 6)
    for wrong in ((), good.hashes[:-1], (*good.hashes, bytes(32)), (bytes(32), *good.hashes[1:])):
        assert status(replace(good, hashes=wrong), head(3)) == 422
    assert status(good, head(3, root=bytes(32))) == 422
    assert status(asking(3, 6, head=head(6, root=bytes(32))), head(3)) == 422
    assert status(asking(5, 5, hashes=(bytes(32),)), head(5)) == 422


def test_another_root_of_the_same_size_is_422_and_a_contradiction():
    other = head(5, root=bytes(32))
    assert status(asking(5, 5, head=other), head(5)) == 422
    assert witnessing.contradicts(other, head(5))
    assert not witnessing.contradicts(head(5), head(5))
    assert not witnessing.contradicts(other, head(6))
    assert not witnessing.contradicts(other, replace(head(5), origin="another"))
    assert not witnessing.contradicts(other, None)


def test_a_private_key_is_one_line():
    for signer in (LOG, Signer("w", COSIGNATURE, bytes(32)), Signer("w", notes.SUBTREE, bytes(32))):
        line = checkpoint.signer_line(signer)
        assert line.startswith(f"PRIVATE+KEY+{signer.name}+{signer.key.id.hex()}+")
        assert checkpoint.parse_signer(f"{line}\n") == signer


@pytest.mark.parametrize(
    "line",
    [
        *("", "PRIVATE+KEY+", "PRIVATE+KEY+a+00000000+", "PRIVATE+KEY+a+00000000+AAAA", str(LOG.key)),
        checkpoint.signer_line(LOG).replace(ORIGIN, "another"),
        checkpoint.signer_line(LOG)[:-4],
        checkpoint.signer_line(LOG).removeprefix("PRIVATE+KEY+"),
    ],
)
def test_what_is_no_private_key_is_refused_and_not_repeated(line):
    with pytest.raises(notes.BadNote) as refused:
        checkpoint.parse_signer(line)
    assert len(line) < 20 or line[-20:] not in str(refused.value)


# ---- the proof that a log told two stories


OTHER = [merkle.leaf_hash(bytes([n, n])) for n in range(40)]


def other_node(level: int, index: int) -> bytes:
    return merkle.fold(OTHER[index << level : (index + 1) << level])


def signed(size: int, read=node, by: Signer = LOG) -> str:
    return checkpoint.sign(Checkpoint(ORIGIN, size, merkle.root(size, read)), [by], 1)


def two_sizes(old: int, new: int) -> str:
    hashes = merkle.consistency_proof(old, new, other_node)
    return witnessing.evidence(signed(old), signed(new, other_node), merkle.root(old, other_node), hashes)


def test_two_heads_that_cannot_both_be_true_are_proved_to_be_by_the_logs_key_alone():
    same = witnessing.evidence(signed(5), signed(5, other_node))
    assert witnessing.is_evidence(same)
    assert [head.size for head in witnessing.check_evidence(same, KEYS)] == [5, 5]
    for old, new in ((3, 7), (4, 8), (1, 40)):
        assert [head.size for head in witnessing.check_evidence(two_sizes(old, new), KEYS)] == [old, new]


@pytest.mark.parametrize(
    "text",
    [
        "",
        signed(5),
        witnessing.evidence(signed(5), signed(5)),
        witnessing.evidence(signed(5), signed(6)),
        witnessing.evidence(signed(5), signed(6, other_node)),
        witnessing.evidence(signed(5), signed(5, other_node, Signer(ORIGIN, ED25519, bytes([1]) * 32))),
        witnessing.evidence(signed(3), signed(7), merkle.root(3, node), merkle.consistency_proof(3, 7, node)),
        witnessing.evidence(signed(3), signed(7), bytes(32), merkle.consistency_proof(3, 7, node)),
        two_sizes(3, 7).replace("first:\n3\n", "first:\n4\n"),
        two_sizes(3, 7)[:-10],
        witnessing.evidence(signed(5), signed(5, other_node)).replace(ORIGIN, "another", 1),
    ],
    ids=range(11),
)
def test_what_proves_nothing_against_a_log_is_said_to(text):
    with pytest.raises((merkle.BadProof, notes.BadNote)):
        witnessing.check_evidence(text, KEYS)
