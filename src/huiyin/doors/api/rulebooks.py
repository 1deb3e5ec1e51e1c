"""The law as it is applied here, as JSON: terms, states, moves and articles of each rulebook."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from huiyin.core import rulebook
from huiyin.core.refusal import refuse
from huiyin.core.rulebook import NoSuchRule, Row, Rulebook
from huiyin.doors.api import public_shapes as shapes
from huiyin.registry import law
from huiyin.site import json_told
from huiyin.site.json_told import words
from huiyin.site.problem import Answered, answered


def listed(_request: HttpRequest) -> HttpResponse:
    """All of them, those in force here first."""
    here = _in_force()
    books = sorted(rulebook.all_rulebooks(), key=lambda book: (book.id != here, book.id))
    return _fresh(shapes.RulebooksOut(rulebooks=[_line(book, here) for book in books]))


def one(_request: HttpRequest, *, book: str) -> HttpResponse:
    try:
        found = rulebook.by_id(book)
    except NoSuchRule:
        raise Answered(404, refuse("not-found")) from None
    line = _line(found, _in_force())
    told = shapes.RulebookOut(
        id=line.id,
        title=line.title,
        jurisdiction=line.jurisdiction,
        in_force_from=line.in_force_from,
        in_force=line.in_force,
        evidence=line.evidence,
        zone=found.zone,
        terms=[_term(each) for each in found.clocks.values()],
        states=[
            shapes.StateRuleOut(code=each.name, text=words(each.text), open=each.open)
            for each in found.states.values()
        ],
        moves=[_row(row) for row in found.rows],
        articles=[
            shapes.ArticleOut(article=name, text=words(text)) for name, text in sorted(found.articles.items())
        ],
    )
    return _fresh(told)


def _in_force() -> str:
    return law.at(datetime.now(UTC))[0].id


def _fresh(value: object) -> HttpResponse:
    answer = answered(value)
    answer["Cache-Control"] = "no-cache"
    return answer


def _line(book: Rulebook, here: str) -> shapes.RulebookLine:
    return shapes.RulebookLine(
        id=book.id,
        title=words(book.title),
        jurisdiction=book.jurisdiction,
        in_force_from=book.in_force_from.isoformat(),
        in_force=book.id == here,
        evidence=book.evidence,  # type: ignore[arg-type]  # one of three, by the reader of rulebooks
    )


def _term(clock: rulebook.ClockRule) -> shapes.TermOut:
    return shapes.TermOut(
        clock=clock.name,
        text=words(clock.text),
        article=clock.article,
        unit=clock.unit,  # type: ignore[arg-type]
        days=clock.days,
        kind=clock.kind,
        duty=clock.duty,
        on_due=clock.on_due,
    )


def _row(row: Row) -> shapes.RowOut:
    return shapes.RowOut(
        move=row.verb,
        text=words(row.text),
        article=row.article,
        sources=sorted(row.sources),
        to=row.to,
        by=sorted(row.by),
        kinds=sorted(row.kinds),
        starts=list(row.starts),
        meets=list(row.meets),
        contents=[json_told.content(each) for each in row.contents],
    )
