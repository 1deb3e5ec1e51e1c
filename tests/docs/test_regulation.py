"""The table of the regulation names nothing that is not there, and leaves no clause out."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from huiyin.core import rulebook
from huiyin.core.conditions import CLOCK_GUARDS, EFFECTS, GUARDS, MARK_EFFECTS
from huiyin.core.rulebook import Rulebook
from huiyin.doors.cli.commands import COMMANDS
from tests.docs.pages import HOUSE, text

LAW = rulebook.by_id("cn-2022")
# How many paragraphs each article has, and how many items its paragraphs; read in the text of the regulation.
PARAGRAPHS = {13: 3, 14: 2, 15: 3, 16: 4, 17: 2, 18: 4, 19: 3, 20: 4, 21: 2, 22: 2, 23: 4, 24: 2, 25: 2}
PARAGRAPHS |= {26: 1, 27: 1, 28: 3, 29: 3, 30: 3, 31: 1, 32: 2, 33: 1, 34: 1, 35: 1, 36: 3, 37: 3, 38: 3}
PARAGRAPHS |= {39: 3, 40: 4, 41: 2, 42: 1, 43: 1, 44: 1, 45: 1, 46: 1, 47: 3, 48: 1}
ITEMS = {"14.1": 7, "22.1": 3, "26.1": 6, "31": 6, "32.1": 3, "41.1": 4, "42": 4, "44": 3, "45": 4, "46": 7}


def clauses() -> list[str]:
    """Every clause from article 13 to 48, an item where there are items."""
    made = []
    for article, count in PARAGRAPHS.items():
        for paragraph in range(1, count + 1):
            name = f"{article}.{paragraph}" if count > 1 or f"{article}.1" in ITEMS else str(article)
            made += [f"{name}({item})" for item in range(1, ITEMS.get(name, 0) + 1)] or [name]
    return made


def test_every_clause_stands_in_it_in_order():
    said = [clause.name for clause in LAW.regulation]
    assert [name for name in said if name in clauses()] == clauses()


@cache
def page_names() -> frozenset[str]:
    def walk(patterns: list[URLPattern | URLResolver], space: str) -> list[str]:
        names = []
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                names += walk(pattern.url_patterns, pattern.namespace or space)
            elif pattern.name:
                names.append(f"{space}:{pattern.name}")
        return names

    return frozenset(walk(get_resolver("huiyin.site.urls_all").url_patterns, ""))


def is_there(said: str, book: Rulebook = LAW) -> bool:
    """Whether what carries a clause out exists."""
    kind, _, name = said.partition(":")
    known = {
        "move": {row.verb for row in book.rows},
        "clock": set(book.clocks),
        "state": set(book.states),
        "guard": GUARDS | CLOCK_GUARDS,
        "effect": EFFECTS | MARK_EFFECTS,
        "page": page_names(),
        "command": set(COMMANDS),
    }
    return name in known[kind] if kind in known else (HOUSE / name).is_file()


@pytest.mark.parametrize("clause", LAW.regulation, ids=lambda clause: clause.name)
def test_what_carries_a_clause_out_is_there(clause):
    assert [said for said in clause.by if not is_there(said)] == []


def test_what_is_not_built_names_nothing_that_is():
    """A line that says "not-yet" and names what carries it out says two things: one of them is old."""
    assert [c.name for c in LAW.regulation if c.left_out == "not-yet" and c.by] == []


def test_the_page_shows_them_all():
    page = text("docs/reference/regulation.md")
    shown = re.findall(r"^\| (\d+[^ ]*) \|", page, flags=re.MULTILINE)
    assert shown == [clause.name for clause in LAW.regulation]


def test_possible_social_effect_alone_is_no_ground_for_urgency():
    (urgent,) = [clause for clause in LAW.regulation if clause.name == "25.1"]
    assert "social effect alone is no" in urgent.text.en
    assert urgent.left_out == ""
    assert "test:tests/promises/test_urgent_is_about_the_matter.py" in urgent.by


def test_a_made_up_name_would_be_found_out():
    for said in ("move:vanish", "page:desk:nowhere", "clock:never", "command:spy", "doc:docs/none.md"):
        assert not is_there(said), said
    with pytest.raises(NoReverseMatch):
        reverse("desk:nowhere")
