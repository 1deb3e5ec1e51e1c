"""A clock as `huiyin/parts/_clock.html` draws it: the same at every door.

Who must act and what is noted beside it is said differently to author and office; each door adds that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from huiyin.core.text import Text
from huiyin.registry.clocks import ToldClock
from huiyin.site import articles


def card(told: ToldClock, *, body: Text | None, note: Text | None) -> dict[str, Any]:
    """`body`: who must act; `note`: what is said below the date."""
    clock = told.clock
    return {
        "name": told.rule.text,
        "short": short(told.rule.text),
        "article": articles.cite(clock.article, clock.rulebook),
        "article_href": articles.href(clock.article, clock.rulebook),
        "unit": clock.unit,
        "kind": clock.kind,
        "days": clock.days,
        "state": clock.state,
        "reckoning": clock.reckoning,
        "ended": clock.ended,
        "body": body,
        "note": note,
        "doubts": told.doubts,
    }


def short(name: Text) -> Text:
    """The name of a term without what stands in brackets: who set its date is told where it is reckoned."""
    return Text(name.zh.partition("（")[0], name.en.partition(" (")[0])


def first_due(clocks: Iterable[ToldClock]) -> dict[str, Any] | None:
    """The term that a body owes first, for a line at the top: how it is called and its day."""
    owed = (
        told for told in clocks if told.is_owed and told.rule.duty == "body" and told.clock.kind != "house"
    )
    first = min(owed, key=lambda told: told.clock.due, default=None)
    return None if first is None else {"name": short(first.rule.text), "due": first.clock.due}
