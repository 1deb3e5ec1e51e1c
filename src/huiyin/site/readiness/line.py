"""One line of the check list: what was looked at, how it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huiyin.core.text import Text

GOOD, WARN, BAD, LEFT = "good", "warn", "bad", "left"
NAMED = 6  # so many are called by name, of the others the number is told


@dataclass(frozen=True, slots=True)
class Line:
    """How one thing stands. `left`: a demonstration does without, and says why."""

    code: str
    state: str
    says: Text
    todo: Text | None = None
    # The page where it is done: the name of an address of the desk, or an address of the public process.
    place: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the first day, with the lines by which one sees whether it is taken."""

    code: str
    title: Text
    why: Text
    lines: tuple[Line, ...]

    @property
    def state(self) -> str:
        """The worst of its lines; what a demonstration leaves out spoils nothing."""
        states = {line.state for line in self.lines}
        return next((state for state in (BAD, WARN) if state in states), GOOD)


def good(code: str, zh: str, en: str, place: str = "") -> Line:
    return Line(code, GOOD, Text(zh, en), None, place)


def named(bodies: Iterable[Text]) -> Text:
    """Names in one line, the first few of them."""
    found: Sequence[Text] = list(bodies)
    more = len(found) - NAMED
    zh = "、".join(name.zh for name in found[:NAMED]) + (f"等 {len(found)} 个" if more > 0 else "")
    en = ", ".join(name.en for name in found[:NAMED]) + (f" and {more} more" if more > 0 else "")
    return Text(zh, en)
