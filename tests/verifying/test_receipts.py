"""A receipt alone, with its proof, and held against the log that owes its entry."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from huiyin.core import ledger, notes, receipts
from tests.verifying.conftest import Verify
from tests.verifying.made_log import LOG, ORIGIN, RECEIPT, TIME, WITHIN, WITNESSES, MadeLog, public_of


@pytest.fixture
def held(tmp_path: Path) -> Path:
    return tmp_path / "receipt"


@pytest.fixture
def kept(made: MadeLog, held: Path) -> Path:
    """A receipt whose entry came into the log in time."""
    held.write_text(made.receipt(), encoding="utf-8")
    made.add([public_of(held.read_text(encoding="utf-8"))])
    return held


def test_the_log_key_is_enough(verify: Verify, kept: Path):
    done = verify(kept)
    assert done.code == 0
    assert (
        f"{ORIGIN} acknowledged petition HY-2026-TEST at 2026-03-03T02:10:00Z (UTC), at the body zj"
        in done.out
    )
    assert "The log key vouches for the key that signed this receipt" in done.out
    assert "by 2026-03-03T03:10:00Z (UTC)" in done.out
    assert "that the entry stands in the public log; to see whether it does" in done.out
    assert done.told["receipt"]["certified"] is True


def test_so_is_the_receipt_key_which_vouches_for_itself(verify: Verify, kept: Path):
    done = verify(kept, keys=[RECEIPT.key])
    assert (done.code, done.told["receipt"]["certified"]) == (0, False)
    assert "vouches" not in done.out


@pytest.mark.parametrize("key", [TIME.key, WITNESSES[0].key, notes.Key("other.example", 1, bytes(32))])
def test_any_other_key_is_not(key: notes.Key, verify: Verify, kept: Path):
    assert verify(kept, keys=[key]).findings == [("bad-receipt", "")]


def test_a_receipt_without_a_certificate_needs_the_receipt_key(verify: Verify, made: MadeLog, held: Path):
    text = notes.parse(made.receipt()).text
    bare = "".join(f"{line}\n" for line in text.splitlines() if not line.startswith("certificate "))
    held.write_text(notes.sign(bare, RECEIPT.name, RECEIPT.seed), encoding="utf-8")
    assert "it carries no certificate" in verify(held).err
    assert verify(held, keys=[RECEIPT.key]).code == 0


def test_a_certificate_for_another_receipt_key_vouches_for_nobody(verify: Verify, made: MadeLog, held: Path):
    text = notes.parse(made.receipt()).text
    held.write_text(notes.sign(text, RECEIPT.name, bytes(32)), encoding="utf-8")
    assert verify(held).findings == [("bad-receipt", "")]


def test_it_is_found_in_the_log(verify: Verify, made: MadeLog, kept: Path, folder: Path, policy: Path):
    made.lodge(3)
    made.write(folder, witnesses=WITNESSES)
    number = len(made.leaves) - 4
    for words in (["--log", folder], ["--log", folder, "--policy", policy]):
        done = verify(kept, *words)
        assert (done.code, done.told["log"]["number"]) == (0, number)
    assert f"stands in the public log as number {number}" in done.out
    assert "The witness north saw that head" in done.out
    walked = verify(folder, "--receipt", kept)
    assert walked.told["receipts"] == {str(kept): number}


def test_until_the_promised_time_nothing_is_broken(verify: Verify, made: MadeLog, held: Path, folder: Path):
    held.write_text(made.receipt(made.now), encoding="utf-8")
    made.now += timedelta(seconds=WITHIN - 60)
    made.lodge(1)
    made.write(folder)
    done = verify(held, "--log", folder)
    assert done.code == 0
    assert "the promised time has not come" in done.out
    assert verify(folder, "--receipt", held).code == 0


def test_a_log_that_cannot_be_believed_proves_nothing_of_the_receipt(
    verify: Verify, made: MadeLog, kept: Path, folder: Path
):
    made.write(folder)
    (folder / "tile/0/001").unlink(missing_ok=True)
    tile = next((folder / "tile/0").rglob("002.p/*"))
    tile.write_bytes(bytes(len(tile.read_bytes())))
    assert verify(kept, "--log", folder).findings == [("bad-tile", str(folder))]
    (folder / "checkpoint").unlink()
    assert verify(kept, "--log", folder).findings == [("missing", str(folder))]


def test_the_log_needs_the_log_key(verify: Verify, made: MadeLog, kept: Path, folder: Path):
    made.write(folder)
    assert verify(kept, "--log", folder, keys=[RECEIPT.key]).code == 2
    assert verify(folder, keys=[RECEIPT.key]).code == 4


# ---- with its proof


@pytest.fixture
def upgraded(made: MadeLog, kept: Path, tmp_path: Path) -> Path:
    path = tmp_path / "proof"
    receipt = kept.read_text(encoding="utf-8")
    path.write_text(made.proof(len(made.leaves) - 1, receipt, WITNESSES), encoding="utf-8")
    return path


def test_a_proof_shows_offline_that_it_stands_in_the_log(verify: Verify, upgraded: Path, policy: Path):
    done = verify(upgraded)
    assert done.code == 0
    assert "signed at 2026-03-03T02:11:00Z" in done.out
    assert "that others see the same log" in done.out
    done = verify(upgraded, "--policy", policy)
    assert done.out.count("saw that head") == 2
    assert "that others see the same log" not in done.out


def test_a_proof_of_another_entry_is_none(verify: Verify, made: MadeLog, kept: Path, upgraded: Path):
    upgraded.write_text(made.proof(3, kept.read_text(encoding="utf-8")), encoding="utf-8")
    assert "leads to another root" in verify(upgraded).err
    upgraded.write_text(made.proof(3), encoding="utf-8")
    assert "the proof carries no receipt" in verify(upgraded).err


def test_the_head_of_a_proof_must_be_one_of_the_log(
    verify: Verify, made: MadeLog, upgraded: Path, folder: Path
):
    made.write(folder)
    assert verify(folder, "--receipt", upgraded).code == 0
    other = MadeLog([b"x", *made.leaves[1:]], list(made.heads), made.now)
    upgraded.write_text(other.proof(len(made.leaves) - 1, _extra(upgraded)), encoding="utf-8")
    assert verify(folder, "--receipt", upgraded).findings == [("split", str(upgraded))]


def _extra(path: Path) -> str:
    line = path.read_text(encoding="utf-8").splitlines()[1]
    return base64.b64decode(line.removeprefix("extra ")).decode()


# ---- of whoever signed with others


def test_the_receipt_of_a_signature(verify: Verify, made: MadeLog, kept: Path, folder: Path, tmp_path: Path):
    made.write(folder)
    path = tmp_path / "signed"
    path.write_text(_signed(made, kept), encoding="utf-8")
    done = verify(path)
    assert done.code == 0
    assert "acknowledged a signature under petition HY-2026-TEST on 2026-03-03" in done.out
    assert "who signed;" in done.out
    assert verify(path, "--log", folder).told["log"]["number"] == len(made.leaves) - 1


def _signed(made: MadeLog, receipt: Path) -> str:
    read = receipts.parse(notes.parse(receipt.read_text(encoding="utf-8")).text)
    lines = [
        ledger.SIGNERS_RECEIPT,
        f"origin {ORIGIN}",
        "ref HY-2026-TEST",
        "signed_on 2026-03-03",
        f"entry {read.digest}",
        f"content_sha256 {read.content}",
        f"certificate {base64.b64encode(made.certificate().encode()).decode()}",
    ]
    return notes.sign("\n".join(lines) + "\n", RECEIPT.name, RECEIPT.seed)


@pytest.mark.parametrize(
    "name", ["origin", "ref", "recorded_at", "body", "clock", "entry", "salt", "opening"]
)
def test_a_receipt_that_lacks_a_line_is_none(name: str, made: MadeLog):
    lines = notes.parse(made.receipt()).text.splitlines()
    with pytest.raises(receipts.BadReceipt):
        receipts.parse("".join(f"{line}\n" for line in lines if not line.startswith(f"{name} ")))


def test_a_line_that_is_there_twice_is_refused(made: MadeLog):
    text = notes.parse(made.receipt()).text
    with pytest.raises(receipts.BadReceipt, match="body twice"):
        receipts.parse(text + "body jt\n")


@pytest.mark.parametrize("name", ["key", "a+b"])
def test_the_key_may_lie_in_a_file(name: str, verify: Verify, kept: Path, tmp_path: Path):
    path = tmp_path / name
    path.write_text(f"# ours\n{LOG.key}\n", encoding="utf-8")
    assert verify(kept, keys=[path]).code == 0
    assert verify(kept, keys=["n" * 5000]).code == 4
