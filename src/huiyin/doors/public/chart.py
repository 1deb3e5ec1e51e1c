"""A rulebook's states as a drawing: made on the server, plain SVG, no script.

States stand in rows by how many steps they lie from lodging; ends have a dashed frame. Arrows lie over the
boxes, so that one that passes a box is seen to pass. Steps possible from any state are left to the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from django.utils.translation import get_language

from huiyin.core.rulebook import Rulebook
from huiyin.core.vocabulary import Text

CHINESE, ENGLISH = 10, 19  # letters in a line of a box
LINE = 15
WIDE, HIGH, GAP_X, GAP_Y = 132, 58, 12, 52
EDGE = 40  # free at both sides, for arrows that go around
ASIDE = 14  # so that arrows to and fro do not lie on each other


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
        top = self.y + HIGH // 2 + 4 - LINE * (len(lines) - 1) // 2
        return [(top + LINE * i, line) for i, line in enumerate(lines)]

    @property
    def bottom(self) -> int:
        return self.y + HIGH


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    boxes: list[Box]
    arrows: list[str]  # the paths
    box_width: int = WIDE
    box_height: int = HIGH


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
    """At most three lines: Chinese breaks before a bracket or anywhere, English between words."""
    if said.isascii():
        return wrap(said, ENGLISH)[:3]
    parts = said.replace("（", "\n（").replace("，", "，\n").split("\n")
    return [line for part in parts for line in wrap(part, CHINESE)][:3]


def _ways(book: Rulebook) -> Iterator[tuple[str, str]]:
    for row in book.rows:
        for source in row.sources:
            if row.to and row.to != source and source in book.states:
                yield source, row.to


def _rows(book: Rulebook, ways: set[tuple[str, str]]) -> list[list[str]]:
    """States by their distance from lodging, the shortest way counted."""
    depth: dict[str, int] = {}
    for row in book.rows_of("lodge"):
        # Where some petitions start is for most a later station, and is drawn there.
        if row.to not in depth:
            _walk(row.to, ways, depth)
    for name in [n for n in depth if not any(a == n for a, _ in ways)]:
        # What nothing leads out of stands below all that leads into it.
        depth[name] = 1 + max((depth[a] for a, b in ways if b == name), default=-1)
    order = list(book.states)
    deepest = max(depth.values(), default=0)
    return [sorted((n for n in depth if depth[n] == d), key=order.index) for d in range(deepest + 1)]


def _walk(first: str, ways: set[tuple[str, str]], depth: dict[str, int]) -> None:
    depth[first] = 0
    fringe = [first]
    while fringe:
        found = sorted({b for a, b in ways if a in fringe and b not in depth})
        depth.update(dict.fromkeys(found, depth[fringe[0]] + 1))
        fringe = found


def _arrow(start: Box, end: Box, width: int) -> str:
    rows = (end.y - start.y) // (HIGH + GAP_Y)
    if rows == 1:
        return _curve(start.middle, start.bottom, end.middle, end.y - 2)
    if rows == -1:
        return _curve(start.middle + ASIDE, start.y, end.middle + ASIDE, end.bottom + 2)
    if rows == 0:
        below, side = start.bottom + GAP_Y // 2, ASIDE if end.x > start.x else -ASIDE
        near, far = start.middle + side, end.middle - side
        return f"M{near} {start.bottom} C{near} {below} {far} {below} {far} {end.bottom + 2}"
    return _around(start, end, width)


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    half = (to_y - y) // 2
    return f"M{x} {y} C{x} {y + half} {to_x} {to_y - half} {to_x} {to_y}"


def _around(start: Box, end: Box, width: int) -> str:
    """Past several rows: out at one side and in again."""
    right = start.middle + end.middle >= width
    bulge = EDGE + abs(end.y - start.y) // 6
    own, near = (start.x + WIDE, end.x + WIDE + 2) if right else (start.x, end.x - 2)
    out = max(own, near) + bulge if right else min(own, near) - bulge
    y, to_y = start.y + HIGH // 2, end.y + HIGH // 2
    return f"M{own} {y} C{out} {y} {out} {to_y} {near} {to_y}"
