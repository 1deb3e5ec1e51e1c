"""Frozen formats: entry bytes, commitments and signed notes are held to the byte."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from nacl.signing import SigningKey

from huiyin.core import ledger
from huiyin.core.ledger import BadNote, Entry

SALT = bytes(range(32))
SEED = bytes(range(32, 64))
NAME = "petitions.example/log"
BEIJING = timezone(timedelta(hours=8))
RECORDED = datetime(2026, 11, 22, 16, 0, 0, tzinfo=BEIJING)

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


# ---- entries, version 1: these bytes may never change

# openssl dgst -sha256 over the tag, the bytes 0 to 31 and the JSON below.
COMMITMENT = b"oy1k4oUyaAVs6rL3dx8nIEk5AxSl3ddMhap7b+ad/6g="


def test_the_bytes_of_an_entry_are_frozen():
    entry = Entry(RECORDED, ledger.commit({"event": "lodged", "ref": "R1"}, SALT))
    assert entry.to_bytes() == (
        b"huiyin-entry/1\n"
        b"recorded_at 2026-11-22T08:00:00Z\n"
        b"commitment " + COMMITMENT + b"\n"
    )  # fmt: skip


def test_an_imported_entry_also_says_what_its_source_claims():
    claimed = datetime(2016, 3, 1, 0, 0, 0, 999_999, tzinfo=BEIJING)
    entry = Entry(RECORDED, "c2FsdGVk", claimed)
    assert entry.to_bytes() == (
        b"huiyin-entry/1\n"
        b"recorded_at 2026-11-22T08:00:00Z\n"
        b"claimed_at 2016-02-29T16:00:00Z\n"
        b"commitment c2FsdGVk\n"
    )


def test_a_commitment_is_frozen_and_tells_nothing_without_its_salt():
    opening = {"event": "lodged", "ref": "R1"}
    assert ledger.commit(opening, SALT).encode() == COMMITMENT
    assert ledger.commit({"ref": "R1", "event": "lodged"}, SALT) == ledger.commit(opening, SALT)
    assert ledger.commit(opening, bytes(32)) != ledger.commit(opening, SALT)
    assert ledger.commit({**opening, "ref": "R2"}, SALT) != ledger.commit(opening, SALT)


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_has_its_length(salt):
    with pytest.raises(ValueError, match="32 bytes"):
        ledger.commit({}, salt)


def test_canonical_json_is_one_and_plain():
    assert ledger.canonical({"b": [1, True, None], "a": "回音 é\n"}) == (
        '{"a":"回音 é\\n","b":[1,true,null]}'.encode()
    )


def test_a_moment_without_a_zone_goes_on_no_record():
    assert ledger.second(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"
    with pytest.raises(ValueError, match="time zone"):
        ledger.second(datetime(2026, 1, 1))


# ---- signed notes


def key() -> str:
    return ledger.verifier_key(NAME, bytes(SigningKey(SEED).verify_key))


def test_reads_and_makes_the_notes_of_the_go_checksum_database():
    assert ledger.read_note(GO_NOTE, GO_KEY) == GO_TEXT
    seed = base64.b64decode(GO_PRIVATE)[1:]  # after the byte that says Ed25519
    assert ledger.sign(GO_TEXT, "PeterNeumann", seed) == GO_NOTE


def test_a_note_comes_back_as_it_was_signed():
    for text in ("huiyin-receipt/1\nref R1\n", "\n", "回音\n\n\n两行\n"):
        assert ledger.read_note(ledger.sign(text, NAME, SEED), key()) == text


def test_a_verifier_key_says_its_name_and_id():
    name, identity, encoded = key().split("+", 2)
    assert (name, len(identity)) == (NAME, 8)
    assert base64.b64decode(encoded)[:1] == b"\x01"


def test_every_changed_character_is_found():
    note = ledger.sign("ref R1\ndue 2026-05-06\n", NAME, SEED)
    for place, letter in enumerate(note):
        changed = note[:place] + ("x" if letter != "x" else "y") + note[place + 1 :]
        with pytest.raises(BadNote):
            ledger.read_note(changed, key())


def test_another_key_of_the_same_name_is_refused():
    other = ledger.sign("ref R1\n", NAME, bytes(32))
    with pytest.raises(BadNote, match="no signature by"):
        ledger.read_note(other, key())
    forged = other.replace(other.split(" ")[-1], ledger.sign("ref R2\n", NAME, SEED).split(" ")[-1])
    with pytest.raises(BadNote, match="does not hold"):
        ledger.read_note(forged, key())


def test_signatures_of_others_are_passed_over():
    mine, theirs = ledger.sign("ref R1\n", NAME, SEED), ledger.sign("ref R1\n", "witness", bytes(32))
    both = mine + theirs.rpartition("\n\n")[2]
    assert ledger.read_note(both, key()) == "ref R1\n"
    assert ledger.read_note(theirs + mine.rpartition("\n\n")[2], key()) == "ref R1\n"


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
        ledger.sign("ref R1\n", NAME, SEED)[:-1],
        ledger.sign("ref R1\n", NAME, SEED).replace("\n", "\r\n"),
        ledger.sign("ref R1\n", NAME, SEED) + "\n",
    ],
)
def test_what_is_no_signed_note_is_refused(note):
    with pytest.raises(BadNote):
        ledger.read_note(note, key())


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
        ledger.verifier_key("short", b"123"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(wrong):
    with pytest.raises(BadNote):
        ledger.read_note(GO_NOTE, wrong)


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
        ledger.sign(text, name, SEED)
