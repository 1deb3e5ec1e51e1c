"""Machines die under those who file, one after the other: nothing is lost, doubled or said wrongly.

The trial is a command of its own, which anybody can run (`python -m bench.failover`); here it is held to what
it says. It takes a quarter of an hour and wants the machine to itself: `make test-failover`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.failover import cluster
from bench.failover.__main__ import HARMS, is_well
from tests.api.server import HOUSE

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the trial kept."""
    if lacks := cluster.missing():
        if os.environ.get("HUIYIN_REQUIRE_ALL") == "1":
            pytest.fail(f"not here: {', '.join(lacks)}")
        pytest.skip(f"left out, not here: {', '.join(lacks)}")
    output = tmp_path_factory.mktemp("failover") / "output"  # kept where a test failed
    with output.open("w") as file:
        done = subprocess.run(
            [sys.executable, "-m", "bench.failover"], cwd=HOUSE, stdout=file, stderr=file, check=False
        )
    said = output.read_text(encoding="utf-8")
    kept = [line.split()[2].rstrip(",") for line in said.splitlines() if line.startswith("kept in ")]
    assert kept, f"it ended with {done.returncode}: {said[-3000:]}"
    return json.loads(Path(kept[0]).read_text(encoding="utf-8"))


def test_every_harm_was_done(made: Any) -> None:
    left_out = set(made["left_out"])
    assert left_out <= {"disk full"}
    assert len(made["harms"]) == len(HARMS) - len(left_out)
    if os.environ.get("HUIYIN_REQUIRE_ALL") == "1" and os.geteuid() == 0:
        assert not left_out


def test_what_was_acknowledged_is_there_once_and_proved(made: Any) -> None:
    end = made["end"]
    assert end["lost"] == end["doubled"] == 0
    assert end["acknowledged"] == end["sent"] == end["on_record"] == end["receipts_that_hold"]
    assert [(each["lost"], each["doubled"]) for each in made["harms"]] == [(0, 0)] * len(made["harms"])


def test_the_harms_did_harm(made: Any) -> None:
    """A trial in which nobody noticed anything would show nothing."""
    told = {each["name"]: each for each in made["harms"]}
    for name in ("server killed", "machine killed", "cut off"):
        assert told[name]["told_503"] > 0
        assert told[name]["retried"] > 0


def test_every_answer_was_honest_and_the_log_did_not_fork(made: Any) -> None:
    assert made["end"]["wrong_answers"] == {}
    assert made["end"]["commands"] == {"huiyin verify RECEIPT": 0, "huiyin verify LOG": 0, "huiyin check": 0}
    assert made["end"]["heads_seen"] > 1
    assert is_well(made)
