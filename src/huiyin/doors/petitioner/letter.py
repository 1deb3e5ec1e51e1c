"""A notice or an opinion as a letter: to read, to print, to take along."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.core.vocabulary import CLOCK_KIND_WORDS
from huiyin.doors.petitioner.visit import Visit, following
from huiyin.registry.models import Petition
from huiyin.registry.story import Story, Told, story_of
from huiyin.site import articles

OPINIONS = {
    "opinion-issued": "review-request",
    "review-opinion-issued": "rereview-request",
    "rereview-opinion-issued": "",
}
REFUSALS = {"declined", "no-longer-accepted", "diverted"}


@following
@require_safe
def document(request: HttpRequest, visit: Visit, *, seq: int) -> HttpResponse:
    """One document of this petition. An opinion can be read once it is served."""
    story = story_of(visit.petition, served_only=True)
    told = next((t for t in story.timeline if t.seq == seq and t.document), None)
    if told is None:
        raise Http404
    context = {
        "petition": visit.petition,
        "told": told,
        "article": articles.cite(told.article, told.rulebook),
        "served_on": _served_on(story, told),
        "remedy": _remedy(story, told, visit.petition),
        "terms": _terms(story, visit.petition, seq),
        "is_refusal": told.event in REFUSALS,
        "is_imported": told.event == "opinion-imported",
    }
    return render(request, "petitioner/document.html", context)


def _terms(story: Story, petition: Petition, seq: int) -> list[dict[str, object]]:
    """The terms that a body is under from this step on: a notice tells them (art. 23)."""
    entry = petition.entries.get(seq=seq)
    touched = {number for number, _name, state in entry.clocks if state == "running"}
    return [
        {
            "name": c.rule.text,
            "due": c.clock.due,
            "article": articles.cite(c.clock.article, c.clock.rulebook),
            "kind": CLOCK_KIND_WORDS[c.clock.kind],
        }
        for c in story.clocks
        if c.clock.seq in touched and c.rule.duty == "body" and c.rule.on_due == "breach"
    ]


def _served_on(story: Story, told: Told) -> str:
    later = (t for t in story.timeline if t.seq > told.seq and t.event == "served")
    service = next(later, None) if told.event in OPINIONS else None
    return next((str(f.value) for f in service.facts if f.name == "served_on"), "") if service else ""


def _remedy(story: Story, told: Told, petition: Petition) -> dict[str, object] | None:
    """What its reader may ask for, and until when: every opinion tells it."""
    name = OPINIONS.get(told.event)
    if not name:
        return None
    clock = next((c for c in story.clocks if c.clock.name == name), None)
    if clock is None:
        return None
    rule = clock.clock
    return {
        "due": rule.due,
        "article": articles.cite(rule.article, rule.rulebook),
        "body": petition.holder.superior if petition.state.endswith("served") else None,
        "is_review": name == "review-request",
    }
