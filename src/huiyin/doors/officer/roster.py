"""The duty roster of reception places and hotlines, and what one on duty leaves for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.core.refusal import Refusal
from huiyin.doors.officer.bodies import BodyField
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import receiving, rostering
from huiyin.registry.models import Body, Duty
from huiyin.registry.roster import POSTS
from huiyin.site.forms import CHOOSE, Quiet, say_later

if TYPE_CHECKING:
    FormOfDuty = forms.ModelForm[Duty]
else:  # Django's own class takes no type argument at run time
    FormOfDuty = forms.ModelForm


class DutyForm(FormOfDuty):
    use_required_attribute = False

    class Meta:
        model = Duty
        fields = ("body", "post", "day", "opens", "closes", "officer")
        field_classes = {"body": BodyField}
        labels = {"opens": _("On duty from"), "closes": _("On duty until")}
        widgets = {
            "post": forms.RadioSelect,
            "day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].widget.choices = POSTS  # no empty radio button
        for name, found in (("body", bodies.order_by("path")), ("officer", rostering.colleagues(bodies))):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = found
                field.empty_label = None if found.count() == 1 else CHOOSE


class LeaveForm(Quiet):
    body = BodyField(Body.objects.none(), label=_("For whoever is on duty at"), empty_label=None)
    ref = forms.CharField(
        label=_("Reference"),
        help_text=_("The reference alone. What is to be known stands on the petition."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "leave_%s", **kwargs})  # two forms stand on the page
        field = self.fields["body"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = bodies


def _show(form: forms.BaseForm, refusal: Refusal) -> None:
    for name, reason in refusal.fields.items():
        form.add_error(name if name in form.fields else None, str(say_later(reason)))


@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: DeskRequest) -> HttpResponseBase:
    """Two weeks of duties, and a form for whoever keeps the roster."""
    keeps = receiving.keeps_for(request.acting)
    form = None
    if keeps.exists():
        form = DutyForm(request.POST if request.method == "POST" else None, bodies=keeps)
    if request.method == "POST" and form is not None and form.is_valid():
        made = form.save(commit=False)
        refused = rostering.put_on_duty(made, by=request.officer, today=request.today, now=request.now)
        if refused is None:
            messages.success(request, gettext("The duty is on the roster."))
            return redirect("desk:roster")
        _show(form, refused)
    return _page(request, form, keeps)


def _page(
    request: DeskRequest,
    form: DutyForm | None,
    keeps: QuerySet[Body],
    leave: LeaveForm | None = None,
) -> HttpResponseBase:
    kept = set(keeps.values_list("pk", flat=True))
    works = rostering.works_at(request.acting)
    bodies = Body.objects.filter(Q(pk__in=keeps) | Q(pk__in=works))
    context = {
        "duties": [
            {"duty": duty, "kept": duty.body_id in kept} for duty in rostering.duties(bodies, request.today)
        ],
        "form": form,
        "leave": leave or (LeaveForm(bodies=works) if works.exists() else None),
        "expires": rostering.expires(request.today).days,
        "left": rostering.left_for(request.acting, request.today),
    }
    wrong = bool((form and form.errors) or (leave and leave.errors))
    return page(request, "roster.html", context, status=400 if wrong else 200)


@require_POST
def take_off(request: DeskRequest, number: int) -> HttpResponseBase:
    keeps = receiving.keeps_for(request.acting)
    found = Duty.objects.select_related("body", "officer").filter(pk=number, body__in=keeps).first()
    if found is None:
        raise Http404
    rostering.take_off(found, by=request.officer, now=request.now)
    messages.success(request, gettext("The duty is taken off the roster."))
    return redirect("desk:roster")


@require_POST
def leave(request: DeskRequest) -> HttpResponseBase:
    """Leave a reference for the next on duty."""
    works, keeps = rostering.works_at(request.acting), receiving.keeps_for(request.acting)
    form = LeaveForm(request.POST, bodies=works)
    if form.is_valid():
        said = form.cleaned_data
        refused = rostering.leave(request.acting, said["body"], said["ref"], today=request.today)
        if refused is None:
            days = rostering.expires(request.today).days
            told = gettext("It is left for the next on duty, for %(n)s days.") % {"n": days}
            messages.success(request, told)
            return redirect("desk:roster")
        _show(form, refused)
    duty = DutyForm(bodies=keeps) if keeps.exists() else None
    return _page(request, duty, keeps, form)


@require_POST
def looked_at(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """Take one away that has been looked at."""
    rostering.done(request.acting, str(pk), request.today)
    return redirect("desk:roster")
