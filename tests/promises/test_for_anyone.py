"""Promise 10: without a name, an account or a machine of one's own, the same procedure."""

from __future__ import annotations

from typing import Any

from huiyin.core import rulebook
from huiyin.registry import access
from huiyin.registry.file import Filed, file
from huiyin.registry.models import CHANNELS
from huiyin.registry.prospects import open_moves
from huiyin.vault.seal import Author
from tests.cast import NOW, Walk, acting_as, lodge, lodging


def told_of(walk: Walk) -> list[Any]:
    """Everything that happened and every date, without what is drawn by chance."""
    petition = walk.petition
    entries = petition.entries.values_list("event", "role", "article", "state", "notice", "clocks")
    clocks = petition.clocks.values_list("name", "article", "start", "end", "due", "state")
    return [*entries, *clocks, petition.state, petition.next_due]


def test_without_a_name_every_step_every_right_and_every_date_is_the_same(cast: Any) -> None:
    named, anonymous = Walk(lodge()), Walk(lodge(author=Author()))
    for state in ("lodged", "accepted", "opinion-served", "review-served", "closed-final"):
        for walk in (named, anonymous):
            walk.to(state)
        assert told_of(named) == told_of(anonymous)
        rights = [
            [r.verb for r in open_moves(w.petition, access.Author(w.ref), NOW)] for w in (named, anonymous)
        ]
        assert rights[0] == rights[1]


def test_whichever_way_it_comes_the_same_clock_starts(cast: Any) -> None:
    """By web, letter, telephone, visit, fax, e-mail or another system."""
    made = []
    for channel, _ in CHANNELS:
        by = None if channel in {"web", "api"} else acting_as("olga")
        filed = file(lodging(channel=channel), now=NOW, by=by)
        assert isinstance(filed, Filed), (channel, filed)
        assert filed.key
        assert filed.receipt
        made.append([(c.name, c.due) for c in filed.clocks])
    assert all(clocks == made[0] for clocks in made)


def test_reference_and_key_are_all_that_is_ever_needed(cast: Any) -> None:
    walk = Walk(lodge(author=Author())).to("opinion-served")
    proved = access.author_of(walk.ref, walk.key)
    assert isinstance(proved, tuple)
    walk("request-review", "author")


# What an author says by a move is all that it asks: whether they were pressed, a mark, words of their own.
ASKED = {"pressed", "comment", "rating", "grounds", "information", "message_back"}


def test_no_right_of_the_author_asks_for_more_than_the_key() -> None:
    for book in rulebook.all_rulebooks():
        for row in book.rows:
            if row.by == {"author"}:
                needed = {c.name for c in row.contents if c.required}
                assert needed <= ASKED, (
                    book.id,
                    row.verb,
                )
