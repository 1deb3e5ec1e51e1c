"""A rulebook's states as a drawing in SVG: for the public page and for paper, plain, no script.

States stand in rows by how many steps they lie from lodging; a row too wide for a page goes on in the next.
Ends have a dashed frame. Arrows lie over the boxes, so that one that passes a box is seen to pass. Steps
possible from any state are left to the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from huiyin.core.rulebook import Rulebook
from huiyin.core.text import Text
from huiyin.core.traditional import is_asked

CHINESE, ENGLISH = 10, 19  # letters in a line of a box
LINE = 15
WIDE, HIGH, GAP_X, GAP_Y = 132, 58, 14, 64
MOST = 6  # boxes beside each other: what a page can show at a size that can be read
EDGE = 12  # free all around, beside the lanes
LANE = 9  # from one lane at the side to the next
STEP = 9  # from one arrow to the next below a row
CORNER = 8
ASIDE = 14  # so that arrows to and fro do not lie on each other
LEFT, RIGHT = -1, 1


LABEL = Text(
    "信访件的状态以及状态之间的步骤；步骤表用文字说明同样的内容。",
    "The states of a petition and the steps between them; the table of steps says the same in words.",
)
TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    ' orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z" fill="currentColor"/></marker></defs>'
)


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

    def rows(self, language: str) -> list[tuple[int, str]]:
        """Its name, broken to fit, each row with its height."""
        lines = _broken(self.text.say(language))
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


def svg(book: Rulebook, language: str) -> str:
    """The whole drawing as one SVG element, in one language; it takes its colours from where it stands."""
    chart = draw(book)
    tongue = ("zh-Hant" if is_asked(language) else "zh-Hans") if language.startswith("zh") else "en"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{chart.width}"'
        f' viewBox="0 0 {chart.width} {chart.height}" role="img" aria-label="{escape(LABEL.say(language))}"'
        f' lang="{tongue}" color="CanvasText" font-family="sans-serif" font-size="12" text-anchor="middle">'
    )
    arrows = (f'<path d="{path}" marker-end="url(#tip)"/>' for path in chart.arrows)
    return "\n".join(
        [
            head,
            f"<title>{escape(book.title.say(language))}</title>",
            TIP,
            *(_box(box, language) for box in chart.boxes),
            '<g fill="none" stroke="currentColor" stroke-width="1.2" opacity=".55">',
            *arrows,
            "</g></svg>",
        ]
    )


def _box(box: Box, language: str) -> str:
    dashed = ' stroke-dasharray="5 4"' if box.is_end else ""
    frame = (
        f'<rect x="{box.x}" y="{box.y}" width="{WIDE}" height="{HIGH}" rx="6" fill="Canvas"'
        f' stroke="currentColor" stroke-width="1.5"{dashed}/>'
    )
    lines = (
        f'<text x="{box.middle}" y="{y}" fill="currentColor">{escape(line)}</text>'
        for y, line in box.rows(language)
    )
    return f"<g>{frame}{''.join(lines)}</g>"


def draw(book: Rulebook) -> Chart:
    """Place every state that a step leads to, and the arrows between them."""
    ways = set(_ways(book))
    rows = _rows(book, ways)
    at = {name: number for number, row in enumerate(rows) for name in row}
    lanes = _lanes(ways, at, rows)
    sides = {side: sum(1 for s, _ in lanes.values() if s == side) for side in (LEFT, RIGHT)}
    edge = {side: EDGE + LANE * sides[side] for side in (LEFT, RIGHT)}
    inner = max(len(row) for row in rows) * (WIDE + GAP_X) - GAP_X
    width = edge[LEFT] + inner + edge[RIGHT]
    boxes = {}
    for number, row in enumerate(rows):
        left = edge[LEFT] + (inner - len(row) * (WIDE + GAP_X) + GAP_X) // 2
        for place, name in enumerate(row):
            state = book.states[name]
            spot = (left + place * (WIDE + GAP_X), EDGE + number * (HIGH + GAP_Y))
            boxes[name] = Box(name, state.text, *spot, not state.open)
    arrows = [_arrow(boxes[a], boxes[b], lanes.get(b), width) for a, b in sorted(ways)]
    height = 2 * EDGE + len(rows) * (HIGH + GAP_Y) - GAP_Y
    return Chart(width, height, list(boxes.values()), arrows)


def _lanes(
    ways: set[tuple[str, str]], at: dict[str, int], rows: list[list[str]]
) -> dict[str, tuple[int, int]]:
    """State -> the side on which arrows from afar come to it, and its lane there, one for all of them."""
    lanes: dict[str, tuple[int, int]] = {}
    taken = {LEFT: 0, RIGHT: 0}
    for end in at:
        if any(b == end and _is_far(at[a], at[b]) for a, b in ways):
            row = rows[at[end]]
            place = row.index(end) - (len(row) - 1) / 2
            side = LEFT if place < 0 or (place == 0 and taken[LEFT] <= taken[RIGHT]) else RIGHT
            taken[side] += 1
            lanes[end] = (side, taken[side])
    return lanes


def _is_far(start: int, end: int) -> bool:
    return end - start not in {-1, 0, 1}


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
    rows = [sorted((n for n in depth if depth[n] == d), key=order.index) for d in range(deepest + 1)]
    return [part for row in rows for part in _parted(row)]


def _parted(row: list[str]) -> list[list[str]]:
    """A row as even parts that fit on a page."""
    parts = max(1, -(-len(row) // MOST))
    size = -(-len(row) // parts)
    return [row[i : i + size] for i in range(0, len(row), size)]


def _walk(first: str, ways: set[tuple[str, str]], depth: dict[str, int]) -> None:
    depth[first] = 0
    fringe = [first]
    while fringe:
        found = sorted({b for a, b in ways if a in fringe and b not in depth})
        depth.update(dict.fromkeys(found, depth[fringe[0]] + 1))
        fringe = found


def _arrow(start: Box, end: Box, lane: tuple[int, int] | None, width: int) -> str:
    rows = (end.y - start.y) // (HIGH + GAP_Y)
    if rows == 1:
        return _curve(start.middle, start.bottom, end.middle, end.y - 2)
    if rows == -1:
        return _curve(start.middle + ASIDE, start.y, end.middle + ASIDE, end.bottom + 2)
    if rows == 0:
        below, side = start.bottom + GAP_Y // 2, ASIDE if end.x > start.x else -ASIDE
        near, far = start.middle + side, end.middle - side
        return f"M{near} {start.bottom} C{near} {below} {far} {below} {far} {end.bottom + 2}"
    side, number = lane or (LEFT, 1)
    return _around(start, end, side, number, width)


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    half = (to_y - y) // 2
    return f"M{x} {y} C{x} {y + half} {to_x} {to_y - half} {to_x} {to_y}"


def _around(start: Box, end: Box, side: int, number: int, width: int) -> str:
    """Past several rows: below its own row to the lane at the side, along it, and in from above."""
    lane = number * LANE if side == LEFT else width - number * LANE
    apart = STEP * (number % 5)
    out, into = start.bottom + STEP + apart, end.y - STEP - apart
    x, to_x = start.middle + side * ASIDE, end.middle + side * ASIDE
    return _rounded([(x, start.bottom), (x, out), (lane, out), (lane, into), (to_x, into), (to_x, end.y - 2)])


def _rounded(points: list[tuple[int, int]]) -> str:
    """A line from point to point, its corners taken off."""
    path = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        x, y = _towards(corner, before)
        to_x, to_y = _towards(corner, after)
        path.append(f"L{x} {y} Q{corner[0]} {corner[1]} {to_x} {to_y}")
    return " ".join([*path, f"L{points[-1][0]} {points[-1][1]}"])


def _towards(corner: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """The point a little way from a corner to its neighbour, which lies straight beside or above it."""
    x, y = other[0] - corner[0], other[1] - corner[1]
    step = min(CORNER, max(abs(x), abs(y)) // 2)
    return corner[0] + step * _sign(x), corner[1] + step * _sign(y)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
