"""A clock as `huiyin/parts/_clock.html` draws it: the same at every door.

Who must act and what is noted beside it is said differently to author and office; each door adds that.
"""

from __future__ import annotations

from typing import Any

from huiyin.core.text import Text
from huiyin.registry.clocks import ToldClock
from huiyin.site import articles


def card(told: ToldClock, *, body: Text | None, note: Text | None) -> dict[str, Any]:
    """`body`: who must act; `note`: what is said below the date."""
    clock = told.clock
    return {
        "name": told.rule.text,
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
