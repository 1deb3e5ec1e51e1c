"""Ask for reference and key again without losing what was being sent."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.core.refusal import Refusal
from huiyin.doors.petitioner import staging
from huiyin.site.forms import Quiet

REF, KEY = "follow_ref", "follow_key"
COOKIE = "huiyin_follow"


class KeyForm(Quiet):
    """Reference and key, as they stand on the receipt."""

    follow_ref = forms.CharField(
        label=_("Reference"),
        help_text=_("For example HY-7K3M9-Q2X4T. Small letters and missing dashes do not matter."),
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


def ask(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """A page that was only opened leads to the door; one that was sent asks here and carries what it sent."""
    if request.method != "POST":
        if request.COOKIES.get(COOKIE):
            messages.info(request, _("For your safety the page closed after 30 minutes."))
        return redirect("petitioner:follow")
    form = KeyForm(request.POST if refusal else None)
    if refusal:
        form.add_error(None, refusal.reason.say(get_language() or ""))
    staged, problem = staging.take(request)
    context = {"form": form, "carried": _carried(request), "staged": staged, "problem": problem}
    return render(request, "petitioner/reenter.html", context)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    left_out = {"csrfmiddlewaretoken", REF, KEY, staging.STAGED, staging.DROP}
    return [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]
