"""Killed anywhere, however often: no breach and no notice twice, none lost, and one log."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import prepared
from tests.api import server

pytestmark = pytest.mark.engine

HOUSE = Path(__file__).resolve().parents[2]
URL = "HUIYIN_DATABASE_URL"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The surroundings of an installation of its own, on the same kind of database."""
    prepared.fill(tmp_path)
    env = os.environ | {"HUIYIN_DATA_DIR": str(tmp_path), "HUIYIN_ZONE": "all"}
    with server.own_database(os.environ.get(URL, ""), tables=True) as url:
        yield env | {URL: url}


def killed(kills: int, env: dict[str, str]) -> Any:
    seed = secrets.randbelow(10**6)
    words = [sys.executable, "-m", "tests.clerk.killing", str(kills), str(seed)]
    done = subprocess.run(words, cwd=HOUSE, env=env, capture_output=True, text=True, check=False, timeout=840)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def check(told: Any, kills: int) -> None:
    assert told["broken"] == []
    assert told["log"]["forked"] == []
    assert told["log"]["numbered"], "each leaf has one number, and none is skipped"
    assert told["log"]["wrong"] == []
    assert told["log"]["heads"] > 1
    assert told["log"]["counts"] >= told["petitions"]
    assert told["twice"] == []
    # Whether each is counted as it stands is told by `huiyin check`, in the log's "wrong".
    assert told["on_boards"] == told["petitions"], "each is open, and stands on the boards once"
    assert told["breaches"] == told["petitions"]
    assert told["still_running"] == 0
    assert told["reminders"] == told["petitions"]
    assert told["authors"] == 2 * told["petitions"], "a receipt and a breach for each"
    assert told["unsent"] == 0
    digests = told["digests"]
    assert digests["written"] > 2, "each week has its own, to each who wants it"
    assert (digests["twice"], digests["unsent"], digests["lost"]) == (0, 0, 0)
    assert told["dispatched"] == told["authors"]
    # A message may go out twice, under the same Message-ID, only where a kill fell right behind its sending.
    assert told["copies"] <= kills
    assert told["messages"] >= told["by_mail"]
    # One at whose notice the courier died again and again is told on the page instead.
    assert told["by_mail"] + told["died_at"] >= told["authors"]


def test_killed_ten_times_nothing_is_done_twice_and_nothing_is_lost(elsewhere: dict[str, str]) -> None:
    check(killed(10, elsewhere), 10)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_killed_a_hundred_times_nothing_is_done_twice_and_nothing_is_lost(elsewhere: dict[str, str]) -> None:
    check(killed(100, elsewhere), 100)
