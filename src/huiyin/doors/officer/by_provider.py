"""Signing in through the identity provider of the staff, and linking one's account with the one there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.officer import provider as providers
from huiyin.doors.officer import sessions
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.people import known_to
from huiyin.doors.officer.provider import Asked, NotProven, Proven, title_of
from huiyin.doors.officer.second_factor import ByPassword
from huiyin.doors.officer.sign_in import wanted_page, welcome
from huiyin.doors.officer.sure import Sure, ask
from huiyin.registry import arriving, keeping, proving
from huiyin.registry.models import Officer, ProviderLink
from huiyin.site.environment import Oidc
from huiyin.site.forms import say_later

log = logging.getLogger("huiyin.desk")

GONE = "provider"  # of a session: what was sent along, while somebody is away at the provider
LINKING = "provider_linking"  # of a session: since when its owner may link, having shown the password
SIGN_IN, LINK, AGAIN = "sign-in", "link", "again"
BACK_WITHIN = timedelta(minutes=15)

View = Callable[..., HttpResponseBase]


# ---- going there and coming back


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the provider. A link and no form: a form may not lead to another site (CSP)."""
    if request.user.is_authenticated:
        return redirect("desk:inbox")
    return _sent(request, SIGN_IN)


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the provider to be signed out there too: whoever was just signed out here."""
    provider = _provider()
    if request.user.is_authenticated or not request.session.pop(sessions.LEFT, False):
        return redirect("desk:sign-in")
    try:
        where = providers.end(provider, request.build_absolute_uri(reverse("desk:sign-in")))
    except NotProven as error:
        log.warning("signing out at the provider failed: %s", error)
        where = ""
    if where:
        return redirect(where)
    said = gettext("%(name)s has no page to sign out at: close the browser, or sign out there.")
    messages.warning(request, said % {"name": title_of(provider)})
    return redirect("desk:sign-in")


def _sent(request: HttpRequest, what_for: str) -> HttpResponse:
    provider = _provider()
    try:
        where, asked = providers.ask(provider, _address(request), again=what_for == AGAIN)
    except NotProven as error:
        return _failed(request, what_for, str(error))
    kept = [asked.state, asked.nonce, asked.verifier]
    request.session[GONE] = [*kept, what_for, int(timezone.now().timestamp()), wanted_page(request)]
    return redirect(where)


def _provider() -> Oidc:
    found = providers.configured()
    if found is None:
        raise Http404
    return found


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("desk:provider-back"))


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponseBase:
    """The answer of the provider. What was sent along is good for one answer."""
    provider, now = _provider(), timezone.now()
    kept = request.session.pop(GONE, None)
    if not kept or now.timestamp() - kept[4] > BACK_WITHIN.total_seconds():
        return _failed(request, SIGN_IN, "nobody is awaited")
    asked, what_for, since, where = Asked(*kept[:3]), kept[3], kept[4], kept[5]
    try:
        proven = providers.came_back(provider, asked, request.GET.dict(), _address(request), now)
    except NotProven as error:
        return _failed(request, what_for, str(error))
    if what_for == SIGN_IN:
        return _signed_in(request, provider, proven, where)
    if not request.user.is_authenticated or not isinstance(request.user, Officer):
        return _failed(request, SIGN_IN, "nobody is awaited")
    if what_for == LINK:
        return _linked(request, request.user, proven)
    return _again(request, request.user, proven, since, where)


def _failed(request: HttpRequest, what_for: str, why: str) -> HttpResponse:
    """Lead back with a word of what happened. The log tells the operator why, and never of whom."""
    called = title_of(_provider())
    if why == "denied":
        messages.info(request, gettext("You came back from %(name)s without signing in.") % {"name": called})
    else:
        log.warning("signing in through the provider failed: %s", why)
        said = gettext("Signing in through %(name)s did not work. Try again; an administrator can see why.")
        messages.error(request, said % {"name": called})
    return redirect("desk:sign-in" if what_for == SIGN_IN else "desk:provider")


def _signed_in(request: HttpRequest, provider: Oidc, proven: Proven, where: str) -> HttpResponse:
    now = timezone.now()
    came = arriving.come(proven.issuer, proven.subject, proven.said, provider.claims, now=now)
    if isinstance(came, Refusal):
        messages.error(request, str(say_later(came.reason)))
        return redirect("desk:sign-in")
    officer = came.officer
    enough = proven.said.two_factors and arriving.counts_for(officer)
    if not enough and proving.has_one(officer):
        sessions.await_second_step(request, officer, where, now, way=arriving.PROVIDER)
        answer: HttpResponse = redirect("desk:second-step")
    else:
        second = arriving.PROVIDER if enough else ""
        answer = welcome(
            request, officer, where or reverse("desk:inbox"), way=arriving.PROVIDER, second=second
        )
        sessions.mark_fresh(request, now)
    for refused in came.refused:
        said = gettext("A role that a group of yours stands for was not changed: %(why)s")
        messages.warning(request, said % {"why": say_later(refused.reason)})
    return answer


# ---- proving it once more


def own_hands(view: View) -> View:
    """For what changes how an account is proved: whoever has no password here has just signed in there."""

    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.officer.has_usable_password() or sessions.is_fresh(request, request.now):
            return view(request, *args, **kwargs)
        return _ask_again(request)

    return guarded


def _ask_again(request: DeskRequest) -> HttpResponseBase:
    provider = providers.configured()
    shown = title_of(provider) if provider else ""
    return page(request, "provider_again.html", {"called": shown, "next": request.get_full_path()})


@require_safe
def again(request: DeskRequest) -> HttpResponseBase:
    return _sent(request, AGAIN)


def _again(request: HttpRequest, officer: Officer, proven: Proven, since: float, where: str) -> HttpResponse:
    link = ProviderLink.objects.filter(issuer=proven.issuer, known_as=proven.subject, officer=officer)
    if not link.exists() or not proven.is_since(since):
        return _failed(request, AGAIN, "not proved anew")
    sessions.mark_fresh(request, timezone.now())
    return redirect(where or reverse("desk:account"))


# ---- one's own link


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: DeskRequest) -> HttpResponseBase:
    """Whether this account is linked; with the present password it can be."""
    provider = _provider()
    form = ByPassword(request)
    linked = ProviderLink.objects.filter(officer=request.officer, issuer=provider.issuer).first()
    may_go = False
    if request.method == "POST" and form.is_valid():
        if linked is not None:
            return _ended(request, linked, form)
        request.session[LINKING] = int(request.now.timestamp())
        may_go = True
    context = {"form": form, "linked": linked, "called": title_of(provider), "may_go": may_go}
    return page(request, "provider.html", context, status=400 if form.errors else 200)


def _ended(request: DeskRequest, linked: ProviderLink, form: ByPassword) -> HttpResponseBase:
    if not request.officer.has_usable_password():
        form.add_error(
            None, gettext("Nothing else opens this account: ask an administrator for a password first.")
        )
        context = {"form": form, "linked": linked, "called": title_of(_provider())}
        return page(request, "provider.html", context, status=400)
    arriving.unlink(request.officer, by=request.officer, now=request.now)
    sessions.keep_own(request, request.officer)
    messages.success(request, gettext("The link is ended."))
    return redirect("desk:provider")


@require_safe
def link(request: DeskRequest) -> HttpResponseBase:
    """Go to the provider, to come back with whose account it is there."""
    since = request.session.get(LINKING, 0)
    if request.now.timestamp() - since > BACK_WITHIN.total_seconds():
        return redirect("desk:provider")
    return _sent(request, LINK)


def _linked(request: HttpRequest, officer: Officer, proven: Proven) -> HttpResponse:
    now = timezone.now()
    since = request.session.pop(LINKING, 0)
    if now.timestamp() - since > BACK_WITHIN.total_seconds():
        return _failed(request, LINK, "the password was shown too long ago")
    if refused := arriving.link(officer, proven.issuer, proven.subject, now=now):
        messages.error(request, str(say_later(refused.reason)))
    else:
        sessions.keep_own(request, officer)
        messages.success(request, gettext("From now on you can sign in there, too."))
    return redirect("desk:provider")


# ---- by an administrator


@require_POST
def end_link(request: DeskRequest, login: str) -> HttpResponseBase:
    found = _kept_or_404(request, login)
    if arriving.unlink(found, by=request.officer, now=request.now):
        sessions.keep_own(request, found)
        messages.success(request, gettext("No account at the provider opens this one any more."))
    return redirect("desk:person", found.login)


@require_POST
def drop_password(request: DeskRequest, login: str) -> HttpResponseBase:
    """Leave the provider alone to open an account that is linked."""
    found = _kept_or_404(request, login)
    provider = _provider()
    if not arriving.is_linked(found, provider.issuer) or not found.has_usable_password():
        raise Http404
    question = Sure(
        title=gettext("Take away the password?"),
        whose=str(found),
        text=gettext(
            "%(name)s (%(login)s) can then sign in through %(provider)s alone, and is signed out now."
        )
        % {"name": found, "login": found.login, "provider": title_of(provider)},
        button=gettext("Take away the password"),
    )
    if asked := ask(request, question, reverse("desk:person", args=[found.login])):
        return asked
    if refused := keeping.drop_password(found, by=request.officer, now=request.now):
        messages.error(request, str(say_later(refused.reason)))
    else:
        sessions.keep_own(request, found)
        messages.success(request, gettext("The password is taken away."))
    return redirect("desk:person", found.login)


def _kept_or_404(request: DeskRequest, login: str) -> Officer:
    found = known_to(request.acting).filter(login=login).first()
    if found is None or not keeping.keeps_account_of(request.acting, found):
        raise Http404
    return found
