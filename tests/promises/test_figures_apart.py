"""Promises 3, 8 and 9: no figure sets a body or a place against how, to whom, with how many or how often.

Counted by body must never be: the channel by which petitions came, the level that they went to, how many
signed together, or whether somebody came again. Whoever could count that would punish bodies, and through
them people, for petitioning. The test takes every measure and every dimension that any figure has.
"""

from __future__ import annotations

import ast
import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from huiyin.core import cohorts, rulebook
from huiyin.core.cohorts import Cohort, Count, Figures, Sums
from huiyin.doors.officer.sifting import SiftForm
from huiyin.registry import demands, yearly
from tests.promises.source import called, modules
from tests.verifying.made_log import honest

# How a petition came, to which level, with whom, and whether again: parts of a name in code.
APART = re.compile(
    r"channel|came_by|came_in|door|walk_in|visit|counter|higher|skipped_level|lodged_at_level|receive|receiving"
    r"|joint|signature|signer|together|group_size|repeat|again|before|earlier|recur|times"
)
BODY_OR_PLACE = re.compile(r"bod(y|ies)|holder|handled_by|level|area|place|region|whose|superior|office\b")


# ---- what is published


def measures() -> set[str]:
    """Everything that is counted of a cohort: its sums, and each way in which a term can stand."""
    plain = {each.name for each in fields(Sums)} - {"standings"}
    results = {f"{a}/{r}" for a, r in itertools.product(cohorts.ANSWERED, cohorts.RESULTS)}
    return plain | set(cohorts.STANDINGS) | results


def dimensions() -> set[str]:
    return {each.name for each in fields(Cohort)}


def test_the_log_counts_by_period_bodies_and_term_alone():
    assert dimensions() == {"period", "bodies", "clock"}
    assert {each.name for each in fields(Count)} == {"cohort", "what", "commitment"}
    assert measures() == {
        *("began", "moved_in", "moved_out"),
        *("open", "overdue", "met", "late-7", "late-30", "late-90", "late-more", "extended", "lapsed"),
        *(f"{a}/{r}" for a in cohorts.ANSWERED for r in ("uphold", "change", "quash", "redo")),
    }


@pytest.mark.parametrize("measure", sorted(measures()))
@pytest.mark.parametrize("dimension", sorted(dimensions()))
def test_no_published_figure_crosses_a_body_with_how_a_petition_came(measure: str, dimension: str):
    assert not APART.search(measure)
    assert not APART.search(dimension)


@pytest.mark.parametrize("book", rulebook.all_rulebooks(), ids=lambda book: book.id)
def test_no_term_that_is_counted_stands_for_a_way_of_petitioning(book):
    assert [name for name in book.clocks if APART.search(name.replace("-", "_"))] == []


def test_what_is_published_has_these_columns_and_no_other():
    sums: Figures = honest().figures()
    rows = sums.as_json()
    assert {name for row in rows for name in row} == {
        *dimensions(),
        "began",
        "moved_in",
        "moved_out",
        "standings",
    }
    header = next(csv.reader(io.StringIO(cohorts.as_csv(rows))))
    assert set(header) == dimensions() | measures()


def test_no_other_figure_sets_them_against_each_other_either():
    for figure in (demands.OfYear, yearly.Year, yearly.OfBody, yearly.Proposals):
        assert [each.name for each in fields(figure) if APART.search(each.name)] == []


# ---- what is asked of the database


def grouped() -> Iterator[tuple[str, list[str]]]:
    """Module and columns of each query that counts or sums by groups."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in {"annotate", "aggregate"} and _counts(node):
                yield path, list(_columns(node))


def _counts(node: ast.Call) -> bool:
    given = [*node.args, *(word.value for word in node.keywords)]
    return any(isinstance(each, ast.Call) and called(each) in {"Count", "Sum", "Avg"} for each in given)


def _columns(node: ast.AST) -> Iterator[str]:
    """Every word in the chain of calls that the counting ends: filters, groups, conditions."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
        elif isinstance(each, ast.keyword) and each.arg:
            yield each.arg


def test_no_query_counts_by_body_or_place_and_by_that():
    found = list(grouped())
    assert len(found) > 5, "the queries that count are found at all"
    for path, columns in found:
        crossed = [c for c in columns if BODY_OR_PLACE.search(c)], [c for c in columns if APART.search(c)]
        assert not all(crossed), f"{path}: {crossed}"


def test_no_filter_of_the_desk_sets_a_body_against_how_a_petition_came():
    assert "body" in SiftForm.base_fields
    assert [name for name in SiftForm.base_fields if APART.search(name)] == []


def test_no_page_can_be_asked_for_it():
    """Parameters of all public pages and of the API: none narrows by how, with whom or how often."""
    asked = {
        (path, word.value)
        for path, tree in modules().items()
        if path.startswith(("doors/public/", "doors/api/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("GET.get")
        for word in node.args[:1]
        if isinstance(word, ast.Constant)
    }
    assert ("doors/public/figures.py", "term") in asked
    assert [each for each in asked if APART.search(str(each[1]))] == []
