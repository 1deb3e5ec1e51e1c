"""`huiyin report`: the files of a year, of everything or of what one supervisor watches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huiyin.doors.cli import house
from tests.cast import lodge


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "open_house", lambda: None)


def test_it_writes_three_files_in_each_language(run: Callable[..., Any], cast: Any, tmp_path: Path) -> None:
    lodge()
    done = run("report", 2026, "--to", tmp_path / "new")
    assert done.exit_code == 0, done.output
    names = {
        f"huiyin-report-2026-{tongue}.{form}" for tongue in ("zh", "en") for form in ("html", "docx", "pdf")
    }
    assert {path.name for path in (tmp_path / "new").iterdir()} == names
    assert {Path(line).name for line in done.output.splitlines()} == names


def test_of_a_supervisor_in_one_language(run: Callable[..., Any], cast: Any, tmp_path: Path) -> None:
    done = run("report", 2026, "--to", tmp_path, "--language", "en", "--as", "sven")
    assert (done.exit_code, len(list(tmp_path.iterdir()))) == (0, 3), done.output


def test_what_cannot_be_is_refused_with_what_to_do(
    run: Callable[..., Any], cast: Any, tmp_path: Path
) -> None:
    assert run("report", 2999, "--to", tmp_path).exit_code == 2
    refused = run("report", 2026, "--to", tmp_path, "--as", "otto")
    assert (refused.exit_code, "supervises" in refused.output) == (3, True)
    (tmp_path / "file").write_text("x", encoding="ascii")
    blocked = run("report", 2026, "--to", tmp_path / "file" / "below")
    assert (blocked.exit_code, "cannot be written" in blocked.output) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
