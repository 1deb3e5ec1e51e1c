"""Cohorts: nobody stands alone in one, reports never at a body, and all sums balance."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.core import cohorts
from huiyin.core.cohorts import BadCount, Cohort, Count, Figures, Term, Unbalanced

DAY = date(2026, 3, 5)
SALT = bytes(range(32))
OPENING = {
    "ref": "HY-1",
    "term": 1,
    "clock": "handling",
    "began": "2026-03-05",
    "due": "2026-05-04",
    "ended": "2026-05-10",
    "state": "missed",
    "carried": False,
    "result": "",
    "body": "zj",
    "level": "county",
    "report": False,
}


def terms(body: str, count: int, *, report: bool = False, began: date = DAY) -> list[Term]:
    return [Term((body, report, began, i), "handling", began, body, "county", report) for i in range(count)]


def test_the_bytes_of_a_count_are_frozen() -> None:
    count = Count(Cohort("2026-03", "body zj", "handling"), ("became", "open", "late-7"), "A" * 43 + "=")
    assert count.to_bytes() == (
        b"huiyin-count/1\nperiod 2026-03\nbodies body zj\nclock handling\n"
        b"adds became open late-7\ncommitment AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    )
    assert cohorts.read(count.to_bytes()) == count


@pytest.mark.parametrize(
    "changed",
    [
        (b"period 2026-03", b"period 2026-13"),
        (b"body zj", b"body ZJ"),
        (b"body zj", b"person 7"),
        (b"became open", b"became  open"),
        (b"open late-7", b"open late-8"),
        (b"open late-7", b"met met"),
        (b"open late-7", b"open lapsed/uphold"),
        (b"commitment A", b"commitment !"),
        (b"huiyin-count/1", b"huiyin-count/2"),
        (b"\nclock handling", b""),
        (b"=\n", b"="),
        (b"=\n", b"=\nname Li\n"),
    ],
)
def test_what_is_no_count_is_refused(changed: tuple[bytes, bytes]) -> None:
    good = Count(Cohort("2026-03", "body zj", "handling"), ("became", "open", "late-7"), "A" * 43 + "=")
    with pytest.raises(BadCount):
        cohorts.read(good.to_bytes().replace(*changed))


def test_a_large_body_has_a_cohort_of_its_own_and_small_ones_stand_together() -> None:
    placed = cohorts.place([*terms("zj", 20), *terms("jt", 12), *terms("hb", 8)], (), 20)
    assert placed["zj", False, DAY, 0] == Cohort("2026-03", "body zj", "handling")
    small = {placed[body, False, DAY, 0] for body in ("jt", "hb")}
    assert small == {Cohort("2026-03", "level county", "handling")}


def test_too_few_wait() -> None:
    assert cohorts.place(terms("zj", 19), (), 20) == {}


def test_small_months_come_together_in_their_year() -> None:
    small = [*terms("zj", 12), *terms("zj", 8, began=date(2026, 4, 2))]
    assert set(cohorts.place(small, (), 20).values()) == {Cohort("2026", "all", "handling")}


def test_whoever_comes_later_joins_what_is_open() -> None:
    opened = {Cohort("2026-03", "body zj", "handling")}
    assert set(cohorts.place(terms("zj", 1), opened, 20).values()) == opened


def test_reports_open_nothing() -> None:
    assert cohorts.place(terms("zj", 60, report=True), (), 20) == {}


def test_a_report_joins_its_level_and_never_a_body() -> None:
    reported = terms("zj", 3, report=True)
    small = [*terms("jt", 12), *terms("hb", 8)]
    placed = cohorts.place([*terms("zj", 40), *reported, *small], (), 20)
    assert {placed[term.key] for term in reported} == {Cohort("2026-03", "level county", "handling")}


def test_a_report_waits_where_it_would_stand_among_reports_alone() -> None:
    """Every claim stands at its body, so the level holds none: a count there would tell of reports."""
    reported = terms("zj", 30, report=True)
    placed = cohorts.place([*terms("zj", 40), *reported], (), 20)
    assert not any(term.key in placed for term in reported)


BODY = st.sampled_from(("zj", "jt", "hb", "sh"))
SOME = st.lists(st.tuples(BODY, st.booleans(), st.integers(1, 12)), max_size=200)


@given(SOME, st.integers(1, 12))
def test_no_cohort_is_ever_smaller_than_what_opens_it(
    some: list[tuple[str, bool, int]], smallest: int
) -> None:
    levels = {"zj": "county", "jt": "county", "hb": "county", "sh": "prefecture"}
    all_terms = [
        Term(i, "handling", date(2026, month, 3), body, levels[body], report)
        for i, (body, report, month) in enumerate(some)
    ]
    placed = cohorts.place(all_terms, (), smallest)
    for cohort in set(placed.values()):
        members = [term for term in all_terms if placed.get(term.key) == cohort]
        assert sum(not term.report for term in members) >= smallest
        assert all(cohorts.may_be(cohort, term) for term in members)


def test_how_a_term_stands() -> None:
    due = date(2026, 5, 4)

    def stands(state: str, ended: date | None = None, **more: object) -> str:
        return cohorts.standing(state=state, due=due, ended=ended, **more)  # type: ignore[arg-type]

    assert stands("running") == stands("paused") == "open"
    assert stands("missed") == "overdue"
    assert stands("met", due) == "met"
    assert stands("missed", date(2026, 5, 11)) == "late-7"
    assert stands("missed", date(2026, 5, 12)) == "late-30"
    assert stands("missed", date(2026, 8, 2)) == "late-90"
    assert stands("missed", date(2026, 8, 3)) == "late-more"
    assert stands("lapsed", due) == "lapsed"
    assert stands("met", due, carried=True) == "extended"
    assert stands("met", due, result="uphold") == "met/uphold"


def test_sums_balance_and_refuse_what_does_not() -> None:
    cohort, figures = Cohort("2026-03", "all", "handling"), Figures()
    for what in (("began", "open"), ("began", "met"), ("became", "open", "overdue"), ("moved-in", "open")):
        figures.add(Count(cohort, what, ""))
    figures.add(Count(cohort, ("moved-out", "open"), ""))
    sums = figures.cohorts[cohort]
    assert sums.began + sums.moved_in - sums.moved_out == sum(sums.standings.values()) == 2
    with pytest.raises(Unbalanced):
        figures.add(Count(cohort, ("became", "open", "met"), ""))
    assert Figures.from_json(figures.as_json()).as_json() == figures.as_json()
    assert figures.as_json()[0]["standings"] == {"met": 1, "overdue": 1}


def test_the_table_has_one_column_for_each_way_to_stand() -> None:
    figures = Figures()
    figures.add(Count(Cohort("2026-03", "all", "review"), ("began", "met/quash"), ""))
    names, row = (line.split(",") for line in cohorts.as_csv(figures.as_json()).splitlines())
    assert dict(zip(names, row, strict=True))["met/quash"] == "1"


def test_whoever_opens_a_count_sees_whether_it_is_true() -> None:
    def wrong(what: tuple[str, ...], bodies: str = "body zj", **other: object) -> str:
        opening = OPENING | other
        made = Count(Cohort("2026-03", bodies, "handling"), what, cohorts.commit(opening, SALT))
        return cohorts.wrong(made, opening, SALT)

    assert wrong(("became", "open", "late-7")) == ""
    assert wrong(("began", "met")) == "standing", "late is counted as in time"
    assert wrong(("began", "late-7"), "body jt") == "cohort", "counted at somebody else"
    assert wrong(("began", "late-7"), report=True) == "cohort", "a report at a body"
    other = Count(
        Cohort("2026-03", "body zj", "handling"), ("began", "late-7"), cohorts.commit(OPENING, bytes(32))
    )
    assert cohorts.wrong(other, OPENING, SALT) == "commitment"
