"""The keys of log and receipts are changed; what was signed before still holds."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.clerk import publishing
from huiyin.core import certificate as words
from huiyin.core import notes
from huiyin.registry import logfiles
from huiyin.vault import certificate, keys
from tests.cast import NOW, lodge

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keys of its own for each test: the others go on with theirs."""
    old = settings.DATA_DIR
    settings.DATA_DIR = tmp_path
    keys.make_missing()
    certificate.renew(NOW)
    yield
    settings.DATA_DIR = old


def certified(receipt: str) -> words.Certificate:
    line = next(line for line in receipt.splitlines() if line.startswith("certificate "))
    note = base64.b64decode(line.removeprefix("certificate ")).decode()
    return words.read(notes.parse(note).text)


def head() -> notes.Note:
    return notes.parse((logfiles.read(logfiles.CHECKPOINT) or b"").decode())


def test_an_old_log_key_signs_beside_the_new_one_until_it_is_destroyed() -> None:
    lodge()
    publishing.publish(NOW)
    old = notes.parse_key(certificate.log_key())
    keys.change(keys.LOG)
    certificate.renew(NOW)
    new = notes.parse_key(certificate.log_key())
    assert old != new
    publishing.publish(NOW + timedelta(minutes=1))
    assert head().by(old)
    assert head().by(new)
    for pair in keys.retired_pairs(keys.LOG):
        keys.destroy(keys.LOG, pair)
    lodge()
    publishing.publish(NOW + timedelta(minutes=2))
    assert not head().by(old)
    assert head().by(new)
    assert logfiles.read(logfiles.KEY) == f"{new}\n".encode()


def test_a_changed_receipt_key_is_certified_and_older_receipts_still_hold() -> None:
    before = lodge().receipt
    keys.change(keys.RECEIPT)
    certificate.renew(NOW)
    after = lodge().receipt
    assert certified(before).receipt_key != certified(after).receipt_key
    for receipt in (before, after):
        assert notes.read_note(receipt, certified(receipt).receipt_key)


def test_no_receipt_is_signed_by_a_key_that_is_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "A_MOMENT", 0.0)
    keys.change(keys.RECEIPT)
    with pytest.raises(keys.KeyRefused, match="another receipt key"):
        certificate.signing()


def test_a_certificate_is_renewed_before_it_ends_and_not_sooner() -> None:
    assert not certificate.renew(NOW + timedelta(days=300))
    assert certificate.renew(NOW + timedelta(days=340))
    known = certificate.known()
    assert known is not None
    assert known.covers(NOW + timedelta(days=600))


def test_the_process_that_only_files_holds_no_key_of_the_log(settings: Any) -> None:
    settings.ZONE = "public"
    for read in (keys.log_seed, keys.time_seed, keys.post_quantum_seed, keys.older_log_seeds):
        with pytest.raises(keys.KeyRefused):
            read()
    assert certificate.signing()
