"""I lost my key: ask for a new one. Nobody is told whether there is such a petition, or who its author is."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.doors.petitioner import once
from huiyin.doors.petitioner.reenter import REF, TOKEN, token_of
from huiyin.doors.petitioner.visit import private
from huiyin.registry import keys, losing
from huiyin.site import turnstile
from huiyin.site.forms import Quiet


class LostForm(Quiet):
    """The reference alone: who asks is not asked for."""

    follow_ref = forms.CharField(
        label=_("Reference"),
        help_text=_("For example HY-7K3M9-Q2X4T. It stands on the receipt and in each notice that you got."),
        error_messages={"required": _("Enter the reference of the petition.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_follow_ref(self) -> str:
        typed: str = self.cleaned_data[REF]
        if not keys.read_ref(typed):
            raise forms.ValidationError(
                _("A reference has HY and ten letters or digits; compare it once more.")
            )
        return typed


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """The same answer, after the same work, whether there is such a petition or not."""
    form = LostForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return private(render(request, "petitioner/lost.html", {"form": form, "mails": settings.MAILS}))
    token = token_of(request)
    if wait := turnstile.filing(request, token):
        token = token or once.new_token()
        context = {"form": form, "mails": settings.MAILS, "wait": wait, "token": token, "token_name": TOKEN}
        response = private(render(request, "petitioner/lost.html", context, status=429))
        response["Retry-After"] = str(wait.seconds)
        return response
    losing.ask(form.cleaned_data[REF])
    return private(render(request, "petitioner/lost_asked.html"))
