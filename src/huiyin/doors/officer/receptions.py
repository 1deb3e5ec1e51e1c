"""Reception days at the desk: who has booked today, what is ahead, and publishing or calling off a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core import tasks
from huiyin.core.refusal import Refusal
from huiyin.core.spans import BASES
from huiyin.core.vocabulary import VERBS
from huiyin.doors.officer.bodies import BodyField, offer
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import access, law, receiving
from huiyin.registry.access import HANDLING_ROLES
from huiyin.registry.models import Body, Entry, Reception, Task
from huiyin.registry.receiving import Official
from huiyin.registry.receptions import KINDS, SETTINGS
from huiyin.site.forms import Quiet, say_later

if TYPE_CHECKING:
    FormOfReception = forms.ModelForm[Reception]
    RowsOfOfficials = forms.BaseFormSet["OfficialForm"]
else:  # Django's own classes take no type arguments at run time
    FormOfReception, RowsOfOfficials = forms.ModelForm, forms.BaseFormSet

MORE_BODIES = 3  # empty rows for bodies that receive together
MOST_BODIES = 12
MEETING = "record-meeting"
FOLLOWED, FOLLOWED_MOST = timedelta(days=14), 30  # how long a meeting is followed up, and how many at once
AHEAD = 60  # days listed at once


def receives_at(request: DeskRequest) -> QuerySet[Body]:
    """The bodies at whose desks this officer receives."""
    return Body.objects.filter(code__in=request.acting.codes(HANDLING_ROLES))


def ahead(request: DeskRequest) -> QuerySet[Reception]:
    """The days ahead of the bodies where this officer works or keeps the hours."""
    mine = Q(receiving__body__in=receives_at(request)) | Q(host__in=receiving.keeps_for(request.acting))
    return receiving.upcoming(request.today).filter(mine).distinct()


@require_safe
def receptions(request: DeskRequest) -> HttpResponseBase:
    """Today's bookings of this desk, and the days ahead without theirs."""
    kept = set(receiving.kept_by(request.acting).values_list("pk", flat=True))
    context = {
        "bookings": list(bookings(request)),
        "met": list(met_of_late(request)),
        "days": [{"reception": r, "kept": r.pk in kept} for r in ahead(request)[:AHEAD]],
        "keeps": receiving.keeps_for(request.acting).exists(),
        "books": request.acting.has("registrar"),
    }
    return page(request, "receptions.html", context)


def bookings(request: DeskRequest) -> Iterator[dict[str, Any]]:
    """Today's hours at this desk, and what is left to do of each. Nobody is asked whether somebody came."""
    booked = list(receiving.bookings_today(request.acting, request.today))
    numbers = [b.petition_id for b in booked]
    seen = set(access.visible_to(request.acting).filter(pk__in=numbers).values_list("pk", flat=True))
    recorded = Entry.objects.filter(petition__in=numbers, event=VERBS[MEETING])
    said = set(recorded.filter(contents__met_on=request.today.isoformat()).values_list("petition", flat=True))
    hour = receiving.legal_now(request.now)[1]
    following = next((b.pk for b in booked if b.at >= hour), None)
    writes = bool(law.in_force(request.today).rows_of(MEETING))
    for each in booked:
        yield {
            "booking": each,
            "visible": each.petition_id in seen,
            "next": each.pk == following,
            "written": each.petition_id in said,
            "writes": writes and each.petition_id in seen and access.handles(request.acting, each.petition),
        }


def met_of_late(request: DeskRequest) -> Iterator[dict[str, Any]]:
    """What was said at meetings of late, on petitions that still wait here: with what is promised next."""
    since = request.now - FOLLOWED
    waiting = access.inbox_of(request.acting).filter(is_open=True)
    recorded = Entry.objects.filter(event=VERBS[MEETING], recorded_at__gte=since, petition__in=waiting)
    due = Prefetch(
        "petition__tasks", Task.objects.filter(state=tasks.DUE).order_by("due"), to_attr="promised"
    )
    entries = recorded.select_related("petition__holder").prefetch_related(due).order_by("-recorded_at")
    for entry in entries[:FOLLOWED_MOST]:
        promised: list[Task] = entry.petition.promised  # type: ignore[attr-defined]
        yield {
            "petition": entry.petition,
            "on": date.fromisoformat(entry.contents["met_on"]),
            "promised": promised[0].due if promised else None,
        }


# ---- publishing


class OfficialForm(forms.Form):
    use_required_attribute = False
    body = BodyField(Body.objects.none(), label=_("Body"), empty_label="—", required=False)
    official = forms.CharField(
        label=_("Who receives"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Body.objects.filter(external=False, active=True).order_by("path")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if bool(said.get("body")) != bool((said.get("official") or "").strip()):
            self.add_error(None, _("Name both the body and who receives for it."))
        return said


class ReceptionForm(FormOfReception):
    use_required_attribute = False

    class Meta:
        model = Reception
        fields = (
            *("host", "kind", "setting", "day", "opens", "closes"),
            *("place", "subjects", "minutes", "desks"),
        )
        field_classes = {"host": BodyField}
        widgets = {
            "kind": forms.RadioSelect,
            "day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "setting": _("Only for outreach: a place open to everybody, never a home."),
            "subjects": _("What the officials who receive can decide on."),
            "desks": _("How many can be received at the same time."),
        }

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.choices = KINDS  # no empty radio button
        self.fields["setting"].widget.choices = [("", "—"), *SETTINGS]
        offer(self.fields["host"], bodies.order_by("path"))
        if self.instance.pk:
            for name in ("host", "kind", "day"):
                del self.fields[name]

    def show(self, refusal: Refusal) -> None:
        for name, reason in (refusal.fields or {"": refusal.reason}).items():
            self.add_error(name if name in self.fields else None, str(say_later(reason)))


class OfficialRows(RowsOfOfficials):
    @property
    def officials(self) -> list[Official]:
        said = (form.cleaned_data for form in self)
        return [Official(row["body"], row["official"].strip()) for row in said if row.get("body")]


def _rows(request: DeskRequest, found: Reception | None) -> OfficialRows:
    made = forms.formset_factory(
        OfficialForm,
        formset=OfficialRows,
        extra=1 + MORE_BODIES,
        max_num=MOST_BODIES,
        absolute_max=MOST_BODIES,
    )
    had = [{"body": r.body, "official": r.official} for r in found.receiving.all()] if found else []
    posted = request.POST if request.method == "POST" else None
    rows: OfficialRows = made(posted, initial=had, prefix="officials")  # type: ignore[assignment]
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def reception(request: DeskRequest, number: int = 0) -> HttpResponseBase:
    """One reception day to be changed, or a new one."""
    found = None
    if number:
        found = receiving.kept_by(request.acting).filter(pk=number, day__gte=request.today).first()
        if found is None:
            raise Http404
    bodies = receiving.keeps_for(request.acting)
    if not bodies.exists():
        raise Http404
    form = ReceptionForm(
        request.POST if request.method == "POST" else None,
        instance=found,
        bodies=bodies,
        initial={"host": bodies.first()} if found is None else None,
    )
    rows = _rows(request, found)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        refused = receiving.save(form.save(commit=False), rows.officials, by=request.officer, now=request.now)
        if refused is None:
            messages.success(request, gettext("The day is published as it stands now."))
            return redirect("desk:receptions")
        form.show(refused)
    wrong = bool(form.errors or any(rows.errors))
    terms = [{"text": span.told, "basis": BASES[span.basis]} for span in receiving.ahead(request.today)]
    context = {"form": form, "rows": rows, "everything": [form, rows], "reception": found, "terms": terms}
    return page(request, "reception.html", context, status=400 if wrong else 200)


@require_POST
def call_off(request: DeskRequest, number: int) -> HttpResponseBase:
    found = receiving.kept_by(request.acting).filter(pk=number, day__gte=request.today).first()
    if found is None:
        raise Http404
    reason = request.POST.get("reason", "")[:300]
    if refused := receiving.call_off(found, reason, by=request.officer, now=request.now):
        messages.error(request, str(say_later(refused.reason)))
        return redirect("desk:reception", found.pk)
    messages.success(request, gettext("The day is called off; the calendar says so."))
    return redirect("desk:receptions")


# ---- booking at the counter


class CounterBookingForm(Quiet):
    ref = forms.CharField(
        label=_("Reference"),
        help_text=_("From the receipt. No name is needed, and none is kept."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    at = forms.ChoiceField(label=_("Hour"), required=False, widget=forms.RadioSelect)
    representatives = forms.CharField(
        label=_("Representatives who come together, one name a line"),
        help_text=_(
            "Five at most, and only if they want to be named. Sealed at once, open at this desk on the day "
            "alone, and erased after it."
        ),
        required=False,
        max_length=receiving.MOST_REPRESENTATIVES * 100,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "data-no-draft": ""}),
    )

    def __init__(self, *args: Any, hours: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["at"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(hour, hour) for hour in hours]


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: DeskRequest, number: int) -> HttpResponseBase:
    """Book or give back an hour for somebody who is here or on the telephone, by the reference alone."""
    found = ahead(request).filter(pk=number).first()
    if found is None:
        raise Http404
    hours = [f"{hour:%H:%M}" for hour in receiving.free_hours(found, request.now)]
    form = CounterBookingForm(request.POST if request.method == "POST" else None, hours=hours)
    if request.method == "POST" and form.is_valid():
        done = _booked(request, form, found)
        if done is not None:
            return done
    context = {"form": form, "reception": found, "hours": hours}
    return page(request, "reception_book.html", context, status=409 if form.errors else 200)


def _booked(request: DeskRequest, form: CounterBookingForm, found: Reception) -> HttpResponseBase | None:
    made = receiving.at_counter(
        request.acting,
        found,
        form.cleaned_data["ref"],
        form.cleaned_data["at"],
        give_back="give-back" in request.POST,
        now=request.now,
        representatives=form.cleaned_data["representatives"].splitlines(),
    )
    if isinstance(made, Refusal):
        for name, reason in (made.fields or {"": made.reason}).items():
            form.add_error(name if name in form.fields else None, str(say_later(reason)))
        return None
    messages.success(request, str(say_later(made)))
    return redirect("desk:receptions")
