"""The head of the supervisor's desk: what was found, by which article, since when and how reckoned.

It measures what bodies owe. No line, bar or figure here counts petitioners or what they did (charter 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.core.text import Text
from huiyin.core.vocabulary import CLOCK_KIND_WORDS
from huiyin.doors.officer import wording
from huiyin.registry.models import Body
from huiyin.registry.supervision import Found, Supervised
from huiyin.site import articles


@dataclass(frozen=True, slots=True)
class Line:
    """One petition of the list."""

    petition: Any
    state: Text
    body: Text  # whose duty it is
    findings: list[dict[str, Any]]
    letter: dict[str, Any] | None


def lines(found: Iterable[Supervised], book: str, today: date) -> Iterator[Line]:
    """The list as it is drawn; one query for the bodies that must answer elsewhere."""
    kept = list(found)
    codes = {_duty(each) for each in kept}
    bodies = {body.code: body.name for body in Body.objects.filter(code__in=codes)}
    for each in kept:
        yield Line(
            petition=each.petition,
            state=wording.state_of(each.petition),
            body=bodies.get(_duty(each), each.petition.holder.name),
            findings=[_finding(one, book, today) for one in each.found],
            letter=_letter(each, today),
        )


def _duty(each: Supervised) -> str:
    """Whose it is to mend: the body that a letter went to, that must carry out, or that has the petition."""
    petition = each.petition
    if path := str(petition.marks.get("supervised", "")):
        return path.rpartition("/")[2]
    carrying = any(one.trigger.remedies for one in each.found)
    return petition.handled_by if carrying and petition.handled_by else petition.holder.code


def _finding(one: Found, book: str, today: date) -> dict[str, Any]:
    clock = one.finding.clock
    return {
        "text": one.trigger.text,
        "article": articles.cite(one.trigger.article, book),
        "article_href": articles.href(one.trigger.article, book),
        "since": one.since,
        "days": (today - one.since).days + 1 if one.since else None,
        "term": wording.clock_text(clock.rulebook, clock.name) if clock else None,
        "term_article": articles.cite(clock.article, clock.rulebook) if clock else None,
        "kind": CLOCK_KIND_WORDS[clock.kind] if clock and clock.kind != "law" else None,
        "start": clock.start if clock else None,
        "due": clock.due if clock else None,
    }


def _letter(each: Supervised, today: date) -> dict[str, Any] | None:
    clock = each.letter
    if clock is None:
        return None
    answered = clock.ended is not None
    late = not answered and clock.due < today
    return {"due": clock.due, "answered": answered, "late": late, "ended": clock.ended}
