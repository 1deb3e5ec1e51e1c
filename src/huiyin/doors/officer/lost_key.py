"""At the counter: somebody has lost the key of their petition. They go the same way as on the public page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import keys, losing, takeovers
from huiyin.site.forms import Quiet


class LostKeyForm(Quiet):
    ref = forms.CharField(
        label=_("Reference"),
        help_text=_(
            "As the visitor gives it; of a case from an older system also the number on its old paper. "
            "Nothing is looked up by a person."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_ref(self) -> str:
        typed: str = self.cleaned_data["ref"]
        if not keys.read_ref(typed) and not takeovers.Takeover.objects.exists():
            raise forms.ValidationError(
                _("A reference has HY and ten letters or digits; compare it once more.")
            )
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
def lost_key(request: DeskRequest) -> HttpResponseBase:
    """The same answer for every reference: this desk is not told either whether there is such a petition."""
    form = LostKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["ref"]
        (losing.ask if keys.read_ref(typed) else losing.ask_by_number)(typed)
        messages.success(
            request,
            gettext(
                "Passed on. If there is such a petition and its author left a name, the body that has it "
                "sees the request within a minute."
            ),
        )
        return redirect("desk:lost-key")
    return page(request, "lost_key.html", {"form": form}, status=400 if form.errors else 200)
