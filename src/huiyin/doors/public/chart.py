"""A rulebook's states as a drawing: made on the server, plain SVG, no script.

States stand in rows by how many steps they lie from lodging; ends stand apart in a dashed frame. Arrows that
lead back up are drawn at the side. Steps that are possible from any state are left to the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from django.utils.translation import get_language

from huiyin.core.rulebook import Rulebook
from huiyin.core.vocabulary import Text

CHINESE, ENGLISH = 12, 24  # letters in a line of a box
WIDE, HIGH, GAP_X, GAP_Y, EDGE = 168, 46, 22, 52, 60


@dataclass(frozen=True, slots=True)
class Box:
    """One state."""

    name: str
    text: Text
    x: int
    y: int
    is_end: bool

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2

    @property
    def rows(self) -> list[tuple[int, str]]:
        """Its name in the language of the page, broken to fit, each row with its height."""
        said = self.text.say(get_language() or "")
        lines = _broken(said)
        top = self.y + HIGH // 2 + 5 - 8 * (len(lines) - 1)
        return [(top + 16 * i, line) for i, line in enumerate(lines)]

    @property
    def bottom(self) -> int:
        return self.y + HIGH


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    boxes: list[Box]
    arrows: list[str]  # the paths


def draw(book: Rulebook) -> Chart:
    """Place every state that a step leads to, and the arrows between them."""
    ways = set(_ways(book))
    rows = _rows(book, ways)
    widest = max(len(row) for row in rows)
    width = 2 * EDGE + widest * (WIDE + GAP_X) - GAP_X
    boxes = {}
    for number, row in enumerate(rows):
        left = (width - len(row) * (WIDE + GAP_X) + GAP_X) // 2
        for place, name in enumerate(row):
            state = book.states[name]
            at = (left + place * (WIDE + GAP_X), 8 + number * (HIGH + GAP_Y))
            boxes[name] = Box(name, state.text, *at, not state.open)
    arrows = [_arrow(boxes[a], boxes[b], width) for a, b in sorted(ways)]
    height = 16 + len(rows) * (HIGH + GAP_Y) - GAP_Y
    return Chart(width, height, list(boxes.values()), arrows)


def _broken(said: str) -> list[str]:
    """At most two lines: Chinese may break anywhere, English between words."""
    if not said.isascii():
        half = len(said) if len(said) <= CHINESE else -(-len(said) // 2)
        cut = said.find("（")
        half = cut if 0 < cut <= CHINESE < len(said) else half
        return [line for line in (said[:half], said[half:]) if line]
    return wrap(said, ENGLISH)[:2]


def _ways(book: Rulebook) -> Iterator[tuple[str, str]]:
    for row in book.rows:
        for source in row.sources:
            if row.to and row.to != source and source in book.states:
                yield source, row.to


def _rows(book: Rulebook, ways: set[tuple[str, str]]) -> list[list[str]]:
    """States by their distance from lodging, the shortest way counted."""
    depth = {row.to: 0 for row in book.rows_of("lodge")}
    fringe = list(depth)
    while fringe:
        found = [b for a in fringe for s, b in sorted(ways) if s == a and b not in depth]
        for name in found:
            depth[name] = depth.get(name, 1 + min(depth[a] for a, b in ways if b == name and a in depth))
        fringe = found
    deepest = max(depth.values(), default=0)
    order = list(book.states)
    return [sorted((n for n in depth if depth[n] == d), key=order.index) for d in range(deepest + 1)]


def _arrow(start: Box, end: Box, width: int) -> str:
    if end.y > start.y:
        half = (end.y - start.bottom) // 2
        return (
            f"M{start.middle} {start.bottom} C{start.middle} {start.bottom + half} "
            f"{end.middle} {end.y - half} {end.middle} {end.y - 2}"
        )
    if end.y == start.y:
        below, side = start.bottom + GAP_Y // 2, 30 if end.x > start.x else -30
        near, far = start.middle + side, end.middle - side
        return f"M{near} {start.bottom} C{near} {below} {far} {below} {far} {end.bottom + 2}"
    side = width - 12 if start.middle > width // 2 else 12
    near = end.x + WIDE + 2 if side > width // 2 else end.x - 2
    own = start.x + WIDE if side > width // 2 else start.x
    return (
        f"M{own} {start.y + HIGH // 2} C{side} {start.y + HIGH // 2} {side} {end.y + HIGH // 2} "
        f"{near} {end.y + HIGH // 2}"
    )
