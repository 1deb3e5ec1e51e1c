"""Leading: old cases by age and stage, conferences on them, and letters that a leader reads (art. 18.2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.guards.leading import HARD_AFTER
from huiyin.core.refusal import Refusal
from huiyin.doors.officer import inbox, sifting
from huiyin.doors.officer.bodies import BodyField, offer
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.inbox import A_PAGE, BoundedPaginator
from huiyin.doors.officer.sure import Sure, ask
from huiyin.registry import conferring, law
from huiyin.registry.models import Body, Conference, Petition
from huiyin.site.forms import say_later

if TYPE_CHECKING:
    FormOfConference = forms.ModelForm[Conference]
else:  # Django's own class takes no type argument at run time
    FormOfConference = forms.ModelForm

AGES = ((HARD_AFTER, _("90 days and more")), (180, _("180 days and more")), (365, _("a year and more")))
LISTED = 60


# ---- letters


@require_safe
def mailbox(request: DeskRequest) -> HttpResponseBase:
    """What has come to the bodies that this leader leads and that no leader has read."""
    found = inbox.with_what_a_line_shows(conferring.letters_to(request.acting))
    shown = BoundedPaginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"lines": inbox.lines(shown), "page": shown, "cut": shown.paginator.count >= sifting.LISTED}
    return page(request, "mailbox.html", context)


# ---- old cases


@require_safe
def backlog(request: DeskRequest) -> HttpResponseBase:
    """Old cases, the oldest first: age, stage, plan, next step; and a conference to put them on."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(n) for n, _words in AGES} else HARD_AFTER
    found = conferring.old_cases(request.acting, request.now, days=days)
    shown = BoundedPaginator(inbox.with_what_a_line_shows(found), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": [_old(line, request) for line in inbox.lines(shown)],
        "page": shown,
        "leads": bool(request.acting.codes(conferring.LEADING)),
        "cut": shown.paginator.count >= sifting.LISTED,
        "ages": [{"days": n, "text": text, "current": n == days} for n, text in AGES],
        "conferences": conferring.conferences_of(request.acting).filter(
            concluded_at=None, day__gte=request.today
        ),
    }
    return page(request, "backlog.html", context)


def _old(line: inbox.Line, request: DeskRequest) -> dict[str, Any]:
    marks = line.petition.marks
    return {
        "line": line,
        "age": (request.today - law.at(line.petition.lodged_at)[1]).days,
        "led": bool(marks.get("led")),
        "planned": _day(marks.get("plan-adopted")),
        "conferred": _day(marks.get("conferred")),
    }


def _day(marked: str | None) -> date | None:
    return date.fromisoformat(marked) if marked else None


# ---- conferences


class ConferenceForm(FormOfConference):
    use_required_attribute = False

    class Meta:
        model = Conference
        fields = ("body", "day", "opens", "place", "present")
        field_classes = {"body": BodyField}
        widgets = {
            "day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {"present": _("Officials only. Whoever petitions is heard at a meeting or a hearing.")}

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["body"], bodies)


@require_http_methods(["GET", "HEAD", "POST"])
def conferences(request: DeskRequest) -> HttpResponseBase:
    """Conferences ahead and past, and a form to call one."""
    bodies = conferring.led_by(request.acting)
    form = ConferenceForm(request.POST if request.method == "POST" else None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        refused = conferring.call(made, today=request.today)
        if refused is None:
            messages.success(request, gettext("The conference is called. Put old cases on its agenda."))
            return redirect("desk:case-conference", made.pk)
        for name, reason in (refused.fields or {"": refused.reason}).items():
            form.add_error(name or None, str(say_later(reason)))
    rows = conferring.conferences_of(request.acting).annotate(waiting=Count("agenda")).order_by("-day", "-id")
    context = {"conferences": Paginator(rows, LISTED).get_page(request.GET.get("page")), "form": form}
    return page(request, "conferences.html", context, status=400 if form.errors else 200)


def _conference_or_404(request: DeskRequest, number: int) -> Conference:
    found = conferring.conferences_of(request.acting).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
def conference(request: DeskRequest, number: int) -> HttpResponseBase:
    """The agenda, each with its decision or the way to record it."""
    found = _conference_or_404(request, number)
    said = urlencode({"met_on": found.day.isoformat()})
    items = [
        {
            "petition": item.petition,
            "decided": conferring.is_decided(item, found),
            "href": f"{reverse('desk:move', args=[item.petition.ref, 'confer'])}?{said}",
        }
        for item in conferring.agenda(found, request.acting)
    ]
    context = {"conference": found, "items": items, "held": found.day <= request.today}
    return page(request, "case_conference.html", context)


@require_POST
def put_on_agenda(request: DeskRequest) -> HttpResponseBase:
    """Put the chosen old cases on an agenda."""
    typed = request.POST.get("conference", "")
    number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    found = _conference_or_404(request, number)
    chosen = conferring.old_cases(request.acting, request.now).filter(
        ref__in=request.POST.getlist("ref")[:A_PAGE]
    )
    for petition in chosen:
        if refused := conferring.put_on_agenda(found, petition):
            messages.warning(request, f"{petition.ref}: {say_later(refused.reason)}")
    return redirect("desk:case-conference", found.pk)


@require_POST
def take_off_agenda(request: DeskRequest, number: int) -> HttpResponseBase:
    found = _conference_or_404(request, number)
    petition = Petition.objects.filter(ref=request.POST.get("ref", "")).first()
    if petition is not None:
        conferring.take_off_agenda(found, petition)
    return redirect("desk:case-conference", found.pk)


@require_POST
def conclude(request: DeskRequest, number: int) -> HttpResponseBase:
    """Conclude: every decision stands on its petition, and the agenda is taken apart."""
    found = _conference_or_404(request, number)
    question = Sure(
        title=gettext("Conclude the conference?"),
        whose=gettext("Case conference"),
        text=gettext(
            "Its agenda is taken apart and cannot be seen again. The decisions stay on the petitions."
        ),
        button=gettext("Conclude the conference"),
    )
    if asked := ask(request, question, reverse("desk:case-conference", args=[found.pk])):
        return asked
    refused = conferring.conclude(found, today=request.today, now=request.now)
    if isinstance(refused, Refusal):
        messages.error(request, str(say_later(refused.reason)))
        return redirect("desk:case-conference", found.pk)
    messages.success(request, gettext("Concluded. The decisions stand on the petitions; no list is kept."))
    return redirect("desk:conferences")
