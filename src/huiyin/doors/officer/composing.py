"""Composing an opinion: one block for each request, drafts in versions, and what the signer signs.

The form is that of any move; here is what it starts from, and what is kept of it before it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from huiyin.core.rulebook import Row
from huiyin.doors.officer import labelling
from huiyin.doors.officer.door import DeskRequest
from huiyin.reading import labels
from huiyin.registry import drafts, linking, resembling, signing
from huiyin.registry.facts import Fact, facts_of, told_of
from huiyin.registry.models import Draft, Entry, Petition
from huiyin.site.forms import MoveForm

BASED_ON = "based_on"  # the version that the page was written from
LIKE = "like"  # of the address: whose answer to begin from
VERSION = "version"  # of the address: which version to start from
SIGNING = frozenset({"countersign", "send-back-opinion"})
SIGNED = frozenset({"submit-opinion", "issue-opinion"})  # what is issued is what was submitted


def composes(row: Row) -> bool:
    """Whether this move answers requests, and so is composed rather than filled in."""
    return any(content.answers_requests for content in row.contents)


def can_draft(row: Row) -> bool:
    """What is signed is not drafted any more: it is issued as it stands, or submitted anew."""
    return composes(row) and "as-submitted" not in row.guards


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a draft, ready to be read."""

    draft: Draft
    facts: tuple[Fact, ...]


def versions(petition: Petition, row: Row) -> list[Version]:
    """The newest first."""
    found = petition.drafts.filter(verb=row.verb).select_related("officer").order_by("-number")
    return [Version(draft, facts_of(row, _as_entry(petition, draft), {})) for draft in found]


def _as_entry(petition: Petition, draft: Draft) -> Entry:
    last = petition.entries.order_by("-seq").first()
    return Entry(rulebook=last.rulebook if last else "", contents=draft.contents)


def start(petition: Petition, row: Row, wanted: str = "") -> dict[str, Any]:
    """What the form shows first: a draft, what was submitted, or the bare requests."""
    draft = _chosen(petition, row, wanted) if can_draft(row) else None
    submitted = signing.submitted(petition) if row.verb in SIGNED else None
    said: Mapping[str, Any] = draft.contents if draft else {}
    if submitted and not (draft and (wanted or draft.saved_at > submitted.recorded_at)):
        said = {name: value for name, value in submitted.contents.items() if name != "attachments"}
    blocks = {c.name: _blocks(petition, said.get(c.name, [])) for c in row.contents if c.answers_requests}
    return {**said, **blocks}


def answers(row: Row) -> bool:
    """Whether this move answers a petition, so that earlier answers to others like it help."""
    return row.verb in resembling.ANSWERS or row.verb == "submit-opinion"


def begin_like(request: DeskRequest, petition: Petition, row: Row) -> dict[str, Any]:
    """The words of an answer that a similar petition got, put to the requests of this one, to be gone over.

    Only of a petition that this officer may see and that is like this one, or linked with it; what they do
    not handle is masked.
    """
    wanted = request.GET.get(LIKE, "")
    other = linking.others_of(petition, request.acting).filter(ref=wanted).first() if wanted else None
    if wanted and other is None:
        found = resembling.similar_to(petition, request.acting)
        other = next((each.petition for each in found if each.petition.ref == wanted), None)
    said = resembling.answer_of(other, request.acting, row) if other else {}
    for content in row.contents:
        if content.answers_requests and content.name in said:
            said[content.name] = [
                {**given, "request": asked}
                for asked, given in zip(petition.requests, said[content.name], strict=False)
            ]
    return said


def _chosen(petition: Petition, row: Row, wanted: str) -> Draft | None:
    """The version that was asked for, else the newest."""
    kept = petition.drafts.filter(verb=row.verb).order_by("-number")
    chosen = kept.filter(number=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 5 else None
    return chosen or kept.first()


def _blocks(petition: Petition, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows there are, and an empty one for each request that has none."""
    there = {row.get("request") for row in rows}
    return rows + [{"request": request} for request in petition.requests if request not in there]


def waiting(petition: Petition, row: Row) -> Version | None:
    """What waits for the signature, for whoever signs it or sends it back."""
    if row.verb not in SIGNING or not petition.marks.get("submitted"):
        return None
    entry = signing.submitted(petition)
    told = told_of(entry) if entry else None
    if entry is None or told is None:
        return None
    draft = Draft(petition=petition, number=0, officer=entry.officer, saved_at=entry.recorded_at)
    return Version(draft, told)


def newest(petition: Petition, row: Row) -> int:
    """The number of the newest version, 0 for none."""
    found = drafts.latest(petition, row.verb) if can_draft(row) else None
    return found.number if found else 0


def save(request: DeskRequest, petition: Petition, row: Row, form: MoveForm) -> HttpResponseBase | None:
    """Keep what stands in the form as one more version. None: somebody else saved one in between."""
    typed = request.POST.get(BASED_ON, "")
    based_on = int(typed) if typed.isdecimal() and len(typed) < 5 else 0
    kept = drafts.save(petition, row.verb, form.typed, request.officer, request.now, based_on=based_on)
    if kept is None:
        return None
    if words := labels.found("\n".join(labelling.written(form))):
        warning = gettext(
            "It holds words that label a person: %(words)s. The petitioner will read this version."
        )
        messages.warning(request, warning % {"words": ", ".join(words)})
    messages.success(request, gettext("Draft saved as version %(number)d.") % {"number": kept.number})
    return redirect("desk:move", petition.ref, row.verb)
