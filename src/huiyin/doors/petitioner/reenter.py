"""Ask for reference and key again without losing what was being sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.core.refusal import Refusal
from huiyin.doors.petitioner import once
from huiyin.site import staging, turnstile
from huiyin.site.forms import Quiet

REF, KEY, TOKEN = "follow_ref", "follow_key", "follow_token"
COOKIE = "huiyin_follow"


class KeyForm(Quiet):
    """Reference and key, as they stand on the receipt."""

    follow_ref = forms.CharField(
        label=_("Reference"),
        help_text=_("For example HY-7K3M9-Q2X4T. Small letters, spaces and missing dashes do not matter."),
        error_messages={"required": _("Enter the reference from your receipt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    follow_key = forms.CharField(
        label=_("Key"),
        help_text=_("20 letters and digits, from your receipt. Nobody here can look it up."),
        error_messages={"required": _("Enter the key from your receipt.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def token_of(request: HttpRequest) -> str:
    """What a device works on, or waits with, when too many keys are tried: of a page of ours, else ''."""
    token = request.POST.get(TOKEN, "")
    return token if once.is_good(token) else ""


def told(request: HttpRequest, form: KeyForm, no: Refusal | turnstile.Wait) -> dict[str, Any]:
    """Say on the form why it does not open, or what to wait for; with the status of the answer."""
    if isinstance(no, Refusal):
        form.add_error(None, no.reason.say(get_language() or ""))
        return {"status": 429 if no.code == "tried-too-often" else 200}
    token = token_of(request) or once.new_token()
    return {"wait": replace(no, waited=turnstile.ticket(token)), "token": token, "status": 429}


def ask(request: HttpRequest, *, no: Refusal | turnstile.Wait | None = None) -> HttpResponse:
    """A page that was only opened leads to the door; one that was sent asks here and carries what it sent."""
    if request.method != "POST":
        if request.COOKIES.get(COOKIE):
            messages.info(request, _("For your safety the page closed after 30 minutes."))
        return redirect("petitioner:follow")
    form = KeyForm(request.POST if no else None)
    waiting = told(request, form, no) if no else {}
    staged, problem = staging.take(request)
    context = {"form": form, "carried": _carried(request), "staged": staged, "problem": problem}
    status = waiting.get("status", 200)
    return render(request, "petitioner/reenter.html", context | waiting, status=status)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    left_out = {"csrfmiddlewaretoken", REF, KEY, TOKEN, turnstile.PROOF, turnstile.WAITED}
    left_out |= {staging.STAGED, staging.DROP}
    return [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]
