"""The checks that keep the core pure are themselves alive."""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


def lint(code: str, place: str) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--select=TID251", "--output-format=concise"]
    done = subprocess.run(
        [*command, "--stdin-filename", place, "-"],
        cwd=HOUSE,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\n\ndatetime.date.today()\n",
        "from datetime import datetime\n\ndatetime.now()\n",
        "import random\n",
        "import secrets\n",
        "from time import monotonic\n",
        "import os\n\nos.environ['HUIYIN_ZONE']\n",
    ],
)
def test_the_core_may_not_look_at_the_clock_or_toss_a_coin(code: str):
    assert "TID251" in lint(code, "src/huiyin/core/wishful.py")
    assert "TID251" not in lint(code, "src/huiyin/clerk/wishful.py")
