"""The second step of signing in, and the officer's own apps, passkeys and recovery codes."""

from __future__ import annotations

import segno
from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.doors.officer import passkeys, sessions, waiting
from huiyin.doors.officer.door import DeskRequest, lacks_second_factor, page
from huiyin.doors.officer.sign_in import welcome
from huiyin.registry import arriving, proving
from huiyin.registry.models import Officer, RecoveryCode
from huiyin.site.context import is_demonstration

STEP = "second step"
SECRET = "app_secret"  # noqa: S105 where a session keeps it, sealed, until the app has shown a code
CODE_FIELD = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class CodeForm(forms.Form):
    use_required_attribute = False
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits from your app, or one of your recovery codes."),
        max_length=40,
        widget=forms.TextInput(attrs=CODE_FIELD),
    )


# ---- signing in


@sensitive_post_parameters("code", "passkey")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest) -> HttpResponseBase:
    """After a right password: the code, or the passkey."""
    waited = sessions.awaited(request, timezone.now())
    if request.user.is_authenticated or waited is None:
        return redirect("desk:sign-in")
    officer, where, way = waited
    answer = request.POST.get("passkey", "")
    form = CodeForm(request.POST if request.method == "POST" and not answer else None)
    failed = ""
    if request.method == "POST" and (answer or form.is_valid()):
        by, failed = _tried(request, officer, answer, "" if answer else form.cleaned_data["code"])
        if not failed:
            if way == arriving.PROVIDER:
                sessions.mark_fresh(request, timezone.now())
            return welcome(request, officer, where or reverse("desk:inbox"), way=way, second=by)
        if not answer:
            form.add_error("code", failed)
    context = {
        "form": form,
        "refused": failed if answer else "",
        "asked": passkeys.to_prove(request, officer),
        "by_code": officer.recovery_codes.exists() or hasattr(officer, "code_app"),
        "by_password": way == arriving.PASSWORD,
    }
    return page(request, "second_step.html", context, status=400 if failed or form.errors else 200)


def _tried(request: HttpRequest, officer: Officer, answer: str, code: str) -> tuple[str, str]:
    """What proves the officer, or what is wrong with what was given, in words."""
    now, key = timezone.now(), waiting.digest(request, officer.login, STEP)
    if words := waiting.too_many(key, now):
        return "", words
    if answer:
        by = proving.PASSKEY if passkeys.proves(request, officer, answer) else ""
    else:
        by = proving.proved(officer, code, now)
    if by:
        waiting.succeeded(key)
        return by, ""
    # Whoever comes this far knows the password: nobody waits less here for being the last administrator.
    waiting.failed(key, "", now)
    if answer:
        return "", gettext("This passkey was not recognised. Try again, or type a code.")
    return "", gettext("This code is wrong, or was used already. Wait for the next one in your app.")


# ---- one's own


class ByPassword(forms.Form):
    """Whoever changes how an account is proved shows that it is theirs.

    Without a password here they have just proved it at the provider (`by_provider.own_hands`).
    """

    use_required_attribute = False
    now_in_use = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.request = request
        if not request.officer.has_usable_password():
            del self.fields["now_in_use"]

    def clean_now_in_use(self) -> str:
        typed: str = self.cleaned_data["now_in_use"]
        officer, now = self.request.officer, self.request.now
        key = waiting.digest(self.request, officer.login, "own")
        if words := waiting.too_many(key, now):
            raise ValidationError(words)
        if not officer.check_password(typed):
            waiting.failed(key, "", now)
            raise ValidationError(gettext("This is not your present password."))
        waiting.succeeded(key)
        return typed


class AppForm(ByPassword):
    code = forms.CharField(
        label=_("Code that the app shows"),
        help_text=_("Six digits."),
        max_length=12,
        widget=forms.TextInput(attrs={**CODE_FIELD, "inputmode": "numeric"}),
    )
    field_order = ("code", "now_in_use")


class PasskeyForm(ByPassword):
    titled = forms.CharField(
        label=_("Name of this passkey"),
        help_text=_("So that you know it again, for example: office computer."),
        max_length=60,
    )
    passkey = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("titled", "now_in_use", "passkey")


@require_safe
def own(request: DeskRequest) -> HttpResponse:
    """What this officer signs in with besides the password."""
    officer = request.officer
    context = {
        "app": getattr(officer, "code_app", None),
        "passkeys": list(officer.passkeys.all()),
        "codes": RecoveryCode.objects.filter(officer=officer).count(),
        "lacking": lacks_second_factor(request.acting, request.session.get(sessions.SECOND, "")),
        "demanded": proving.is_demanded_of(request.acting),
    }
    return page(request, "second_factor.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: DeskRequest) -> HttpResponseBase:
    """Add an authenticator app, or put another in its place: QR code, then a code from it."""
    form = AppForm(request)
    secret = _secret(request)
    if request.method == "POST" and form.is_valid():
        if proving.add_app(request.officer, secret, form.cleaned_data["code"], request.now):
            request.session.pop(SECRET, None)
            return _added(request, gettext("The app is added. From now on the desk asks for its code."))
        form.add_error(
            "code",
            gettext(
                "This code does not fit. Check that the telephone's clock is right, and type the next one."
            ),
        )
    address = proving.address_of(request.officer, secret)
    context = {
        "form": form,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "qr": segno.make(address, error="m").svg_data_uri(border=2, scale=4),
        "again": hasattr(request.officer, "code_app"),
    }
    return page(request, "second_factor_app.html", context, status=400 if form.errors else 200)


def _secret(request: DeskRequest) -> str:
    """The secret of the app that is being added: kept sealed, for the session lies in the database."""
    kept = request.session.get(SECRET, "")
    if kept:
        return proving.unsealed(request.officer, signing.b64_decode(kept.encode()))
    secret = proving.new_secret()
    request.session[SECRET] = signing.b64_encode(proving.sealed(request.officer, secret)).decode()
    return secret


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: DeskRequest) -> HttpResponseBase:
    """Add a passkey; the browser makes it, with script."""
    form = PasskeyForm(request)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        found = passkeys.made(request, request.officer, said["passkey"], said["titled"], request.now)
        if found is not None:
            proving.add_passkey(found, request.now)
            return _added(request, gettext("The passkey is added. From now on the desk asks for it."))
        form.add_error(None, gettext("The passkey was not made. Try again, or add an app instead."))
    context = {"form": form, "asked": passkeys.to_make(request, request.officer)}
    return page(request, "second_factor_passkey.html", context, status=400 if form.errors else 200)


def _added(request: DeskRequest, words: str) -> HttpResponseBase:
    officer = request.officer
    sessions.keep_own(request, officer)
    messages.success(request, words)
    if RecoveryCode.objects.filter(officer=officer).exists():
        return redirect("desk:second-factor")
    return _slip(request)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: DeskRequest) -> HttpResponseBase:
    """Ten new recovery codes, on this page and nowhere else."""
    if not proving.has_one(request.officer):
        return redirect("desk:second-factor")
    form = ByPassword(request)
    if request.method == "POST" and form.is_valid():
        return _slip(request)
    return page(request, "second_factor_codes.html", {"form": form}, status=400 if form.errors else 200)


def _slip(request: DeskRequest) -> HttpResponse:
    made = proving.new_codes(request.officer, request.now)
    return page(request, "second_factor_slip.html", {"codes": made})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: DeskRequest) -> HttpResponseBase:
    """Take away one's own app or a passkey; where a second factor is demanded, the last one stays."""
    officer = request.officer
    which = request.POST.get("which") or request.GET.get("which") or ""
    kind, _dash, typed = which.partition("-")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 12 else 0
    shown = _titled(officer, kind, number)
    if shown is None:
        return redirect("desk:second-factor")
    form = ByPassword(request)
    if request.method == "POST" and form.is_valid():
        if _is_last(request, officer):
            form.add_error(None, gettext("Your work needs a second factor: add another one first."))
        elif proving.remove(officer, kind, number, request.now):
            sessions.keep_own(request, officer)
            messages.success(request, gettext("It is taken away."))
            return redirect("desk:second-factor")
    context = {"form": form, "which": which, "shown": shown}
    return page(request, "second_factor_remove.html", context, status=400 if form.errors else 200)


def _titled(officer: Officer, kind: str, number: int) -> str | None:
    if kind == proving.APP:
        return gettext("Authenticator app") if hasattr(officer, "code_app") else None
    found = officer.passkeys.filter(pk=number).first() if kind == proving.PASSKEY else None
    return found.titled if found else None


def _is_last(request: DeskRequest, officer: Officer) -> bool:
    left = int(hasattr(officer, "code_app")) + officer.passkeys.count()
    return left == 1 and proving.is_demanded_of(request.acting) and not is_demonstration()
