"""What comes next and by when, told before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huiyin.core import rulebook
from huiyin.core.clock import Reckoning, reckon
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import ClockRule, Rulebook
from huiyin.core.text import Text
from huiyin.registry import law, routing
from huiyin.registry.models import Body
from huiyin.site import articles


@dataclass(frozen=True, slots=True)
class Ahead:
    """The first term that will run, and the body that must keep it."""

    body: Body
    rule: ClockRule
    reckoning: Reckoning
    book: str

    @property
    def doubts(self) -> tuple[Text, ...]:
        """What has to be checked before anybody relies on this term."""
        return rulebook.by_id(self.book).doubts(self.rule)

    @property
    def article(self) -> Text:
        return articles.cite(self.rule.article, self.book)

    @property
    def href(self) -> str:
        return articles.href(self.rule.article, self.book)


def first_term(body: Body, kind: str, now: datetime) -> Ahead | None:
    """The term that starts when this body receives such a petition now; None where its law sets no date."""
    book, day = law.at(now)
    rule = _rule(book, body, kind)
    if rule is None:
        return None
    made = reckon(rule.term(), day, law.calendar_for(book.calendar), today=day)
    return Ahead(body, rule, made, book.id)


def first_term_of_all(now: datetime) -> Ahead | None:
    """The same for a claim that names no body."""
    routed = routing.receiver("claim", "", ())
    return None if isinstance(routed, Refusal) else first_term(routed.body, "claim", now)


def _rule(book: Rulebook, body: Body, kind: str) -> ClockRule | None:
    for row in book.rows_of("lodge"):
        fits = (not row.held_by or body.kind in row.held_by) and (not row.kinds or kind in row.kinds)
        if fits:
            return book.clocks[row.starts[0]] if row.starts else None
    return None
