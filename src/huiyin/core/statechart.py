"""A rulebook's states as a drawing in SVG: for the public page and for paper, plain, no script.

One state stands below the other, as stations of a line do, so that it can be read on a telephone. What
follows next door is a short arrow; what leads further down runs in lanes on the right, what leads back up in
lanes on the left, one lane for all that come to the same state, with a dot where a way joins it. Ends have a
dashed frame. Steps possible from any state are left to the text beside the drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from huiyin.core.rulebook import Rulebook
from huiyin.core.text import Text
from huiyin.core.traditional import is_asked

CHINESE, ENGLISH = 15, 26  # letters in a line of a box
LINE = 15
WIDE, HIGH, GAP = 186, 40, 20
EDGE = 10  # free all around, beside the lanes
LANE = 10  # from one lane to the next
PORT = 9  # how far above the middle a way comes in, and below it goes out
CORNER = 5
LEFT, RIGHT = -1, 1

Way = tuple[str, str]

LABEL = Text(
    "信访件的状态以及状态之间的步骤；下面的文字说明同样的内容。",
    "The states of a petition and the steps between them; the text below says the same in words.",
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
        return self.y + HIGH // 2

    def rows(self, language: str) -> list[tuple[int, str]]:
        """Its name, broken to fit, each row with its height."""
        lines = _broken(self.text.say(language))
        top = self.middle + 4 - LINE * (len(lines) - 1) // 2
        return [(top + LINE * i, line) for i, line in enumerate(lines)]


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    boxes: list[Box]
    arrows: list[str]  # the paths, one for each way
    dots: list[tuple[int, int]]  # where a way joins a lane


def svg(book: Rulebook, language: str, address: Callable[[str], str] | None = None) -> str:
    """The whole drawing as one SVG element, in one language; it takes its colours from where it stands.

    address: of a state's name, where its words stand; without it the boxes lead nowhere, as on paper.
    """
    chart = draw(book)
    tongue = ("zh-Hant" if is_asked(language) else "zh-Hans") if language.startswith("zh") else "en"
    role = "group" if address else "img"  # what holds links is no image to a screen reader
    label = escape(LABEL.say(language))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="statechart" width="{chart.width}"'
        f' viewBox="0 0 {chart.width} {chart.height}" role="{role}" aria-label="{label}"'
        f' lang="{tongue}" color="CanvasText" font-family="sans-serif" font-size="12" text-anchor="middle">'
    )
    arrows = (f'<path d="{path}" marker-end="url(#tip)"/>' for path in chart.arrows)
    dots = (f'<circle cx="{x}" cy="{y}" r="2.5"/>' for x, y in chart.dots)
    return "\n".join(
        [
            head,
            f"<title>{escape(book.title.say(language))}</title>",
            TIP,
            '<g class="statechart-ways" fill="none" stroke="currentColor" stroke-width="1.2">',
            *arrows,
            "</g>",
            f'<g class="statechart-dots" fill="currentColor">{"".join(dots)}</g>',
            *(_box(box, language, address) for box in chart.boxes),
            "</svg>",
        ]
    )


def _box(box: Box, language: str, address: Callable[[str], str] | None) -> str:
    dashed = ' stroke-dasharray="5 4"' if box.is_end else ""
    kind = "end" if box.is_end else "open"
    frame = (
        f'<rect class="statechart-{kind}" x="{box.x}" y="{box.y}" width="{WIDE}" height="{HIGH}" rx="6"'
        f' fill="Canvas" stroke="currentColor" stroke-width="1.5"{dashed}/>'
    )
    lines = (
        f'<text x="{box.x + WIDE // 2}" y="{y}" fill="currentColor">{escape(line)}</text>'
        for y, line in box.rows(language)
    )
    drawn = f"{frame}{''.join(lines)}"
    return f'<a href="{escape(address(box.name))}">{drawn}</a>' if address else f"<g>{drawn}</g>"


def draw(book: Rulebook) -> Chart:
    """Place every state that a step leads to, and the arrows between them."""
    ways = sorted(set(ways_of(book)))
    order = _order(book, ways)
    row = {name: number for number, name in enumerate(order)}
    lanes = {RIGHT: _lanes(_down(ways, row), row), LEFT: _lanes(_up(ways, row), row)}
    wide = {side: LANE * (1 + max(taken.values(), default=-1)) for side, taken in lanes.items()}
    left = EDGE + (wide[LEFT] + LANE if wide[LEFT] else 0)
    width = left + WIDE + (wide[RIGHT] + LANE if wide[RIGHT] else 0) + EDGE
    boxes = [
        Box(name, book.states[name].text, left, EDGE + row[name] * (HIGH + GAP), not book.states[name].open)
        for name in order
    ]
    at = {box.name: box for box in boxes}
    arrows, dots = [], set()
    for a, b in ways:
        if row[b] == row[a] + 1:
            middle = left + WIDE // 2
            arrows.append(f"M{middle} {at[a].y + HIGH} V{at[b].y - 2}")
            continue
        side = RIGHT if row[b] > row[a] else LEFT
        edge = left + WIDE if side == RIGHT else left
        lane = edge + side * LANE * (1 + lanes[side][b])
        arrows.append(_around(edge, lane, at[a].middle + PORT, at[b].middle - PORT, side))
        dots.add((lane - side * CORNER, at[a].middle + PORT))
    height = 2 * EDGE + len(order) * (HIGH + GAP) - GAP
    return Chart(width, height, boxes, arrows, sorted(dots))


def ways_of(book: Rulebook) -> Iterator[Way]:
    """From which state which other can follow; what any state allows is not counted."""
    for row in book.rows:
        for source in row.sources:
            if row.to and row.to != source and source in book.states:
                yield source, row.to


def _down(ways: Iterable[Way], row: dict[str, int]) -> list[Way]:
    return [(a, b) for a, b in ways if row[b] > row[a] + 1]


def _up(ways: Iterable[Way], row: dict[str, int]) -> list[Way]:
    return [(a, b) for a, b in ways if row[b] < row[a]]


def _lanes(ways: list[Way], row: dict[str, int]) -> dict[str, int]:
    """State -> its lane, from the boxes outwards: short ones inside, none over another."""
    spans: dict[str, tuple[int, int]] = {}
    for a, b in ways:
        first, last = sorted((row[a], row[b]))
        was = spans.get(b, (first, last))
        spans[b] = (min(first, was[0]), max(last, was[1]))
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[str, int] = {}
    for name, (first, last) in sorted(spans.items(), key=lambda each: (each[1][1] - each[1][0], each[1])):
        free = (
            lane for lane, held in enumerate(taken) if all(last < start or end < first for start, end in held)
        )
        lanes[name] = next(free, len(taken))
        if lanes[name] == len(taken):
            taken.append([])
        taken[lanes[name]].append((first, last))
    return lanes


def _order(book: Rulebook, ways: list[Way]) -> list[str]:
    """What leads to a state stands above it, but for the ways back; ends stand right below their cause."""
    places, out = list(book.states), Counter(a for a, _ in ways)
    after: dict[str, list[str]] = {}
    # Where much can follow comes first: that is the ordinary way, and the others leave it.
    for a, b in sorted(ways, key=lambda way: (-out[way[1]], places.index(way[1]))):
        after.setdefault(a, []).append(b)
    starts = [row.to for row in book.rows_of("lodge")]
    back = _back(starts, after)
    waits = {name: 0 for way in ways for name in way} | dict.fromkeys(starts, 0)
    for way in ways:
        waits[way[1]] += way not in back
    ready = [name for name in book.states if waits.get(name) == 0]
    order: list[str] = []
    while ready:
        name = next((n for n in reversed(ready) if order and n not in after), ready[-1])
        ready.remove(name)
        order.append(name)
        for following in reversed(after.get(name, [])):
            if (name, following) not in back:
                waits[following] -= 1
                if not waits[following]:
                    ready.append(following)
    return order


def _back(starts: Iterable[str], after: dict[str, list[str]]) -> set[Way]:
    """The ways that lead back to a state that was passed through on the way there."""
    back: set[Way] = set()
    seen: set[str] = set()

    def walk(name: str, passed: tuple[str, ...]) -> None:
        seen.add(name)
        for following in after.get(name, []):
            if following in (*passed, name):
                back.add((name, following))
            elif following not in seen:
                walk(following, (*passed, name))

    for start in (*starts, *after):
        if start not in seen:
            walk(start, ())
    return back


def _broken(said: str) -> list[str]:
    """At most two lines: Chinese breaks before a bracket or anywhere, English between words."""
    if said.isascii():
        return wrap(said, ENGLISH)[:2]
    if len(said) <= CHINESE:
        return [said]
    parts = said.replace("（", "\n（").replace("，", "，\n").split("\n")
    return [line for part in parts for line in wrap(part, CHINESE)][:2]


def _around(edge: int, lane: int, start: int, end: int, side: int) -> str:
    """Out of a box to the lane, along it, and in at the other; its corners taken off."""
    turn = CORNER if end > start else -CORNER
    return (
        f"M{edge} {start} H{lane - side * CORNER} Q{lane} {start} {lane} {start + turn}"
        f" V{end - turn} Q{lane} {end} {lane - side * CORNER} {end} H{edge + side * 2}"
    )
