"""The glossary has every word that the code and the screen use, and says it as the screen does."""

from __future__ import annotations

from huiyin.core import rulebook
from huiyin.core.vocabulary import BODY_KINDS, PETITION_KINDS, ROLES, VERBS
from tests.docs.pages import CODE, table, text

LAW = rulebook.by_id("cn-2022")


def test_every_role_and_kind_is_in_it():
    known = set(CODE.findall(text("docs/glossary.md")))
    assert {*ROLES, *BODY_KINDS, *PETITION_KINDS} - known == set()


def test_moves_are_those_of_the_code_and_named_as_on_the_screen():
    written = {row[0].strip("`"): row[1] for row in table("docs/glossary.md", "Moves")}
    assert list(written) == list(VERBS)
    # What the 2022 regulation does not know is called as the law that knows it calls it.
    others = [book for book in rulebook.all_rulebooks() if book != LAW]
    called = {row.verb: row.text.zh for book in (*others, LAW) for row in reversed(book.rows)}
    assert written == {verb: called[verb] for verb in VERBS}


def test_clocks_are_those_of_the_law_and_named_as_on_the_screen():
    written = {row[0]: row[1] for row in table("docs/glossary.md", "Time") if row[0].startswith("`")}
    assert written == {f"`{name}`": clock.text.zh for name, clock in LAW.clocks.items()}
