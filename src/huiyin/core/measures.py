"""What is measured of how bodies answer: each measure defined here and nowhere else (charter 8 and 9).

A measure reads a `Record`: how often what happened, of claims and suggestions together. A record holds
neither channel nor level, neither who nor with whom nor whether again, so no measure can depend on them. What
is judged (`better`) is a share of what a body owed; how many petition, ask for review, dispute, rate or
withdraw is in no denominator that could make it better. `tests/core/test_measures.py` tries to make each of
them better that way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from huiyin.core import cohorts
from huiyin.core.intervals import Share, Time, shares, time
from huiyin.core.rulebook import Rulebook
from huiyin.core.text import Text

Key = str | int | None
Table = Counter[Key]

# The tables of a record beside those of terms and days, and the keys that they may have.
OUTCOMES, REVIEWS, HANDED, OBJECTIONS, HANDS = "outcomes", "reviews", "handed", "objections", "hands"
SUPERVISIONS, RECEPTIONS, RATINGS, AGES = "supervisions", "receptions", "ratings", "ages"
TERM, DAYS = "term ", "days "  # before the name of a clock
REGISTERED = "days registered"
AFTERWARDS = (*(name for _, name in cohorts.LATE), cohorts.LATE_MORE)
OVER = frozenset({cohorts.MET, *AFTERWARDS, cohorts.OVERDUE})  # of these terms the time is over
TAKEN, OBJECTED = "taken", "objected"
AGREED, REJECTED = "agreed", "rejected"
HELD, CHANGED, CALLED_OFF = "held", "changed", "called-off"
MOST_HANDS = 4


@dataclass(slots=True)
class Record:
    """How often what happened: tables by name, each a number of cases by key."""

    tables: dict[str, Table] = field(default_factory=dict)

    def of(self, table: str) -> Table:
        return self.tables.get(table) or Counter()

    def add(self, table: str, key: Key, number: int = 1) -> None:
        self.tables.setdefault(table, Counter())[key] += number


@dataclass(frozen=True, slots=True)
class Measure:
    """What it is, how it is reckoned, where the law asks for it, and what it must not be used for.

    kind: a share of `part` in `whole`; a spread over all keys of its table; or a time. better: "more" where
    it is judged, "" where it is shown and judged by nobody. public: it can be reckoned from the public log.
    """

    code: str
    kind: Literal["share", "spread", "time"]
    table: str
    article: str
    text: Text
    formula: Text
    never: Text
    part: frozenset[Key] = frozenset()
    whole: frozenset[Key] = frozenset()
    keys: tuple[tuple[str, Text], ...] = ()
    better: Literal["more", ""] = ""
    public: bool = False

    def share(self, record: Record) -> Share:
        """Of a share: how many of how many."""
        counted = record.of(self.table)
        return Share(sum(counted[k] for k in self.part), sum(counted[k] for k in self.whole))

    def spread(self, record: Record) -> dict[str, Share]:
        """Of a spread: each key of the measure, in its order, as a share of them all."""
        counted = record.of(self.table)
        return shares({key: counted[key] for key, _ in self.keys})

    def time(self, record: Record) -> Time:
        """Of a time: the middle, and what nine in ten take no longer than."""
        return time({k: n for k, n in record.of(self.table).items() if not isinstance(k, str)})

    def size(self, record: Record) -> int:
        """Of how many cases it tells."""
        if self.kind == "share":
            return self.share(record).whole
        counted = record.of(self.table)
        return sum(counted[key] for key, _ in self.keys) if self.kind == "spread" else counted.total()


NO_PERSONS = Text(
    "不得用来评价、奖惩任何工作人员，也不得用来评价信访人。",
    "It must not be used to judge, reward or punish any officer, nor to judge who petitions.",
)
NO_RANKING = Text(
    "不得用来排名，也不得作为考核依据：它随来信的内容变化，不只随办理变化。",
    "It must not be used for a ranking or an assessment: it follows what people ask, not only how they are "
    "answered.",
)
NO_FEWER = Text(
    "不得要求“降下来”：复查、异议、评价是信访人的权利。",
    "Nobody may be told to bring it down: review, dispute and rating are rights of who petitions.",
)


def of_law(book: Rulebook) -> tuple[Measure, ...]:
    """Every measure under that law, in the order in which they are shown."""
    known = {row.verb for row in book.rows}
    return tuple(each for each in (*_times(book), *_terms(book), *_others(book)) if _applies(each, known))


def _applies(measure: Measure, verbs: Iterable[str]) -> bool:
    """Whether the law has the step that it is about."""
    needed = {
        HANDED: "object",
        OBJECTIONS: "object",
        REVIEWS: "issue-review-opinion",
        SUPERVISIONS: "close-supervision",
        RATINGS: "rate",
    }
    has_keys = measure.kind != "spread" or len(measure.keys) > 1
    return has_keys and needed.get(measure.table, "lodge") in set(verbs)


def _times(book: Rulebook) -> Iterable[Measure]:
    """Times that the law's own terms limit, and the time to registration before them."""
    clocks = book.clocks
    yield Measure(
        "time-registered",
        "time",
        REGISTERED,
        next((row.article for row in book.rows_of("register")), "house"),
        Text("从提出到登记的天数", "Days from lodging to registration"),
        Text(
            "登记日减提出日。一半不超过的天数（中位数）和九成不超过的天数；还没有登记的不在其中。",
            "Day of registration less day of lodging: what half, and what nine in ten, take no longer "
            "than. What is not registered yet is not in it.",
        ),
        NO_PERSONS,
    )
    for name, text in _TIMES.items():
        if clock := clocks.get(name):
            yield Measure(
                f"time-{name}",
                "time",
                DAYS + name,
                clock.article,
                text,
                Text(
                    "期限起算日到送达、告知日的天数。逾期未办的算作比所有已办的都长；期限未满、已延长或者已撤回的不计。",
                    "Days from the start of the term to the notice or service. What is overdue and has not "
                    "come counts as longer than all that came; what still runs, was extended or ended "
                    "otherwise is not counted.",
                ),
                NO_PERSONS,
            )


CARRY_OUT = "carry-out"
CARRIED_OUT = Text(
    "按期报告做到 ÷ 到期的承诺。信访人确认还是有异议不改变这一比例；有异议的由督办核实。",
    "Reported as done by the day ÷ promises whose day is over. Whether the author confirms or disputes "
    "changes nothing here: a dispute is looked into by supervision.",
)
_TIMES = {
    "notice": Text("从收到到书面告知的天数", "Days to the written notice"),
    "handling": Text("从受理到处理意见书送达的天数", "Days from acceptance to the opinion served"),
    "review": Text("复查用的天数", "Days that a review takes"),
    "rereview": Text("复核用的天数", "Days that a re-review takes"),
}
TIMED = frozenset(_TIMES)  # the terms of which it is told how long they took


def _terms(book: Rulebook) -> Iterable[Measure]:
    """How each term that a body owes was kept, the law's own first."""
    owed = [
        c for c in book.clocks.values() if c.duty == "body" and c.on_due == "breach" and c.kind != "house"
    ]
    for clock in sorted(owed, key=lambda each: each.kind != "law"):
        yield Measure(
            f"in-time-{clock.name}",
            "share",
            TERM + clock.name,
            clock.article,
            Text("答应的事按期做到", "Promises carried out by their day")
            if clock.name == CARRY_OUT
            else Text(f"按期：{clock.text.zh}", f"In time: {clock.text.en}"),
            CARRIED_OUT
            if clock.name == CARRY_OUT
            else Text(
                "按期办结 ÷（按期 + 逾期办结 + 逾期未办）。还在期限内、已延长或者因撤回、化解而终止的不计；"
                "逾期以后再终止的仍算逾期。",
                "In time ÷ (in time + late + overdue). What still runs, was extended or ended by a "
                "withdrawal or a settlement is not counted; what was late before it ended stays late.",
            ),
            NO_PERSONS,
            part=frozenset({cohorts.MET}),
            whole=OVER,
            better="more",
            public=True,
        )
    if "extension" in book.clocks:
        yield Measure(
            "extended",
            "share",
            TERM + "handling",
            book.clocks["extension"].article,
            Text("延长办理期限的比例", "Share of handling terms that were extended"),
            Text(
                "延长的 ÷（按期 + 逾期 + 逾期未办 + 延长）。"
                "每次延长的理由写在给信访人的告知书里，不分类汇总。",
                "Extended ÷ (in time + late + overdue + extended). The reason of each stands in the notice "
                "to its author; reasons are words, and are not sorted into kinds.",
            ),
            NO_RANKING,
            part=frozenset({cohorts.EXTENDED}),
            whole=OVER | {cohorts.EXTENDED},
            public=True,
        )


def _others(book: Rulebook) -> Iterable[Measure]:
    yield Measure(
        "outcomes",
        "spread",
        OUTCOMES,
        next((row.article for row in book.rows_of("issue-opinion")), "house"),
        Text("处理意见的结论", "What opinions come to"),
        Text(
            "每项诉求的结论，占全部已答复诉求的比例。",
            "Each answer to a request, as a share of all that were answered.",
        ),
        NO_RANKING,
        keys=_choices(book, "outcome"),
    )
    yield Measure(
        "reviews",
        "spread",
        REVIEWS,
        next((row.article for row in book.rows_of("issue-review-opinion")), "house"),
        Text("复查复核的结论", "What reviews come to"),
        Text(
            "维持、变更、撤销、责令重办，各占已作出的复查复核意见的比例。",
            "Upheld, changed, quashed, to be done anew: each as a share of all opinions that were looked "
            "at again.",
        ),
        NO_FEWER,
        keys=_choices(book, "review_outcome"),
        public=True,
    )
    yield Measure(
        "objected",
        "share",
        HANDED,
        next((row.article for row in book.rows_of("object")), "house"),
        Text("转送交办后被提出异议的比例", "Share of hand-overs that the receiving body objected to"),
        Text("提出异议 ÷ 转送、交办次数。", "Objections ÷ hand-overs."),
        NO_RANKING,
        part=frozenset({OBJECTED}),
        whole=frozenset({TAKEN, OBJECTED}),
    )
    yield Measure(
        "objections-agreed",
        "share",
        OBJECTIONS,
        next((row.article for row in book.rows_of("return")), "house"),
        Text("异议成立的比例", "Share of objections that the sender agreed with"),
        Text("同意交还 ÷（同意交还 + 异议不成立）。", "Taken back ÷ (taken back + rejected)."),
        NO_RANKING,
        part=frozenset({AGREED}),
        whole=frozenset({AGREED, REJECTED}),
    )
    yield Measure(
        "hands",
        "spread",
        HANDS,
        "house",
        Text("经过几个单位", "Through how many bodies it went"),
        Text(
            "到过一个、两个、三个、四个以上单位的，各占多少。",
            "At one body, two, three, four or more: the share of each.",
        ),
        NO_RANKING,
        keys=tuple(
            (str(n), Text(f"{n} 个", f"{n}") if n < MOST_HANDS else Text(f"{n} 个以上", f"{n} or more"))
            for n in range(1, MOST_HANDS + 1)
        ),
    )
    yield Measure(
        "corrected",
        "share",
        SUPERVISIONS,
        next((row.article for row in book.rows_of("close-supervision")), "house"),
        Text("督办后改正的比例", "Share of supervisions that ended in a correction"),
        Text(
            "已改正 ÷ 已了结的督办；查明问题不存在的不计。",
            "Corrected ÷ supervisions closed; where nothing turned out to be wrong it is not counted.",
        ),
        NO_PERSONS,
        part=frozenset({"corrected"}),
        whole=frozenset({"corrected", "in-part", "proposed"}),
        better="more",
    )
    yield Measure(
        "receptions",
        "share",
        RECEPTIONS,
        _article_of_receptions(book),
        Text("接待日按公布办理的比例", "Share of reception days held as announced"),
        Text(
            "没有取消、公布后没有改动的 ÷ 已过去的接待日。来了多少人不计。",
            "Neither called off nor changed after it was announced ÷ days that are over. How many came is "
            "not counted.",
        ),
        NO_PERSONS,
        part=frozenset({HELD}),
        whole=frozenset({HELD, CHANGED, CALLED_OFF}),
        better="more",
    )
    yield Measure(
        "ages",
        "time",
        AGES,
        "house",
        Text("未办结的已有多少天", "Age of open cases, in days"),
        Text(
            "今天减提出日，只算未办结的：中位数和九成不超过的天数。",
            "Today less the day of lodging, of what is open: what half, and what nine in ten, do not exceed.",
        ),
        NO_RANKING,
    )
    yield Measure(
        "ratings",
        "spread",
        RATINGS,
        next((row.article for row in book.rows_of("rate")), "house"),
        Text("信访人的评价", "How petitioners rated the handling"),
        Text(
            "每件一次，由持有查询码的人评价；当天的不计，以前各天的按先后每满五份一起计入，单份评价没有人能看到。",
            "Once a petition, by the holder of its key. They are counted five at a time, day by day, and not "
            "before their day is over: nobody sees a single one.",
        ),
        Text(
            NO_FEWER.zh + "不得用来评价单位或者工作人员，也不得请人改评。",
            NO_FEWER.en
            + " It must not be used to judge a body or an officer, and nobody may be asked to change one.",
        ),
        keys=_choices(book, "rating"),
    )


def _article_of_receptions(book: Rulebook) -> str:
    """Where this law has hours of reception published; they are the house's own under one that has none."""
    span = book.spans.get("reception-published")
    return span.article if span and span.article else "house"


def _choices(book: Rulebook, name: str) -> tuple[tuple[str, Text], ...]:
    """The codes that a content of that name may have under this law, with their words."""
    for row in book.rows:
        for content in row.contents:
            for each in (content, *content.columns):
                if each.name == name:
                    return tuple((choice.code, choice.text) for choice in each.choices)
    return ()


def in_fives(given: Iterable[str]) -> Counter[Key]:
    """What may be said of ratings in this order, to which new ones are added at its end alone: whole groups
    of five, the rest waits.

    Whoever looks every day sees five more at once or none, and so never whose one it was.
    """
    told = list(given)
    return Counter(told[: len(told) - len(told) % GROUP])


GROUP = 5


def from_figures(figures: cohorts.Figures, *, year: str = "", bodies: str = "") -> Record:
    """The record that a public log comes to: terms as its counts say how they stand.

    year: 'YYYY', or '' for all. bodies: a group as the log names it, or '' for all of them together.
    """
    made = Record()
    for cohort, sums in figures.cohorts.items():
        if not cohort.period.startswith(year) or bodies not in {"", cohort.bodies}:
            continue
        for standing, number in sums.standings.items():
            plain, _, result = standing.partition("/")
            made.add(TERM + cohort.clock, plain, number)
            if result:
                made.add(REVIEWS, result, number)
    return made
