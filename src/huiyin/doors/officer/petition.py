"""One petition on the desk: what was asked, what happened, what is due, and what may be done now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from huiyin.core.conditions import CARRY_OUT
from huiyin.core.rulebook import Row
from huiyin.core.seal import SealBroken
from huiyin.core.text import Text, labelled
from huiyin.doors.officer import addresses, naming, reading, walking, wording
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.reading.requests import requests_in
from huiyin.registry import (
    access,
    attachments,
    between,
    carrying_out,
    desk,
    hearings,
    keys,
    leading,
    linking,
    losing,
    masking,
    resembling,
    retaining,
    solving,
    story,
    taking,
    unfinished,
)
from huiyin.registry.access import Acting
from huiyin.registry.clocks import ToldClock
from huiyin.registry.facts import ROLES, Fact
from huiyin.registry.masking import Reader
from huiyin.registry.models import Attachment, Body, Entry, Officer, Petition
from huiyin.registry.openings import asked_by
from huiyin.registry.prospects import Prospects, prospects_of
from huiyin.site import articles, clocks
from huiyin.vault.keys import KeyRefused
from huiyin.vault.unseal import NothingSealed

# What only looks like a picture is still not run: a browser draws these and does nothing else with them.
LINES, BESIDE = Text("\n", "\n"), Text(" · ", " · ")
SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "image/webp"})
WRITE, UNSEAL = "write-author", "unseal"
# What only makes sense where there is a name.
OF_A_NAME = frozenset({UNSEAL, "ask-opening", "record-demand", "record-kept-demand"})
CONFLICT = "record-conflict"
# Moves that keep the file rather than take the petition on; they stand apart, below the others.
KEEPING = frozenset(
    OF_A_NAME
    | {
        "entrust",
        "unassign",
        CONFLICT,
        "add-information",
        "remark",
        "warn-of-danger",
        "declare-recusal",
        WRITE,
    }
    | {"deliver-notice"}
)

# Meeting the author, and leading: a group of their own, for they go beside the procedure.
MEETING = frozenset(
    {
        *("invite", "record-meeting", "leader-reads", "leader-instructs", "name-leader"),
        *("leader-met", "adopt-plan", "leader-reports", "confer"),
        *("ask-upwards", "present-upwards"),
    }
)
# Where the petition would leave its ordinary way: seen at once, and not mixed with what takes it on.
ELSEWHERE = frozenset(
    {
        *("object", "raise-dispute", "decline", "no-longer-accept", "divert", "treat-as-report"),
        *("call-off-hearing", "leave-simple"),
        *("refuse-publication", "withdraw-publication"),
    }
)
APART = KEEPING | MEETING | ELSEWHERE

# What brings an opinion nearer without changing the state, and what changes it and meets no term.
TOWARDS_OPINION = frozenset({"submit-opinion", "countersign"})
APART_FROM_TERMS = frozenset({"split", "unassign"})

EVERYBODYS = frozenset({"call-in", "serve", "post-to-page", "add-request", "set-out-requests"})

# What an officer most often came to do stands first; the law puts no order between them.
USUAL = (
    *("register", "acknowledge-hand-over", "accept", "acknowledge", "answer-suggestion", "set-out-requests"),
    *("close-hearing", "conclude-hearing"),
    *("countersign", "issue-opinion", "submit-opinion", "send-back-opinion"),
    *("issue-review-opinion", "issue-rereview-opinion", "serve", "order-acceptance", "return", "transfer"),
    *("assign", "report-urgent", "classify", "split", "take-simple", "accept-duty"),
    "supervise",
)


def petition_or_404(request: DeskRequest, ref: str) -> Petition:
    """The petition, if this officer may see it; otherwise it does not exist, as far as they can tell."""
    seen = access.visible_to(request.acting).select_related("holder", "other", "officer")
    found = seen.filter(ref=keys.read_ref(ref) or ref).first()
    if found is None:
        raise Http404
    return found


def shown(petition: Petition, reader: Reader) -> dict[str, Any]:
    """What the petitioner wrote, as `_asked` shows it to this reader: to a handler as it is."""
    files = [file for file in petition.attachments.all() if file.entry_seq == 1]
    if not reader.hides:
        reading.names(files)
    words = masking.text_for(reader, petition)
    return {
        "petition": petition,
        "hides": reader.hides,
        "closed": reader.closed,
        "words": words,
        "seems_asked": [] if petition.requests or not words else _seems_asked(petition, reader, words),
        "about": reader.says(petition.accused_words),
        "requests": [reader.says(request) for request in petition.requests],
        "attachments": [{"name": reader.says(file.name), "size": file.size, "pk": file.pk} for file in files],
    }


def _seems_asked(petition: Petition, reader: Reader, words: str) -> list[str]:
    """What the text asks for, until somebody lists it: from what this reader sees, and kept nowhere."""
    return [request.words for request in requests_in(reader.says(petition.subject), words)]


@require_safe
def petition(request: DeskRequest, ref: str) -> HttpResponseBase:
    found = petition_or_404(request, ref)
    # What several parts of the page look at is read once.
    prefetch_related_objects(
        [found],
        "attachments",
        "clocks",
        "tasks",
        Prefetch("entries", Entry.objects.select_related("officer")),
    )
    reader = masking.reader_of(request.acting, found)
    reading.as_far_as(request, found, reader)
    told = story.story_of(found, reader=reader, desk=True)
    if not reader.hides:
        reading.names(file for step in told.timeline for file in step.attachments)
    ahead = prospects_of(found, request.acting, request.now, seen=True)
    is_named = naming.is_sealed(found)
    # Where no name was given there is no seal to open, but for who comes together for an hour of today.
    opens = is_named or naming.comes_today(request.acting, found, request.today) is not None
    offers = [o for o in offers_of(found, ahead.open, request.today) if opens or o.verb not in OF_A_NAME]
    if request.method == "GET" and found.is_open and access.handles(request.acting, found):
        desk.note_opened(found, request.officer)  # only what stands in their own inbox
    return page(
        request,
        "petition.html",
        {
            **shown(found, reader),
            "kind": wording.kind_of(found),
            "service": wording.service_of(found),
            "state": told.state,
            "steps": told.steps,
            "first_due": clocks.first_due(told.clocks),
            "clocks": [drawn(c, found) for c in told.clocks if c.is_owed],
            "past_clocks": [drawn(c, found) for c in told.clocks if not c.is_owed],
            "timeline": list(timeline(found, told, reader)),
            "messages_between": told.messages,
            "writes": any(offer.verb == WRITE for offer in offers),
            "is_named": is_named,
            "asked_to_open": asked_by(found, request.officer) if found.kind == "report" else [],
            "accused": list(Body.objects.filter(pk__in=found.accused.values("body"))),
            "key_letter": losing.may_print(found) and any(row.verb == "unseal" for row in ahead.open),
            "hearing": hearings.told(found, told),
            "tasks": carrying_out.told(found, request.today, reader, known=told.bodies)
            if found.remedy
            else [],
            "through": through(found, told),
            "came_with": came_with(request, found),
            "offers": [offer for offer in offers if offer.verb not in APART],
            "meeting": [offer for offer in offers if offer.verb in MEETING],
            "led": leading.led_of(found),
            "elsewhere": [offer for offer in offers if offer.verb in ELSEWHERE],
            "keeping": [offer for offer in offers if offer.verb in KEEPING],
            "not_yet": [{"text": row.text, "why": why.reason} for row, why in ahead.waiting],
            "others": list(others(ahead)),
            "may_hold": retaining.may_hold_at(request.acting, found) and not found.is_open,
            "away": found.officer is not None and found.officer.is_away(request.today),
            "drafted": unfinished.verbs_of(found, request.officer),
            "neighbours": walking.neighbours(request, found),
            "moved_on": addresses.NEXT in request.GET,
            "may_link": linking.may_link(request.acting, found),
            "same_matter": list(linking.others_of(found, request.acting))
            if found.marks.get("linked")
            else [],
            "shared_step": found.marks.get("linked") and linking.shared_step(found),
            "similar": resembling.similar_to(found, request.acting, answers=True),
            "problem": solving.about(found),
            "aided": any(row.verb == "classify" for row in ahead.open),
            "before": lodged_before(found, request.acting),
            "family": family(found, request.acting),
        },
    )


def others(ahead: Prospects) -> Iterator[dict[str, Text]]:
    """What a colleague in another role could do now, so that nobody waits for a button that is not theirs."""
    for role, row in ahead.others:
        if row.verb not in APART and row.verb not in EVERYBODYS:
            yield {"role": ROLES[role], "text": row.text}


def lodged_before(petition: Petition, acting: Acting) -> Petition | None:
    """The earlier lodging whose reference the author gave, where this officer may see that one too."""
    if not petition.lodged_before:
        return None
    return access.visible_to(acting).filter(ref=petition.lodged_before).first()


def family(petition: Petition, acting: Acting) -> list[dict[str, Any]]:
    """The mixed petition and its parts, as far as this officer may see them at all.

    Whoever may not see the whole is not told that there is one: a part must not betray a report (charter 6).
    """
    same = Q(pk=petition.sealed_under) | Q(part_of=petition.sealed_under)
    seen = list(access.visible_to(acting).filter(same).order_by("id"))
    if petition.sealed_under not in {each.pk for each in seen}:
        return []
    return [
        {"petition": each, "whole": each.part_of_id is None, "state": wording.state_of(each)}
        for each in seen
        if each.pk != petition.pk
    ]


def came_with(request: DeskRequest, petition: Petition) -> Attachment | None:
    """The case file of the installation that it was taken over from, for its handlers."""
    if not petition.marks.get("adopted") or not access.handles(request.acting, petition):
        return None
    return petition.attachments.filter(entry_seq=0).first()


def through(petition: Petition, told: story.Story) -> list[Text]:
    """The bodies that it came through, first to last."""
    known = {body.code: body for body in told.bodies.values()}
    missing = [code for code in petition.senders if code not in known]
    known |= {body.code: body for body in Body.objects.filter(code__in=missing)} if missing else {}
    return [known[code].name for code in petition.senders if code in known]


# ---- clocks and timeline


def drawn(told: ToldClock, petition: Petition) -> dict[str, Any]:
    """A clock as its part draws it."""
    return clocks.card(told, body=_bound(told, petition), note=_clock_note(told))


def _bound(told: ToldClock, petition: Petition) -> Text | None:
    """Who must act: the holder, but for a task, which stands with the body that promised it."""
    here = told.rule.duty == "body" and told.clock.ended is None and told.clock.name != CARRY_OUT
    return (told.owed_by or petition.holder.name) if here else None


def _owed_by(told: ToldClock, petition: Petition) -> Text | None:
    called = between.who_owes(petition, told.clock)
    return (called or petition.holder).name if told.rule.duty == "body" else None


WOULD_HAVE = Text(
    "如果书面告知在最后一天作出，办理期限本应到{due}届满。",
    "Had the written notice come on its last day, handling would have ended on {due}.",
)


def _clock_note(told: ToldClock) -> Text | None:
    if told.would_have_ended is not None:
        return WOULD_HAVE.format(due=told.would_have_ended.due)
    return told.article_text if told.article_text.en else None


def timeline(petition: Petition, told: story.Story, reader: Reader) -> Iterator[dict[str, Any]]:
    """What happened, the newest first, with who did it."""
    names = {entry.seq: str(entry.officer) for entry in story.entries_of(petition) if entry.officer}
    people = _people_named(told)
    for entry in reversed(told.timeline):
        yield {
            "at": entry.at,
            "title": entry.title,
            "body": _who(entry, names.get(entry.seq, "")),
            "text": _facts_text(entry.facts, people),
            "documents": list(_documents(petition, entry, reader)),
            "tone": "late" if entry.late else "done",
            "told_by": entry.told_by,
            "article": articles.cite(entry.article, entry.rulebook),
            "article_href": articles.href(entry.article, entry.rulebook),
        }


def _who(entry: story.Told, name: str) -> Text:
    said = (Text(name, name), entry.by, entry.body)
    return BESIDE.join(part for part in said if part.zh)


def _people_named(told: story.Story) -> dict[str, str]:
    """Sign-in name -> name, of those who were put in charge."""
    logins = {fact.value for entry in told.timeline for fact in entry.facts if fact.name == "officer"}
    found = Officer.objects.filter(login__in=logins) if logins else ()
    return {officer.login: str(officer) for officer in found}


def _facts_text(facts: Iterable[Fact], people: Mapping[str, str]) -> Text | None:
    lines = [
        (fact.label, people.get(str(fact.value), fact.value) if fact.name == "officer" else fact.value)
        for fact in facts
    ]
    if not lines:
        return None
    return LINES.join(labelled(label, value) for label, value in lines)


def _documents(petition: Petition, entry: story.Told, reader: Reader) -> Iterator[dict[str, Any]]:
    if entry.document:
        yield {"name": entry.document, "href": reverse("desk:letter", args=[petition.ref, entry.seq])}
    if entry.seq > 1:  # what came with the lodging stands beside the text
        for file in entry.attachments:
            href = "" if reader.hides else reverse("desk:file", args=[petition.ref, file.pk])
            yield {"name": reader.says(file.name), "href": href}


# ---- what may be done now


@dataclass(frozen=True, slots=True)
class Offer:
    """One move that may be made now, as a button."""

    verb: str
    text: Text
    article: Text | None
    due: date | None  # the last day of the term that this move meets
    late: bool
    href: str
    key: str  # the letter of the keyboard that opens it; "" for none


# The letters of steps that are made every day, the same on every petition; j k n p o u x belong to the lists.
LETTERS = {
    "register": "r",
    "accept": "a",
    "acknowledge": "a",
    "acknowledge-hand-over": "a",
    "transfer": "t",
    "assign": "s",
    "classify": "c",
    "set-out-requests": "q",
    "submit-opinion": "i",
    "issue-opinion": "i",
    "issue-review-opinion": "i",
    "issue-rereview-opinion": "i",
    "answer-suggestion": "i",
    "countersign": "y",
    "serve": "v",
    "decline": "d",
    "extend": "e",
    "entrust": "h",
    "write-author": "w",
    "add-information": "f",
}


def offers_of(petition: Petition, rows: Iterable[Row], today: date) -> list[Offer]:
    """One button for each verb, whatever its rows."""
    by_verb: dict[str, list[Row]] = {}
    for row in rows:
        by_verb.setdefault(row.verb, []).append(row)
    live = {c.name: c for c in petition.clocks.all() if c.ended is None and not c.carried_by}
    offers = [_offer(petition, found, live, today) for found in by_verb.values()]
    offers.sort(key=lambda offer: (_rank(offer.verb), offer.due or date.max))
    return list(_with_letters(offers))


def _with_letters(offers: Iterable[Offer]) -> Iterator[Offer]:
    """Each letter once; of two steps that share one, the more usual has it."""
    taken: set[str] = set()
    for offer in offers:
        key = LETTERS.get(offer.verb, "")
        yield replace(offer, key="" if key in taken else key)
        taken.add(key)


def _rank(verb: str) -> int:
    return USUAL.index(verb) if verb in USUAL else len(USUAL)


def _offer(petition: Petition, rows: list[Row], live: dict[str, Any], today: date) -> Offer:
    row = rows[0]
    wanted = {name for each in rows for name in each.meets}
    wanted |= {g.partition(":")[2] for each in rows for g in each.guards if g.startswith("in-time:")}
    due = min((live[name].due for name in wanted if name in live), default=None)
    if due is None and row.verb not in APART_FROM_TERMS and (row.to or row.verb in TOWARDS_OPINION):
        due = petition.next_due  # an opinion meets no term itself, but its service must, in time
    return Offer(
        verb=row.verb,
        text=row.text,
        article=wording.cited(row.article, petition, today),
        due=due,
        late=due is not None and due < today,
        href=reverse("desk:move", args=[petition.ref, row.verb]),
        key="",
    )


# ---- attachments


@require_safe
def file(request: DeskRequest, ref: str, number: int) -> HttpResponseBase:
    """An attachment, for the petition's handlers: nothing in a file can be masked."""
    found = petition_or_404(request, ref)
    kept = Attachment.objects.filter(petition=found, pk=number).first()
    if kept is None or not access.handles(request.acting, found):
        raise Http404
    try:
        reading.names([kept])
        content = reading.content(request, kept, attachments.read(kept))
    except (FileNotFoundError, NothingSealed, SealBroken, KeyRefused):
        return page(request, "file_lost.html", {"petition": found, "file": kept}, status=410)
    if request.method == "GET":
        taking.put_on_record(request.acting, "file", request.now, found)
    response = HttpResponse(content, content_type=kept.media_type)
    in_place = kept.media_type in SHOWN_IN_PLACE
    header = content_disposition_header(not in_place, kept.name)
    response["Content-Disposition"] = header or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
