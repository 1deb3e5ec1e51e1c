"""Promises 3 and 4: no settlement, payment or task asks anybody to give up petitioning or holds them back."""

from __future__ import annotations

import pytest

from huiyin.core import rulebook
from huiyin.core.rulebook import Rulebook
from huiyin.core.vocabulary import TASK_KINDS

CHINA = [book for book in rulebook.all_rulebooks() if book.id.startswith("cn-") and book.id > "cn-2005"]
PROMISES = {"tasks", "clauses"}


@pytest.mark.parametrize("book", CHINA, ids=lambda book: book.id)
def test_whatever_is_promised_is_looked_through_for_a_right_that_is_given_up(book: Rulebook) -> None:
    for row in book.rows:
        if PROMISES & {content.name for content in row.contents} or row.verb == "report-carried-out":
            assert "no-giving-up" in row.guards, (book.id, row.verb)


def test_a_task_is_of_one_of_five_kinds_and_none_is_a_person() -> None:
    assert TASK_KINDS == ("remedy", "notice", "hearing", "site-check", "reception-place")


@pytest.mark.parametrize("book", rulebook.all_rulebooks(), ids=lambda book: book.id)
def test_only_the_author_confirms_or_agrees_and_no_clerk_does_it_for_them(book: Rulebook) -> None:
    theirs = {"confirm-carried-out", "agree-mediation", "agree-settlement", "revoke-settlement"}
    for row in book.rows:
        if row.verb in theirs:
            assert row.by == {"author"}, (book.id, row.verb)


def test_decisions_do_not_use_what_was_said_in_mediation() -> None:
    book = rulebook.by_id("cn-2022")
    for verb in ("submit-opinion", "issue-opinion", "issue-review-opinion", "issue-rereview-opinion"):
        for row in book.rows_of(verb):
            assert "mediation-kept-apart" in row.guards, verb
