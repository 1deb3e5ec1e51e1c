"""What the formula of a yearly assessment may say: the closed words of its items, and what none may do.

A formula is data of a rulebook: items, each with a term of the vocabulary below, its points and its article.
No term knows how many petition, come again, come together, go higher, ask for review, dispute, rate, withdraw
or settle; so no formula can be written that pays for fewer of them (charter 3 and 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from huiyin.core.text import Text

if TYPE_CHECKING:
    from huiyin.core.rulebook import ClockRule

FULL = 100  # points that can be earned
HOUSE = "house"  # the article of what no law says

# How hard a case is, as whoever registers it says: facts of the matter, none of who brought it. Closed; a
# rulebook only says what each weighs. Nothing here has to do with age, coming again or going higher.
EASY, HARD = frozenset({"clear"}), frozenset({"several", "hearing", "expert"})
DIFFICULTIES = EASY | HARD


@dataclass(frozen=True, slots=True)
class Term:
    """What an item may count. clocks: whether it names terms of the law. public: the log alone tells it."""

    kind: Literal["earns", "costs"]
    formula: Text
    clocks: bool = False
    public: bool = False


TERMS: dict[str, Term] = {
    "solved": Term(
        "earns",
        Text(
            "做到、且送达后信访人确认或者没有提出异议的 ÷ 应当做到的，按登记时确定的难度加权。"
            "撤回、化解的不计，不支持的意见也不计。范围的上限按没有人提出异议计算：少一份异议不会使结果超出范围。",
            "Carried out, and confirmed or not disputed after service ÷ what was to be carried out, each "
            "weighed by how hard it was at registration. What was withdrawn or settled is not counted, nor "
            "an opinion that supports nothing. The upper end of the interval is as if nobody had disputed: "
            "one dispute fewer never leads beyond it.",
        ),
    ),
    "in-time": Term(
        "earns",
        Text(
            "按期 ÷（按期 + 逾期办结 + 逾期未办）。",
            "In time ÷ (in time + late + overdue).",
        ),
        clocks=True,
        public=True,
    ),
    "corrected": Term(
        "earns",
        Text(
            "已改正 ÷ 已了结的督办；查明问题不存在的不计。",
            "Corrected ÷ supervisions closed; where nothing turned out to be wrong it is not counted.",
        ),
    ),
    "receptions": Term(
        "earns",
        Text(
            "按公布办理的 ÷ 已过去的接待日。来了多少人不计。",
            "Held as announced ÷ reception days that are over. How many came is not counted.",
        ),
    ),
    "late": Term(
        "costs",
        Text(
            "逾期办结和逾期未办 ÷ 已办结和逾期未办的。",
            "Late or overdue ÷ those done or overdue.",
        ),
        clocks=True,
        public=True,
    ),
    "hidden": Term(
        "costs",
        Text(
            "抽查发现有隐瞒的卷宗 ÷ 抽查并作出认定的卷宗。",
            "Files in which an inspection found that something was hidden ÷ files looked at for it.",
        ),
    ),
    "false-dates": Term(
        "costs",
        Text(
            "抽查发现日期不实的卷宗 ÷ 抽查并作出认定的卷宗。",
            "Files in which an inspection found a false date ÷ files looked at for it.",
        ),
    ),
}
MUST_COST = ("late", "hidden", "false-dates")  # what costs most


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a formula. points: earned with a share of one, or lost with it, by the kind of its term."""

    name: str
    term: str
    points: int
    article: str
    text: Text
    clocks: frozenset[str] = frozenset()

    @property
    def costs(self) -> bool:
        return TERMS[self.term].kind == "costs"

    @property
    def public(self) -> bool:
        return TERMS[self.term].public


@dataclass(frozen=True, slots=True)
class Formula:
    """What a rulebook says of the yearly assessment. unsaid: what a case weighs of which nothing was said."""

    article: str
    items: tuple[Item, ...]
    weights: Mapping[str, int]
    unsaid: int

    def as_json(self) -> dict[str, Any]:
        """As an assessment keeps it: whatever the law says later, it can be reckoned again."""
        items = [[item.name, item.term, item.points, sorted(item.clocks)] for item in self.items]
        return {"items": items, "weights": dict(self.weights), "unsaid": self.unsaid}

    @classmethod
    def from_json(cls, told: Mapping[str, Any], words: Formula | None = None) -> Formula:
        """A formula as it was kept; words and articles are those of `words`, where it knows an item.

        Raises KeyError, TypeError or ValueError for what is none.
        """
        known = {item.name: item for item in words.items} if words else {}
        items = tuple(_kept(each, known) for each in told["items"])
        if any(item.term not in TERMS for item in items):
            raise ValueError("an item has a term that is not known here")
        return cls(words.article if words else HOUSE, items, told["weights"], told["unsaid"])

    def with_points(self, points: Mapping[str, int], weights: Mapping[str, int]) -> Formula:
        """The same with other numbers, for whoever asks what would be; may be wrong: `wrongs` says so."""
        items = tuple(replace(item, points=points.get(item.name, item.points)) for item in self.items)
        return replace(
            self, items=items, weights={**self.weights, **weights}, unsaid=weights.get("", self.unsaid)
        )

    def without(self, left_out: Iterable[str]) -> Formula:
        """The same without some items, as a decision on an objection may leave them out."""
        gone = set(left_out)
        return replace(self, items=tuple(item for item in self.items if item.name not in gone))

    def public(self) -> Formula:
        """What of it anybody can reckon from the public log."""
        return replace(self, items=tuple(item for item in self.items if item.public))

    def weight(self, difficulty: str) -> int:
        return self.weights.get(difficulty, self.unsaid)


def _kept(told: list[Any], known: Mapping[str, Item]) -> Item:
    name, term, points, clocks = told
    like = known.get(name)
    text, article = (like.text, like.article) if like else (Text(name, name), HOUSE)
    return Item(name, term, points, article, text, frozenset(clocks))


# ---- what no formula may say

NOT_FULL = Text(
    "能得的分合计须为 {full}，现为 {whole}", "what can be earned must come to {full}, not {whole}"
)
COSTS_NOTHING = Text(
    "缺少扣分项“{term}”：隐瞒、日期不实、迟延告知都要扣分",
    "nothing costs {term!r}: hiding, false dates and late notices must",
)
NO_POINTS = Text(
    "须为正整数；得分还是扣分由项目的种类决定",
    "must be at least 1; whether it is earned or lost follows from its term",
)
COSTS_LITTLE = Text(
    "隐瞒、日期不实和迟延告知扣得最多：须大于 {most}",
    "hiding, false dates and late notices cost most: it must be more than {most}",
)
CLOCKS_OR_NOT = Text(
    "“按期”“迟延”须写明期限，其他项目不写",
    "'in-time' and 'late' name terms of the law, and nothing else does",
)
NO_CLOCK = Text("没有期限“{name}”", "there is no clock {name!r}")
NO_DUTY = Text(
    "“{name}”不是单位的义务：信访人用不用自己的权利，不得分也不扣分",
    "{name!r} is no duty of a body: whether people use a right earns and costs nothing",
)
OF_THE_HOUSE = Text(
    "“{name}”是系统自己的期限，不是单位的义务",
    "{name!r} is the house's own promise, and no duty of a body",
)
TWICE = Text("同一件事计了两次", "the same is counted twice")
UNWEIGHED = Text(
    "难的须重于没有说明的，没有说明的须重于简单的",
    "hard cases weigh more than those of which nothing is said, and these more than easy ones",
)


def wrongs(formula: Formula, clocks: Mapping[str, ClockRule]) -> Iterator[tuple[str, Text]]:
    """What is wrong with a formula, as (key, what): each of these would pay for the wrong thing."""
    earning = [item.points for item in formula.items if not item.costs]
    if sum(earning) != FULL:
        yield "items", NOT_FULL.format(full=FULL, whole=sum(earning))
    for term in MUST_COST:
        if not any(item.term == term for item in formula.items):
            yield "items", COSTS_NOTHING.format(term=term)
    for item in formula.items:
        if item.points < 1:
            yield f"items.{item.name}.points", NO_POINTS
        elif item.costs and item.points <= max(earning, default=0):
            yield f"items.{item.name}.points", COSTS_LITTLE.format(most=max(earning))
        yield from ((f"items.{item.name}.clocks", what) for what in _of_clocks(item, clocks))
    yield from _twice(formula)
    easy = max(formula.weight(code) for code in EASY)
    if not 1 <= easy < formula.unsaid < min(formula.weight(code) for code in HARD):
        yield "weights", UNWEIGHED


def _of_clocks(item: Item, clocks: Mapping[str, ClockRule]) -> Iterator[Text]:
    if bool(item.clocks) != TERMS[item.term].clocks:
        yield CLOCKS_OR_NOT
    for name in sorted(item.clocks):
        clock = clocks.get(name)
        if clock is None:
            yield NO_CLOCK.format(name=name)
        elif clock.duty != "body" or clock.on_due != "breach":
            yield NO_DUTY.format(name=name)
        elif clock.kind == "house":
            yield OF_THE_HOUSE.format(name=name)


def _twice(formula: Formula) -> Iterator[tuple[str, Text]]:
    seen: set[str] = set()
    for item in formula.items:
        what = item.clocks or {item.term}
        if seen & what:
            yield f"items.{item.name}", TWICE
        seen |= what
