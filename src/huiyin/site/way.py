"""The way of a petition in a few words, with the terms of the law in force: what people are told beforehand.

The words are here; the days and the articles come from the rulebook, so that they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.core import rulebook
from huiyin.core.rulebook import ClockRule, Rulebook
from huiyin.core.text import Text
from huiyin.site import articles


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of the way: what happens, how long it may take, and where that is written."""

    title: Any
    text: Any
    clocks: tuple[ClockRule, ...]
    book: str

    @property
    def article(self) -> Text | None:
        return articles.cite(self.clocks[0].article, self.book) if self.clocks else None

    @property
    def doubts(self) -> tuple[Text, ...]:
        """What has to be checked before anybody relies on these terms."""
        book = rulebook.by_id(self.book)
        return tuple(dict.fromkeys(doubt for clock in self.clocks for doubt in book.doubts(clock)))

    @property
    def href(self) -> str:
        return articles.href(self.clocks[0].article, self.book) if self.clocks else ""


STAGES: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (
        _("It is registered and sent on"),
        _("The petition office puts it on record and sends it to the body that can decide it."),
        ("sort",),
    ),
    (
        _("You are told whether it is taken up"),
        _("That body tells you in writing that it has your petition, and how it goes on."),
        ("notice",),
    ),
    (
        _("You get a written answer"),
        _("The body looks into it and answers with facts, reasons and the law it relies on."),
        ("handling", "extension"),
    ),
    (
        _("You may ask for review"),
        _("Do you not agree? The next higher body looks at it again, by other people."),
        ("review-request", "review"),
    ),
    (
        _("You may ask for re-review"),
        _("Still not? The body above that one looks at it once more. That is the last stage."),
        ("rereview-request", "rereview"),
    ),
)


def stages(book: Rulebook) -> list[Stage]:
    """The stretches of the way under this law; one clock after the other for a law of another kind."""
    known = list(_known(book))
    if known:
        return known
    law = [rule for rule in book.clocks.values() if rule.kind == "law" and rule.days]
    return [_with_extension(rule, book) for rule in law if not rule.follows]


def _with_extension(rule: ClockRule, book: Rulebook) -> Stage:
    more = tuple(other for other in book.clocks.values() if other.follows == rule.name)
    return Stage(rule.text, "", (rule, *more), book.id)


def _known(book: Rulebook) -> Iterator[Stage]:
    for title, text, names in STAGES:
        clocks = tuple(book.clocks[name] for name in names if name in book.clocks)
        if clocks:
            yield Stage(title, text, clocks, book.id)
