"""Heads of a log: how they are written, who signed them, and what is refused."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.core import checkpoint, notes
from huiyin.core.checkpoint import BadCheckpoint, Checkpoint, Signer
from huiyin.core.notes import COSIGNATURE, ED25519, SUBTREE, BadNote

ORIGIN = "petitions.example/log"
HEAD = Checkpoint(ORIGIN, 20852163, bytes(range(32)))
NOW = 1_679_315_147
SEED = bytes(range(32))
LOG = Signer(ORIGIN, ED25519, SEED)
NORTH = Signer("north.example/w", COSIGNATURE, bytes([1]) * 32)
SOUTH = Signer("south.example/w", SUBTREE, bytes([2]) * 32)
ALL = (LOG, NORTH, SOUTH)
KEYS = [signer.key for signer in ALL]


def signers(note: str, keys=KEYS):
    return checkpoint.signers(checkpoint.read(note)[1], keys)


# ---- the text


def test_the_text_of_a_head_is_frozen():
    assert HEAD.text == f"{ORIGIN}\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert checkpoint.parse(HEAD.text) == HEAD
    more = replace(HEAD, extensions=("cheese", "回音 2"))
    assert more.text == HEAD.text + "cheese\n回音 2\n"
    assert checkpoint.parse(more.text) == more


ROOT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "a\n", "a\n1\n", f"a\n1\n{ROOT}", f"\n1\n{ROOT}\n", f"a\n\n1\n{ROOT}\n"),
        *(f"a\n1\n{ROOT}\n\n", f"a\n1\n{ROOT}\n\nx\n", f"a\n1\n{ROOT}\nx\n\n"),
        *(f"a\n{size}\n{ROOT}\n" for size in ("01", "-1", "+1", "1.0", "1 ", " 1", "x", "٣", "1e3", 1 << 63)),
        *(
            f"a\n1\n{root}\n"
            for root in ("AAAA", ROOT[:-1], f"{ROOT} ", ROOT.replace("8=", "9="), f"{ROOT}=")
        ),
        f"a\r\n1\r\n{ROOT}\r\n",
    ],
)
def test_what_is_no_head_is_refused(text):
    with pytest.raises(BadCheckpoint):
        checkpoint.parse(text)


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("a1\n 0=AZé")))
def test_whatever_comes_in_is_read_or_refused(anything):
    for text in (anything, f"{anything}\n1\n{ROOT}\n", f"a\n{anything}\n{ROOT}\n", f"a\n1\n{anything}\n"):
        try:
            read = checkpoint.parse(text)
        except BadCheckpoint:
            continue
        assert read.text == text


@pytest.mark.parametrize(
    "head",
    [
        *(replace(HEAD, origin=""), replace(HEAD, origin="a\nb"), replace(HEAD, size=-1)),
        *(replace(HEAD, size=1 << 63), replace(HEAD, root=b"x"), replace(HEAD, extensions=("",))),
        *(replace(HEAD, extensions=("a\nb",)), replace(HEAD, origin="a\x00")),
    ],
)
def test_what_cannot_be_read_is_not_written(head):
    with pytest.raises(ValueError, match="cannot be written"):
        assert head.text


# ---- who signed


def test_a_log_and_its_witnesses_sign_one_head():
    note = checkpoint.sign(HEAD, ALL, NOW)
    head, parsed = checkpoint.read(note)
    assert head == HEAD
    assert str(parsed) == note
    assert checkpoint.signers(parsed, KEYS) == {LOG.key: None, NORTH.key: NOW, SOUTH.key: NOW}
    assert checkpoint.signers(parsed, [NORTH.key]) == {NORTH.key: NOW}
    assert checkpoint.signers(parsed, []) == {}


def test_a_plain_signature_of_a_head_is_that_of_a_note():
    assert checkpoint.sign(HEAD, [LOG], NOW) == notes.sign(HEAD.text, ORIGIN, SEED)
    assert notes.read_note(checkpoint.sign(HEAD, [LOG], NOW), str(LOG.key)) == HEAD.text


def test_the_message_of_a_cosignature_is_frozen():
    raw = checkpoint.cosign(HEAD, NORTH, NOW).raw
    message = f"cosignature/v1\ntime {NOW}\n{HEAD.text}".encode()
    assert raw == NOW.to_bytes(8, "big") + notes.ed25519(message, NORTH.seed)


def test_the_message_under_ml_dsa_is_frozen():
    raw = checkpoint.cosign(HEAD, SOUTH, NOW).raw
    message = b"subtree/v1\n\0" + bytes([15]) + b"south.example/w" + NOW.to_bytes(8, "big")
    message += bytes([21]) + ORIGIN.encode() + bytes(8) + (20852163).to_bytes(8, "big") + HEAD.root
    assert raw[:8] == NOW.to_bytes(8, "big")
    assert len(raw) == 8 + 2420
    MLDSA44PublicKey.from_public_bytes(SOUTH.key.public).verify(raw[8:], message)


def test_each_changed_part_of_a_head_spoils_each_signature():
    note = checkpoint.sign(HEAD, ALL, NOW)
    for other in (replace(HEAD, origin="x"), replace(HEAD, size=1), replace(HEAD, root=bytes(32))):
        for key in KEYS:
            with pytest.raises(BadNote, match=f"by {key.name} does not hold"):
                signers(note.replace(HEAD.text, other.text), [key])


def test_extension_lines_are_under_each_signature_but_that_of_ml_dsa():
    longer = checkpoint.sign(HEAD, ALL, NOW).replace(HEAD.text, replace(HEAD, extensions=("x",)).text)
    assert signers(longer, [SOUTH.key]) == {SOUTH.key: NOW}
    for signer in (LOG, NORTH):
        with pytest.raises(BadNote):
            signers(longer, [signer.key])


@pytest.mark.parametrize("signer", ALL, ids=lambda each: each.name)
@pytest.mark.parametrize("change", ["first", "last", "short", "long", "stamp"])
def test_each_changed_part_of_a_signature_spoils_it(signer, change):
    made = checkpoint.cosign(HEAD, signer, NOW)
    raw = {
        "first": bytes([made.raw[0] ^ 1]) + made.raw[1:],
        "last": made.raw[:-1] + bytes([made.raw[-1] ^ 1]),
        "short": made.raw[:-1],
        "long": made.raw + b"\0",
        "stamp": made.raw[:7] + bytes([made.raw[7] ^ 1]) + made.raw[8:],
    }[change]
    _, parsed = checkpoint.read(checkpoint.sign(HEAD, [LOG], NOW))
    spoilt = notes.Note(parsed.text, (replace(made, raw=raw),))
    with pytest.raises(BadNote, match="does not hold"):
        checkpoint.signers(spoilt, KEYS)


def test_a_moment_beyond_all_moments_is_refused():
    made = checkpoint.cosign(HEAD, NORTH, NOW)
    late = replace(made, raw=(1 << 63).to_bytes(8, "big") + made.raw[8:])
    with pytest.raises(BadNote, match="does not hold"):
        checkpoint.signers(notes.Note(HEAD.text, (late,)), KEYS)
    with pytest.raises(ValueError, match="no moment"):
        checkpoint.cosign(HEAD, NORTH, 1 << 63)


def test_of_several_cosignatures_by_one_witness_the_latest_counts():
    made = [checkpoint.cosign(HEAD, NORTH, NOW + n) for n in (5, 9, 7)]
    assert checkpoint.signers(notes.Note(HEAD.text, tuple(made)), KEYS) == {NORTH.key: NOW + 9}
    spoilt = (*made, replace(made[0], raw=made[0].raw[:8] + made[1].raw[8:]))
    with pytest.raises(BadNote):
        checkpoint.signers(notes.Note(HEAD.text, spoilt), KEYS)


def test_one_seed_under_two_types_is_two_keys():
    plain, stamped = Signer("a", ED25519, SEED), Signer("a", COSIGNATURE, SEED)
    assert plain.key.public == stamped.key.public
    assert plain.key.id != stamped.key.id
    assert signers(checkpoint.sign(HEAD, [plain], NOW), [stamped.key]) == {}
    assert [notes.parse_key(str(key)) for key in KEYS] == KEYS


def test_names_too_long_for_ml_dsa_are_not_signed():
    with pytest.raises(ValueError, match="255"):
        checkpoint.cosign(replace(HEAD, origin="a" * 256), SOUTH, NOW)
    with pytest.raises(ValueError, match="255"):
        checkpoint.cosign(HEAD, replace(SOUTH, name="音" * 86), NOW)
