"""What two installations say to one another: an envelope proves from whom, for whom and what."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from huiyin.core import certificate, handover, notes
from huiyin.core.certificate import Certificate
from huiyin.core.handover import BadMessage, Card, Envelope, read_card

LOG, RECEIPT, OTHER = (bytes([n]) * 32 for n in (1, 2, 3))
HERE, THERE = "a.example.test", "b.example.test"
SEALED = b"closed for b"
KEY = notes.Key(HERE, notes.ED25519, notes.public_of(LOG))


def word(seed: bytes = LOG, since: int = 2026) -> str:
    made = Certificate(
        HERE,
        notes.verifier_key(f"{HERE}/receipt", notes.public_of(RECEIPT)),
        str(notes.Key(f"{HERE}/time", notes.COSIGNATURE, notes.public_of(OTHER))),
        86_400,
        20,
        datetime(since, 1, 1, tzinfo=UTC),
        datetime(since + 1, 1, 1, tzinfo=UTC),
    )
    return notes.sign(made.text, HERE, seed)


def envelope(**changes: object) -> Envelope:
    made = Envelope(
        HERE,
        THERE,
        "0b0e7f3e-8f6c-4d0e-9d7e-2f6d0a1b2c3d",
        1,
        handover.OFFER,
        "2026-03-02T02:00:00Z",
        hashlib.sha256(SEALED).hexdigest(),
        word(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def signed(made: Envelope, seed: bytes = RECEIPT) -> str:
    return notes.sign(made.text, f"{HERE}/receipt", seed)


def why(note: str, sealed: bytes = SEALED, receiver: str = THERE) -> str:
    try:
        handover.opened(note, sealed, KEY, receiver)
    except BadMessage as error:
        return str(error)
    return ""


def test_an_envelope_is_read_as_it_was_written():
    made = envelope()
    assert handover.opened(signed(made), SEALED, KEY, THERE) == made
    assert handover.unpacked(handover.packed(signed(made), SEALED)) == (signed(made), SEALED)
    assert handover.sender_of(signed(made)) == HERE


def test_nothing_is_taken_for_what_it_is_not():
    assert why(signed(envelope()), receiver="c.example.test") == "addressee"
    assert why(signed(envelope()), b"something else") == "digest"
    assert why(signed(envelope(), OTHER)) == "signature"
    assert why(signed(envelope(certificate=word(OTHER)))) == "signature"
    assert why(signed(envelope(certificate=word(since=2020)))) == "certificate"
    assert why(signed(envelope()).replace("seq 1", "seq 2")) == "signature"
    assert why(signed(envelope(kind="gossip"))) == "form"
    assert why(signed(envelope(seq=0))) == "form"
    assert why("hello\n\n— x AAAAAAAA\n") == "form"


@pytest.mark.parametrize("message", [b"", b"no zero byte", b"\xff\xfe\0x"])
def test_what_is_no_message_is_told(message: bytes):
    with pytest.raises(BadMessage, match="form"):
        handover.unpacked(message)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff"])
def test_what_says_nothing_is_told(content: bytes):
    with pytest.raises(BadMessage, match="content"):
        handover.read(content)


def test_a_card_is_read_as_it_was_written():
    card = Card(HERE, "https://a.example.test", str(KEY), "ab" * 32)
    assert read_card(card.text) == card
    assert read_card(f"\r\n{card.text.replace(chr(10), chr(13) + chr(10))} ") == card


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("huiyin-partner/1", "hello", "card"),
        ("url https", "url ftp", "url"),
        ("log a.", "log b.", "log"),
        ("abab", "xyxy", "box"),
        ("box ", "bag ", "card"),
    ],
)
def test_a_damaged_card_says_what_is_damaged(old: str, new: str, said: str):
    text = Card(HERE, "https://a.example.test", str(KEY), "ab" * 32).text
    with pytest.raises(BadMessage, match=said):
        read_card(text.replace(old, new, 1))


def test_the_vouching_note_is_one():
    assert certificate.read(notes.parse(word()).text).origin == HERE
