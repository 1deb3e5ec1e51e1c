"""Petitions that live through the night when the law changed (decision 0003)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from huiyin.core import rulebook
from tests.cast import FINDING, Walk, lodge

THE_OLD_LAWS_LAST_SPRING = datetime(2022, 4, 11, 2, 0, tzinfo=UTC)


def answered() -> Walk:
    """Taken up and answered under the old law, which lists no requests and asks for no signature."""
    walk = Walk(lodge(now=THE_OLD_LAWS_LAST_SPRING), THE_OLD_LAWS_LAST_SPRING).to("transferred")
    walk("accept", "otto")
    walk("issue-opinion", "otto", **FINDING, outcome="support")
    return walk


def test_a_clock_that_starts_under_the_old_law_keeps_it_though_the_move_comes_later(cast: Any) -> None:
    walk = answered().later(days=22)  # 3 May 2022: the new law is in force
    walk("serve", "otto", served_on="2022-04-29", way="post")
    clock = walk.petition.clocks.get(name="review-request")
    assert (clock.rulebook, clock.article, clock.start) == ("cn-2005", "34", date(2022, 4, 29))


def test_a_move_after_that_night_is_made_under_the_new_law(cast: Any) -> None:
    walk = answered().later(days=22)
    walk("serve", "otto", served_on="2022-05-02", way="post")
    petition = walk.petition
    assert [entry.rulebook for entry in petition.entries.all()][-1] == "cn-2022"
    assert petition.clocks.get(name="review-request").rulebook == "cn-2022"
    assert petition.clocks.get(name="handling").rulebook == "cn-2005"


def test_a_petition_goes_on_under_the_law_it_was_lodged_under_where_the_new_one_leaves_it(
    cast: Any, monkeypatch: Any
) -> None:
    kept = tuple(replace(book, pending="keep") for book in rulebook.all_rulebooks())
    monkeypatch.setattr(rulebook, "all_rulebooks", lambda: kept)
    rulebook.in_force.cache_clear()
    rulebook.deciding.cache_clear()
    walk = answered()
    walk.later(days=22)
    walk("serve", "otto", served_on="2022-05-02", way="post")
    assert [entry.rulebook for entry in walk.petition.entries.all()][-1] == "cn-2005"
    assert walk.petition.clocks.get(name="review-request").rulebook == "cn-2005"
    monkeypatch.undo()
    rulebook.in_force.cache_clear()
    rulebook.deciding.cache_clear()
