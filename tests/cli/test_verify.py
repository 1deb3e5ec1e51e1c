"""`huiyin verify` says what a receipt proves, with nothing but the key; `huiyin key` prints that key."""

from __future__ import annotations

from pathlib import Path

import pytest
from nacl.signing import SigningKey

from huiyin.core import notes
from huiyin.registry import joining
from huiyin.registry.file import Filed
from huiyin.registry.receipt import log_key, receipt_key
from huiyin.vault.seal import Author as Person
from tests.cast import NOW, lodge
from tests.cli.conftest import Run


@pytest.fixture
def receipt(lodged: Filed, tmp_path: Path) -> Path:
    path = tmp_path / "receipt.txt"
    path.write_text(lodged.receipt, encoding="utf-8")
    return path


def test_a_receipt_proves_what_was_acknowledged(run: Run, receipt: Path, lodged: Filed, tmp_path: Path):
    key = run("key").stdout.strip()
    assert key == log_key()
    done = run("verify", receipt, "--key", key)
    assert done.exit_code == 0
    assert f"acknowledged petition {lodged.ref} at 2026-03-02T02:00:00Z (UTC), at the body xf." in done.stdout
    assert "The clock sort (cn-2022 art. 22.1, 15 days) runs from 2026-03-02 Mon" in done.stdout
    assert "  that what was lodged is true;" in done.stdout.partition("It does not prove:")[2]
    assert "The log key vouches for the key that signed this receipt" in done.stdout
    assert "It promises that the entry stands in the public log by 2026-03-03T02:00:00Z" in done.stdout
    assert run("verify", receipt, "--key", receipt_key()).exit_code == 0
    (tmp_path / "key").write_text(key, encoding="utf-8")
    assert run("verify", receipt, "--key", tmp_path / "key").exit_code == 0


def test_a_receipt_of_a_signature_proves_the_signature_and_nobody(run: Run, cast: object, tmp_path: Path):
    joint = lodge(joint=True)
    signed = joining.join(joint.invitation, Person(name="李四"), NOW)
    assert isinstance(signed, joining.Joined)
    path = tmp_path / "signed.txt"
    path.write_text(signed.receipt, encoding="utf-8")
    done = run("verify", path, "--key", receipt_key())
    assert done.exit_code == 0
    assert f"a signature under petition {joint.ref} on 2026-03-02" in done.stdout
    assert "  who signed;" in done.stdout.partition("It does not prove:")[2]
    assert run("verify", path, "--key", log_key()).exit_code == 0
    path.write_text(signed.receipt.replace("2026-03-02", "2026-03-01"), encoding="utf-8")
    assert run("verify", path, "--key", receipt_key()).exit_code == 1


def test_line_ends_that_a_mail_program_changed_do_no_harm(run: Run, receipt: Path):
    receipt.write_bytes(receipt.read_bytes().replace(b"\n", b"\r\n"))
    assert run("verify", receipt, "--key", receipt_key()).exit_code == 0


def test_without_a_key_nothing_is_proved(run: Run, receipt: Path):
    done = run("verify", receipt)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "without a key nothing is proved" in done.stderr


def test_a_changed_receipt_does_not_hold(run: Run, receipt: Path):
    receipt.write_text(receipt.read_text(encoding="utf-8").replace("body xf", "body zj"), encoding="utf-8")
    done = run("verify", receipt, "--key", receipt_key())
    assert (done.exit_code, done.stdout) == (1, "")
    assert "the note was changed" in done.stderr


@pytest.mark.parametrize(
    "lines",
    [
        "something else\n",
        "huiyin-receipt/1\norigin o\n",
        "huiyin-receipt/1\nopening []\nsalt !\n",
    ],
)
def test_a_signature_over_something_else_is_no_receipt(lines: str, run: Run, tmp_path: Path):
    seed = bytes(32)
    key = notes.verifier_key("o/receipt", bytes(SigningKey(seed).verify_key))
    (tmp_path / "note").write_text(notes.sign(lines, "o/receipt", seed), encoding="utf-8")
    done = run("verify", tmp_path / "note", "--key", key)
    assert (done.exit_code, done.stdout) == (1, "")


def test_parts_that_do_not_fit_together_are_noticed(run: Run, receipt: Path, tmp_path: Path):
    text = receipt.read_text(encoding="utf-8").rpartition("\n\n")[0] + "\n"
    text = text.replace("recorded_at 2026-03-02", "recorded_at 2026-03-01")
    seed = bytes(32)
    key = notes.verifier_key("o/receipt", bytes(SigningKey(seed).verify_key))
    (tmp_path / "note").write_text(notes.sign(text, "o/receipt", seed), encoding="utf-8")
    assert "its parts do not fit together" in run("verify", tmp_path / "note", "--key", key).stderr


@pytest.mark.parametrize("key", ["nonsense", "a+b+c", ""])
def test_a_key_that_is_none_proves_nothing(key: str, run: Run, receipt: Path):
    assert run("verify", receipt, "--key", key).exit_code in {1, 4}


def test_a_file_that_is_not_there_is_wrong_usage(run: Run, tmp_path: Path):
    assert run("verify", tmp_path / "nothing", "--key", "k").exit_code == 2
