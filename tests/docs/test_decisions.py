"""A choice that is cited is written down, with its price and with what keeps it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import HOUSE, tracked

DECISIONS = {
    name.removeprefix("docs/decisions/")[:4]: HOUSE / name
    for name in tracked()
    if name.startswith("docs/decisions/")
}
CITED = re.compile(r"[Dd]ecisions? (\d{4})")
KINDS = (".py", ".toml", ".html", ".md", ".sh", ".js", ".css")


def test_every_decision_that_is_cited_exists():
    lost = []
    for name in tracked():
        if name.endswith(KINDS):
            found = CITED.findall((HOUSE / name).read_text(encoding="utf-8"))
            lost += [f"{name}: {number}" for number in found if number not in DECISIONS]
    assert not lost


def test_no_number_is_given_twice():
    """A number may stay unused: several decisions are written at a time, and not each is taken."""
    kept = [name for name in tracked() if name.startswith("docs/decisions/")]
    numbers = [name.removeprefix("docs/decisions/")[:4] for name in kept]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdecimal() for number in numbers)


@pytest.mark.parametrize("number", sorted(DECISIONS))
def test_each_says_why_what_it_costs_and_what_keeps_it(number: str):
    page: Path = DECISIONS[number]
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {number}. ")
    for part in ("Context", "Choice", "Cost", "Kept by"):
        assert f"**{part}.**" in text, part
    assert len(text.splitlines()) <= 45, "half a page, at most"
