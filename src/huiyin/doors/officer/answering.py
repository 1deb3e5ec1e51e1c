"""Beside a draft: does it answer what was asked? For whoever writes, signs or reviews it, and kept nowhere.

Read from what this officer sees on the page anyway, while the page is drawn. It is advice: no move asks for
it, and none is stopped by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiyin.core.rulebook import Row
from huiyin.doors.officer import composing
from huiyin.doors.officer.door import DeskRequest
from huiyin.reading.answers import Checked, check
from huiyin.reading.parts import PARTS
from huiyin.registry import law, masking
from huiyin.registry.facts import Fact
from huiyin.registry.models import Body, Petition
from huiyin.registry.story import Told
from huiyin.site.forms import MoveForm

ADVISE = "advise"  # the button
BY_SCRIPT = "X-Advise"  # a header: only the box is wanted
IN_WORDS = frozenset({"answer-suggestion"})  # answered in free words, for which the law names no parts
WRITTEN = frozenset({"facts", "basis", "view", "reasons"})
CHOSEN = frozenset({"outcome", "review_outcome", "adoption"})
BY_THE_LETTER = frozenset({"remedy", "term", "date"})  # what the letter adds itself

NAMES: Mapping[str, str | Promise] = {
    "facts": _("what was looked into, and what was found"),
    "basis": _("the law or rule, with its article"),
    "outcome": _("what is decided"),
}
_AREA = re.compile(r"^.{1,8}?[省市县区州旗](?=人民政府)")


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a draft, and which parts it has because a field of the form asks for them."""

    text: str
    filled: frozenset[str]


@dataclass(frozen=True, slots=True)
class Advice:
    """What the box shows. `own`: about the draft in this form, which can be checked again."""

    checked: Checked
    written: bool
    own: bool
    by_itself: bool = False

    @property
    def missing(self) -> list[str | Promise]:
        return [NAMES[part] for part in self.checked.missing if part in NAMES]

    @property
    def stands_out(self) -> bool:
        found = self.checked
        return bool(found.unanswered or self.missing or found.generic or found.astray or found.newest)


def advises(row: Row) -> bool:
    """Whether this step answers what was asked, so that the answer can be held against it."""
    return composing.composes(row) or row.verb in IN_WORDS


def beside(
    petition: Petition, row: Row, form: MoveForm, context: Mapping[str, Any], subject: str
) -> list[Advice]:
    """The boxes of a page: on the draft, and on what is signed or reviewed. `context`: of the page."""
    if context["closed"]:
        return []
    words: str = context["words"]
    found = []
    if advises(row):
        found.append(_advice(petition, subject, words, _typed(row, form.typed), own=True))
    waiting = context.get("waiting")
    if waiting:
        found.append(_advice(petition, subject, words, _told(waiting.facts)))
    reviewed: list[Told] = [told for told in context["reviewed"] if not told.is_authors]
    if advises(row) and reviewed:
        found.append(_advice(petition, subject, words, _told(reviewed[0].facts)))
    return [advice for advice in found if advice.own or advice.written]


def again(request: DeskRequest, petition: Petition, row: Row, form: MoveForm) -> HttpResponse:
    """The box alone, for a page that has saved itself. Not of a report: each look at one leaves a row."""
    reader = masking.reader_of(request.acting, petition)
    if petition.is_sealed or reader.closed or not advises(row):
        return HttpResponse(status=204)
    subject = masking.subject_for(request.acting, petition)
    words = masking.text_for(reader, petition)
    advice = _advice(petition, subject, words, _typed(row, form.typed), own=True)
    return render(request, "desk/_answering_box.html", {"advice": advice})


def _advice(petition: Petition, subject: str, words: str, draft: Draft, *, own: bool = False) -> Advice:
    written = bool(draft.text.strip())
    checked = check(
        subject,
        words,
        draft.text,
        listed=petition.requests,
        lodged=law.at(petition.lodged_at)[1],
        areas=_areas() if written else (),
        added=BY_THE_LETTER | draft.filled,
    )
    return Advice(checked, written, own, by_itself=own and not petition.is_sealed)


def _typed(row: Row, typed: Mapping[str, Any]) -> Draft:
    texts, filled = [], set()
    for content in row.contents:
        lines = typed.get(content.name) or []
        for line in lines if content.type == "rows" else [{content.name: lines}]:
            texts += [str(line[name]) for name in line if name in WRITTEN and line[name]]
            filled |= {name for name in line if line[name]}
    return _draft(texts, filled, in_words=row.verb in IN_WORDS)


def _told(facts: Iterable[Fact]) -> Draft:
    flat = [part for fact in facts for part in (fact.parts or (fact,))]
    texts = [str(part.value) for part in flat if part.name in WRITTEN]
    return _draft(texts, {part.name for part in flat})


def _draft(texts: list[str], filled: set[str], *, in_words: bool = False) -> Draft:
    there = {"facts"} & filled | ({"outcome"} if filled & CHOSEN else set())
    return Draft("\n".join(texts), frozenset(PARTS) if in_words else frozenset(there))


def _areas() -> list[str]:
    """The counties and cities that the house knows, by its governments."""
    names = Body.objects.filter(name_zh__endswith="人民政府").values_list("name_zh", flat=True)
    return sorted({match[0] for name in names if (match := _AREA.match(name))})
