"""The log of a house that works: what it publishes is what outsiders recompute, receipt by receipt."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.clerk import sweep
from huiyin.registry.file import Filed
from huiyin.registry.receipt import log_key
from huiyin.vault import certificate, keys
from tests.cast import NOW, Walk, lodge
from tests.clerk.logs import look
from tests.verifying.conftest import Verify
from tests.verifying.test_standalone import alone

APRIL = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
K = 20


@pytest.fixture
def log(cast: Any, settings: Any, tmp_path: Path) -> Path:
    settings.LOG_DIR = tmp_path / "log"
    return tmp_path / "log"


@pytest.fixture
def month(log: Path) -> list[Filed]:
    """A month at one office: some sent on, some forgotten; published that day, counted when it is over."""
    filed = [lodge() for _ in range(K)]
    for each in filed[:12]:
        walk = Walk(each)
        walk("register", "olga")
        walk("transfer", "olga", body="zj")
    look(NOW + timedelta(minutes=1))
    sweep.sweep(APRIL, {})
    look(APRIL)
    return filed


@pytest.fixture
def receipts(month: list[Filed], tmp_path: Path) -> list[str]:
    words = []
    for each in month:
        path = tmp_path / f"{each.ref}.txt"
        path.write_text(each.receipt, encoding="utf-8")
        words += ["--receipt", str(path)]
    return words


def test_all_of_it_holds_and_both_programs_come_to_the_same(log: Path, receipts: list[str], verify: Verify):
    done = verify(log, *receipts, keys=[log_key()])
    assert (done.code, done.findings) == (0, [])
    assert all(number is not None for number in done.told["receipts"].values())
    assert done.told["figures"] == json.loads((log / "figures.json").read_bytes())["cohorts"]
    assert sum(row["began"] for row in done.told["figures"]) >= K
    code, said = alone(log, log_key(), "--json")
    assert code == 0
    assert json.loads(said[-2]) == done.told["figures"]


def test_each_receipt_is_found_by_itself(log: Path, receipts: list[str], verify: Verify):
    done = verify(receipts[1], "--log", log, keys=[log_key()])
    assert done.code == 0
    assert "The entry stands in the public log as number" in done.out


def test_what_the_operator_keeps_back_is_proved_by_its_receipt(log: Path, verify: Verify, tmp_path: Path):
    """The entry is deleted by SQL before the clerk has numbered it; the receipt is out already."""
    from huiyin.registry.models import Entry

    kept_back, other = lodge(), lodge()
    Entry.objects.filter(petition__ref=kept_back.ref).delete()
    look(NOW + timedelta(days=2))
    path = tmp_path / "receipt"
    path.write_text(kept_back.receipt, encoding="utf-8")
    done = verify(path, "--log", log, keys=[log_key()])
    assert (done.code, done.findings) == (1, [("not-there", "")])
    path.write_text(other.receipt, encoding="utf-8")
    assert verify(path, "--log", log, keys=[log_key()]).findings == [("too-late", "")]


def test_a_clock_that_was_set_back_shows_as_late(log: Path, verify: Verify):
    """Lodged on a day that the operator would like to have been earlier: the head over it tells."""
    look(NOW)
    lodge(NOW - timedelta(days=30))
    look(NOW + timedelta(minutes=1))
    assert [what for what, _ in verify(log, keys=[log_key()]).findings] == ["late"]


def test_the_case_file_of_a_counted_petition_holds_with_the_log_key(
    month: list[Filed], verify: Verify, tmp_path: Path
):
    from huiyin.papers import case_file
    from huiyin.registry.models import Petition

    case = case_file.case_file(Petition.objects.get(ref=month[0].ref), APRIL, for_author=True)
    path = tmp_path / "case.zip"
    with case_file.bundle(case, {}) as packed:
        path.write_bytes(packed.read())
    done = verify(path, keys=[log_key()])
    assert (done.code, done.findings) == (0, [])
    assert done.told["case"]["counts"] >= 1
    assert "counts is true of a term that the entries tell of" in done.out
    assert (
        f"{done.told['case']['entries'] + done.told['case']['counts']} of these stand in the log" in done.out
    )


def test_a_log_whose_key_was_changed_is_walked_with_both_keys(
    log: Path, settings: Any, tmp_path: Path, verify: Verify
):
    old_folder, settings.DATA_DIR = settings.DATA_DIR, tmp_path
    try:
        keys.make_missing()
        certificate.renew(NOW)
        lodge()
        look(NOW + timedelta(minutes=1))
        old = log_key()
        keys.change(keys.LOG)
        certificate.renew(NOW)
        look(NOW + timedelta(days=3))
        lodge(NOW + timedelta(days=3))
        look(NOW + timedelta(days=3, minutes=1))
        assert verify(log, keys=[old, log_key()]).findings == []
        assert old != log_key()
    finally:
        settings.DATA_DIR = old_folder
