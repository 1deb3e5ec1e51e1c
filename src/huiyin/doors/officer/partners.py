"""Other installations: who they are, and which of our records of outside bodies stands for one of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.clerk import hooks
from huiyin.core.handover import BadMessage, Card, read_card
from huiyin.core.text import Text
from huiyin.doors.officer.bodies import BodyField, kept
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.sure import Sure, ask
from huiyin.doors.officer.webhooks import WRONG as WRONG_ADDRESS
from huiyin.registry import partners as registry
from huiyin.registry.models import Body, Partner
from huiyin.site.forms import Quiet, say_later

if TYPE_CHECKING:
    PartnerChoice = forms.ModelChoiceField[Partner]
else:  # Django's own class takes no type arguments at run time
    PartnerChoice = forms.ModelChoiceField

WRONG = {
    "card": _("This is no card of an installation. Paste all of its lines."),
    "url": _("The address on the card cannot be used."),
    "log": _("The log key on the card is damaged: copy it again."),
    "box": _("The key that closes messages is damaged: copy the card again."),
}


class PartnerForm(Quiet):
    """Another installation, as its card says."""

    name_zh = forms.CharField(label=_("Its name in Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Its name in English"), max_length=160, required=False)
    card = forms.CharField(
        label=_("Its card"),
        help_text=_("The lines that its keepers gave you, by a way that you trust: not by e-mail alone."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5, "data-no-draft": "", "spellcheck": "false"}),
    )

    def clean_card(self) -> Card:
        try:
            read = read_card(self.cleaned_data["card"])
            hooks.found(hooks.judged(read.url))
        except BadMessage as error:
            raise forms.ValidationError(WRONG[str(error)]) from error
        except hooks.NotThere as error:
            raise forms.ValidationError(WRONG_ADDRESS[str(error)]) from error
        return read


class PartnerField(PartnerChoice):
    """A partner to choose, called by its name in the language of the page."""

    def label_from_instance(self, obj: Any) -> str:
        return str(say_later(obj.name))


class StandsForForm(Quiet):
    """Which of our records stands for which body of theirs."""

    body = BodyField(label=_("Our record of an outside body"), queryset=Body.objects.none())
    partner = PartnerField(label=_("Installation"), queryset=Partner.objects.none())
    code = forms.CharField(
        label=_("Its code there"),
        help_text=_("As those who keep that installation call the body. Leave it empty to undo it."),
        max_length=40,
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: DeskRequest) -> HttpResponseBase:
    """All of them with their bodies, our own card, and a form for another."""
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        name = Text(said["name_zh"], said["name_en"] or said["name_zh"])
        made = registry.introduce(said["card"], name, by=request.officer, now=request.now)
        messages.success(request, gettext("%(name)s is known from now on.") % {"name": say_later(made.name)})
        return redirect("desk:partners")
    return _show(request, form, _stands_for(request), status=400 if form.errors else 200)


@require_POST
def stands_for(request: DeskRequest) -> HttpResponseBase:
    form = _stands_for(request)
    if not form.is_valid():
        return _show(request, PartnerForm(), form, status=400)
    said = form.cleaned_data
    partner = said["partner"] if said["code"].strip() else None
    registry.stands_for(said["body"], partner, said["code"].strip(), by=request.officer, now=request.now)
    messages.success(request, gettext("%(name)s is saved.") % {"name": say_later(said["body"].name)})
    return redirect("desk:partners")


@require_POST
def end(request: DeskRequest, number: int) -> HttpResponseBase:
    found = registry.active().filter(pk=number).first()
    if found is None:
        raise Http404
    question = Sure(
        title=gettext("Hand nothing more over to it?"),
        whose=gettext("Other installations"),
        text=gettext("Nothing new goes to %(name)s or comes from it. What is under way is worked off.")
        % {"name": say_later(found.name)},
        button=gettext("End it"),
    )
    if asked := ask(request, question, reverse("desk:partners")):
        return asked
    registry.end(found, by=request.officer, now=request.now)
    messages.success(request, gettext("It has ended."))
    return redirect("desk:partners")


def _stands_for(request: DeskRequest) -> StandsForForm:
    posted = request.POST if request.method == "POST" and "body" in request.POST else None
    form = StandsForForm(posted)
    outside: QuerySet[Body] = kept(request.acting).filter(external=True, active=True).order_by("path")
    for name, rows in (("body", outside), ("partner", registry.active())):
        field = form.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows
            field.empty_label = "—"
    return form


def _show(request: DeskRequest, form: PartnerForm, stands: StandsForForm, *, status: int) -> HttpResponseBase:
    context = {
        "form": form if form.errors or not stands.errors else stands,
        "new": form,
        "stands": stands,
        "partners": Partner.objects.prefetch_related("bodies").order_by("until", "id"),
        "ours": registry.our_card().text,
    }
    return page(request, "partners.html", context, status=status)
