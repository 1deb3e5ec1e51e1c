"""What the tests of verifying share: an English shell, and logs that were made without a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from huiyin.doors.cli.commands import huiyin
from tests.verifying.made_log import LOG, POLICY, MadeLog, honest


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. findings: [code, where] of each."""

    code: int
    out: str
    err: str
    told: dict[str, Any]

    @property
    def findings(self) -> list[tuple[str, str]]:
        return [(each["what"], each["where"]) for each in self.told.get("findings", [])]


Verify = Callable[..., Ended]


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def verify() -> Verify:
    """`verify(target, …)`: `huiyin verify` with the log key, in words and for programs; both must agree."""

    def invoke(target: object, *words: object, keys: Sequence[object] = (LOG.key,)) -> Ended:
        typed = [word for key in keys for word in ("--key", str(key))]
        line = ["verify", str(target), *map(str, words), *typed]
        plain = CliRunner().invoke(huiyin, line)
        machine = CliRunner().invoke(huiyin, [*line, "--json"])
        assert plain.exit_code == machine.exit_code, (plain.output, machine.output)
        assert plain.exception is None or isinstance(plain.exception, SystemExit), plain.exception
        told = json.loads(machine.stdout) if machine.stdout else {}
        return Ended(plain.exit_code, plain.stdout, plain.stderr, told)

    return invoke


@pytest.fixture
def made() -> MadeLog:
    return honest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Both witnesses must have signed."""
    path = tmp_path / "policy"
    path.write_text(POLICY, encoding="utf-8")
    return path
