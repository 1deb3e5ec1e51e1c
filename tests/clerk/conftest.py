"""What the clerk's tests share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from huiyin.registry.models import Partner
    from tests.clerk.partners import Line


@pytest.fixture(autouse=True)
def empty_log(settings: Any, tmp_path: Path) -> None:
    """Each test begins a log of its own: the tables are rolled back, and so must be the files."""
    settings.LOG_DIR = tmp_path / "log"


@pytest.fixture
def partner(cast: Any) -> Partner:
    """The installation as its own partner (`partners.py`)."""
    from tests.clerk.partners import introduce

    return introduce()


@pytest.fixture
def line(monkeypatch: Any, partner: Partner) -> Line:
    """What goes from it to itself."""
    from tests.clerk.partners import Line

    return Line(monkeypatch)
