"""The desk of a joint conference (arts. 13, 24.1, 39.3): what waits, what it demanded, its meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.officer import wording
from huiyin.doors.officer.corresponding import show_on
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import access, corresponding, law, meetings
from huiyin.registry.correspondence import Meeting
from huiyin.registry.models import Body, Petition
from huiyin.site import articles
from huiyin.site.forms import Quiet, say_later


class MeetingForm(Quiet):
    conference = forms.ChoiceField(label=_("Which conference"))
    day = forms.DateField(
        label=_("Day of the meeting"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        help_text=_("One point on each line. Write about matters and bodies; name no petitioner."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    refs = forms.CharField(
        label=_("Petitions, by reference"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    bodies = forms.MultipleChoiceField(
        label=_("Bodies that are asked to come"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        required=False,
    )

    def __init__(self, conferences: list[Body], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Body.objects.filter(active=True).exclude(kind="conference").order_by("path")
        for name, found in (("conference", conferences), ("bodies", list(asked))):
            field = self.fields[name]
            if isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
                field.choices = [(b.code, say_later(b.name)) for b in found]


class MinutesForm(Quiet):
    text = forms.CharField(label=_("Minutes"), widget=forms.Textarea(attrs={"rows": 8}))
    decisions = forms.CharField(
        label=_("Decisions"),
        help_text=_("One on each line: what is done, by which body, by when."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@require_safe
def conference(request: DeskRequest) -> HttpResponseBase:
    """What waits there, the measures that are not answered yet, the meetings."""
    own = meetings.conferences_of(request.acting)
    if not own:
        raise Http404
    waits = Petition.objects.filter(holder__in=[b.pk for b in own], is_open=True)
    seen = access.visible_to(request.acting).filter(pk__in=waits.values("pk")).select_related("holder")
    measures = corresponding.visible_to(request.acting).filter(sender__in=[b.pk for b in own])
    context = {
        "conferences": own,
        "waits": [
            {"petition": p, "state": wording.state_of(p)} for p in seen.order_by("next_due", "id")[:100]
        ],
        "measures": measures.filter(answer=None).exclude(term=None).order_by("term")[:50],
        "meetings": meetings.visible_to(request.acting)[:50],
    }
    return page(request, "conference.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: DeskRequest) -> HttpResponseBase:
    """Call a meeting: its agenda stands from then on."""
    own = {body.code: body for body in meetings.conferences_of(request.acting)}
    if not own:
        raise Http404
    form = MeetingForm(list(own.values()), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = meetings.call(
            own[said["conference"]],
            day=said["day"],
            agenda=said["agenda"],
            refs=corresponding.read_refs(said["refs"]),
            bodies=said["bodies"],
            acting=request.acting,
            now=request.now,
            today=request.today,
        )
        if not isinstance(made, Refusal):
            messages.success(request, gettext("The meeting is called."))
            return redirect("desk:meeting", made.pk)
        show_on(form, made)
    context = {
        "form": form,
        "heading": gettext("Call a meeting"),
        "article": articles.cite(meetings.ARTICLE, law.in_force(request.today).id),
        "button": gettext("Call the meeting"),
    }
    return page(request, "supervision_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: DeskRequest, number: int) -> HttpResponseBase:
    """A meeting with its agenda, and its minutes or the form for them."""
    found: Meeting | None = meetings.visible_to(request.acting).filter(pk=number).first()
    if found is None:
        raise Http404
    recording = meetings.may_record(found, request.acting, request.today)
    form = MinutesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and recording and form.is_valid():
        said = form.cleaned_data
        made = meetings.record(
            found,
            said["text"],
            said["decisions"],
            acting=request.acting,
            now=request.now,
            today=request.today,
        )
        if not isinstance(made, Refusal):
            messages.success(request, gettext("The minutes are on record."))
            return redirect("desk:meeting", found.pk)
        show_on(form, made)
    seen = access.visible_to(request.acting).filter(ref__in=found.refs)
    context = {
        "meeting": found,
        "minutes": getattr(found, "minutes", None),
        "bodies": list(Body.objects.filter(code__in=found.bodies)),
        "open_refs": set(seen.values_list("ref", flat=True)),
        "form": form if recording else None,
    }
    return page(request, "meeting.html", context, status=400 if recording and form.errors else 200)
