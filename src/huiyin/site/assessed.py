"""An assessment as pages and the annual report tell it: points, how sure they are, what each item gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from huiyin.core.assessment import Assessed
from huiyin.core.assessment import Line as CoreLine
from huiyin.core.formula import TERMS, Formula, Item
from huiyin.core.intervals import SAID_OF
from huiyin.core.text import Text
from huiyin.site import articles

TOO_FEW = Text("不足{least}件，不列出", "fewer than {least}, not said").format(least=SAID_OF)
NONE = Text("没有可以计算的事项", "nothing to count")
NO_SHARE = Text("–", "–")
EARNS, COSTS = Text("最多得{n}分", "earns up to {n}"), Text("最多扣{n}分", "costs up to {n}")


@dataclass(frozen=True, slots=True)
class Said:
    """Points as they are said. value: '–' where they rest on too few."""

    value: str
    sure: str
    why: Text | None
    cases: int

    @property
    def is_there(self) -> bool:
        return self.why is None


def said(came: Assessed) -> Said:
    if came.value is None:
        return Said("–", "", NONE, 0)
    if came.cases < SAID_OF:
        return Said("–", "", TOO_FEW, 0)
    return Said(f"{float(came.value):.0f}", f"{came.low:.0f}–{came.high:.0f}", None, came.cases)


@dataclass(frozen=True, slots=True)
class Line:
    """One item: its share, what it earned or lost, of how many cases.

    not there: nothing was of it, which a dash says, or too few to be told apart from a person's own case.
    """

    item: Item
    article: Text
    formula: Text
    standing: Text
    there: bool
    share: Text = NO_SHARE
    points: str = "–"
    cases: int | None = None

    @property
    def public(self) -> bool:
        return self.item.public


def lines(under: Formula, came: Assessed, book: str) -> list[Line]:
    """Every item of the formula in its order; a dash where nothing was of it, a word where few were."""
    return list(_lines(under, came, book))


def _lines(under: Formula, came: Assessed, book: str) -> Iterator[Line]:
    found = {line.item.name: line for line in came.lines}
    for item in under.items:
        words = (item, articles.cite(item.article, book), TERMS[item.term].formula)
        standing = (COSTS if item.costs else EARNS).format(n=item.points)
        line = found.get(item.name)
        if line is None or line.tally.cases < SAID_OF:
            yield Line(*words, standing, there=False, share=NO_SHARE if line is None else TOO_FEW)
        else:
            share, points = _numbers(line)
            yield Line(*words, standing, there=True, share=share, points=points, cases=line.tally.cases)


def _numbers(line: CoreLine) -> tuple[Text, str]:
    low, high = line.tally.interval
    share, sure = f"{100 * float(line.tally.share):.0f}%", f"{100 * low:.0f}–{100 * high:.0f}%"
    return Text(f"{share}（{sure}）", f"{share} ({sure})"), f"{float(line.points):+.1f}".replace("-", "−")
