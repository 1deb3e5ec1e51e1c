"""What the clerk's tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def empty_log(settings: Any, tmp_path: Path) -> None:
    """Each test begins a log of its own: the tables are rolled back, and so must be the files."""
    settings.LOG_DIR = tmp_path / "log"
