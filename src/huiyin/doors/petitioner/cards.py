"""A clock and a step of the timeline, as the parts of the look draw them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from huiyin.core import rulebook
from huiyin.core.text import Text, labelled
from huiyin.core.vocabulary import VERBS
from huiyin.registry import access, between
from huiyin.registry.clocks import ToldClock, clocks_of
from huiyin.registry.facts import ROLES, Fact
from huiyin.registry.keys import read_ref
from huiyin.registry.models import KINDS, Attachment, Body, Petition
from huiyin.registry.story import Story, Told, state_of
from huiyin.site import articles, clocks

YOU = Text("您", "You")
HOUSE = Text("系统", "Huiyin")
WOULD_HAVE = Text(
    "如果在最后一天告知并受理，办理期限应当在{due}届满（{article}）。"
    "法律没有“视为受理”的规定：这个日期供您对照，可以用来反映拖延。",
    "Had the notice come on its last day, with acceptance, handling would have ended on {due} ({article}). "
    "The law knows no deemed acceptance: this date is for you to compare with, and to point to.",
)
EXTENDED = Text("已延长，见下一个期限。", "It was extended; see the next term.")
DRAFT = VERBS["submit-opinion"]
AGREED = VERBS["agree-settlement"]
DRAFTS = Text("稿子", "Drafts")
KILO = 1024
NEWEST = 3  # steps shown at once; the earlier ones are folded
LINES = Text("\n", "\n")


def card(told: ToldClock, petition: Petition) -> dict[str, Any]:
    """One clock for `_clock`, and what else the author's pages ask of it."""
    return {
        **clocks.card(told, body=_who_must_act(told, petition), note=_note(told)),
        "code": told.clock.name,
        "is_live": told.is_owed,
        "due": told.clock.due,
        "duty": told.rule.duty,
    }


def _who_must_act(told: ToldClock, petition: Petition) -> Text | None:
    if told.rule.duty == "author":
        return YOU
    if told.rule.duty == "house":
        return HOUSE
    # Whose duty an ended clock was is told by the timeline; the holder may be another body by now.
    if not told.is_owed:
        return None
    return told.owed_by or (between.who_owes(petition, told.clock) or petition.holder).name


def _note(told: ToldClock) -> Text | None:
    if told.clock.carried_by:
        return EXTENDED
    if told.would_have_ended is None:
        return None
    handling = rulebook.by_id(told.clock.rulebook).clocks["handling"]
    article = articles.cite(handling.article, told.clock.rulebook)
    return WOULD_HAVE.format(due=told.would_have_ended.due, article=article)


def to_read(story: Story) -> Told | None:
    """The paper meant where the state is told: what was served or agreed, else the latest since it began."""
    steps = story.timeline
    begins = [at for at, told in enumerate(steps) if at == 0 or told.state != steps[at - 1].state]
    if not begins:
        return None
    before = steps[begins[-2]] if len(begins) > 1 else None
    if before and before.document and (before.served or steps[begins[-1]].event == AGREED):
        return before
    return next((told for told in reversed(steps[begins[-1] :]) if told.document), None)


def coming(cards: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """The dates that lie ahead, for the top of the timeline; the last one first, like the rest."""
    live = sorted((c for c in cards if c["is_live"]), key=lambda c: c["due"], reverse=True)
    return [
        {
            "at": c["due"],
            "title": c["short"],
            "body": c["body"],
            "is_due": True,
            "article": c["article"],
            "tone": "next" if c["due"] >= today else "late",
            "article_href": c["article_href"],
        }
        for c in live
    ]


def event(told: Told) -> dict[str, Any]:
    """One step for `_timeline`."""
    documents = [file_link(attachment) for attachment in told.attachments]
    if told.document:
        href = reverse("petitioner:document", args=[told.seq])
        documents.insert(0, {"name": told.document, "href": href, "note": None})
    is_draft = told.event == DRAFT and bool(told.facts)
    if is_draft:
        documents.insert(0, {"name": DRAFTS, "href": reverse("petitioner:drafts"), "note": None})
    return {
        "at": told.at,
        "title": told.title,
        # The body that held it when its author did something did not do it.
        "body": None if told.is_authors else told.by if told.event == "lodged" else told.body,
        "text": None if told.document or is_draft else words(told.facts),
        "documents": documents,
        "tone": "late" if told.late else "done",
        "told_by": told.told_by,
        "article": articles.cite(told.article, told.rulebook),
        "article_href": articles.href(told.article, told.rulebook),
    }


def timeline(story: Story, cards: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """What may come, then what was, newest first."""
    return coming(cards, today) + [event(told) for told in reversed(story.timeline)]


def newest(entries: list[dict[str, Any]], cards: list[dict[str, Any]]) -> int:
    """How many of the timeline's entries are shown at once: what may come and the last steps."""
    ahead = sum(card["is_live"] for card in cards)
    # Two that would stand alone behind a fold are not worth the press.
    return ahead + NEWEST if len(entries) > ahead + NEWEST + 2 else len(entries)


def elsewhere(petition: Petition) -> dict[str, Any] | None:
    """The term that runs at the body for whose sake this petition was declined (art. 19.3)."""
    named = petition.marks.get("refused-for")
    other = (
        Petition.objects.select_related("holder").filter(ref=read_ref(str(named))).first() if named else None
    )
    if other is None:
        return None
    terms = [t for t in clocks_of(other) if t.clock.name in {"handling", "extension"}]
    running = next((t for t in reversed(terms) if t.clock.is_live), None)
    late = any(t.clock.state == "missed" for t in terms)
    return {
        "body": other.holder.name,
        "term": card(running, other) if running and not late else None,
        "late": late or running is None,
    }


def parts(petition: Petition) -> dict[str, Any]:
    """The mixed petition that this one was split off from, and all of its parts; nothing for any other."""
    if petition.part_of_id is None and petition.state != access.SPLIT:
        return {}
    whole = petition.part_of or petition
    return {
        "whole": whole,
        "all": [
            {
                "ref": part.ref,
                "subject": part.subject,
                "kind": dict(KINDS)[part.kind],
                "state": state_of(part).text,
                "body": part.holder.name,
                "here": part.pk == petition.pk,
            }
            for part in access.family_of(petition)
        ],
    }


def taken(petition: Petition, story: Story) -> list[dict[str, Any]]:
    """Who took the case file, the latest first: in which role, of which body, and in what form."""
    rows = list(petition.exports.order_by("-at", "-id"))
    missing = {row.body for row in rows} - story.bodies.keys()
    more = {body.code: body for body in Body.objects.filter(code__in=missing)} if missing else {}
    known = {**story.bodies, **more}
    return [
        {
            "row": row,
            "body": known[row.body].name if row.body in known else Text(row.body, row.body),
            "role": ROLES.get(row.role, Text(row.role, row.role)),
        }
        for row in rows
    ]


def words(facts: tuple[Fact, ...]) -> Text | None:
    """What a step said, a line each."""
    if not facts:
        return None
    return LINES.join(labelled(fact.label, fact.value) for fact in facts)


def journey(story: Story, *, late: bool) -> list[dict[str, Any]]:
    """The strip at the top, for `_journey`."""
    return [
        {
            "name": step.name,
            "state": "late" if late and step.state == "current" else step.state,
            "at": step.at,
        }
        for step in story.steps
    ]


def file_link(attachment: Attachment) -> dict[str, Any]:
    """One attachment, for `_documents`."""
    href = reverse("petitioner:file", args=[attachment.pk])
    return {"name": attachment.name, "href": href, "note": size(attachment.size)}


def size(count: int) -> str:
    """How large a file is, in round numbers."""
    if count < KILO * KILO:
        return f"{max(1, round(count / KILO))} kB"
    return f"{count / KILO / KILO:.1f} MB"


def soonest(cards: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The live clock that ends first: what everybody wants to know."""
    live = [c for c in cards if c["is_live"] and c["duty"] == "body" and c["kind"] != "house"]
    return min(live, key=lambda c: c["due"], default=None)


def yours(cards: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The term that its author may use and that ends first: to ask for review, to answer a question."""
    live = [c for c in cards if c["is_live"] and c["duty"] == "author"]
    return min(live, key=lambda c: c["due"], default=None)


def documents(story: Story) -> list[Told]:
    """The steps that left something to read: notices, opinions, letters; the latest first."""
    return [told for told in reversed(story.timeline) if told.document]
