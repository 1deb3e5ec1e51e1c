"""Whatever the author may do next: one page and one form for every move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import CheckboxSelectMultiple, ChoiceField, RadioSelect
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Row
from huiyin.core.vocabulary import VERBS
from huiyin.doors.petitioner import lodge
from huiyin.doors.petitioner.finding import FIND, FOUND, PLACE, TOPIC, Finder, offer, only
from huiyin.doors.petitioner.guides import guide_of
from huiyin.doors.petitioner.visit import Visit, following
from huiyin.registry import carrying_out, routing, sealing
from huiyin.registry.models import Body, Petition
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves
from huiyin.site import staging
from huiyin.site.forms import MoveForm, move_form, say_later

WITH_FILES = frozenset(
    {"add-information", "answer-question", "request-review", "request-rereview", "challenge"}
)


@sensitive_post_parameters()
@following
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, visit: Visit, *, verb: str) -> HttpResponse:
    """The page of one move, and the move itself."""
    row = _row(visit, verb)
    if row is None:
        return _closed(request, visit, verb)
    if request.method != "POST":
        return _page(request, visit, row, _form(visit, row, initial=_asked(request, row)))
    staged, problem = staging.take(request)
    form = _form(visit, row, request.POST)
    picker = _picker(form, request.POST)
    looks = picker is not None and (request.POST.get("go") == "find" or picker.finder.is_asked(request.POST))
    if lodge.speak(request) or staging.DROP in request.POST or looks:
        form.growing = True
    elif request.POST.get("ref", visit.petition.ref) != visit.petition.ref:
        # Two petitions in two tabs: what was written for one must not go to the other.
        form.add_error(
            None, _("Another petition is open in this browser by now. Enter reference and key again.")
        )
    elif form.is_valid() and not problem:
        done = _done(request, visit, form, staged)
        if done is not None:
            return done
    return _page(request, visit, row, form, staged=staged, problem=problem)


def _row(visit: Visit, verb: str) -> Row | None:
    rows = open_moves(visit.petition, visit.author, timezone.now())
    return next((row for row in rows if row.verb == verb), None)


def _form(visit: Visit, row: Row, data: QueryDict | None = None, **more: Any) -> MoveForm:
    tasks = [(seq, say_later(words)) for seq, words in carrying_out.choices(visit.petition, row)]
    above = routing.above(visit.petition) if "to-superior" in row.effects else ()
    lines = [(body.code, _line(visit.petition, body)) for body in above]
    several = any(content.type == "bodies" for content in row.contents)
    named = [(b.code, say_later(b.name)) for b in Body.objects.filter(active=True)] if several else []
    form = move_form(row, data, choices_for={"task": tasks, "body": lines, "bodies": named}, **more)
    if "body" in form.fields:
        # Both stand there to be compared; the government's is chosen already.
        form.fields["body"] = ChoiceField(
            label=_("Who looks at it"),
            help_text=_("Two bodies stand above. The choice is yours, and neither costs you anything."),
            choices=lines,
            initial=lines[0][0],
            widget=RadioSelect,
            error_messages=form.fields["body"].error_messages,
        )
    return form


@dataclass(frozen=True, slots=True)
class Picker:
    """The bodies that one field of the form lists, and how others are looked up."""

    field: str
    finder: Finder
    more: int


def _picker(form: MoveForm, data: QueryDict) -> Picker | None:
    """Of many bodies the form lists those chosen and found; None where it asks for no list of bodies."""
    name = next((c.name for c in form.row.contents if c.type == "bodies" and c.name in form.fields), "")
    if not name:
        return None
    finder = Finder.of(Body.objects.filter(active=True), data)
    field = form.fields[name]
    field.widget = CheckboxSelectMultiple()
    offer(form, name, finder.bodies.values())
    return Picker(name, finder, only(form, name, finder, form[name].value() or ()))


def _line(petition: Petition, body: Body) -> str:
    """One of two bodies above, and what it is to the one that has the petition."""
    words = (
        _("%(body)s: the government that the body belongs to. It answers for every field.")
        if body.code in petition.holder.chain
        else _("%(body)s: the body one level up that does the same work. It knows this field.")
    )
    return words % {"body": say_later(body.name)}


def _asked(request: HttpRequest, row: Row) -> dict[str, str]:
    """What the question on the petition's page has answered already, by the link that was followed."""
    named = {content.name for content in row.contents if content.type in {"task", "choice"}}
    return {name: request.GET[name] for name in named if name in request.GET}


def _done(
    request: HttpRequest, visit: Visit, form: MoveForm, staged: list[staging.Staged]
) -> HttpResponse | None:
    """Make the move and answer where to go, or put the refusal onto the form and answer None."""
    verb, seen = form.row.verb, _seen(request)
    if seen != visit.petition.version and _was_this(visit, verb, form.contents, staged):
        return _on(request, visit, form)
    uploads = staging.uploads(staged)
    if isinstance(uploads, Refusal):
        form.show(uploads)
        return None
    move = Move(verb, form.contents)
    made = perform(visit.petition.ref, move, visit.author, timezone.now(), uploads=uploads, seen=seen)
    if isinstance(made, Refusal):
        form.show(made)
        return None
    for file in staged:
        file.drop()
    return _on(request, visit, form)


def _seen(request: HttpRequest) -> int | None:
    """The version of the petition that the page was written from."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else None


def _on(request: HttpRequest, visit: Visit, form: MoveForm) -> HttpResponse:
    messages.success(request, _told(visit, form))
    return redirect("petitioner:petition")


def _was_this(visit: Visit, verb: str, contents: Mapping[str, Any], staged: list[staging.Staged]) -> bool:
    """Whether the last step was this very move: a button pressed twice is no quarrel."""
    newest = visit.petition.entries.order_by("-seq")[:1]
    last = next(iter(sealing.tell_steps(visit.petition, newest)), None)
    if last is None or last.role != "author" or last.event != VERBS.get(verb):
        return False
    said = dict(last.contents)
    files = sorted(file.sha256 for file in staged)
    return sorted(said.pop("attachments", files)) == files and said == contents


def _told(visit: Visit, form: MoveForm) -> str:
    """What was done, and who has it from now on: that may have changed by it."""
    shown = Petition.objects.select_related("holder").get(pk=visit.petition.pk)
    language = get_language() or ""
    said = _("“%(move)s” is on record.") % {"move": form.row.text.say(language)}
    if shown.is_open:
        said += _(" %(body)s has your petition now.") % {"body": shown.holder.name.say(language)}
    if form.contents.get("pressed") == "yes":
        return said + _(
            " You said that somebody asked or pressed you. Nobody may do that. "
            "The withdrawal takes effect only in 7 days, and until then one press takes it back."
        )
    return said


def _closed(request: HttpRequest, visit: Visit, verb: str) -> HttpResponse:
    """The move is not open (any more): says so, and shows what was written, so that it is not lost."""
    staged, _problem = staging.take(request)
    if request.method == "POST" and _was_this(visit, verb, _typed(request), staged):
        return redirect("petitioner:petition")
    context = {"petition": visit.petition, "typed": [v for v in _typed(request).values() if len(v) > 1]}
    return render(
        request, "petitioner/move_closed.html", context, status=409 if request.method == "POST" else 404
    )


def _typed(request: HttpRequest) -> dict[str, str]:
    left_out = {"csrfmiddlewaretoken", "ref", "seen", staging.STAGED, "follow_ref", "follow_key", "language"}
    left_out |= {FIND, FOUND, TOPIC, PLACE, "go"}
    return {name: str(value) for name, value in request.POST.items() if name not in left_out and value}


def _page(
    request: HttpRequest,
    visit: Visit,
    row: Row,
    form: MoveForm,
    *,
    staged: list[staging.Staged] | None = None,
    problem: str = "",
) -> HttpResponse:
    fresh = Petition.objects.only("version").get(pk=visit.petition.pk)
    context = {
        "petition": visit.petition,
        "row": row,
        "form": form,
        "guide": guide_of(row),
        "picker": _picker(form, request.POST),
        "decides": _decides(visit, row),
        "with_files": row.verb in WITH_FILES,
        "staged": staged or [],
        "problem": problem,
        "seen": fresh.version,
    }
    response = render(request, "petitioner/move.html", context)
    if request.POST.get("language"):
        lodge.remember_language(response)
    return response


def _decides(visit: Visit, row: Row) -> Body | None:
    """Who will decide, named before it is sent: always another body. None where the author chooses it."""
    above = routing.above(visit.petition) if "to-superior" in row.effects else ()
    chooses = any(content.type == "body" for content in row.contents)
    return above[0] if above and not (chooses and len(above) > 1) else None
