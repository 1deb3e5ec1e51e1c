"""Each thing that is measured runs in a process of its own, so that nothing is warm by accident."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.api import server


def run(module: str, *words: str, env: dict[str, str] | None = None, input_: str | None = None) -> Any:
    """Run a module of the bench and answer the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=server.HOUSE, env=env, capture_output=True, text=True,
        input=input_, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-3000:]}")
    return json.loads(done.stdout)


def cpu_seconds(group: int) -> float:
    """Processor time that a process group has used so far: steadier than any clock on a busy machine."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
