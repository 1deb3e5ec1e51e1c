"""Numbers of days that are no clock of a petition: `[spans]` of a rulebook, each with where it comes from.

How long before it is held a reception day is published, the usual term of a letter between bodies, how long
a hand-over is kept. The regulation sets few of them: the rest are the house's or local, and say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huiyin.core.text import Text

# Closed: each is asked for by name somewhere in the house. A law without one sets no such number.
SPANS = (
    "reception-published",
    "outreach-announced",
    "outreach-named",
    "letter-answer",
    "hand-over",
    "demand-kept",
    "assessment-objection",
    "assessment-decision",
)
BASES = {
    "law": Text("法律规定", "law"),
    "local": Text("地方规定，是否有效需要核对", "local rules, to be checked whether they are in force"),
    "house": Text("回音自己的规则", "Huiyin's own rule"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """So many days, as a rulebook has them."""

    name: str
    days: int
    article: str  # '' where the house sets it
    basis: str  # one of BASES
    evidence: str
    text: Text  # what has to be kept, with {days} in it

    def kept(self, today: date, day: date) -> bool:
        """Whether that day is still so many days ahead."""
        return (day - today).days >= self.days

    @property
    def told(self) -> Text:
        return self.text.format(days=self.days)
