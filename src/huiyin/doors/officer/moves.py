"""Making a move: its form, the check of what the petitioner will read, then `perform`.

What was typed is never lost: a refusal comes back above the form, and a move that is no longer open shows the
words once more to be copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Row
from huiyin.core.text import Text
from huiyin.core.vocabulary import PARTNER, VERBS
from huiyin.doors.officer import (
    addresses,
    answering,
    choosing,
    composing,
    foresight,
    guidance,
    labelling,
    letters,
    passages,
    reading,
    resuming,
    walking,
    wording,
)
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import petition_or_404, shown, timeline
from huiyin.papers.letter import preview
from huiyin.registry import (
    access,
    carrying_out,
    hearings,
    masking,
    proposing,
    publishing,
    resembling,
    service,
    story,
    unfinished,
)
from huiyin.registry.access import HANDLING_ROLES
from huiyin.registry.facts import ROLES, document_of
from huiyin.registry.models import Body, Entry, Officer, Petition
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves, prospects_of
from huiyin.registry.unfinished import Unfinished
from huiyin.site import clocks
from huiyin.site.forms import MoveForm, files_field, move_form, say_later, uploads_of

if TYPE_CHECKING:
    from huiyin.reading.topic_model import Proposal

# These are undone by doing them again, or change nothing that the petitioner relies on.
AT_ONCE = frozenset({"entrust", "unassign", "add-information"})
WITH_FILES = frozenset(
    {"add-information", "issue-opinion", "issue-review-opinion", "issue-rereview-opinion", "serve"}
    | {"order-redo", "report-back", "report-carried-out", "close-hearing", "acknowledge-hand-over"}
    | {"record-expert", "propose-settlement"}
)
PUBLISHING = frozenset({"propose-publication", "approve-publication"})
REVIEWS = frozenset({"issue-review-opinion", "issue-rereview-opinion", "order-redo"})
UNDER_REVIEW = frozenset(
    VERBS[verb]
    for verb in (
        "issue-opinion",
        "issue-review-opinion",
        "import-opinion",
        "request-review",
        "request-rereview",
    )
)
STEP = "step"
NOT_TYPED = frozenset(
    {"csrfmiddlewaretoken", STEP, "more", "seen", composing.BASED_ON, passages.INSERT, choosing.FIND}
)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: DeskRequest, ref: str, verb: str) -> HttpResponseBase:
    petition = petition_or_404(request, ref)
    offered = open_moves(petition, request.acting, request.now)
    rows = [row for row in offered if row.verb == verb]
    if not rows:
        return _not_open(request, petition, verb)
    if aside := resuming.set_aside(request, petition, verb, request.POST.get(STEP), left_of(request.POST)):
        return aside
    left = resuming.left(request, petition, rows[0])
    put_in = passages.put_in(request, petition, rows[0])
    form = _form(request, petition, rows, left[1] if left else put_in)
    if put_in is not None:
        return _show(request, petition, rows[0], form)
    if not_sent := _not_sent(request, petition, rows[0], form):
        return not_sent
    if request.method != "POST" or request.POST.get(STEP) == "edit" or not form.is_valid():
        return _show(request, petition, rows[0], form, left=left, status=400 if form.is_wrong else 200)
    if words := labelling.unconfirmed(request, form):
        return _show(request, petition, rows[0], form, words=words)
    wanted = Move(verb, form.contents)
    if needs_check(rows[0]) and request.POST.get(STEP) != "confirm":
        return _check(request, petition, rows[0], form, wanted)
    return _make(request, petition, rows[0], form, wanted)


def _not_sent(request: DeskRequest, petition: Petition, row: Row, form: MoveForm) -> HttpResponseBase | None:
    """The answer to a button that sends nothing: the advice alone, or a version saved; None for any other."""
    step = request.POST.get(STEP)
    if step == answering.ADVISE and answering.BY_SCRIPT in request.headers:
        return answering.again(request, petition, row, form)
    if step == "save" and composing.can_draft(row):
        saved = composing.save(request, petition, row, form)
        if saved:
            unfinished.drop(petition, request.officer, row.verb)
        return saved or _show(request, petition, row, form, overtaken=True, status=409)
    return None


def needs_check(row: Row) -> bool:
    """Whether it is looked at once more before it is made: whatever says or decides something."""
    return row.verb not in AT_ONCE and any(content.required for content in row.contents)


def _make(
    request: DeskRequest, petition: Petition, row: Row, form: MoveForm, wanted: Move
) -> HttpResponseBase:
    uploads = uploads_of(request.FILES.getlist("attachments"))
    # Looked for before: the step may put this one elsewhere in the list, or take it out.
    following = walking.neighbours(request, petition).after
    done = perform(petition.ref, wanted, request.acting, request.now, uploads=uploads, seen=_seen(request))
    if isinstance(done, Refusal):
        return _refused(request, petition, row, form, done)
    unfinished.drop(done, request.officer, row.verb)
    messages.success(request, gettext("%(what)s.") % {"what": say_later(row.past)})
    onward = addresses.suffix(request, following.ref if following else "-")
    if access.visible_to(request.acting).filter(pk=done.pk).exists():
        return redirect(reverse("desk:petition", args=[done.ref]) + onward)
    if following is not None:
        return redirect(reverse("desk:petition", args=[following.ref]) + addresses.suffix(request))
    return redirect(addresses.list_address(request))


def _seen(request: DeskRequest) -> int:
    """The version that the officer looked at; without it nothing is made, for nobody looked."""
    typed = request.POST.get("seen", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _refused(
    request: DeskRequest, petition: Petition, row: Row, form: MoveForm, refusal: Refusal
) -> HttpResponseBase:
    petition.refresh_from_db()
    if refusal.code == "moved-meanwhile":
        still = [r for r in open_moves(petition, request.acting, request.now) if r.verb == row.verb]
        if not still:
            return _not_open(request, petition, row.verb, refusal)
    form.show(refusal)
    return _show(request, petition, row, form, refusal=refusal, status=409)


# ---- the form


def _form(
    request: DeskRequest, petition: Petition, rows: list[Row], left: QueryDict | None = None
) -> MoveForm:
    row = rows[0]
    asked = {c.type for content in row.contents for c in (content, *content.columns)}
    choices: dict[str, Iterable[tuple[Any, Any]]] = {}
    given = request.POST if request.method == "POST" and left is None else left
    lists: list[choosing.Offered] = []
    for kind, bodies in (("body", targets), ("bodies", _every_body)):
        if kind in asked:
            lists.append(_bodies(request, petition, row, bodies(petition, rows), given))
            choices[kind] = lists[-1].choices
    if "officer" in asked:
        choices["officer"] = [(o.login, _officer_words(o)) for o in officers_at(petition.holder)]
    if "task" in asked:
        choices["task"] = [(seq, say_later(words)) for seq, words in carrying_out.choices(petition, row)]
    if "letter" in asked:
        letters = service.letters_of(petition.ref).items()
        choices["letter"] = [(seq, say_later(words)) for seq, words in _letters(letters)]
    seats = hearings.announced_seats(petition) if given is None and "seats" in _names(row) else []
    composed = composing.composes(row) and given is None
    begun = composing.start(petition, row, request.GET.get(composing.VERSION, "")) if composed else {}
    if given is None and composing.answers(row):
        begun |= composing.begin_like(request, petition, row)
    form = move_form(
        row,
        given,
        choices_for=choices,
        initial={
            "served_on": request.today,
            "delivered_on": request.today,
            "letter": request.GET.get("letter", ""),
            "prior": petition.lodged_before,
            **_proposed(request, row),
            **({"seats": seats} if seats else {}),
            **({publishing.TEXT: publishing.text_of(petition)} if row.verb in PUBLISHING else {}),
            **begun,
        },
        settled=petition.requests,
        with_files=row.verb in WITH_FILES and not needs_check(row),
    )
    if left is not None or request.POST.get(STEP) in {"edit", "save", "find", answering.ADVISE}:
        _as_typed(form)
    if any(each.many for each in lists):
        choosing.mark(form)
        form.finds = max(each.found for each in lists)
    return form


def _every_body(petition: Petition, rows: list[Row]) -> Iterable[Body]:  # noqa: ARG001 asked like `targets`
    return Body.objects.filter(active=True)


def _bodies(
    request: DeskRequest, petition: Petition, row: Row, bodies: Iterable[Body], given: QueryDict | None
) -> choosing.Offered:
    names = [content.name for content in row.contents if content.type in {"body", "bodies"}]
    kept = [code for name in names for code in (given.getlist(name) if given else ())]
    word = request.POST.get(choosing.FIND, "")
    return choosing.offered(bodies, petition, word, kept, _proposal(petition, row))


def _proposal(petition: Petition, row: Row) -> Proposal | None:
    """What it is probably about, where a body has to be chosen for it."""
    asks = any(content.type in {"body", "bodies"} for content in row.contents)
    return proposing.proposed_for(petition) if asks else None


def _letters(found: Iterable[tuple[int, Entry]]) -> Iterator[tuple[int, Text]]:
    """Title and day of each, the newest first."""
    for seq, entry in reversed(list(found)):
        rule, day = document_of(entry), Text.of_day((entry.claimed_at or entry.recorded_at).date())
        if rule is not None:
            yield seq, Text(f"{rule.title.zh}（{day.zh}）", f"{rule.title.en} ({day.en})")


def _names(row: Row) -> set[str]:
    return {content.name for content in row.contents}


def _proposed(request: DeskRequest, row: Row) -> dict[str, str]:
    """What another page filled in, in the address: choices and days, so that a link puts no words in."""
    chosen = {content.name for content in row.contents if content.type in {"choice", "date"}}
    return {name: request.GET[name] for name in chosen if name in request.GET}


def _as_typed(form: MoveForm) -> None:
    """Coming back from the check to change something: shown as it was, with nothing to complain of."""
    form.growing = True
    for rows in form.rows.values():
        rows.growing = True
        for each in rows.forms:
            each.growing = True


def _officer_words(officer: Officer) -> str:
    return f"{officer} · {officer.title}" if officer.title else str(officer)


def targets(petition: Petition, rows: Iterable[Row]) -> list[Body]:
    """The bodies that one of these rows could send it to; `perform` still judges the one that is chosen."""
    rows = list(rows)
    kinds = {kind for row in rows for kind in row.target}
    wanted = Q(kind__in=kinds)
    if PARTNER in kinds:
        wanted |= Q(partner__isnull=False)
    wanted &= Q(partner__until=None)  # a partner that has ended gets nothing more
    accused = set(petition.accused.values_list("body__code", flat=True))
    found: QuerySet[Body] = Body.objects.filter(wanted, active=True).exclude(pk=petition.holder_id)
    if all("inside" in row.guards for row in rows):
        found = found.filter(external=False)
    return [body for body in found if not body.touched_by(accused) and _fits(body, rows)]


def _fits(body: Body, rows: Iterable[Row]) -> bool:
    aimed = body.as_core().aimed_at
    return any(aimed in row.target and not (body.external and "inside" in row.guards) for row in rows)


def officers_at(body: Body) -> QuerySet[Officer]:
    """Who handles petitions at a body, and so could be in charge of one."""
    held = Officer.objects.filter(is_active=True, roles__body=body, roles__role__in=HANDLING_ROLES)
    return held.distinct().order_by("name", "login")


# ---- the pages


def _show(
    request: DeskRequest,
    petition: Petition,
    row: Row,
    form: MoveForm,
    *,
    refusal: Refusal | None = None,
    overtaken: bool = False,
    words: tuple[str, ...] = (),
    left: tuple[Unfinished, QueryDict] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    templates = passages.filled(request, petition, row)
    context = _around(request, petition, row)  # opens what may be read: before anything else is told
    seen = _seen(request) if refusal and refusal.code == "moved-meanwhile" else None
    context |= {
        "form": form,
        "passages": templates,
        "put_in": passages.INSERT in request.POST,
        "find_body": request.POST.get(choosing.FIND, ""),
        "proposal": _proposal(petition, row),
        "article": wording.cited(refusal.article, petition, request.today) if refusal else None,
        "since": [] if seen is None else _since(request, petition, seen),
        "checked": needs_check(row),
        "consequences": [] if needs_check(row) else _foreseen(request, petition, row),
        "drafting": composing.can_draft(row),
        "versions": composing.versions(petition, row) if composing.can_draft(row) else [],
        "based_on": composing.newest(petition, row),
        "overtaken": overtaken,
        "left": left[0] if left else None,
        "label_words": words,
        "waiting": composing.waiting(petition, row),
        "similar": resembling.similar_to(petition, request.acting, answers=True)
        if composing.answers(row)
        else [],
    }
    subject = masking.subject_for(request.acting, petition)
    context["advised"] = answering.beside(petition, row, form, context, subject)
    if left and left[1].get(composing.BASED_ON):
        context["based_on"] = left[1][
            composing.BASED_ON
        ]  # they wrote from that version, and not from a newer
    if refusal is None and request.POST.get("seen"):
        context["version"] = _seen(request)  # what they looked at first, until they are told that it moved on
    return page(request, "move.html", context, status=status)


def _foreseen(request: DeskRequest, petition: Petition, row: Row) -> list[foresight.Consequence]:
    after = foresight.foresee(petition, Move(row.verb), request.acting, request.now)
    return [] if isinstance(after, Refusal) else list(foresight.consequences(petition, after))


def _around(request: DeskRequest, petition: Petition, row: Row) -> dict[str, Any]:
    reader = masking.reader_of(request.acting, petition)
    reading.as_far_as(request, petition, reader)
    told = story.story_of(petition, reader=reader, desk=True)
    if not reader.hides:
        reading.names(file for step in told.timeline for file in step.attachments)
    return {
        **shown(petition, reader),
        "row": row,
        "row_article": wording.cited(row.article, petition, request.today),
        "row_article_href": wording.read_at(row.article, petition, request.today),
        "guides": guidance.guides_of(row),
        "timeline": list(timeline(petition, told, reader)),
        "first_due": clocks.first_due(told.clocks),
        "version": petition.version,
        "reviewed": _reviewed(told, row),
    }


def _reviewed(told: story.Story, row: Row) -> list[story.Told]:
    """What has to be looked at beside the form: what is under review, or what was masked for publication."""
    if row.verb in PUBLISHING:
        return [entry for entry in told.timeline if entry.event == publishing.ISSUED]
    if row.verb not in REVIEWS:
        return []
    latest = {entry.event: entry for entry in told.timeline if entry.event in UNDER_REVIEW}
    # A re-review is of the review opinion; what that one reviewed is read in what has happened.
    return sorted(latest.values(), key=lambda entry: entry.seq)[-2:][::-1]


def _since(request: DeskRequest, petition: Petition, seen: int) -> list[dict[str, Any]]:
    reader = masking.reader_of(request.acting, petition)
    told = story.story_of(petition, reader=reader, desk=True)
    drawn = zip(timeline(petition, told, reader), reversed(told.timeline), strict=True)
    return [entry for entry, step in drawn if step.seq > seen]


def _check(
    request: DeskRequest, petition: Petition, row: Row, form: MoveForm, wanted: Move
) -> HttpResponseBase:
    """Show what the petitioner will read and what follows; nothing is written yet."""
    after = foresight.foresee(petition, wanted, request.acting, request.now)
    if isinstance(after, Refusal):
        form.show(after)
        return _show(request, petition, row, form, refusal=after, status=409)
    # Before the words of a report are opened for the page: its letters name no more than the cover says.
    letter = preview(
        petition,
        after,
        request.today,
        signer=str(request.officer),
        reader=masking.reader_of(request.acting, petition),
    )
    context = _around(request, petition, row) | {
        "typed": typed(request.POST),
        "seen": _seen(request),
        "letter": letter,
        "facts": [{"name": f.label, "text": f.value, "long": True} for f in letters.said(after)],
        "consequences": list(foresight.consequences(petition, after)),
        "files": files_field() if row.verb in WITH_FILES else None,
    }
    return page(request, "move_check.html", context)


def typed(posted: QueryDict) -> list[tuple[str, str]]:
    """Everything that was typed, to be carried to the next step as it is."""
    return [(name, value) for name in posted if name not in NOT_TYPED for value in posted.getlist(name)]


def left_of(posted: QueryDict) -> list[tuple[str, str]]:
    """The same for later, with the version of a draft that it was written from."""
    based_on = posted.get(composing.BASED_ON)
    return [*typed(posted), *([(composing.BASED_ON, based_on)] if based_on else [])]


def _not_open(
    request: DeskRequest, petition: Petition, verb: str, refusal: Refusal | None = None
) -> HttpResponseBase:
    """The move cannot be made now: say why, and give back what was typed."""
    refused = refusal
    if refused is None:
        found = foresight.foresee(petition, Move(verb), request.acting, request.now)
        refused = found if isinstance(found, Refusal) else None
    words = [value for name, value in typed(request.POST) if value.strip() and not name.endswith("_FORMS")]
    if request.method == "GET":
        words = resuming.words_left(request, petition, verb)
    context = {
        "petition": petition,
        "refusal": refused,
        "article": wording.cited(refused.article, petition, request.today) if refused else None,
        "words": words,
        "others": _who_else(request, petition, verb),
        "state": story.state_of(petition),
    }
    return page(request, "move_not_open.html", context, status=409 if request.method == "POST" else 404)


def _who_else(request: DeskRequest, petition: Petition, verb: str) -> list[Text]:
    """The roles here that may make this move now, so that nobody has to guess whom to ask."""
    ahead = prospects_of(petition, request.acting, request.now)
    return [ROLES[role] for role, row in ahead.others if row.verb == verb]
