"""What a record of answers comes to under the formula of a yearly assessment (`formula.py`).

Each item is a share of what a body owed: twice as much of everything comes to the same points.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from huiyin.core import cohorts, measures, tasks
from huiyin.core.formula import FULL, Formula, Item
from huiyin.core.intervals import wilson
from huiyin.core.measures import Key, Record

# Tables of a record that this reads beside those of the measures.
SOLVED, HIDDEN, FALSE_DATES = "solved", "hidden", "false-dates"
DONE, DISPUTED, NOT_DONE = "done", "disputed", "not-done"
WRONG, RIGHT = "wrong", "right"


# ---- what it comes to


@dataclass(frozen=True, slots=True)
class Tally:
    """A weighed share: sums of weights. squares: of their squares. most: `part`, had nobody disputed."""

    part: int = 0
    whole: int = 0
    squares: int = 0
    most: int = 0
    cases: int = 0

    @property
    def share(self) -> Fraction:
        return Fraction(self.part, self.whole)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, of as many cases of one weight as tell as much (L. Kish, Survey Sampling, 1965)."""
        told = self.whole * self.whole / self.squares
        low, high = wilson(self.part / self.whole, told)
        return low, max(high, wilson(self.most / self.whole, told)[1])


@dataclass(frozen=True, slots=True)
class Line:
    """What one item comes to. points: earned, or with a minus lost; low, high: of these points."""

    item: Item
    tally: Tally
    points: Fraction
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a record comes to. None where nothing that earns was owed; empty: items that nothing was of."""

    value: Fraction | None
    low: float
    high: float
    lines: tuple[Line, ...]
    empty: tuple[Item, ...]

    @property
    def cases(self) -> int:
        """How much it rests on."""
        return sum(line.tally.cases for line in self.lines)


def assess(formula: Formula, record: Record) -> Assessed:
    """Points between 0 and 100: what was earned of what could be, less what it costs.

    The interval is that of Zou and Donner (2008): how far each item may be off, squared and added.
    """
    tallies = {item.name: tally(item, formula, record) for item in formula.items}
    there = [item for item in formula.items if tallies[item.name].whole]
    empty = tuple(item for item in formula.items if not tallies[item.name].whole)
    could = sum(item.points for item in there if not item.costs)
    if not could:
        return Assessed(None, 0.0, float(FULL), (), empty)
    lines = tuple(_line(item, tallies[item.name], could) for item in there)
    value = sum((line.points for line in lines), Fraction())
    below = sqrt(sum((float(line.points) - line.low) ** 2 for line in lines))
    above = sqrt(sum((line.high - float(line.points)) ** 2 for line in lines))
    low, high = (_within(float(value) + by) for by in (-below, above))
    return Assessed(min(max(value, Fraction()), Fraction(FULL)), low, high, lines, empty)


# What was looked for in a few files and not found is held against nobody, as if it might be there.
FOUND = frozenset({"hidden", "false-dates"})


def _line(item: Item, counted: Tally, could: int) -> Line:
    low, high = counted.interval
    if item.costs and item.term in FOUND and not counted.part:
        return Line(item, counted, Fraction(), 0.0, 0.0)
    if item.costs:
        return Line(item, counted, -item.points * counted.share, -item.points * high, -item.points * low)
    weighs = Fraction(FULL * item.points, could)
    return Line(item, counted, weighs * counted.share, float(weighs) * low, float(weighs) * high)


def _within(points: float) -> float:
    return min(max(points, 0.0), float(FULL))


def tally(item: Item, formula: Formula, record: Record) -> Tally:
    """How often what an item is about was so, of how often it could have been."""
    if item.term == "solved":
        return _solved(formula, record.of(SOLVED))
    if item.clocks:
        met = sum(record.of(measures.TERM + name)[cohorts.MET] for name in item.clocks)
        over = sum(
            record.of(measures.TERM + name)[stands] for name in item.clocks for stands in measures.OVER
        )
        return plain(over - met if item.costs else met, over)
    table, part, whole = _TABLES[item.term]
    counted = record.of(table)
    return plain(counted[part], sum(counted[key] for key in whole))


HOURS = (measures.HELD, measures.CHANGED, measures.CALLED_OFF)
_TABLES: dict[str, tuple[str, Key, tuple[Key, ...]]] = {
    "corrected": (measures.SUPERVISIONS, "corrected", ("corrected", "in-part", "proposed")),
    "receptions": (
        measures.RECEPTIONS,
        measures.HELD,
        (measures.HELD, measures.CHANGED, measures.CALLED_OFF),
    ),
    "hidden": (HIDDEN, WRONG, (WRONG, RIGHT)),
    "false-dates": (FALSE_DATES, WRONG, (WRONG, RIGHT)),
}


def plain(part: int, whole: int) -> Tally:
    return Tally(part, whole, whole, part, whole)


def case_key(difficulty: str, stands: str) -> str:
    """How a case stands in the table `solved`."""
    return f"{difficulty}/{stands}"


def _solved(formula: Formula, counted: measures.Table) -> Tally:
    part = whole = squares = most = cases = 0
    for key, number in counted.items():
        difficulty, _, stands = str(key).partition("/")
        weight = formula.weight(difficulty)
        whole, squares, cases = whole + weight * number, squares + weight * weight * number, cases + number
        part += weight * number * (stands == DONE)
        most += weight * number * (stands in {DONE, DISPUTED})
    return Tally(part, whole, squares, most, cases)


_STANDS = {tasks.REPORTED: DONE, tasks.CONFIRMED: DONE, tasks.DISPUTED: DISPUTED, tasks.PARTLY: DISPUTED}


def solves(state: str, *, over: bool) -> str:
    """How a task stands, or nothing while it is not owed yet. over: whether its day, or its year, is."""
    return _STANDS.get(state, NOT_DONE if state == tasks.DUE and over else "")
