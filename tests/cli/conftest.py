"""What the tests of the shell share: an English shell, and a registry that nobody has begun to use."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from huiyin.doors.cli.commands import huiyin

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell of a test speaks English, whatever the machine speaks."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def run() -> Run:
    """`run("load", path, …)`: the command in this process, with what it printed and how it ended."""

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(huiyin, [str(word) for word in words])

    return invoke


@pytest.fixture
def untouched(db: None, house_keys: None) -> None:
    """A registry with its keys, and nothing in it."""


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """`sheet(rows)`: a CSV of these rows, as a message board exports them."""

    def written(rows: Sequence[Mapping[str, str]], name: str = "board.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(as_csv(rows).encode(encoding))
        return path

    return written


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()
