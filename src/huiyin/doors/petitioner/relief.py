"""Ask for existing aid, on one's own wish: which, by whom, then check, then send (art. 37).

Nothing of it goes to whoever handles the petition. Where several signed together each asks under their own
key, and no other key opens what they wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.petitioner.visit import Visit, following
from huiyin.registry import law, relieving
from huiyin.registry.bodies import Body
from huiyin.registry.relief import AIDS, Relief
from huiyin.registry.relieving import Wish
from huiyin.site.forms import Quiet, say_later

UNKEPT = {"autocomplete": "off", "data-no-draft": ""}
LONGEST = 5000


class ApplicationForm(Quiet):
    """Which aid, at which body, and what the body must know."""

    kind = forms.ChoiceField(label=gettext_lazy("Which of these fits?"), widget=forms.RadioSelect)
    body = forms.ChoiceField(label=gettext_lazy("Who should receive it?"), widget=forms.RadioSelect)
    statement = forms.CharField(
        label=gettext_lazy("What has happened, and what do you need?"),
        help_text=gettext_lazy("Write what the body needs to know: who lives with you, what you live on."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, **UNKEPT}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), required=False, max_length=100, widget=forms.TextInput(attrs=UNKEPT)
    )
    contact = forms.CharField(
        label=gettext_lazy("How can you be reached?"),
        help_text=gettext_lazy("A telephone number or an address. It is not taken from your petition."),
        max_length=200,
        widget=forms.TextInput(attrs=UNKEPT),
    )
    shows_ref = forms.BooleanField(
        label=gettext_lazy("The body may see the reference of my petition"), required=False
    )

    def __init__(self, data: Any, *, bodies: list[Body]) -> None:
        super().__init__(data, initial={"body": bodies[0].code} if len(bodies) == 1 else None)
        self._offer("kind", {code: say_later(aid.text) for code, aid in AIDS.items()})
        self._offer("body", {body.code: say_later(body.name) for body in bodies})

    def _offer(self, name: str, offered: Mapping[str, Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(offered.items())
            field.error_messages = dict.fromkeys(field.error_messages, str(say_later(relieving.UNKNOWN)))

    def show(self, refusal: Refusal) -> None:
        if not refusal.fields:
            self.add_error(None, str(say_later(refusal.reason)))
        for name, reason in refusal.fields.items():
            self.add_error(name, str(say_later(reason)))


@following
@require_safe
def relief(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was asked for and how far it is; what there is to ask for."""
    petition = visit.petition
    bodies = {body.code: body.name for body in Body.objects.filter(code__in=_openers(visit))}
    rows = [
        {
            "relief": row,
            "openings": [
                {
                    "on": date.fromisoformat(o["on"]),
                    "body": bodies.get(o["body"]),
                    "purpose": relieving.PURPOSES.get(o["purpose"]),
                }
                for o in row.openings
            ],
        }
        for row in _mine(visit)
    ]
    context = {
        "petition": petition,
        "rows": rows,
        "bodies": relieving.receiving_bodies(petition),
        "aids": list(AIDS.values()),
        "days": relieving.KEPT.days,
    }
    return render(request, "petitioner/relief.html", context)


def _mine(visit: Visit) -> QuerySet[Relief]:
    return relieving.of_author(visit.petition, visit.author.signature)


def _openers(visit: Visit) -> set[str]:
    return {str(o["body"]) for row in _mine(visit) for o in row.openings}


@sensitive_post_parameters()
@following
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Fill in, check, send."""
    petition = visit.petition
    bodies = relieving.receiving_bodies(petition)
    if not bodies:
        return redirect("petitioner:relief")
    form = ApplicationForm(request.POST if request.method == "POST" else None, bodies=bodies)
    go = request.POST.get("go", "")
    form.growing = go == "back"  # to change something: drawn again, without complaint
    context = {"petition": petition, "form": form, "hints": {code: aid.fits for code, aid in AIDS.items()}}
    if form.is_bound and go != "back" and form.is_valid():
        if go != "send":
            context["said"] = _said(form, bodies)
            return render(request, "petitioner/relief_check.html", context)
        wish, today = Wish(**form.cleaned_data), law.at(timezone.now())[1]
        made = relieving.apply(petition, wish, today, signature=visit.author.signature)
        if not isinstance(made, Refusal):
            messages.success(request, _("Sent, under seal. How far it is stands on this page."))
            return redirect("petitioner:relief")
        form.show(made)
    return render(request, "petitioner/relief_apply.html", context, status=409 if form.errors else 200)


def _said(form: ApplicationForm, bodies: list[Body]) -> list[dict[str, Any]]:
    """What was filled in, as it is read once more; each with the hidden field that carries it on."""
    data = form.cleaned_data
    body = next(body for body in bodies if body.code == data["body"])
    shown = data | {"kind": AIDS[data["kind"]].text, "body": body.name}
    shown["shows_ref"] = _("Yes") if data["shows_ref"] else _("No")
    return [
        {"label": form[name].label, "name": name, "text": shown[name], "value": _carried(data[name])}
        for name in form.fields
    ]


def _carried(value: object) -> str:
    return ("on" if value else "") if isinstance(value, bool) else str(value)


@following
@require_POST
def back(request: HttpRequest, visit: Visit, *, pk: UUID) -> HttpResponse:
    """Take an application back: no reason is asked."""
    today = law.at(timezone.now())[1]
    refused = relieving.take_back(visit.petition, pk, today, signature=visit.author.signature)
    if refused:
        messages.error(request, str(say_later(refused.reason)))
    else:
        messages.success(request, _("Taken back. What you had written is erased."))
    return redirect("petitioner:relief")
