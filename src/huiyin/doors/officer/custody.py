"""What waits for the second person: requests to open the seal of a report, and demands of other authorities.

Of the petition itself only reference, class and body are shown: whoever agrees to an opening needs to know
what it is for, and not what was written.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Row
from huiyin.doors.officer import labelling, naming, reading, wording
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.unsealing import show_name
from huiyin.registry import access, keys
from huiyin.registry.disclosure import DEMANDED
from huiyin.registry.facts import ROLES, facts_of, row_of
from huiyin.registry.models import Clock, Entry, Petition
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves
from huiyin.site.forms import MoveForm, move_form, say_later

A_PAGE = 50
ANSWER = "answer-demand"
VERBS = ("allow-opening", "refuse-opening", "agree-demand", "grant-demand", "refuse-demand", ANSWER)
ASKED = frozenset({"opening-asked", *DEMANDED})
TERMS = frozenset({"opening-asked", "demand", "demand-granted"})


@require_safe
def custody(request: DeskRequest) -> HttpResponseBase:
    """All that waits, what ends first on top."""
    asked = Prefetch("entries", Entry.objects.filter(event__in=ASKED).order_by("-seq"), to_attr="asked_for")
    terms = Prefetch("clocks", Clock.objects.filter(name__in=TERMS, state="running"), to_attr="terms")
    ids = access.waits_for(request.acting).values("petition")
    rows = Petition.objects.filter(pk__in=ids).select_related("holder").prefetch_related(asked, terms)
    rows = rows.defer("text", "subject", "accused_words").order_by("id")
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    waiting = [
        {"petition": each, "kind": wording.kind_of(each), "what": _what(each), "due": _due(each)}
        for each in shown
    ]
    return page(request, "custody.html", {"waiting": waiting, "page": shown})


def _what(petition: Petition) -> Any:
    row = row_of(petition.asked_for[0]) if petition.asked_for else None  # type: ignore[attr-defined]
    return row.past if row else None


def _due(petition: Petition) -> Any:
    return min((clock.due for clock in petition.terms), default=None)  # type: ignore[attr-defined]


@require_safe
def one(request: DeskRequest, ref: str) -> HttpResponseBase:
    """One request: who asks, for what, and what this officer may decide."""
    petition = _waiting_or_404(request, ref)
    rows = _rows(request, petition)
    return page(request, "custody_one.html", _shown(petition) | {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: DeskRequest, ref: str, verb: str) -> HttpResponseBase:
    """Allow or refuse, with words; or answer a demand that both have granted."""
    petition = _waiting_or_404(request, ref)
    row = next((row for row in _rows(request, petition) if row.verb == verb), None)
    if row is None:
        raise Http404
    form = move_form(row, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, petition, form, status=400 if form.errors else 200)
    if words := labelling.unconfirmed(request, form):
        return _ask(request, petition, form, words=words)
    typed = request.POST.get("seen", "")
    seen = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    done = perform(petition.ref, Move(verb, form.contents), request.acting, request.now, seen=seen)
    if isinstance(done, Refusal):
        form.show(done)
        petition.refresh_from_db()
        return _ask(request, petition, form, status=409)
    if verb == ANSWER:
        return show_name(request, done)
    messages.success(request, gettext("%(what)s.") % {"what": say_later(row.past)})
    return redirect("desk:custody")


def _waiting_or_404(request: DeskRequest, ref: str) -> Petition:
    ids = access.waits_for(request.acting).values("petition")
    found = (
        Petition.objects.filter(pk__in=ids, ref=keys.read_ref(ref) or ref).select_related("holder").first()
    )
    if found is None:
        raise Http404
    return found


def _rows(request: DeskRequest, petition: Petition) -> list[Row]:
    return [row for row in open_moves(petition, request.acting, request.now) if row.verb in VERBS]


def _shown(petition: Petition) -> dict[str, Any]:
    """The request as it was made, with what was said since."""
    entries = reading.of_log(petition.entries.filter(event__in=access.READ_LOG).select_related("officer"))
    first = max((i for i, entry in enumerate(entries) if entry.event in ASKED), default=0)
    steps = [
        {
            "title": row.past,
            "at": entry.recorded_at,
            "officer": entry.officer,
            "role": ROLES.get(entry.role),
            "facts": facts_of(row, entry, {}),
        }
        for entry in entries[first:]
        if (row := row_of(entry)) is not None
    ]
    term = petition.clocks.filter(name__in=TERMS, state="running").order_by("due").first()
    return {
        "petition": petition,
        "kind": wording.kind_of(petition),
        "term": {"name": wording.clock_of(term), "due": term.due} if term else None,
        "steps": steps,
        "is_named": naming.is_sealed(petition),
    }


def _ask(
    request: DeskRequest,
    petition: Petition,
    form: MoveForm,
    *,
    status: int = 200,
    words: tuple[str, ...] = (),
) -> HttpResponseBase:
    context = {"row": form.row, "form": form, "version": petition.version, "label_words": words}
    return page(request, "custody_decide.html", _shown(petition) | context, status=status)
