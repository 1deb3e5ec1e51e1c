"""How long before they are held reception days are made known, and where outreach may not be held.

The regulation asks for published times and places (art. 18.1), for officials who receive and who go out to
communities (18.2), and sets no number of days. The numbers here are the house's own or rest on local rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from huiyin.core.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Ahead:
    """A term that ends before a day: so many days ahead something has to be known to everybody."""

    days: int
    article: str
    basis: Literal["law", "local", "house"]
    evidence: Literal["full", "partial", "memory"]
    text: Text

    def kept(self, today: date, day: date) -> bool:
        return (day - today).days >= self.days


PUBLISHED = Ahead(
    3,
    "18.1",
    "house",
    "full",
    Text("接访日须提前 {days} 天公布", "a reception day is published {days} days ahead"),
)
ANNOUNCED = Ahead(
    10,
    "18.2",
    "local",
    "memory",
    Text("下访须提前 {days} 天预告地点", "the place of an outreach is announced {days} days ahead"),
)
NAMED = Ahead(
    5,
    "18.2",
    "local",
    "memory",
    Text(
        "下访的时间、领导和事项须提前 {days} 天公布",
        "the hours, officials and subjects of an outreach are published {days} days ahead",
    ),
)
BASES = {
    "law": Text("法律规定", "law"),
    "local": Text("地方规定，是否有效需要核对", "local rules, to be checked whether they are in force"),
    "house": Text("回音自己的规则", "Huiyin's own rule"),
}

# What the address of a home looks like: a flat, a staircase, a house number, or the word itself.
_HOME = re.compile(
    r"家中|家里|住所|住处|住宅|宿舍|户主|单元|[\d一二三四五六七八九十]+\s*(?:室|号楼|栋|幢|户)"
    r"|\b(?:home|flat|apartment|residence|apt)\b",
    re.IGNORECASE,
)


def is_home(place: str) -> bool:
    """Whether a place reads like somebody's home, where nobody goes uninvited (charter 4)."""
    return bool(_HOME.search(place))
