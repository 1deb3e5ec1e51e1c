"""The seams of a hand-over: before and after each thing that a side does, whoever does it can die.

`Seams(die)` counts them and calls `die` at the one that is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from huiyin.clerk import adopting, handing_over, hooks, offering
from huiyin.registry import attachments, crossings
from huiyin.vault import reclose

PLACES: tuple[tuple[Any, str], ...] = (
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


class Seams:
    """Counts what is passed; `at`: the seam, from 1, at which `die` is called, once."""

    def __init__(self, die: Callable[[], None], at: int = 0) -> None:
        self.passed, self.at, self.die = 0, at, die
        self.names: list[str] = []

    def pass_one(self, name: str) -> None:
        self.passed += 1
        self.names.append(name)
        if self.passed == self.at:
            self.die()

    def put(self, setattr_: Callable[[Any, str, Any], None] = setattr) -> Seams:
        """Wrap every place."""
        for module, name in PLACES:
            setattr_(module, name, self._wrapped(getattr(module, name), name))
        return self

    def _wrapped(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def wrapped(*args: Any, **more: Any) -> Any:
            self.pass_one(f"before {name}")
            made = function(*args, **more)
            self.pass_one(f"after {name}")
            return made

        return wrapped
