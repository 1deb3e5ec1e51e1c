"""The calendar of reception days: as a list, as a month, and as a feed for anybody's own calendar.

It shows officials' hours. Whether anybody has booked one of them is shown to nobody here.
"""

from __future__ import annotations

import calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.core.spans import BASES
from huiyin.doors.public import feed
from huiyin.registry import law, receiving
from huiyin.registry.models import Body, Reception
from huiyin.registry.receptions import KINDS
from huiyin.site.forms import say_later

ON_A_PAGE = 30
MONTHS_AHEAD = 24


class FindForm(forms.Form):
    """What narrows the list: all of it about the hours, nothing about who asks."""

    use_required_attribute = False
    body = forms.ChoiceField(label=_("Body"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *KINDS])
    find = forms.CharField(label=_("Part of a place or subject"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        if isinstance(field, forms.ChoiceField):
            inside = Body.objects.filter(external=False, active=True)
            field.choices = [("", _("all")), *((b.code, say_later(b.name)) for b in inside)]

    def narrowed(self, rows: QuerySet[Reception]) -> QuerySet[Reception]:
        said = self.cleaned_data if self.is_valid() else {}
        words = {name: said.get(name) or "" for name in ("body", "kind", "find")}
        return receiving.narrowed(rows, **words)


@require_safe
def receptions(request: HttpRequest) -> HttpResponse:
    """The days ahead, and the month that was asked for drawn as a calendar."""
    today = law.at(timezone.now())[1]
    form = FindForm(request.GET)
    found = form.narrowed(receiving.upcoming(today))
    month = _month(request.GET.get("month", ""), today)
    listed = _on_day(found, request.GET.get("day", ""))
    context = {
        "form": form,
        "today": today,
        "month": Month(month, _counted(found, month), today),
        "page": Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page")),
        "chosen": listed is not found,
        "terms": _terms(today),
        "feed": request.build_absolute_uri(reverse("public:reception-feed")),
    }
    return render(request, "public/receptions.html", context)


@require_safe
def reception(request: HttpRequest, number: int) -> HttpResponse:
    """One day: who receives where on what, and how to book."""
    found = Reception.objects.select_related("host").prefetch_related("receiving__body").filter(pk=number)
    shown = found.first()
    if shown is None:
        raise Http404
    today = law.at(timezone.now())[1]
    context = {"reception": shown, "today": today, "is_over": shown.day < today}
    return render(request, "public/reception.html", context)


@require_safe
def reception_feed(request: HttpRequest) -> HttpResponse:
    """The same days as iCalendar (RFC 5545), narrowed like the list; hours only, never a booking."""
    now = timezone.now()
    book, today = law.at(now)
    rows = FindForm(request.GET).narrowed(receiving.upcoming(today))
    text = feed.calendar_of(rows, zone=book.zone, origin=settings.ORIGIN, language=get_language() or "")
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="reception.ics"'
    return answer


# ---- a month


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a table of weeks that begin on Monday."""

    first: date
    held: Counter[date]
    today: date

    @property
    def weeks(self) -> list[list[dict[str, Any]]]:
        weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[self._cell(day) for day in week] for week in weeks]

    def _cell(self, day: date) -> dict[str, Any]:
        return {
            "day": day,
            "inside": day.month == self.first.month,
            "today": day == self.today,
            "held": self.held[day] if day.month == self.first.month else 0,
        }

    @property
    def last(self) -> date:
        return _first_of_next(self.first) - timedelta(days=1)

    @property
    def before(self) -> str:
        """The month before, as the address names it; '' where nothing is shown any more."""
        earlier = self.first - timedelta(days=1)
        return f"{earlier:%Y-%m}" if earlier >= self.today.replace(day=1) else ""

    @property
    def after(self) -> str:
        return f"{_first_of_next(self.first):%Y-%m}"


def _month(asked: str, today: date) -> date:
    this = today.replace(day=1)
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return this
    return first if this <= first <= this + timedelta(days=31 * MONTHS_AHEAD) else this


def _first_of_next(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _counted(rows: QuerySet[Reception], month: date) -> Counter[date]:
    within = rows.filter(day__gte=month, day__lt=_first_of_next(month), called_off="")
    return Counter(row.day for row in within)


def _on_day(rows: QuerySet[Reception], asked: str) -> QuerySet[Reception]:
    try:
        return rows.filter(day=date.fromisoformat(asked))
    except ValueError:
        return rows


def _terms(today: date) -> list[dict[str, Any]]:
    """How long ahead these days are known, each number with what it rests on."""
    return [{"text": span.told, "basis": BASES[span.basis]} for span in receiving.ahead(today)]
