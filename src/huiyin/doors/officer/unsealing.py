"""Opening the identity seal: first the entry that the petitioner sees, then the name, shown once."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Row
from huiyin.core.seal import SealBroken
from huiyin.doors.officer import labelling, naming, reading, wording
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import petition_or_404
from huiyin.papers import fonts, press, sheet
from huiyin.papers.letter import Letter, letter_of
from huiyin.registry import access, losing
from huiyin.registry.models import Booking, Petition
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves
from huiyin.registry.receipt import log_key, receipt_again
from huiyin.site.forms import MoveForm, move_form
from huiyin.vault.keys import KeyRefused
from huiyin.vault.seal import Author
from huiyin.vault.unseal import NothingSealed, open_identity, open_reachable, open_representatives

VERB = "unseal"
NEW_KEY = "newkey"
SERVE = "serve"  # the purpose for which a letter is posted


@require_http_methods(["GET", "HEAD", "POST"])
def unseal(request: DeskRequest, ref: str) -> HttpResponseBase:
    petition = petition_or_404(request, ref)
    offered = open_moves(petition, request.acting, request.now)
    row = next((row for row in offered if row.verb == VERB), None)
    if row is None:
        return page(request, "unseal_not_open.html", {"petition": petition}, status=404)
    if not naming.is_sealed(petition) and not _comes_today(request, petition):
        if request.method == "POST" and _takes_a_key(request, petition) and losing.is_first(petition):
            return page(request, "unsealed.html", {"petition": petition, **_with_key(petition)})
        # No entry: nothing was opened, and the petitioner must not read that something was.
        first = _takes_a_key(request, petition) and losing.is_first(petition)
        return page(request, "unseal_nothing.html", {"petition": petition, "first_key": first})
    form = _form(request, petition, row)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, petition, row, form, status=400 if form.errors else 200)
    if words := labelling.unconfirmed(request, form):
        return _ask(request, petition, row, form, status=200, words=words)
    typed = request.POST.get("seen", "")
    seen = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    done = perform(petition.ref, Move(VERB, form.contents), request.acting, request.now, seen=seen)
    if isinstance(done, Refusal):
        form.show(done)
        petition.refresh_from_db()
        return _ask(request, petition, row, form, status=409)
    return show_name(request, done)


def _form(request: DeskRequest, petition: Petition, row: Row) -> MoveForm:
    given = request.POST if request.method == "POST" else None
    allowed = petition.marks.get("purpose", "")  # of a report: what the custodian agreed to
    return move_form(row, given, initial={"purpose": allowed or request.GET.get("purpose", "")})


def _ask(
    request: DeskRequest,
    petition: Petition,
    row: Row,
    form: MoveForm,
    *,
    status: int,
    words: tuple[str, ...] = (),
) -> HttpResponseBase:
    context = {
        "petition": petition,
        "row": row,
        "row_article": wording.cited(row.article, petition, request.today),
        "form": form,
        "version": petition.version,
        "label_words": words,
        "new_key": _takes_a_key(request, petition),
        "letter_seq": request.POST.get("letter") or request.GET.get("letter", ""),
    }
    return page(request, "unseal.html", context, status=status)


def show_name(request: DeskRequest, petition: Petition) -> HttpResponseBase:
    """The name, on this answer only: it is never stored, and the page may be kept by no cache."""
    context: dict[str, Any] = {"petition": petition, "letter": _letter(request, petition)}
    try:
        booking = _comes_today(request, petition)
        context["representatives"] = open_representatives(booking.petition_id, booking.pk) if booking else ()
        if petition.marks.get("signatures"):
            context["people"] = open_reachable(petition.sealed_under)
        else:
            context["people"] = [open_identity(petition.sealed_under)]
            context["addressee"] = context["people"][0]
            context["pdf"] = _addressed(context["letter"], context["addressee"])
            if request.POST.get("purpose") == SERVE:
                context["cover"] = _cover(petition, context["addressee"], request.today)
            can_be_posted = context["addressee"].address or losing.is_first(petition)
            if _takes_a_key(request, petition) and can_be_posted:
                context |= _with_key(petition)
    except NothingSealed:
        if not context["representatives"]:
            context["problem"] = gettext("Nothing is sealed for this petition.")
    except (SealBroken, KeyRefused):
        context["problem"] = gettext("The seal cannot be opened here. Tell whoever runs this installation.")
    return page(request, "unsealed.html", context)


def _takes_a_key(request: DeskRequest, petition: Petition) -> bool:
    """Whether a letter with a new key is asked for, and may be printed."""
    asked = request.POST.get(NEW_KEY) or request.GET.get(NEW_KEY, "")
    return bool(asked) and losing.may_print(petition)


def _with_key(petition: Petition) -> dict[str, Any]:
    """A new key for the letter to the address under seal: drawn now, any printed before is void."""
    key = losing.draw(petition)
    if losing.is_first(petition):
        return {"key": key, "brought_in": petition, "receipt": receipt_again(petition), "log_key": log_key()}
    return {"key": key, "key_until": losing.objection_ends(petition)}


def _cover(petition: Petition, person: Author, today: date) -> str:
    """The sheet that shows the address in the window of an envelope, inside this answer as well."""
    if not person.address:
        return ""
    lines = [line for line in (*person.address.splitlines(), person.name) if line.strip()]
    try:
        made = sheet.cover_pdf(petition.holder.name, lines, today, petition.language).pdf
    except (fonts.NoChineseFont, press.Unprintable):
        return ""
    return _inside(made)


def _inside(pdf: bytes) -> str:
    return f"data:application/pdf;base64,{base64.b64encode(pdf).decode()}"


def _addressed(letter: Letter | None, person: Author) -> str:
    """The letter with name and address as PDF, inside this answer: no address leads to it."""
    if letter is None or not person.name:
        return ""
    lines = [line for line in (person.address, person.name) if line]
    try:
        made = sheet.letter_pdf(letter, get_language() or "", person=lines).pdf
    except (fonts.NoChineseFont, press.Unprintable):
        return ""
    return _inside(made)


def _comes_today(request: DeskRequest, petition: Petition) -> Booking | None:
    return naming.comes_today(request.acting, petition, request.today)


def _letter(request: DeskRequest, petition: Petition) -> Letter | None:
    seq = request.POST.get("letter", "")
    entry = petition.entries.filter(seq=int(seq)).first() if seq.isdecimal() and len(seq) < 9 else None
    if entry and access.handles(request.acting, petition):
        reading.steps(request, petition)
    return letter_of(petition, entry) if entry else None
