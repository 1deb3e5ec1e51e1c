"""Sign a petition that others lodged, by the link they passed on; and what a signer may do about that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.core.refusal import Refusal
from huiyin.doors.petitioner import lodge, once
from huiyin.doors.petitioner.lodge_forms import WHO_HINTS, SignerForm
from huiyin.doors.petitioner.receipt import link_of, to_keep
from huiyin.doors.petitioner.visit import Visit, end, following, private
from huiyin.registry import joining, relieving
from huiyin.registry.joining import Invited, Joined
from huiyin.registry.models import Invitation, Petition
from huiyin.site import turnstile


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, *, invitation: str) -> HttpResponse:
    """What was lodged, and the form that signs it; in answer to that, the signer's own key and receipt."""
    now, wait = timezone.now(), None
    if request.method == "POST" and once.is_good(request.POST.get("once", "")):
        lodge.speak(request)
        form = SignerForm(request.POST)
        form.growing = "language" in request.POST
        if form.is_valid() and not form.growing:
            wait = turnstile.filing(request, request.POST["once"])
            if wait is None:
                return _signed(request, invitation, form)
    else:
        form = SignerForm(request.POST or None)
    invited = joining.look(invitation, now)
    if isinstance(invited, Refusal):
        return _over(request, invited)
    return _page(request, invited, form, wait)


def _signed(request: HttpRequest, invitation: str, form: SignerForm) -> HttpResponse:
    now, said = timezone.now(), {**form.cleaned_data, "invitation": invitation}

    def make() -> Joined | Refusal:
        return joining.join(invitation, form.person, now, reachable=form.cleaned_data["reachable"])

    answer = once.once(request.POST["once"], said, make, now=now)
    if isinstance(answer, Refusal):
        return _over(request, answer)
    # Sent again with other words, it is the same signature: nobody signs twice by changing their mind.
    return _receipt(request, answer.answer if isinstance(answer, once.Sent) else answer)


def _page(
    request: HttpRequest, invited: Invited, form: SignerForm, wait: turnstile.Wait | None = None
) -> HttpResponse:
    if not invited.may_be_reachable:
        del form.fields["reachable"]
    token = request.POST.get("once", "")
    stale = bool(token) and not once.is_good(token)
    context = {
        "petition": invited.petition,
        "until": invited.until,
        "form": form,
        "who_hints": WHO_HINTS,
        "token": token if once.is_good(token) else once.new_token(),
        "wait": wait,
        "notice": _("This page was open for a long time. Please send it again.") if stale else "",
    }
    response = private(render(request, "petitioner/join.html", context, status=429 if wait else 200))
    if wait:
        response["Retry-After"] = str(wait.seconds)
    if request.POST.get("language"):
        lodge.remember_language(response)
    return response


def _over(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"reason": refusal.reason}
    return private(render(request, "petitioner/join_over.html", context, status=404))


def _receipt(request: HttpRequest, answer: once.Answer) -> HttpResponse:
    context = {
        "answer": answer,
        "petition": Petition.objects.only("subject").get(ref=answer.ref),
        **to_keep(answer),
    }
    return private(render(request, "petitioner/joined.html", context))


@following
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest, visit: Visit) -> HttpResponse:
    """For each who signed, and for all alike: a new link, an end of joining, one's own signature back."""
    if not visit.author.signature:
        return redirect("petitioner:petition")
    link, refusal = "", None
    match request.POST.get("do", ""):
        case "invite":
            made = joining.invite_anew(visit.author, timezone.now())
            link, refusal = ("", made) if isinstance(made, Refusal) else (link_of(made), None)
        case "close":
            refusal = joining.close(visit.author)
        case "leave" if request.POST.get("sure") == "yes":
            refusal = relieving.leave(visit.author)
            if refusal is None:
                return _left(request)
        case "leave":
            messages.warning(request, _("Tick the box to say that you are sure."))
    return render(request, "petitioner/together.html", _together(visit, link, refusal))


def _left(request: HttpRequest) -> HttpResponse:
    response = redirect("petitioner:follow")
    messages.success(request, _("Your signature is taken back. Nothing of yours is kept with this petition."))
    end(response)
    return response


def _together(visit: Visit, link: str, refusal: Refusal | None) -> dict[str, Any]:
    now = timezone.now()
    invitation = Invitation.objects.select_related("petition").get(petition=visit.petition.sealed_under)
    fresh = Invitation(petition=invitation.petition, until=invitation.until.max, is_open=True)
    return {
        "petition": visit.petition,
        "until": invitation.until,
        "joinable": joining.is_joinable(invitation, now),
        "may_invite": joining.is_joinable(fresh, now),
        "others": joining.count(visit.petition) > 1,
        "link": link,
        "refusal": refusal,
    }
