"""The digest at the desk: this week's and this month's as they are mailed, and whether they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huiyin.core.digests import KINDS, MONTHLY, WEEKLY
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import digests
from huiyin.site import digests as words

TEXTS = {
    WEEKLY: _("Once a week, on the first working day"),
    MONTHLY: _("Once a month, on the first working day"),
}


class WishForm(forms.Form):
    """Which digests; the language is that of the page."""

    wanted = forms.MultipleChoiceField(
        label=_("Send me a digest"),
        choices=list(TEXTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: DeskRequest) -> HttpResponseBase:
    language = get_language() or "zh-hans"
    wish = digests.wish_of(request.officer)
    chosen = [kind for kind in KINDS if wish is not None and getattr(wish, kind)]
    form = WishForm(request.POST if request.method == "POST" else None, initial={"wanted": chosen})
    if request.method == "POST" and form.is_valid():
        digests.keep(request.officer, form.cleaned_data["wanted"], language, request.today)
        messages.success(request, gettext("Your choice is kept."))
        return redirect("desk:digest")
    kind = MONTHLY if request.GET.get("kind") == MONTHLY else WEEKLY
    made = digests.of(request.acting, kind)
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "kinds": KINDS,
        "title": words.told(made, language).subject,
        "told": words.body(made, language),
        "about": words.ABOUT,
        "mails": settings.MAILS and bool(request.officer.email),
    }
    return page(request, "digest.html", context, status=400 if form.errors else 200)
