"""Signed notes, as the Go checksum database made them and C2SP signed-note describes them."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from huiyin.core import notes
from huiyin.core.notes import BadNote, Key

SEED = bytes(range(32, 64))
NAME = "petitions.example/log"

# The example of golang.org/x/mod/sumdb/note, which C2SP signed-note was made from.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
    "RZb6KE6RyyBwJnAM=\n"
)


def key() -> str:
    return notes.verifier_key(NAME, bytes(SigningKey(SEED).verify_key))


def test_reads_and_makes_the_notes_of_the_go_checksum_database():
    assert notes.read_note(GO_NOTE, GO_KEY) == GO_TEXT
    seed = base64.b64decode(GO_PRIVATE)[1:]  # after the byte that says Ed25519
    assert notes.sign(GO_TEXT, "PeterNeumann", seed) == GO_NOTE


def test_a_note_comes_back_as_it_was_signed():
    for text in ("huiyin-receipt/1\nref R1\n", "\n", "回音\n\n\n两行\n"):
        assert notes.read_note(notes.sign(text, NAME, SEED), key()) == text


def test_a_verifier_key_says_its_name_and_id():
    name, identity, encoded = key().split("+", 2)
    assert (name, len(identity)) == (NAME, 8)
    assert base64.b64decode(encoded)[:1] == b"\x01"


def test_every_changed_character_is_found():
    note = notes.sign("ref R1\ndue 2026-05-06\n", NAME, SEED)
    for place, letter in enumerate(note):
        changed = note[:place] + ("x" if letter != "x" else "y") + note[place + 1 :]
        with pytest.raises(BadNote):
            notes.read_note(changed, key())


def test_another_key_of_the_same_name_is_refused():
    other = notes.sign("ref R1\n", NAME, bytes(32))
    with pytest.raises(BadNote, match="no signature by"):
        notes.read_note(other, key())
    forged = other.replace(other.split(" ")[-1], notes.sign("ref R2\n", NAME, SEED).split(" ")[-1])
    with pytest.raises(BadNote, match="does not hold"):
        notes.read_note(forged, key())


def test_signatures_of_others_are_passed_over():
    mine, theirs = notes.sign("ref R1\n", NAME, SEED), notes.sign("ref R1\n", "witness", bytes(32))
    both = mine + theirs.rpartition("\n\n")[2]
    assert notes.read_note(both, key()) == "ref R1\n"
    assert notes.read_note(theirs + mine.rpartition("\n\n")[2], key()) == "ref R1\n"


@pytest.mark.parametrize(
    "note",
    [
        "",
        "ref R1\n",
        "ref R1\n\n",
        "ref R1\n\nno signature\n",
        f"ref R1\n\n— {NAME}\n",
        f"ref R1\n\n— {NAME} !!!\n",
        f"ref R1\n\n— {NAME} AAAA\n",
        f"ref R1\n\n- {NAME} AAAA\n",
        notes.sign("ref R1\n", NAME, SEED)[:-1],
        notes.sign("ref R1\n", NAME, SEED).replace("\n", "\r\n"),
        notes.sign("ref R1\n", NAME, SEED) + "\n",
    ],
)
def test_what_is_no_signed_note_is_refused(note):
    with pytest.raises(BadNote):
        notes.read_note(note, key())


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "name",
        "name+00000000+",
        "name+00000000+!!!",
        "name+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "short+4ba0b1c2+ATEyMw==",
    ],
)
def test_a_key_that_does_not_fit_is_refused(wrong):
    with pytest.raises(BadNote):
        notes.read_note(GO_NOTE, wrong)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("no newline", NAME),
        ("tab\tin it\n", NAME),
        ("nul\x00\n", NAME),
        ("a\n", "two words"),
        ("a\n", "a+b"),
        ("a\n", ""),
    ],
)
def test_what_cannot_be_a_note_is_not_signed(text, name):
    with pytest.raises(ValueError, match=r"note|key"):
        notes.sign(text, name, SEED)


# ---- what the specification says of many signatures

# The examples of C2SP signed-note.
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72"
    "IneyaQM=\n"
)


def signed(*seeds: bytes) -> notes.Note:
    made = [notes.signature("a\n", f"key{seed[0]}", seed) for seed in seeds]
    return notes.Note("a\n", tuple(made))


def known(seed: bytes) -> Key:
    return Key(f"key{seed[0]}", notes.ED25519, notes.public_of(seed))


ONE, TWO, THREE = (bytes([n]) * 32 for n in (1, 2, 3))


def test_the_example_of_the_specification_holds():
    assert notes.read_note(SPEC_NOTE, SPEC_KEY) == "This is an example message.\n"
    assert str(notes.parse_key(SPEC_KEY)) == SPEC_KEY
    assert str(notes.parse(SPEC_NOTE)) == SPEC_NOTE


def test_of_many_signatures_the_known_ones_are_told():
    note = signed(ONE, TWO, THREE)
    assert notes.check(note, [known(THREE), known(ONE), known(bytes(32))]) == [known(THREE), known(ONE)]


def test_one_signature_of_a_known_key_that_does_not_hold_spoils_the_note():
    good = signed(ONE, TWO)
    bad = notes.Signature("key1", known(ONE).id, bytes(64))
    for spoilt in (good.signed_also([bad]), notes.Note("a\n", (bad, *good.signatures))):
        with pytest.raises(BadNote, match="does not hold"):
            notes.check(spoilt, [known(ONE), known(TWO)])
        assert notes.check(spoilt, [known(TWO)]) == [known(TWO)]


@pytest.mark.parametrize(
    "stranger",
    [
        notes.Signature("key1", b"\0\0\0\0", bytes(64)),  # the name of a known key, another id
        notes.Signature("other", known(ONE).id, bytes(64)),  # its id, another name
        notes.Signature("other", b"\0\0\0\0", bytes(3000)),  # of a type that nobody here knows
        notes.Signature("other", b"\0\0\0\0", b"x"),
    ],
)
def test_whoever_is_not_known_by_name_and_id_together_is_passed_over(stranger):
    note = notes.parse(str(signed(ONE).signed_also([stranger])))
    assert notes.check(note, [known(ONE)]) == [known(ONE)]
    with pytest.raises(BadNote, match="no signature"):
        notes.check(notes.Note("a\n", (stranger,)), [known(ONE)])


def test_the_same_signature_twice_counts_once():
    note = signed(ONE)
    assert notes.check(notes.Note("a\n", note.signatures * 2), [known(ONE)]) == [known(ONE)]
    assert note.signed_also(note.signatures) == note


def test_sixty_four_signatures_are_read_and_not_one_more():
    line = str(signed(ONE).signatures[0])
    assert len(notes.parse(f"a\n\n{line * 64}").signatures) == 64
    with pytest.raises(BadNote, match="64"):
        notes.parse(f"a\n\n{line * 65}")


def test_a_note_of_a_million_characters_is_not_read():
    with pytest.raises(BadNote, match="longer"):
        notes.parse("a" * notes.LARGEST + str(signed(ONE)))


@pytest.mark.parametrize(
    "line",
    [
        "— key1 AAAAAAAA ",
        "— key1 AAAAAAAA x",
        "—  AAAAAAAA",
        "— a+b AAAAAAAA",
        "— a\u2003b AAAAAAAA",  # a space of another script
        "—key1 AAAAAAAA",
        "- key1 AAAAAAAA",
        "— key1 AAAAAAA",
        "— key1 AAAAAB==",  # bits that stand for nothing
        "— key1 AAAA\tAAAA",
        "— key1 AAAAAA==",  # an id and no signature
        "— key1 ____AAAA",
        "",
        "— key1 AAAAAAAA\r",
        "— key\ud8001 AAAAAAAA",
    ],
)
def test_a_malformed_line_spoils_the_note(line):
    with pytest.raises(BadNote):
        notes.parse(f"{signed(ONE)}{line}\n")


# Letters that mean something in a note, and some that must not stand there.
ODD = "a—+ \n=AZ/é音\u2003"
TEXTS = st.text(st.sampled_from(ODD)).map(lambda text: f"{text}\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4).map("".join))
def test_whatever_text_was_signed_comes_back(text):
    assert notes.parse(notes.sign(text, NAME, SEED)).text == text


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from(ODD + "\t\r\x00\ud800")))
def test_whatever_comes_in_is_read_or_refused(anything):
    for text in (anything, f"a\n\n{anything}\n", f"a\n\n— {anything} AAAAAAAA\n"):
        with suppress(BadNote):
            assert str(notes.parse(text)) == text
