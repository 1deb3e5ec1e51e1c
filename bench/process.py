"""Each thing that is measured runs in a process of its own, so that nothing is warm by accident."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.api import server


def run(module: str, *words: str, env: dict[str, str] | None = None) -> Any:
    """Run a module of the bench and answer the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=server.HOUSE, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-3000:]}")
    return json.loads(done.stdout)
