"""The drafts behind an opinion: what was saved and submitted on the way to it, once it is served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.core import rulebook
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS
from huiyin.doors.petitioner.visit import Visit, following
from huiyin.registry import drafts as kept
from huiyin.registry import law
from huiyin.registry.facts import Fact, facts_of
from huiyin.registry.models import Draft, Entry, Petition
from huiyin.registry.story import Story, story_of

SUBMITTED = VERBS["submit-opinion"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version, as its author reads it: what for, from when, and what it said."""

    name: Text
    number: int  # 0: this one was submitted for signature
    at: datetime
    facts: tuple[Fact, ...]


def versions_of(petition: Petition, story: Story) -> list[Version]:
    """Every version of what has been served by now, oldest first."""
    found = [
        version for draft in kept.shown_to_author(petition, story) if (version := _saved(petition, draft))
    ]
    found += [Version(t.title, 0, t.at, t.facts) for t in story.timeline if t.event == SUBMITTED and t.facts]
    return sorted(found, key=lambda version: version.at)


def _saved(petition: Petition, draft: Draft) -> Version | None:
    book = law.at(draft.saved_at, petition.jurisdiction)[0].id
    row = next(iter(rulebook.by_id(book).rows_of(draft.verb)), None)
    if row is None:
        return None
    facts = facts_of(row, Entry(rulebook=book, contents=draft.contents), {})
    return Version(row.text, draft.number, draft.saved_at, facts)


@following
@require_safe
def drafts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page of them all; there is none while nothing has been served."""
    versions = versions_of(visit.petition, story_of(visit.petition, served_only=True))
    if not versions:
        raise Http404
    return render(request, "petitioner/drafts.html", {"petition": visit.petition, "versions": versions})
