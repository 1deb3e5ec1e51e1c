"""The state of the house: the guide of the first day, and the check list of every other one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.clerk import text_tests
from huiyin.core import telephone
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import faces, mail_tests, officer_lists, opening, upkeep
from huiyin.registry.models import Face
from huiyin.site import readiness
from huiyin.site.forms import say_later
from huiyin.site.readiness import mail
from huiyin.site.readiness.line import Line, Step

if TYPE_CHECKING:
    FormOfFace = forms.ModelForm[Face]
else:  # Django's own class takes no type argument at run time
    FormOfFace = forms.ModelForm


class FaceForm(FormOfFace):
    use_required_attribute = False

    class Meta:
        model = Face
        fields = faces.FIELDS
        widgets = {
            "contact": forms.Textarea(attrs={"rows": 3}),
            "about_zh": forms.Textarea(attrs={"rows": 5}),
            "about_en": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "name_zh": _("As people call it: 云溪市网上信访"),
            "operator": _("The body that answers for this service, by its full name."),
            "contact": _(
                "Telephone, hours, postal address: for questions about the service, not for petitions."
            ),
            "about_zh": _("Plain text; an empty line begins a new paragraph."),
        }


class MailForm(forms.Form):
    use_required_attribute = False
    to = forms.EmailField(
        label=_("Send a test message to"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your own address."),
            "invalid": _("Write an e-mail address such as name@example.org."),
        },
    )


class TextForm(forms.Form):
    use_required_attribute = False
    number = forms.CharField(
        label=_("Send a test short message to"),
        max_length=40,
        help_text=_("A telephone of your own. The number is used once and kept nowhere."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
        error_messages={"required": _("Write a telephone number.")},
    )

    def clean_number(self) -> str:
        number = telephone.plain(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(
                _("Write a telephone number in digits, such as 13800138000 or +86 138 0013 8000.")
            )
        return number


@require_safe
def house(request: DeskRequest) -> HttpResponseBase:
    """Every step with its lines, as they stand now."""
    return _house(request, MailForm(initial={"to": request.officer.email}), TextForm())


def _house(request: DeskRequest, mail_form: MailForm, text_form: TextForm) -> HttpResponseBase:
    forms_here = [mail_form, text_form]
    wrong = any(form.errors for form in forms_here)
    steps = readiness.look(request.now)
    lines = [line for step in steps for line in step.lines]
    to_do = readiness.to_do(steps)
    context = {
        "steps": [_shown(step) for step in steps],
        "to_do": to_do,
        "next_href": _href(to_do[0]) if to_do else "",
        "ready": readiness.is_ready(steps),
        "good": sum(line.state in {readiness.GOOD, readiness.LEFT} for line in lines),
        "total": len(lines),
        "is_open": opening.is_open(),
        "keeps": upkeep.keeps_house(request.acting),
        "stated": upkeep.stated(),
        "mail_form": mail_form,
        "text_form": text_form,
        "forms": forms_here,
        "wrong": wrong,
        "mails": settings.MAILS,
        "texts": settings.TEXTS is not None,
        "text_way": mail.shown_texts(),
        "mail_way": mail.shown(),
        "roles": officer_lists.ROLES,
    }
    return page(request, "house.html", context, status=400 if wrong else 200)


def _shown(step: Step) -> dict[str, Any]:
    return {
        "step": step,
        "lines": [{"line": line, "href": _href(line)} for line in step.lines],
        "undone": step.state != readiness.GOOD,
    }


def _href(line: Line) -> str:
    """Where it is done, if that is a page."""
    return line.place if not line.place or line.place.startswith("/") else reverse(line.place)


@require_http_methods(["GET", "HEAD", "POST"])
def face(request: DeskRequest) -> HttpResponseBase:
    """What the public reads of who runs this."""
    if not upkeep.keeps_house(request.acting):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = FaceForm(posted, instance=faces.shown())
    if posted is not None and form.is_valid():
        upkeep.save_face(form.save(commit=False), by=request.officer, now=request.now)
        messages.success(request, gettext("Saved. The public pages say so from now on."))
        return redirect("desk:house")
    return page(request, "face.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
def try_mail(request: DeskRequest) -> HttpResponseBase:
    """Send a message to whoever asks, and say what the mail server said."""
    if not (upkeep.keeps_house(request.acting) and settings.MAILS):
        raise Http404
    form = MailForm(request.POST)
    if not form.is_valid():
        return _house(request, form, TextForm())
    outcome = mail_tests.send(form.cleaned_data["to"], by=request.officer, now=request.now)
    tell = messages.success if outcome.went else messages.error
    tell(request, str(say_later(outcome.says)))
    return redirect(f"{reverse('desk:house')}#mail")


@require_POST
def try_text(request: DeskRequest) -> HttpResponseBase:
    """Send a short message to the number that was typed, keep it nowhere, and say what the gateway said."""
    if not (upkeep.keeps_house(request.acting) and settings.TEXTS is not None):
        raise Http404
    form = TextForm(request.POST)
    if not form.is_valid():
        return _house(request, MailForm(initial={"to": request.officer.email}), form)
    outcome = text_tests.send(form.cleaned_data["number"], by=request.officer, now=request.now)
    said = str(say_later(outcome.says))
    if outcome.answer:
        own = gettext("In the gateway’s own words: %(answer)s") % {"answer": outcome.answer}
        said = f"{said} · {own}"
    tell = messages.success if outcome.went else messages.error
    tell(request, said)
    return redirect(f"{reverse('desk:house')}#mail")


@require_POST
def state(request: DeskRequest) -> HttpResponseBase:
    """Say that something was done which the house cannot see, or take that back."""
    what = request.POST.get("what", "")
    if not upkeep.keeps_house(request.acting) or what not in upkeep.STATEMENTS:
        raise Http404
    holds = "undo" not in request.POST
    upkeep.state(what, by=request.officer, now=request.now, holds=holds)
    said = gettext("Written down with your name.") if holds else gettext("Taken back.")
    messages.success(request, said)
    return redirect(f"{reverse('desk:house')}#{'keys' if what == upkeep.RESTORED else 'log'}")
