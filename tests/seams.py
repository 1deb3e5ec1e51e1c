"""The seams of what is done in several steps: around each function, whoever does it can die."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Place = tuple[Any, str]  # a module or class, and the name of a function in it


class Killed(BaseException):
    """As if the plug were pulled: no `except Exception` holds it, and what is open is rolled back."""


def die() -> None:
    raise Killed


class Seams:
    """Counts what is passed; `at`: the seam, from 1, at which `die` is called, once."""

    def __init__(self, places: Iterable[Place], at: int = 0, die: Callable[[], None] = die) -> None:
        self.places, self.at, self.die = places, at, die
        self.names: list[str] = []

    def put(self, setattr_: Callable[[Any, str, Any], None] = setattr) -> Seams:
        """Wrap every place."""
        for owner, name in self.places:
            setattr_(owner, name, self._wrapped(getattr(owner, name), name))
        return self

    def _pass(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.at:
            self.die()

    def _wrapped(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def wrapped(*args: Any, **more: Any) -> Any:
            self._pass(f"before {name}")
            made = function(*args, **more)
            self._pass(f"after {name}")
            return made

        return wrapped
