"""Each promise of the charter says what keeps it today, by tests that exist, and what does not yet."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.docs.pages import CODE, HOUSE, text

PARTS = ("Today", "Room", "Tests", "An adversary can still", "Not kept yet")
PROMISE = re.compile(r"^(\d+)\. \*\*(.+?)[.:]?\*\*", flags=re.MULTILINE)


@cache
def sections() -> dict[str, str]:
    """Number of a promise -> what the threat model says of it."""
    found = re.split(r"^## (\d+)\. ", text("docs/threat-model.md"), flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


def names_in(path: str) -> set[str]:
    tree = ast.parse((HOUSE / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_it_goes_through_the_promises_in_order():
    promises = dict(PROMISE.findall(text("docs/charter.md")))
    assert len(promises) == 10
    headings = {number: said.partition("\n")[0].strip() for number, said in sections().items()}
    assert headings.keys() == promises.keys()
    for number, heading in headings.items():
        assert promises[number].startswith(heading), heading


@pytest.mark.parametrize("number", sections())
def test_each_promise_says_what_keeps_it_and_what_does_not(number: str):
    said = sections()[number]
    missing = [part for part in PARTS if f"**{part}" not in said]
    # What is kept whole has no open gap to tell of.
    assert missing in ([], ["Not kept yet"])


@pytest.mark.parametrize("number", sections())
def test_each_names_tests_that_exist(number: str):
    said = sections()[number].partition("**Tests.**")[2].partition("**An adversary")[0]
    path, found = "", 0
    for word in CODE.findall(said):
        if word.startswith("tests/"):
            path = word
            assert (HOUSE / path).exists(), path
            continue
        assert word in names_in(path), f"{path} has no {word}"
        found += 1
    assert found, "a file alone proves nothing: name the tests"


def test_every_test_that_is_named_anywhere_on_the_page_exists():
    path, found = "", 0
    for word in CODE.findall(text("docs/threat-model.md")):
        if word.startswith("tests/"):
            path = word
            assert (HOUSE / path).exists(), path
        elif word.startswith("test_"):
            assert word in names_in(path), f"{path} has no {word}"
            found += 1
    assert found > 200


def test_each_adversary_that_was_thought_of_has_what_they_cannot_do_and_what_they_still_can():
    table = text("docs/threat-model.md").partition("## Whom we think of")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("| ")]
    said = {row[0].strip(): [cell.strip() for cell in row] for row in rows[1:]}
    for word in ("thief", "curious officer", "complained about", "operator", "network", "flooding author"):
        assert any(word in who for who in said), word
    for who, cells in said.items():
        assert len(cells) == 5, who
        assert all(cells), who
        assert re.search(r"\((10|[1-9])\)", cells[3]), f"{who}: under which promise is it kept?"
