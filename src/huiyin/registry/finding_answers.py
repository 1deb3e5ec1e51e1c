"""Searches what was answered in public, for anybody: words of a matter, and never a person.

A query is read and refused by the rules that the desk's search has. What is found is shown as it stands on
its own page, and only while it stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact, GreaterThan

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.reading import query
from huiyin.reading.query import Piece, Query
from huiyin.registry import publishing, searching, solving
from huiyin.registry.answer_words import AnswerWords
from huiyin.registry.answers import OPINION, PROBLEM, QUESTION
from huiyin.registry.models import Problem, Publication, Question

LISTED = 200  # found at most
A_PAGE = 20
KINDS = (PROBLEM, QUESTION, OPINION)
NOTHING = Query(())
NOT_HERE = {
    "search-person": Text(
        "这里查事，不查人：不能按姓名、电话、证件号、银行账号、门牌查找。"
        "请输入事情本身的词，例如“电梯 漏水”。如果这不是人名，请换一个词",
        "this finds matters, not people: no name, telephone, identity, bank or house number is looked for. "
        "Write words of the matter, such as “lift leak”. If this is no name, try another word",
    ),
    "search-number": Text(
        "不按数字查找，数字可能指向某个人。请去掉数字",
        "numbers are not looked for, as one may lead to a person. Leave them out",
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A published answer: what kind it is, the number or code of its page, and what it says."""

    kind: str
    page: str
    title: tuple[Piece, ...]
    told: tuple[Piece, ...]
    body: Text
    on: date


def asked(said: str) -> Query | Refusal:
    """The query in what somebody typed, everything for no words, or why it is not asked."""
    read = searching.asked(said) if said.strip() else NOTHING
    if isinstance(read, Refusal) and read.code in NOT_HERE:
        return Refusal(read.code, NOT_HERE[read.code])  # the desk's own words lead to references and dates
    return read


def rows(wanted: Query, *, publishes: bool, kind: str = "", body: str = "") -> QuerySet[AnswerWords]:
    """The rows of what holds these words, the newest first; of everything for a query of no words.

    `publishes`: whether the law has opinions published; `kind`, `body`: that kind alone, of that body alone.
    """
    found = AnswerWords.objects.all()
    for term in wanted.wanted:
        found = found.filter(GreaterThan(_place(term), 0))
    for term in wanted.unwanted:
        found = found.filter(Exact(_place(term), 0))
    if not publishes:
        found = found.exclude(kind=OPINION)
    if kind:
        found = found.filter(kind=kind)
    return found.filter(body__code=body) if body else found


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found. `count`: of all that are listed; `more`: others are not."""

    count: int
    more: bool
    page: Page[AnswerWords]
    answers: list[Answer]


def found(
    wanted: Query, number: str | int | None, *, publishes: bool, kind: str = "", body: str = ""
) -> Found:
    """The page of that number, the first or last for one that is not there; the rest as for `rows`."""
    listed = list(rows(wanted, publishes=publishes, kind=kind, body=body).defer("words")[: LISTED + 1])
    page = Paginator(listed[:LISTED], A_PAGE).get_page(number)
    return Found(min(len(listed), LISTED), len(listed) > LISTED, page, read(page, wanted))


def _place(term: Sequence[str]) -> StrIndex:
    """Where the tokens of a term stand in a row; quicker than LIKE, which looks at each letter."""
    return StrIndex("words", Value(f" {' '.join(term)} "))


def read(found: Iterable[AnswerWords], wanted: Query) -> list[Answer]:
    """What stands on the pages of these rows, with the words marked: one statement for each kind."""
    found = list(found)
    pages = {kind: [row.page for row in found if row.kind == kind] for kind in KINDS}
    there: dict[tuple[str, str], tuple[str, list[str], Text]] = {}
    for each in solving.public().filter(pk__in=pages[PROBLEM]) if pages[PROBLEM] else ():
        there[PROBLEM, str(each.pk)] = (each.title, _problem_texts(each), each.body.name)
    for asked in _questions(pages[QUESTION]):
        there[QUESTION, asked.code] = (asked.asks, [asked.outcome, asked.why], asked.body.name)
    for opinion in _opinions(pages[OPINION]):
        there[OPINION, str(opinion.pk)] = ("", [opinion.text], opinion.body.name)
    return [
        _answer(row, *there[row.kind, row.page], wanted) for row in found if (row.kind, row.page) in there
    ]


def _problem_texts(each: Problem) -> list[str]:
    return [each.outcome, each.plan, each.broken, each.place]


def _questions(codes: Sequence[str]) -> Iterable[Question]:
    answered = Question.objects.exclude(answered_at=None)
    return answered.filter(code__in=codes).select_related("body") if codes else ()


def _opinions(numbers: Sequence[str]) -> Iterable[Publication]:
    return publishing.public().filter(pk__in=numbers, withdrawn_on=None) if numbers else ()


def _answer(row: AnswerWords, title: str, texts: Sequence[str], body: Text, wanted: Query) -> Answer:
    """The text that says the words; where none does, the first that says anything."""
    said = [tuple(query.pieces(text, wanted)) for text in texts if text]
    told = next((pieces for pieces in said if any(piece.hit for piece in pieces)), said[0] if said else ())
    return Answer(row.kind, row.page, tuple(query.pieces(title, wanted)), told, body, row.on)
