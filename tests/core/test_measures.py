"""No measure of an answer gets better because of how, how often or how many petition, dispute or rate.

Made up here are petitions with everything that a measure must not see. Each measure is reckoned, the
petitions are changed, and it is reckoned again. That this finds a measure which does depend on them is tried
with bad ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from random import Random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.core import intervals, measures, rulebook
from huiyin.core.cohorts import Cohort, Figures, Sums
from huiyin.core.intervals import Share
from huiyin.core.measures import Measure, Record

LAW = rulebook.by_id("cn-2022")
ALL = measures.of_law(LAW)
SEEDS = range(3)
DRAWS = 7
DUE = {"sort": 15, "notice": 15, "handling": 60, "review": 30, "rereview": 30}


@dataclass(frozen=True)
class Petitioned:
    """One petition with everything: what bodies did, and what is nobody's business."""

    days: int  # to registration
    took: tuple[tuple[str, int | None], ...]  # days that each term took; None: overdue, and not come
    extended: bool
    outcome: str
    review: str  # '' = none was asked for
    objected: str  # '' | agreed | rejected
    hands: int
    kept: str  # of a promise: '' | met | late-7 | overdue
    disputed: bool
    supervision: str
    rating: str
    age: int | None  # of one that is open
    withdrawn: int | None = None  # after so many days
    channel: str = "web"
    level: str = "county"
    joint: bool = False
    again: bool = False


@dataclass
class Everything(Record):
    """A record that still has the petitions, so that a bad measure can be planted."""

    petitions: tuple[Petitioned, ...] = ()


def made_up(number: int, seed: int) -> list[Petitioned]:
    chance = Random(seed)
    return [_one(chance) for _ in range(number)]


def _one(chance: Random) -> Petitioned:
    took = tuple((name, _took(chance, due)) for name, due in DUE.items() if chance.random() < 0.8)
    return Petitioned(
        days=chance.choice([0, 0, 1, 1, 2, 3, 5, 9]),
        took=took,
        extended=chance.random() < 0.15,
        outcome=chance.choice(["support", "explain", "not-supported"]),
        review=chance.choice(["", "", "", "uphold", "change", "quash", "redo"]),
        objected=chance.choice(["", "", "", "", "agreed", "rejected"]),
        hands=chance.choice([1, 2, 2, 3, 5]),
        kept=chance.choice(["", "", "met", "met", "late-7", "overdue"]),
        disputed=chance.random() < 0.2,
        supervision=chance.choice(["", "", "", "corrected", "in-part", "proposed", "not-founded"]),
        rating=chance.choice(["", "", "satisfied", "basically", "dissatisfied"]),
        age=chance.choice([None, None, 5, 40, 90, 200]),
        channel=chance.choice(["web", "visit", "letter"]),
        level=chance.choice(["county", "prefecture", "province"]),
        joint=chance.random() < 0.1,
        again=chance.random() < 0.3,
    )


def _took(chance: Random, due: int) -> int | None:
    return None if chance.random() < 0.1 else chance.randint(1, int(due * 1.4))


def record(petitions: Iterable[Petitioned]) -> Everything:
    """What the registry would count of them: a withdrawal ends the terms that still run, and no other."""
    kept = tuple(petitions)
    made = Everything(petitions=kept)
    for each in kept:
        made.add(measures.REGISTERED, each.days)
        _add_terms(made, each)
        made.add(measures.HANDED, measures.OBJECTED if each.objected else measures.TAKEN)
        made.add(measures.HANDS, str(min(each.hands, measures.MOST_HANDS)))
        if each.objected:
            made.add(measures.OBJECTIONS, each.objected)
        if each.kept:
            made.add(measures.TERM + "carry-out", each.kept)
        if each.supervision:
            made.add(measures.SUPERVISIONS, each.supervision)
        if each.age is not None and each.withdrawn is None:
            made.add(measures.AGES, each.age)
        if each.withdrawn is None:
            made.add(measures.OUTCOMES, each.outcome)
        if each.withdrawn is None and each.review:
            made.add(measures.REVIEWS, each.review)
    made.tables[measures.RECEPTIONS] = Counter({measures.HELD: 30, measures.CALLED_OFF: 4})
    made.tables[measures.RATINGS] = measures.in_fives(each.rating for each in kept if each.rating)
    return made


def _add_terms(made: Record, each: Petitioned) -> None:
    for name, days in each.took:
        table, due = measures.TERM + name, DUE[name]
        stands = "overdue" if days is None else "met" if days <= due else "late-30"
        if _ends(each, name, due if days is None else min(days, due)):
            made.add(table, "lapsed")  # before its day; what was late already stays late
        elif name == "handling" and each.extended:
            made.add(table, "extended")
        else:
            made.add(table, stands)
            made.add(measures.DAYS + name, days)


def _ends(each: Petitioned, name: str, by: int) -> bool:
    """Whether it was withdrawn while that term ran, before the day by which it would have stood."""
    before = {"handling": 0, "review": 60, "rereview": 120}.get(name)
    return each.withdrawn is not None and before is not None and 0 <= each.withdrawn - before < by


# ---- what a measure comes to, whichever kind it is of


def told(measure: Measure, made: Record) -> dict[str, float]:
    """Every number that a measure says."""
    if measure.kind == "share":
        value = measure.share(made).value
        return {} if value is None else {"": value}
    if measure.kind == "spread":
        return {key: each.value for key, each in measure.spread(made).items() if each.value is not None}
    took = measure.time(made)
    return {name: _days(days) for name, days in (("middle", took.middle), ("most", took.most)) if took.whole}


def _days(days: int | None) -> float:
    return float("inf") if days is None else float(days)


def bounds(measure: Measure, made: Record) -> dict[str, tuple[float, float]]:
    """How far each of these numbers may be off by chance."""
    if measure.kind == "share":
        return {"": measure.share(made).interval}
    if measure.kind == "spread":
        return {key: each.interval for key, each in measure.spread(made).items()}
    low, high = measure.time(made).interval
    return {"middle": (_days(low), _days(high))}


# ---- the three trials; each answers what is wrong


def doubled(measure: Measure, petitions: list[Petitioned]) -> list[str]:
    once, twice = told(measure, record(petitions)), told(measure, record([*petitions, *petitions]))
    return [
        f"{key} {once[key]} → {twice[key]}"
        for key in once
        if once[key] != pytest.approx(twice[key], abs=1e-12)
    ]


SWITCHED: dict[str, Callable[[Petitioned], Petitioned]] = {
    "channel": lambda each: replace(each, channel="visit" if each.channel != "visit" else "web"),
    "level": lambda each: replace(each, level="province" if each.level != "province" else "county"),
    "joint": lambda each: replace(each, joint=not each.joint),
    "again": lambda each: replace(each, again=not each.again),
    "disputed": lambda each: replace(each, disputed=not each.disputed),
}


def switched(measure: Measure, petitions: list[Petitioned]) -> list[str]:
    before = told(measure, record(petitions))
    return [
        name for name, switch in SWITCHED.items() if told(measure, record(map(switch, petitions))) != before
    ]


Change = Callable[[Petitioned, Random], Petitioned]
REMOVED: dict[str, Change | None] = {
    "petitions": None,
    "reviews": lambda each, _: replace(each, review=""),
    "disputes": lambda each, _: replace(each, disputed=False),
    "ratings": lambda each, _: replace(each, rating=""),
    "withdrawn": lambda each, chance: replace(each, withdrawn=chance.randrange(150)),
}


def _without(chance: Random, petitions: list[Petitioned], change: Change | None) -> list[Petitioned]:
    """A random three in ten gone, or changed so."""
    gone = set(chance.sample(range(len(petitions)), len(petitions) * 3 // 10))
    if change is None:
        return [each for i, each in enumerate(petitions) if i not in gone]
    return [change(each, chance) if i in gone else each for i, each in enumerate(petitions)]


def removed(measure: Measure, petitions: list[Petitioned]) -> list[str]:
    """Which ways of getting rid of petitions move it beyond its interval: to the better, where it is judged.

    The middle of several draws: one alone may fall outside by chance.
    """
    allowed, wrong = bounds(measure, record(petitions)), []
    for name, change in REMOVED.items():
        drawn = [told(measure, record(_without(Random(n), petitions, change))) for n in range(DRAWS)]
        for key, (low, high) in allowed.items():
            came = median(each.get(key, low) for each in drawn)
            if came > high or (came < low and not measure.better):
                wrong.append(f"{name} {key} {came}")
    return wrong


# ---- what is held


@pytest.mark.parametrize("measure", ALL, ids=lambda each: each.code)
def test_twice_as_many_petitions_leave_every_measure_as_it_is(measure: Measure) -> None:
    if measure.code == "ratings":  # whole fives of twice as many may be one five more
        made: measures.Table = Counter({"satisfied": 7, "dissatisfied": 3})
        once, twice = Record({"ratings": made}), Record({"ratings": made + made})
        assert told(measure, once) == told(measure, twice)
        return
    for seed in SEEDS:
        assert doubled(measure, made_up(200, seed)) == []


@pytest.mark.parametrize("measure", ALL, ids=lambda each: each.code)
def test_channel_level_company_and_coming_again_change_nothing(measure: Measure) -> None:
    for seed in SEEDS:
        assert switched(measure, made_up(200, seed)) == []


@pytest.mark.parametrize("measure", ALL, ids=lambda each: each.code)
def test_fewer_petitions_reviews_disputes_or_ratings_and_more_withdrawals_help_nobody(
    measure: Measure,
) -> None:
    for seed in SEEDS:
        assert removed(measure, made_up(300, seed)) == []


@given(
    days=st.dictionaries(st.one_of(st.none(), st.integers(0, 400)), st.integers(1, 9), min_size=1),
    times=st.integers(2, 5),
)
@settings(max_examples=200, deadline=None)
def test_the_middle_of_many_is_that_of_as_many_times_as_many(days: dict[int | None, int], times: int) -> None:
    once, more = intervals.time(days), intervals.time({day: n * times for day, n in days.items()})
    assert (once.middle, once.most) == (more.middle, more.most)


@given(part=st.integers(0, 200), rest=st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_an_interval_holds_its_share_and_narrows_with_more(part: int, rest: int) -> None:
    share = Share(part, part + rest)
    low, high = share.interval
    assert 0 <= low <= high <= 1
    if share.value is not None:
        assert low - 1e-9 <= share.value <= high + 1e-9
        twice = Share(2 * part, 2 * (part + rest)).interval
        assert twice[1] - twice[0] <= high - low + 1e-9


def test_wilsons_interval_is_that_of_the_literature() -> None:
    """Brown, Cai, DasGupta (2001): 10 of 20 is 0.299 to 0.701; none of 20 is 0 to 0.161."""
    assert Share(10, 20).interval == pytest.approx((0.2993, 0.7007), abs=5e-4)
    assert Share(0, 20).interval == pytest.approx((0.0, 0.1611), abs=5e-4)


# ---- that the trials find a bad measure


def planted(reckon: Callable[[tuple[Petitioned, ...]], tuple[int, int]]) -> Measure:
    """A measure that reckons with what it should not see."""

    class Bad(Measure):
        def share(self, record: Record) -> Share:
            assert isinstance(record, Everything)
            return Share(*reckon(record.petitions))

    good = next(each for each in ALL if each.code == "in-time-handling")
    return Bad(**{each.name: getattr(good, each.name) for each in fields(good)})


def _of(petitions: tuple[Petitioned, ...], fits: Callable[[Petitioned], bool]) -> tuple[int, int]:
    return sum(map(fits, petitions)), len(petitions)


BAD: dict[str, tuple[Measure, str]] = {
    "few petitions": (planted(lambda p: (max(900 - len(p), 0), 900)), "doubled"),
    "few visits": (planted(lambda p: _of(p, lambda each: each.channel != "visit")), "switched"),
    "few who skip a level": (planted(lambda p: _of(p, lambda each: each.level == "county")), "switched"),
    "few come together": (planted(lambda p: _of(p, lambda each: not each.joint)), "switched"),
    "few come again": (planted(lambda p: _of(p, lambda each: not each.again)), "switched"),
    "few dispute": (planted(lambda p: _of(p, lambda each: not each.disputed)), "switched"),
    "few ask for review": (planted(lambda p: _of(p, lambda each: not each.review)), "removed"),
    "withdrawn counts as solved": (
        planted(lambda p: _of(p, lambda each: each.withdrawn is not None or each.outcome == "support")),
        "removed",
    ),
    "few rate badly": (planted(lambda p: _of(p, lambda each: each.rating != "dissatisfied")), "removed"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_measure_that_rewards_fewer_is_found(name: str) -> None:
    measure, trial = BAD[name]
    petitions = made_up(300, 3)
    found = {
        "doubled": lambda: doubled(measure, petitions),
        "switched": lambda: switched(measure, petitions),
        "removed": lambda: removed(measure, petitions),
    }
    assert found[trial](), f"{trial} lets it pass"


# ---- how they are defined


def test_every_measure_says_what_it_is_where_it_stands_and_what_it_is_not_for() -> None:
    for book in rulebook.all_rulebooks():
        made = measures.of_law(book)
        assert len({each.code for each in made}) == len(made)
        for each in made:
            for words in (each.text, each.formula, each.never):
                assert words.zh, each.code
                assert words.en, each.code
            assert each.article, each.code
            assert each.kind != "spread" or len(each.keys) > 1, (book.id, each.code)
            assert bool(each.whole) == (each.kind == "share"), each.code


def test_only_what_a_body_owes_is_judged() -> None:
    judged = {each.code for each in ALL if each.better}
    assert {"reviews", "ratings", "outcomes", "objected", "extended", "ages"}.isdisjoint(judged)
    assert {code.partition("-")[0] for code in judged} == {"in", "corrected", "receptions"}


def test_a_record_has_no_table_of_who_or_how() -> None:
    names = {each.table for each in ALL}
    for word in ("channel", "level", "joint", "again", "visit", "withdraw", "dispute", "author"):
        assert not [name for name in names if word in name]


def test_what_is_not_overdue_counts_for_no_time_and_what_is_counts_as_longest() -> None:
    handling = next(each for each in ALL if each.code == "time-handling")
    took = handling.time(Record({"days handling": Counter({10: 3, 20: 1, None: 5})}))
    assert (took.whole, took.middle, took.most) == (9, None, None)


def test_ratings_are_told_five_at_a_time() -> None:
    assert measures.in_fives(["satisfied"] * 4) == {}
    assert measures.in_fives(["satisfied"] * 5 + ["dissatisfied"] * 4) == {"satisfied": 5}
    assert measures.in_fives(["satisfied"] * 5 + ["dissatisfied"] * 5).total() == 10


def test_the_public_log_comes_to_the_same_record() -> None:
    figures = Figures()
    counted = Counter({"met/uphold": 18, "late-7/quash": 2, "overdue": 1})
    figures.cohorts[Cohort("2026-01", "body zj", "review")] = Sums(21, 0, 0, counted)
    made = measures.from_figures(figures, year="2026")
    assert made.of("term review") == {"met": 18, "late-7": 2, "overdue": 1}
    assert made.of("reviews") == {"uphold": 18, "quash": 2}
    assert measures.from_figures(figures, year="2025").tables == {}


@pytest.mark.parametrize(("law", "article"), [("cn-2022", "18.1"), ("uk-housing", "house")])
def test_hours_of_reception_cite_the_law_that_has_them(law: str, article: str) -> None:
    book = next(each for each in rulebook.all_rulebooks() if each.id.startswith(law))
    said = next(each for each in measures.of_law(book) if each.code == "receptions")
    assert said.article == article


def test_no_measure_cites_an_article_that_its_law_does_not_have() -> None:
    for book in rulebook.all_rulebooks():
        told = {each.article for each in measures.of_law(book)} - {"house"}
        assert {article.split(".")[0] for article in told} <= {name.split(".")[0] for name in book.articles}
