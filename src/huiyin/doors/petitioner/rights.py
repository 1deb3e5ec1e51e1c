"""What the law gives the author at this stage: what is owed to them now, and what is theirs to do.

Nothing is written here beforehand. Articles and their plain words come from the rulebook, by the terms that
run and the moves that are open, so that every stage of every law tells what holds there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.core.rulebook import Row, Rulebook
from huiyin.core.text import Text
from huiyin.registry.clocks import ToldClock
from huiyin.site import articles

ALWAYS = ("18.4", "21")  # nobody may retaliate; everybody may follow. Where the law has them.


@dataclass(frozen=True, slots=True)
class Right:
    """One sentence, the article it stands in, and where that can be read."""

    words: Text
    article: Text
    href: str


def rights(
    book: Rulebook, clocks: Iterable[ToldClock], rows: Iterable[Row], cards: Iterable[Mapping[str, Any]]
) -> list[Right]:
    """What is owed first, then what is open, then what always holds; each article once."""
    owed = [
        (told.clock.article, told.clock.rulebook)
        for told, card in zip(clocks, cards, strict=True)
        if told.is_owed and card["duty"] != "house"
    ]
    open_now = [(row.article, book.id) for row in rows]
    always = [(article, book.id) for article in ALWAYS if book.id.startswith("cn-")]
    told = {}
    for article, law in dict.fromkeys([*owed, *open_now, *always]):
        words = articles.words_of(article, law)
        if words.en and article not in told and not _is_house(article):
            told[article] = Right(words, articles.cite(article, law), articles.href(article, law))
    return list(told.values())


def _is_house(article: str) -> bool:
    """Whether a step rests on no law, or on a practice: then it is no right that one could point to."""
    return article in {"", articles.HOUSE} or article.partition(".")[0] == articles.LOCAL
