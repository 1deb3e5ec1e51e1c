"""The places of a hand-over before and after which whoever does it can die (`tests/seams.py`)."""

from __future__ import annotations

from huiyin.clerk import adopting, handing_over, hooks, offering
from huiyin.registry import attachments, crossings
from huiyin.vault import reclose
from tests.seams import Place

PLACES: tuple[Place, ...] = (
    (offering, "ready"),
    (offering, "perform"),
    (offering, "seals"),
    (crossings, "put"),
    (crossings, "leaves"),
    (crossings, "done"),
    (crossings, "receive"),
    (hooks, "post"),
    (handing_over, "_work"),
    (handing_over, "tell"),
    (adopting, "file_adopted"),
    (adopting, "perform"),
    (attachments, "keep_handed_over"),
    (reclose, "closed_for"),
    (reclose, "taken_over"),
)
