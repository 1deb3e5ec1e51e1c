"""Lodge a petition: a few plain pages, one form, and the receipt at its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.petitioner import ahead, once, receipt
from huiyin.doors.petitioner.draft import ABOUT, AUTHOR, BODY, CHECK, MATTER, STEPS, Draft
from huiyin.doors.petitioner.lodge_forms import SERVICE_HINTS, UNSURE, WHO_HINTS, lodging_of
from huiyin.registry import law, opening, routing
from huiyin.registry.file import Filed, file
from huiyin.registry.models import HELPERS, SERVICE
from huiyin.site import staging, turnstile, way

if TYPE_CHECKING:
    from huiyin.registry.answered import Answered

FIELDS_OF = {"against": ABOUT, "against_words": ABOUT, "body": BODY, "service": AUTHOR}


@require_safe
def lodge(request: HttpRequest) -> HttpResponse:
    """What happens next and by when, before anything is asked."""
    now = timezone.now()
    book, _day = law.at(now)
    context = {"stages": way.stages(book), "ahead": ahead.first_term_of_all(now), "book": book}
    return render(request, "petitioner/lodge.html", {**context, "is_open": opening.is_open()})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The pages that are filled in, and the sending."""
    draft = Draft(request)
    response = _answer(request, draft) if request.method == "POST" else _page(request, draft, MATTER)
    # The browser's own Back key must bring what was typed, and not a page that says it has expired.
    response.setdefault("Cache-Control", "private, no-cache")
    if request.POST.get("language"):
        remember_language(response)
    return response


def _answer(request: HttpRequest, draft: Draft) -> HttpResponse:
    speak(request)
    go = request.POST.get("go", "")
    if go == "send":
        return _send(request, draft)
    if go in STEPS:
        return _page(request, draft, go)
    if go == "find" or "language" in request.POST or staging.DROP in request.POST:
        return _page(request, draft, draft.step)
    if draft.looks:
        # Enter in the box that looks a body up means just that, and so does going on without the answer.
        return _page(request, draft, draft.step)
    if draft.step == CHECK:
        return _page(request, draft, CHECK)
    wrong = not draft.forms[draft.step].is_valid() or bool(draft.problem and draft.step == MATTER)
    shown = draft.step if wrong else draft.after(draft.step)
    return _page(request, draft, shown, loud=wrong)


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    if wrong := draft.first_wrong:
        return _page(request, draft, wrong, loud=True)
    if draft.is_stale:
        return _page(
            request, draft, CHECK, notice=_("This page was open for a long time. Please send it again.")
        )
    if wait := turnstile.filing(request, draft.token):
        response = _page(request, draft, CHECK, wait=wait)
        response.status_code = 429
        response["Retry-After"] = str(wait.seconds)
        return response
    now = timezone.now()

    def make() -> Filed | Refusal:
        uploads = staging.uploads(draft.staged)
        if isinstance(uploads, Refusal):
            return uploads
        language = get_language() or settings.LANGUAGE_CODE
        lodging = lodging_of(
            draft.matter, draft.about, draft.body, draft.author, language=language, uploads=uploads
        )
        code = draft.answers.code if draft.answers else ""
        return file(replace(lodging, body=draft.addressed, question=code), now=now)

    answer = once.once(draft.token, draft.said(), make, now=now)
    if isinstance(answer, Refusal):
        return _refused(request, draft, answer)
    if isinstance(answer, once.Sent):
        return _changed_since(request, draft, answer)
    for waiting in draft.staged:
        waiting.drop()
    return receipt.show(request, answer)


def _refused(request: HttpRequest, draft: Draft, refusal: Refusal) -> HttpResponse:
    for name, reason in refusal.fields.items():
        step = FIELDS_OF.get(name, MATTER)
        form = draft.forms[step]
        form.add_error(name if name in form.fields else None, reason.say(get_language() or ""))
        return _page(request, draft, step, loud=True)
    return _page(request, draft, CHECK, refusal=refusal)


def _changed_since(request: HttpRequest, draft: Draft, sent: once.Sent) -> HttpResponse:
    """The same form was sent before with other words: that one stands; this may become another petition."""
    draft.token = once.new_token()
    notice = _(
        "This form was sent before, as petition %(ref)s. What you changed since was not sent. "
        "If you send it now, it becomes a second petition."
    ) % {"ref": sent.answer.ref}
    return _page(request, draft, CHECK, notice=notice)


def _page(
    request: HttpRequest,
    draft: Draft,
    step: str,
    *,
    loud: bool = False,
    notice: str = "",
    refusal: Refusal | None = None,
    wait: turnstile.Wait | None = None,
) -> HttpResponse:
    if step == CHECK and not loud and (wrong := draft.first_wrong):
        step, loud = wrong, True
    context = {
        "draft": draft,
        "step": step,
        "number": STEPS.index(step) + 1,
        "total": len(STEPS),
        "hidden": draft.hidden(step),
        "back": STEPS[STEPS.index(step) - 1] if step != MATTER else "",
        "notice": notice,
        "refusal": refusal,
        "wait": wait,
        "kind_hints": draft.matter.kind_hints,
        "who_hints": WHO_HINTS,
        "service_hints": SERVICE_HINTS,
        "kind": draft.matter["kind"].value(),
    }
    if step == CHECK:
        return render(request, "petitioner/lodge_check.html", context | _check(draft))
    form = draft.forms[step]
    form.growing = not loud and form.is_bound
    return render(request, f"petitioner/lodge_{step}.html", context | {"form": form})


def _check(draft: Draft) -> dict[str, Any]:
    """Where it goes, who will see it and who never will: told before it is sent (charter 6)."""
    what, about = draft.matter.cleaned_data, draft.about.cleaned_data
    known = draft.about.finder.bodies
    kind, unsure = draft.matter.lodged_as, what["kind"] == UNSURE
    routed = routing.receiver(kind, draft.addressed, about["against"], unsure=unsure)
    told: dict[str, Any] = {
        "what": what,
        "kind": draft.matter.kind_text,
        "unsure": unsure,
        "against": [known[code] for code in about["against"]],
        "against_words": about["against_words"],
        "addressed": known.get(draft.addressed),
        "answers": draft.answers,
        "who": draft.author.cleaned_data,
        "helper": dict(HELPERS).get(draft.author.cleaned_data["helper"], ""),
        "service": dict(SERVICE).get(draft.author.cleaned_data["service"], ""),
    }
    if isinstance(routed, Refusal):
        return told | {"no_body": routed.reason}
    now = timezone.now()
    term = ahead.first_term(routed.body, kind, now)
    # Never of a report, nor of what may turn out to be one.
    alike = kind != "report" and not unsure
    published = _answered_before(what["subject"], what["text"], now) if alike else []
    return told | {"routed": routed, "ahead": term, "answered_before": published}


def _answered_before(subject: str, text: str, now: datetime) -> list[Answered]:
    from huiyin.registry import answered  # numpy comes with it: 25 MB, only where somebody lodges

    return answered.before(subject, text, publishes=law.at(now)[0].publishes)


def speak(request: HttpRequest) -> bool:
    """Switch the language in the middle of a form: what was typed stays on the page."""
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)
        return True
    return False


def remember_language(response: HttpResponse) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        get_language() or settings.LANGUAGE_CODE,
        secure=bool(settings.CSRF_COOKIE_SECURE),
    )
