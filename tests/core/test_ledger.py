"""Frozen formats: entry bytes and commitments are held to the byte."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from huiyin.core import ledger
from huiyin.core.ledger import Entry

SALT = bytes(range(32))
BEIJING = timezone(timedelta(hours=8))
RECORDED = datetime(2026, 11, 22, 16, 0, 0, tzinfo=BEIJING)


# ---- entries, version 2: these bytes may never change

# openssl dgst -sha256 over the tag, the bytes 0 to 31 and the JSON below.
COMMITMENT = b"Wl5M5Vnp3nCY9pN2P4GJ4Y6InMVLnd96SGzzZlWdXtY="


def test_the_bytes_of_an_entry_are_frozen():
    entry = Entry(RECORDED, ledger.commit({"event": "lodged", "ref": "R1"}, SALT))
    assert entry.to_bytes() == (
        b"huiyin-entry/2\n"
        b"recorded_at 2026-11-22T08:00Z\n"
        b"commitment " + COMMITMENT + b"\n"
    )  # fmt: skip


def test_an_imported_entry_also_says_what_its_source_claims():
    claimed = datetime(2016, 3, 1, 0, 0, 0, 999_999, tzinfo=BEIJING)
    entry = Entry(RECORDED, "c2FsdGVk", claimed)
    assert entry.to_bytes() == (
        b"huiyin-entry/2\nrecorded_at 2026-11-22T08:00Z\nclaimed_at 2016-02-29T16:00Z\ncommitment c2FsdGVk\n"
    )


def test_an_entry_is_read_back_and_nothing_else_is():
    entry = Entry(RECORDED, COMMITMENT.decode(), RECORDED - timedelta(days=3))
    assert ledger.read_entry(entry.to_bytes()) == entry
    good = entry.to_bytes()
    for changed in (
        good.replace(b"/2", b"/1"),
        good.replace(b":00Z", b":00:00Z"),
        good.replace(b"recorded_at", b"body zj\nrecorded_at"),
        good[:-1],
        good + b"\n",
        good.replace(b"commitment ", b"commitment !"),
        b"",
        "回音".encode(),
    ):
        with pytest.raises(ledger.BadEntry):
            ledger.read_entry(changed)


def test_two_entries_of_one_minute_do_not_tell_which_came_first():
    assert Entry(RECORDED, "x").to_bytes() == Entry(RECORDED + timedelta(seconds=59), "x").to_bytes()


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
