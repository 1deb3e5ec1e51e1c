"""The search for machines: what the page finds, as JSON, for the same officer and under the same refusals.

It reads only, and takes nothing but JSON in a body: another site cannot have a browser send that unasked, so
no token is needed beside the session. What is looked for stands in no address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from msgspec import Meta

from huiyin.core.refusal import FIELD_REASONS, REASONS, Refusal, refuse
from huiyin.core.text import Text
from huiyin.doors.officer import search
from huiyin.doors.officer.door import DeskRequest
from huiyin.doors.officer.search import Line, SearchForm
from huiyin.doors.officer.wording import kinds_of, states_of
from huiyin.reading.query import LONGEST, Piece, Query
from huiyin.registry import access, law, searching
from huiyin.registry.access import Acting
from huiyin.registry.models import Body
from huiyin.site import json_read
from huiyin.site.problem import Answered, Asked, Told, answered, refused

DAYS = frozenset({"since", "until"})
Day = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


class SearchIn(Asked):
    """Words of a matter, and filters. Every filter may stay away."""

    q: Annotated[str, Meta(max_length=LONGEST)]
    order: Literal["newest", "best"] = "newest"
    topic: Annotated[str, Meta(max_length=80, description="in words, as the page lists it")] = ""
    status: Literal["", "open", "closed"] = ""
    due: Literal["", "today", "late", "soon"] = ""
    body: Annotated[str, Meta(max_length=80, description="code or full name")] = ""
    state: Annotated[str, Meta(max_length=80, description="code, or in words")] = ""
    kind: Annotated[str, Meta(max_length=80, description="code, or in words")] = ""
    since: Day = ""
    until: Day = ""
    page: Annotated[int, Meta(ge=1, le=searching.LISTED)] = 1


class PieceOut(Told):
    said: str
    hit: bool


class WordsOut(Told):
    zh: str
    en: str


class LineOut(Told):
    """One petition, masked as on the page."""

    ref: str
    href: str
    subject: list[PieceOut]
    told: list[PieceOut]
    in_answer: bool
    kind: WordsOut
    state: WordsOut
    holder: WordsOut
    lodged_on: str


class FoundOut(Told):
    count: int
    more: bool
    page: int
    pages: int
    suggested: list[str]
    found: list[LineOut]


@sensitive_variables("asked", "form", "wanted")
def find(request: DeskRequest) -> HttpResponse:
    """200 with a page of what was found; 422 for what is not asked: a name, a number, too little."""
    acting = request.acting
    asked = json_read.read(request, SearchIn)
    if ref := searching.ref_in(asked.q):
        return _one(request, acting, ref)
    wanted = searching.asked(asked.q)
    if isinstance(wanted, Refusal):
        return refused(request, Refusal(wanted.code, wanted.reason, "", {"q": wanted.reason}), 422)
    form = _form(asked)
    wanted, found = search.find(acting, form, wanted)
    shown = Paginator(found.pks, search.A_PAGE).get_page(asked.page)
    out = FoundOut(
        count=len(found.pks),
        more=found.more,
        page=shown.number,
        pages=shown.paginator.num_pages,
        suggested=search.narrower(form, found),
        found=[_line(each) for each in search.lines_of(acting, list(shown), wanted)],
    )
    return answered(out)


def _one(request: HttpRequest, acting: Acting, ref: str) -> HttpResponse:
    """A whole reference in place of words: that petition, if they may see it."""
    pks = list(access.visible_to(acting).filter(ref=ref).values_list("pk", flat=True))
    if not pks:
        return refused(request, refuse("search-no-such-ref"), 404)
    lines = [_line(each) for each in search.lines_of(acting, pks, Query(()))]
    return answered(FoundOut(count=1, more=False, page=1, pages=1, suggested=[], found=lines))


def _form(asked: SearchIn) -> SearchForm:
    """The page's own form, filled in. Raises Answered, which names each filter that is wrong."""
    bodies = Body.objects.filter(active=True).values_list("code", "name_zh", "name_en")
    coded = {
        "topic": {word: t.code for t in SearchForm(None).topics.values() for word in (t.zh, t.en)},
        "body": {word: code for code, *names in bodies for word in (code, *names)},
        "state": _coded(states_of(settings.JURISDICTION).items()),
        "kind": _coded(kinds_of(settings.JURISDICTION).items()),
    }
    told = {name: str(getattr(asked, name)) for name in SearchForm.base_fields}
    unknown = [name for name, known in coded.items() if told[name] and told[name] not in known]
    form = SearchForm(told | {name: known.get(told[name], "") for name, known in coded.items()})
    wrong = dict.fromkeys(unknown, FIELD_REASONS["choice"])
    if not form.is_valid():
        wrong |= {name: FIELD_REASONS["date" if name in DAYS else "choice"] for name in form.errors}
    if wrong:
        raise Answered(422, Refusal("contents", REASONS["contents"], "", wrong))
    return form


def _coded(said: Iterable[tuple[str, Text]]) -> dict[str, str]:
    return {word: code for code, text in said for word in (code, text.zh, text.en)}


def _line(line: Line) -> LineOut:
    petition = line.line.petition
    return LineOut(
        ref=petition.ref,
        href=reverse("desk:petition", args=[petition.ref]),
        subject=_pieces(line.title),
        told=_pieces(line.told),
        in_answer=line.in_answer,
        kind=_words(line.line.kind),
        state=_words(line.line.state),
        holder=_words(petition.holder.name),
        lodged_on=law.at(petition.lodged_at)[1].isoformat(),
    )


def _pieces(pieces: Iterable[Piece]) -> list[PieceOut]:
    return [PieceOut(said=each.said, hit=each.hit) for each in pieces]


def _words(text: Text) -> WordsOut:
    return WordsOut(zh=text.zh, en=text.en)
