"""The clerk and the courier as an operator starts them: they say that they live, and end when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

HOUSE = Path(__file__).resolve().parents[2]
HUIYIN = (sys.executable, "-c", "from huiyin.doors.cli import main; main()")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The surroundings of an operator's shell: nothing of what the tests have set up for themselves."""
    ours = {"HUIYIN_DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    shell = {name: value for name, value in os.environ.items() if name not in ours}
    return shell | {"HUIYIN_DATA_DIR": str(tmp_path), "HUIYIN_ZONE": "all", "LANG": "C"}


@pytest.mark.parametrize("word", ["clerk", "courier"])
def test_it_says_that_it_lives_and_ends_when_told_to(word: str, env: dict[str, str]) -> None:
    made = [*HUIYIN, "setup"]
    subprocess.run(made, cwd=HOUSE, env=env, check=True, capture_output=True, timeout=120)
    with subprocess.Popen(
        [*HUIYIN, word], cwd=HOUSE, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            # The test's own timeout ends a process that never speaks.
            alive = next(line for line in process.stdout if "nothing to do" in line)
            process.send_signal(signal.SIGTERM)
            rest, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert f"huiyin.{word}" in alive
    assert process.returncode == 0, rest
    assert "stopped" in rest
