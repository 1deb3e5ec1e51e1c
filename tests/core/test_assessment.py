"""The yearly assessment: no formula pays for fewer who petition, and what cannot be moved by them is not.

The petitions are those of the measures' own trials; the same three trials are made of the points. That they
find a formula which does depend on people is tried with bad ones; that a rulebook with one is refused, too.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import median

import pytest

from huiyin.core import assessment, formula, measures, rulebook, sample, tasks
from huiyin.core.assessment import DISPUTED, DONE, NOT_DONE, assess
from huiyin.core.formula import Formula, Item
from huiyin.core.measures import Record
from huiyin.core.rulebook import FOLDER, BrokenRulebook, load
from huiyin.core.text import Text
from tests.core.test_measures import DRAWS, REMOVED, SEEDS, SWITCHED, Everything, Petitioned, made_up
from tests.core.test_measures import _without as without
from tests.core.test_measures import record as counted

LAW = rulebook.by_id("cn-2022")
assert LAW.assessment is not None
FORMULA = LAW.assessment
DIFFICULTY = ("", "clear", "several", "hearing", "expert")
KEPT = {"met": DONE, "late-7": DONE, "overdue": NOT_DONE}


def record(petitions: Iterable[Petitioned]) -> Everything:
    """What the registry would count: promises by how hard they were, and files that were looked at."""
    made = counted(petitions)
    for each in made.petitions:
        if each.kept and each.withdrawn is None:
            stands = DISPUTED if each.disputed and KEPT[each.kept] == DONE else KEPT[each.kept]
            made.add(assessment.SOLVED, assessment.case_key(DIFFICULTY[each.hands % 5], stands))
        if each.days == 0:  # drawn by lot
            wrong = assessment.WRONG if each.outcome == "explain" and each.extended else assessment.RIGHT
            made.add(assessment.HIDDEN, wrong)
            made.add(assessment.FALSE_DATES, assessment.RIGHT)
    return made


def points(petitions: Iterable[Petitioned], under: Formula = FORMULA) -> Fraction:
    value = assess(under, record(petitions)).value
    assert value is not None
    return value


# ---- the three trials


def doubled(under: Formula, petitions: list[Petitioned]) -> bool:
    return points(petitions, under) != points([*petitions, *petitions], under)


def switched(under: Formula, petitions: list[Petitioned]) -> list[str]:
    """Disputing is none of them here: what its author disputes is not solved until it is done."""
    before = points(petitions, under)
    ways = {name: way for name, way in SWITCHED.items() if name != "disputed"}
    return [name for name, way in ways.items() if points(map(way, petitions), under) != before]


def removed(under: Formula, petitions: list[Petitioned]) -> list[str]:
    high, wrong = assess(under, record(petitions)).high, []
    for name, change in REMOVED.items():
        came = median(points(without(Random(n), petitions, change), under) for n in range(DRAWS))
        wrong += [f"{name} {float(came)}"] if came > high else []
    return wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_twice_as_many_petitions_leave_the_points_as_they_are(seed: int) -> None:
    assert not doubled(FORMULA, made_up(200, seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_channel_level_company_and_coming_again_change_no_point(seed: int) -> None:
    assert switched(FORMULA, made_up(200, seed)) == []


@pytest.mark.parametrize("number", [300, 1200])
@pytest.mark.parametrize("seed", SEEDS)
def test_fewer_petitions_reviews_disputes_or_ratings_and_more_withdrawals_earn_nothing(
    number: int, seed: int
) -> None:
    assert removed(FORMULA, made_up(number, seed)) == []


@pytest.mark.parametrize("number", [50, 500, 5_000])
def test_however_many_there_are_nobody_gains_beyond_the_interval_by_ending_every_dispute(number: int) -> None:
    petitions = made_up(number, 5)
    with_them = assess(FORMULA, record(petitions))
    none = assess(FORMULA, record(replace(each, disputed=False) for each in petitions))
    assert none.value is not None
    assert none.value <= with_them.high


# ---- that they find a bad formula


def planted(
    monkeypatch: pytest.MonkeyPatch, of: Callable[[tuple[Petitioned, ...]], tuple[int, int]]
) -> Formula:
    """The formula with a term in it that no rulebook can name, and that pays for the wrong thing."""
    term = formula.Term("earns", Text("坏", "bad"))
    monkeypatch.setitem(formula.TERMS, "bad", term)
    reckon = assessment.tally

    def tally(item: Item, under: Formula, record: Record) -> assessment.Tally:
        if item.term != "bad":
            return reckon(item, under, record)
        assert isinstance(record, Everything)
        return assessment.plain(*of(record.petitions))

    monkeypatch.setattr(assessment, "tally", tally)
    bad = Item("bad", "bad", 100, "house", Text("坏", "bad"))
    return replace(FORMULA, items=(bad,))


BAD: dict[str, tuple[Callable[[tuple[Petitioned, ...]], tuple[int, int]], str]] = {
    "few petitions": (lambda p: (max(9000 - len(p), 0), 9000), "doubled"),
    "few visits": (lambda p: (sum(each.channel != "visit" for each in p), len(p)), "switched"),
    "few come again": (lambda p: (sum(not each.again for each in p), len(p)), "switched"),
    "few reviews": (lambda p: (sum(not each.review for each in p), len(p)), "removed"),
    "few disputes": (lambda p: (sum(not each.disputed for each in p), len(p)), "removed"),
    "few rate badly": (lambda p: (sum(each.rating != "dissatisfied" for each in p), len(p)), "removed"),
    "withdrawn counts as solved": (
        lambda p: (sum(each.withdrawn is not None or each.kept == "met" for each in p), len(p)),
        "removed",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_formula_that_pays_for_fewer_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of, trial = BAD[name]
    under, petitions = planted(monkeypatch, of), made_up(1500, 3)
    trials = {"doubled": doubled, "switched": switched, "removed": removed}
    assert trials[trial](under, petitions), f"{trial} lets it pass"


REFUSED = {
    "few petitions": ('term = "solved"', 'term = "few-petitions"', "must be one of"),
    "few reviews": ('term = "corrected"', 'term = "no-review"', "must be one of"),
    "few disputes": ('term = "receptions"', 'term = "undisputed"', "must be one of"),
    "people using a right late": (
        'clocks = ["carry-out"]',
        'clocks = ["review-request"]',
        "no duty of a body",
    ),
    "the house's own promise": ('clocks = ["carry-out"]', 'clocks = ["publication"]', "no duty of a body"),
    "hiding costs little": ("points = 200", "points = 20", "cost most"),
    "late notices cost nothing": (
        'term = "late"\npoints = 60',
        'term = "in-time"\npoints = 60',
        "must come to 100",
    ),
    "a point lost by being negative": ("points = 45", "points = -45", "at least 1"),
    "more than can be earned": ("points = 45", "points = 60", "must come to 100"),
    "easy ones weigh most": ("clear = 1", "clear = 9", "hard cases weigh more"),
    "age makes it hard": ("clear = 1", "old = 9", "must be one of"),
    "coming again makes it easy": ("clear = 1", "again = 1", "must be one of"),
    "counted twice": ('clocks = ["carry-out"]', 'clocks = ["handling"]', "counted twice"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_rulebook_with_a_bad_formula_is_refused(name: str, tmp_path: Path) -> None:
    before, after, said = REFUSED[name]
    shutil.copytree(FOLDER / "cn", tmp_path / "cn")
    shutil.copy(FOLDER / "words.toml", tmp_path)
    chapter = tmp_path / "cn" / "cn-2022" / "assessment.toml"
    text = chapter.read_text("utf-8")
    assert before in text
    chapter.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(BrokenRulebook, match=said):
        load(tmp_path / "cn" / "cn-2022")


def test_no_article_of_the_formula_speaks_of_what_bodies_are_most_complained_of() -> None:
    assert {item.term for item in FORMULA.items} <= set(formula.TERMS)
    words = "petitions channel level visit joint again review dispute rating withdraw settle complained age"
    assert not [name for name in formula.TERMS for word in words.split() if word in name]
    assert not [code for code in formula.DIFFICULTIES for word in words.split() if word in code]


# ---- what it comes to


def solved(**cases: int) -> Record:
    made = Record()
    for key, number in cases.items():
        difficulty, _, stands = key.partition("_")
        code = "" if difficulty == "unsaid" else difficulty
        made.add(assessment.SOLVED, assessment.case_key(code, stands.replace("_", "-")), number)
    return made


def test_a_hard_case_solved_earns_more_than_an_easy_one() -> None:
    hard = assess(FORMULA, solved(several_done=1, clear_not_done=1)).value
    easy = assess(FORMULA, solved(several_not_done=1, clear_done=1)).value
    assert hard == Fraction(80)
    assert easy == Fraction(20)


def test_what_is_disputed_is_not_solved_and_the_interval_says_what_it_would_be() -> None:
    made = assess(FORMULA, solved(unsaid_done=50, unsaid_disputed=50))
    assert made.value == 50
    assert made.high > 95


def test_hiding_false_dates_and_late_notices_cost_most() -> None:
    answered = {"term handling": measures.Table({"met": 100})}
    whole = assess(FORMULA, Record(answered))
    assert whole.value == 100
    lost = {}
    for table, wrong, right in (
        ("hidden", "wrong", "right"),
        ("false-dates", "wrong", "right"),
        ("term notice", "late-7", "met"),
    ):
        one_in_ten = {**answered, table: measures.Table({wrong: 10, right: 90})}
        lost[table] = Fraction(100) - (assess(FORMULA, Record(one_in_ten)).value or 0)
    one_in_ten = {"term handling": measures.Table({"met": 90, "late-7": 10})}
    late_answers = Fraction(100) - (assess(FORMULA, Record(one_in_ten)).value or 0)
    assert lost == {"hidden": 20, "false-dates": 20, "term notice": 6}
    assert late_answers == 10  # of what was there to be earned, which was nothing else
    most = max(item.points for item in FORMULA.items if not item.costs)
    assert all(item.points > most for item in FORMULA.items if item.costs)


def test_where_nothing_was_owed_there_are_no_points_and_none_is_made_up() -> None:
    made = assess(FORMULA, Record())
    assert made.value is None
    assert len(made.empty) == len(FORMULA.items)
    few = assess(FORMULA, Record({"term handling": measures.Table({"met": 3, "overdue": 1})}))
    assert few.value == 75
    assert few.low < 50


def test_no_points_are_below_none() -> None:
    made = assess(
        FORMULA, Record({"term handling": measures.Table({"met": 1}), "hidden": measures.Table({"wrong": 5})})
    )
    assert made.value == 0


@pytest.mark.parametrize(
    ("state", "over", "stands"),
    [
        (tasks.PROMISED, True, ""),
        (tasks.DROPPED, True, ""),
        (tasks.DUE, False, ""),
        (tasks.DUE, True, NOT_DONE),
        (tasks.REPORTED, True, DONE),
        (tasks.CONFIRMED, False, DONE),
        (tasks.DISPUTED, False, DISPUTED),
        (tasks.PARTLY, True, DISPUTED),
    ],
)
def test_how_a_promise_stands(state: str, over: bool, stands: str) -> None:
    assert assessment.solves(state, over=over) == stands


def test_what_would_be_is_held_to_the_same_rules() -> None:
    other = FORMULA.with_points({"solved": 35, "answered": 40}, {"": 3, "several": 9})
    assert list(formula.wrongs(other, LAW.clocks)) == []
    assert other.weight("several") == 9
    assert other.weight("") == 3
    bad = FORMULA.with_points({"hidden": 10}, {"clear": 7})
    assert {key for key, _ in formula.wrongs(bad, LAW.clocks)} == {"items.hidden.points", "weights"}


def test_an_item_that_an_objection_took_out_is_counted_no_more() -> None:
    made = Record(
        {"term handling": measures.Table({"met": 9}), "hidden": measures.Table({"wrong": 1, "right": 1})}
    )
    assert assess(FORMULA, made).value == 0
    assert assess(FORMULA.without({"hidden"}), made).value == 100


def test_an_inspection_looks_for_what_costs_most() -> None:
    assert {"complete", "dates-true"} <= set(sample.CHECKLIST)


def test_what_an_inspection_did_not_find_is_held_against_nobody() -> None:
    met = {"term handling": measures.Table({"met": 100})}
    looked_at = {**met, "hidden": measures.Table({"right": 2})}
    assert assess(FORMULA, Record(looked_at)).low == assess(FORMULA, Record(met)).low
