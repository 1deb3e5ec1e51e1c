"""Follow a petition: where it is, who has it, what is due when and why, and what its author can do now."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Q, prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.rulebook import Row, Rulebook
from huiyin.doors.petitioner import cards, drafts, drawing, reenter, rights
from huiyin.doors.petitioner.reenter import KeyForm
from huiyin.doors.petitioner.visit import Visit, begin, end, following, private, tried, visit_of
from huiyin.registry import (
    carrying_out,
    crossing_words,
    erasing,
    hearings,
    inclusion,
    law,
    leading,
    losing,
    own,
    pressing,
    readings,
    receiving,
)
from huiyin.registry.keys import read_ref
from huiyin.registry.models import Petition
from huiyin.registry.prospects import open_moves
from huiyin.registry.receipt import receipt_again
from huiyin.registry.story import story_of
from huiyin.vault.models import IdentitySeal

# What an author most likely came for stands first; what cannot be taken back so easily stands last.
ORDER = (
    "object-new-key",
    "object-to-publication",
    "accept-invitation",
    "decline-invitation",
    "request-review",
    "request-rereview",
    "take-up-again",
    "challenge",
    "dispute-carried-out",
    "confirm-carried-out",
    "revoke-withdrawal",
    "add-request",
    "add-information",
    "rate",
)
LAST = "request-withdrawal"
URGENT = frozenset({"request-review", "request-rereview", "challenge", "revoke-withdrawal"})
URGENT |= {"object-new-key", "object-to-publication"}
URGENT |= {"answer-question", "agree-mediation", "agree-settlement", "revoke-settlement", "take-up-again"}
ASKED = frozenset({"reported", "disputed", "due"})  # then the author is asked what was carried out
FIRST = 2  # so many of these stand at the top already
NEAR = 3  # so many are offered at once; what is urgent always is
WRITE = "write-back"  # has its place beside the messages
TERM = "in-time:"  # the guard that closes a move when its term has run out


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Reference and key. A wrong key and an unknown reference get the same answer."""
    form = KeyForm(request.POST or None)
    waiting: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        found = tried(request)
        if isinstance(found, Visit):
            opened = redirect("petitioner:petition")
            begin(opened, found)
            return opened
        waiting = reenter.told(request, form, found)
    context = {"form": form, "is_open": visit_of(request) is not None} | waiting
    status = waiting.get("status", 200)
    return private(render(request, "petitioner/follow.html", context, status=status))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the petition in this browser."""
    response = redirect("petitioner:follow")
    messages.success(request, _("You have left. This browser keeps nothing of your petition."))
    end(response)
    return response


@following
@require_safe
def petition(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page of one petition, for its author."""
    shown, now = visit.petition, timezone.now()
    today = law.at(now, shown.jurisdiction)[1]
    # Story, moves and tasks all read these: asked for once.
    prefetch_related_objects([shown], "clocks", *(["tasks"] if shown.remedy else []))
    story = story_of(shown, served_only=True, apart=True)
    own.show_files((file for told in story.timeline for file in told.attachments), visit.reading)
    clocks = [cards.card(told, shown) for told in story.clocks]
    soonest = cards.soonest(clocks)
    is_late = bool(soonest and soonest["due"] < today)
    rows = open_moves(shown, visit.author, now)
    book = law.of(shown, today)
    moves = _moves([row for row in rows if row.verb != WRITE], clocks)
    near = _near(moves)
    entries = cards.timeline(story, clocks, today)
    newest = cards.newest(entries, clocks)
    tasks = carrying_out.told(shown, today, known=story.bodies) if shown.remedy else []
    context = {
        "aided": law.at(now, shown.jurisdiction)[0].carries_out("page:petitioner:relief"),
        "petition": shown,
        "story": story,
        "today": today,
        "clocks": [c for c in clocks if c["is_live"]],
        "past_clocks": [c for c in clocks if not c["is_live"]],
        "soonest": soonest,
        "yours": cards.yours(clocks),
        "first": [move for move in moves if move["tone"] == "primary"][:FIRST],
        "drawn": drawing.drawn(story.clocks, clocks, story.bodies, today),
        "rights": rights.rights(book, story.clocks, rows, clocks),
        "documents": cards.documents(story),
        "to_read": cards.to_read(story),
        "is_late": is_late,
        "steps": cards.journey(story, late=is_late),
        "entries": entries[:newest],
        "earlier": entries[newest:],
        "led": leading.led_of(shown),
        "bookings": receiving.bookings_of(shown, today).prefetch_related("reception__receiving__body"),
        "may_report_pressure": pressing.is_known_to_the_law(now),
        "moves": moves,
        "near": moves[:near],
        "further": moves[near:],
        "writes": any(row.verb == WRITE for row in rows),
        "hearing": hearings.told(shown, story),
        "tasks": tasks,
        "asked": [each for each in tasks if each["asked"]] if shown.remedy in ASKED else [],
        "kept_until": erasing.kept_until(shown, today),
        "held": list(shown.holds.filter(lifted_on=None, until__gte=today)),
        "readings": readings.of(shown) if shown.kind == "report" else None,
        "own_files": [cards.file_link(a) for told in story.timeline[:1] for a in told.attachments],
        "demand_days": _demand_days(book),
        "taken": cards.taken(shown, story),
        "has_drafts": bool(drafts.versions_of(shown, story)),
        "crossings": crossing_words.told(shown.crossings.select_related("partner").order_by("id")),
        "parts": cards.parts(shown),
        "elsewhere": cards.elsewhere(shown),
        "key_news": _key_news(shown, clocks),
        "logged": inclusion.of_first(shown),
        "closed_for_lost_key": shown.is_sealed and visit.reading is not None,
        "is_sealed": IdentitySeal.objects.filter(petition=shown.sealed_under).exists(),
    }
    return render(request, "petitioner/petition.html", context)


def _demand_days(book: Rulebook) -> int:
    """Within how many days its author sees a demand for their identity; 0 where this law knows none."""
    return book.clocks["demand-told"].days if "demand-told" in book.clocks else 0


def _key_news(petition: Petition, clocks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """That a new key was asked for, or comes, and until when whoever reads this may object."""
    if petition.marks.get(losing.KEYLESS):
        return None  # it is the first one, and whoever reads this has it
    if petition.marks.get(losing.ASKED):
        return {"until": None}
    if not petition.marks.get(losing.COMING):
        return None
    return {
        "until": next((c["due"] for c in reversed(clocks) if c["code"] == "new-key" and c["is_live"]), None)
    }


def _moves(rows: list[Row], clocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The buttons, in order, each with the day until which it is open."""
    offered = {row.verb: row for row in rows}
    # The question whether it was carried out stands with what was promised, and is asked once.
    for verb in ("confirm-carried-out", "dispute-carried-out"):
        offered.pop(verb, None)
    known = [verb for verb in ORDER if verb in offered]
    known += [verb for verb in offered if verb not in ORDER and verb != LAST]
    known += [LAST] if LAST in offered else []
    known.sort(
        key=lambda verb: verb not in URGENT
    )  # what waits for the author stands before what is only open
    return [
        {
            "verb": verb,
            "text": offered[verb].text,
            "until": _until(offered[verb], clocks),
            "tone": "primary" if verb in URGENT else "secondary",
        }
        for verb in known
    ]


def _near(moves: list[dict[str, Any]]) -> int:
    """How many stand there at once. What ends the petition is never put before somebody who came to read."""
    urgent = [move for move in moves if move["tone"] == "primary"]
    others = [move for move in moves if move["verb"] != LAST]
    return min(max(NEAR, len(urgent)), len(others))


def _until(row: Row, clocks: list[dict[str, Any]]) -> Any:
    """The last day on which the move is open: of the clock that its guard asks about, or that it stops."""
    asked = [guard.removeprefix(TERM) for guard in row.guards if guard.startswith(TERM)]
    names = asked or (list(row.ends) if "withdrawing" in row.guards else [])
    return next((c["due"] for c in reversed(clocks) if c["code"] in names and c["is_live"]), None)


@sensitive_post_parameters()
@require_POST
def part(request: HttpRequest) -> HttpResponse:
    """From one part of a mixed petition to another, or to the whole: one key opens them all."""
    visit = visit_of(request)
    if visit is None:
        return redirect("petitioner:petition")  # which asks for reference and key once more
    wanted = read_ref(request.POST.get("part", ""))
    same = Q(pk=visit.petition.sealed_under) | Q(part_of=visit.petition.sealed_under)
    found = Petition.objects.filter(same, ref=wanted).first()
    if found is None:
        raise Http404
    opened = redirect("petitioner:petition")
    begin(opened, Visit(replace(visit.author, ref=found.ref), found, visit.reading))
    return private(opened)


@following
@require_safe
def receipt(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The receipt once more; of a part for the first time, whose author was not there when it was filed."""
    if not _has_a_receipt(visit.petition):
        raise Http404
    return _saved(receipt_again(visit.petition), f"{visit.petition.ref}.txt")


@following
@require_safe
def proof(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The receipt together with the proof that its entry stands in the public log, as one file."""
    petition = visit.petition
    # Signers have receipts of their own, and what is erased has none any more: to those goes the bare proof.
    receipt = receipt_again(petition).encode() if _has_a_receipt(petition) else None
    made = inclusion.of_lodging(petition, receipt)
    if made is None:
        raise Http404
    return _saved(str(made), f"{petition.ref}.tlog-proof")


@following
@require_safe
def other_receipt(_request: HttpRequest, visit: Visit, *, pk: int) -> HttpResponse:
    """The receipt of the installation that took the petition over, or that it was taken over from."""
    found = visit.petition.crossings.exclude(receipt="").filter(pk=pk).first()
    if found is None:
        raise Http404
    return _saved(found.receipt, f"{found.ref}.txt")


def _has_a_receipt(petition: Petition) -> bool:
    return petition.erased_on is None and "signatures" not in petition.marks


def _saved(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@following
@require_safe
def file(_request: HttpRequest, visit: Visit, *, pk: int) -> FileResponse:
    """One attachment of this petition, always as a download."""
    attachment = visit.petition.attachments.filter(pk=pk).first()
    if attachment is None:
        raise Http404
    try:
        own.show_files([attachment], visit.reading)
        content = io.BytesIO(own.read(attachment, visit.reading))
    except (FileNotFoundError, own.NotYours):
        raise Http404 from None
    return FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type=attachment.media_type
    )
