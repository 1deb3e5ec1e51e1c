"""Marks: small facts of law about a case, left by one row and asked for by another."""

from dataclasses import replace
from datetime import date

import pytest

from huiyin.core import procedure
from huiyin.core.case import After, Move
from huiyin.core.conditions import MARK_EFFECTS
from huiyin.core.effects import effect_of
from huiyin.core.marks import MARKS
from huiyin.core.refusal import Refusal
from tests.core.cast import CN22, PETRA, case, situation

TODAY = date(2026, 3, 2)


def marked(effect, before=None, said=None, **around):
    made = effect_of(effect)(case(marks=before or {}), said or {}, situation(today=TODAY, **around))
    assert replace(made, marks={}) == case(), "nothing beside the marks changes"
    return made.marks


def test_each_effect_leaves_or_takes_away_its_own_mark():
    assert marked("mark:rated", {"other": 1}) == {"other": 1, "rated": True}
    assert marked("unmark:rated", {"other": 1, "rated": True}) == {"other": 1}
    assert marked("unmark:rated") == {}
    assert marked("date:rated") == {"rated": "2026-03-02"}
    assert marked("count:rated") == {"rated": 1}
    assert marked("count:rated", {"rated": 2}) == {"rated": 3}
    assert marked("keep:rated", said={"rated": "code"}) == {"rated": "code"}
    first, second = marked("digest:rated", said={"a": "1"}), marked("digest:rated", said={"a": "2"})
    assert first == marked("digest:rated", said={"a": "1"}) != second
    assert marked("hand:rated", {"rated": ["a"]}, actor="b") == {"rated": ["a", "b"]}
    assert marked("hand:rated", actor="") == {"rated": []}
    assert marked("custodian:rated", custodian="x") == {"rated": "x"}
    assert marked("auditing:rated", auditing="y") == {"rated": "y"}
    assert {
        *("mark", "unmark", "date", "count", "keep", "digest", "addressee", "by", "level"),
        *("hand", "custodian", "auditing"),
    } == MARK_EFFECTS


@pytest.mark.parametrize("name", MARKS)
def test_a_row_is_refused_by_the_mark_in_its_way_and_says_so(name):
    row = next(iter(CN22.rows_of("rate")))
    wants, shuns = replace(row, when=(name,)), replace(row, when=(f"!{name}",))
    for before, wanted, code, reason in (
        ({}, wants, f"not-{name}", MARKS[name].missing),
        ({name: True}, shuns, f"already-{name}", MARKS[name].present),
    ):
        refused = procedure.in_the_way(case(marks=before), wanted)
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.reason, refused.article) == (code, reason, row.article)
    assert procedure.in_the_way(case(marks={name: True}), wants) is None
    assert procedure.in_the_way(case(), shuns) is None


def test_of_two_rows_of_one_verb_the_mark_chooses():
    row = next(iter(CN22.rows_of("rate")))
    again = replace(row, when=("rated",), article="18.4", effects=())
    rows = (*(r for r in CN22.rows if r.verb != "rate"), row, again)
    book = replace(CN22, rows=rows)
    around = replace(situation(today=TODAY), rulebook=book)
    move = Move("rate", {"rating": "satisfied"})
    first = procedure.apply(case("lapsed"), move, PETRA, around)
    assert isinstance(first, After)
    second = procedure.apply(first.case, move, PETRA, around)
    assert isinstance(second, After)
    assert (first.row.article, second.row.article) == ("21", "18.4")
    offered = procedure.open_rows(first.case, PETRA, around)
    assert {r.article for r in offered if r.verb == "rate"} == {"18.4"}


def test_a_clock_can_start_on_a_day_that_the_case_is_marked_with():
    row = next(r for r in CN22.rows_of("accept") if r.article == "23.1")
    back = replace(row, clock_from="@rated")
    book = replace(CN22, rows=tuple(back if r is row else r for r in CN22.rows))
    around = replace(situation(today=TODAY), rulebook=book)
    for marks, start in (({"rated": "2026-02-02"}, date(2026, 2, 2)), ({}, TODAY)):
        made = procedure.apply(case(marks=marks), Move("accept"), replace(PETRA, roles=row.by), around)
        assert isinstance(made, After)
        assert [c.start for c in made.case.clocks if c.name == "handling"] == [start]
