"""`huiyin open-data`: writes a month, and finds what a package leaves out or changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huiyin.doors.cli import house
from tests.verifying.made_log import honest


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, bodies: Any) -> None:
    monkeypatch.setattr(house, "open_house", lambda: None)
    settings.LOG_DIR = honest().write(tmp_path / "log")


def test_it_writes_a_month_that_is_whole(run: Callable[..., Any], tmp_path: Path) -> None:
    done = run("open-data", "2026-01", "--to", tmp_path / "made")
    assert done.exit_code == 0, done.output
    written = {path.name for path in (tmp_path / "made").iterdir()}
    assert {"terms.csv", "terms.json", "terms.parquet", "datapackage.json", "checkpoint.txt"} <= written
    checked = run("open-data", "2026-01", "--check", tmp_path / "made")
    assert (checked.exit_code, "none is missing" in checked.output) == (0, True), checked.output


def test_a_row_that_was_left_out_or_changed_is_named(run: Callable[..., Any], tmp_path: Path) -> None:
    run("open-data", "2026-01", "--to", tmp_path / "made")
    path = tmp_path / "made" / "terms.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    left_out = run("open-data", "2026-01", "--check", tmp_path / "made")
    assert (left_out.exit_code, "missing: 2026-01" in left_out.output) == (1, True), left_out.output


def test_a_package_of_another_log_is_not_believed(run: Callable[..., Any], tmp_path: Path) -> None:
    run("open-data", "2026-01", "--to", tmp_path / "made")
    path = tmp_path / "made" / "datapackage.json"
    package = json.loads(path.read_bytes())
    package["log"]["root"] = "A" * 43 + "="
    path.write_text(json.dumps(package), encoding="utf-8")
    other = run("open-data", "2026-01", "--check", tmp_path / "made")
    assert (other.exit_code, "another log" in other.output) == (1, True), other.output
    assert run("open-data", "2026-01", "--check", tmp_path / "nowhere").exit_code == 1


def test_what_cannot_be_is_refused_with_what_to_do(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("open-data", "last-month").exit_code == 2
    assert run("open-data", "2031-01", "--to", tmp_path).exit_code == 1
