"""Signing in and out, and the officer's own password."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.core.text import Text
from huiyin.doors.officer import provider, sessions, waiting
from huiyin.doors.officer.door import OWN_PASSWORD, DeskRequest, page
from huiyin.registry import arriving, keeping, proving
from huiyin.registry.models import Officer, Role
from huiyin.site.context import is_demonstration


class SignInForm(forms.Form):
    use_required_attribute = False
    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The page that everybody meets first; it says nothing of which names exist."""
    if request.user.is_authenticated:
        return redirect(after(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        officer = _checked(request, form)
        if officer is not None and proving.has_one(officer):
            sessions.await_second_step(request, officer, wanted_page(request), timezone.now())
            return redirect("desk:second-step")
        if officer is not None:
            return welcome(request, officer, after(request))
    context = {"form": form, "next": wanted_page(request), "demo": list(_demonstration_officers())}
    if found := provider.configured():
        context |= {"provider": provider.title_of(found), "left": request.session.get(sessions.LEFT, False)}
    return page(request, "sign_in.html", context, status=400 if form.errors else 200)


def _checked(request: HttpRequest, form: SignInForm) -> Officer | None:
    login, now = form.cleaned_data["login"].strip(), timezone.now()
    key = waiting.digest(request, login)
    if words := waiting.too_many(key, now):
        form.add_error(None, words)
        return None
    # Django hashes for an unknown name too, so that the time it takes tells nothing.
    officer = auth.authenticate(request, login=login, password=form.cleaned_data["password"])
    if not isinstance(officer, Officer):
        waiting.failed(key, login, now)
        form.add_error(None, gettext("The sign-in name or the password is wrong."))
        return None
    waiting.succeeded(key)
    return officer


def welcome(
    request: HttpRequest, officer: Officer, where: str, *, way: str = arriving.PASSWORD, second: str = ""
) -> HttpResponse:
    """Open a session for whoever has proved every step that is asked of them, and put it on record."""
    unchanged = officer.last_login is None and officer.has_usable_password() and not is_demonstration()
    # `auth` signs in again whoever is known, without asking which way: there is one backend.
    auth.login(request, officer, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[sessions.SECOND], request.session[sessions.WAY] = second, way
    arriving.came_in(officer, way, second, now=timezone.now())
    if unchanged:
        # The password is one that somebody else has seen: it opens nothing until it is changed.
        request.session[OWN_PASSWORD] = way == arriving.PASSWORD
        Officer.objects.filter(pk=officer.pk).update(last_login=None)
    response = redirect(where)
    waiting.remember(response, officer.login)
    return response


def wanted_page(request: HttpRequest) -> str:
    """Where they wanted to go, if that is a page of this desk."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/desk/")
    return wanted if safe else ""


def after(request: HttpRequest) -> str:
    """Where somebody goes who has just signed in."""
    return wanted_page(request) or reverse("desk:inbox")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    _left(request)
    messages.info(request, _("You have signed out."))
    return redirect("desk:sign-in")


def _left(request: HttpRequest) -> None:
    """End the session; whoever came by the provider is asked on the next page whether to sign out there too.

    A link there and no way on from here: the policy of our pages lets no form lead to another site.
    """
    by_provider = request.session.get(sessions.WAY) == arriving.PROVIDER
    auth.logout(request)
    if by_provider and provider.configured():
        request.session[sessions.LEFT] = True


@require_POST
def sign_out_everywhere(request: DeskRequest) -> HttpResponse:
    """End every session of this officer, this one too."""
    with transaction.atomic():
        keeping.end_sessions(request.officer)
        keeping.write_down(
            "signed-out-everywhere", request.officer, request.now, officer=request.officer.login
        )
    _left(request)
    messages.info(request, _("You have signed out in every browser."))
    return redirect("desk:sign-in")


# ---- one's own password


class PasswordForm(forms.Form):
    use_required_attribute = False
    now_in_use = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    wanted = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters. A short sentence is easy to remember and hard to guess."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, officer: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer = officer

    def clean_now_in_use(self) -> str:
        typed: str = self.cleaned_data["now_in_use"]
        if not self.officer.check_password(typed):
            raise ValidationError(gettext("This is not your present password."))
        return typed

    def clean_wanted(self) -> str:
        typed: str = self.cleaned_data["wanted"]
        password_validation.validate_password(typed, self.officer)
        if typed == self.data.get("now_in_use"):
            raise ValidationError(gettext("Choose one that you do not use already."))
        return typed

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "wanted" in found and found.get("again") != found["wanted"]:
            self.add_error("again", gettext("The two do not agree."))
        return found


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: DeskRequest) -> HttpResponseBase:
    if not request.officer.has_usable_password():
        messages.info(request, _("You have no password here: you sign in through your provider."))
        return redirect("desk:account")
    form = PasswordForm(request.officer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.officer.set_password(form.cleaned_data["wanted"])
        request.officer.last_login = request.now
        request.officer.save(update_fields=["password", "last_login"])
        auth.update_session_auth_hash(request, request.officer)
        request.session.pop(OWN_PASSWORD, None)
        messages.success(request, _("Your password is changed. Other browsers are signed out."))
        return redirect("desk:inbox")
    needed = bool(request.session.get(OWN_PASSWORD))
    return page(
        request, "password.html", {"form": form, "needed": needed}, status=400 if form.errors else 200
    )


# ---- the demonstration shows its officers


@dataclass(frozen=True, slots=True)
class Shown:
    """An officer of the demonstration, as the sign-in page lists them."""

    login: str
    name: str
    title: str
    places: list[tuple[Text, Any]]
    password: str


def _demonstration_officers() -> Iterator[Shown]:
    """Who can be tried: in a demonstration only, where every name and password is made up."""
    if not is_demonstration():
        return
    from huiyin.registry import demonstration  # reads its data when imported: nothing that a live desk needs

    rows = Role.objects.select_related("officer", "body").order_by("body__path", "role")
    roles: dict[str, list[tuple[Text, Any]]] = defaultdict(list)
    for role in rows.filter(officer__is_active=True):
        roles[role.officer.login].append((role.body.name, role.get_role_display()))
    for cast in demonstration.officers():
        if roles[cast.login]:
            yield Shown(cast.login, cast.name, cast.title, roles[cast.login], demonstration.PASSWORD)
