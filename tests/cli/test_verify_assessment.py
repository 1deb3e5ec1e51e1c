"""`huiyin verify` of the file of a yearly assessment: what it proves, and what does not hold."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.registry import assessment_log
from tests.cast import Walk
from tests.clerk import logs
from tests.clerk.test_assessment_log import whole
from tests.cli.conftest import Run
from tests.registry.test_assessing import NEXT_YEAR, another

__all__ = ["another"]


@pytest.fixture
def file(walk: Walk, another: object, settings: Any, tmp_path: Path) -> Path:
    settings.LOG_DIR = tmp_path / "log"
    kept = whole(walk)
    logs.look(NEXT_YEAR + timedelta(hours=2))
    path = tmp_path / "assessment.json"
    path.write_text(str(assessment_log.proof(kept)), encoding="utf-8")
    return path


def test_it_proves_points_and_places(run: Run, file: Path) -> None:
    key = run("key")
    said = run("verify", str(file), "--key", key.stdout.strip(), "--json")
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert told["kind"] == "assessment"
    assert [step["step"] for step in told["assessment"]["steps"]] == ["issued", "objected", "decided"]
    assert len(told["proved"]) == 4


def test_what_was_changed_does_not_hold(run: Run, file: Path) -> None:
    key = run("key").stdout.strip()
    file.write_text(file.read_text("utf-8").replace("附件当天已补录", "没有异议"), "utf-8")
    said = run("verify", str(file), "--key", key)
    assert said.exit_code == 1
    assert "[assessment]" in said.output
    file.write_text('{"format": "huiyin-assessment/1"}', "utf-8")
    assert run("verify", str(file), "--key", key).exit_code == 1
