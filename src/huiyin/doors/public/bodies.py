"""Where to go in person, by letter or by telephone: found by what it is about, where, or by name.

It knows bodies and their hours, and keeps nothing of who looks.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.reading.topics import topics_in, topics_of
from huiyin.registry import law
from huiyin.registry.bodies import LEVELS
from huiyin.registry.models import Body, Competence, Receiving, Reception
from huiyin.site import way

ON_A_PAGE = 20
MORE = ("level", "find", "receives")  # folded away until somebody used them
OFFERED = 200  # subjects that a field can offer


class FindForm(forms.Form):
    """What narrows the list: all of it about bodies, nothing about who asks."""

    use_required_attribute = False
    subject = forms.CharField(label=_("What it is about"), required=False, max_length=60)
    place = forms.CharField(label=_("County, district or street"), required=False, max_length=60)
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("Any")), *LEVELS])
    find = forms.CharField(label=_("Part of its name"), required=False, max_length=60)
    receives = forms.BooleanField(label=_("Only where I can go without naming a body"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].widget.attrs["list"] = "subjects"

    def narrowed(self, bodies: QuerySet[Body]) -> QuerySet[Body]:
        said = self.cleaned_data if self.is_valid() else {}
        if subject := (said.get("subject") or "").strip():
            bodies = bodies.filter(_about(subject))
        if place := (said.get("place") or "").strip():
            bodies = bodies.filter(_at(place))
        if level := said.get("level"):
            bodies = bodies.filter(level=level)
        if find := (said.get("find") or "").strip():
            named = Q(name_zh__icontains=find) | Q(name_en__icontains=find)
            bodies = bodies.filter(named | Q(competences__subject__icontains=find))
        if said.get("receives"):
            bodies = bodies.filter(receives=True)
        return bodies.distinct()


def _about(words: str) -> Q:
    """Competent for what these words name, or for what people mean by them: a lift is housing."""
    subjects = _subjects()
    meant = topics_in(words, topics_of(subjects))
    named = [subject for subject in subjects if any(topic.has(subject) for topic in meant)]
    return Q(competences__subject__icontains=words) | Q(competences__subject__in=named)


def _subjects() -> list[str]:
    found = Competence.objects.order_by("subject").values_list("subject", flat=True).distinct()
    return list(found)


def _at(place: str) -> Q:
    """In its address or its area, or in the name of it or of the government that it belongs to."""
    named = Q(name_zh__icontains=place) | Q(name_en__icontains=place)
    named |= Q(superior__name_zh__icontains=place) | Q(superior__name_en__icontains=place)
    return named | Q(address__icontains=place) | Q(competences__area__icontains=place)


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies that fit, with their hours and their next reception day; a page at a time."""
    book, today = law.at(timezone.now())
    form = FindForm(request.GET)
    known = Body.objects.filter(active=True).select_related("superior", "sector_superior")
    # Where anybody can go comes first; whom only a letter reaches comes last.
    found = form.narrowed(known.prefetch_related("competences")).order_by("external", "-receives", "path")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "next": _next_days([body.pk for body in page], today),
        "sought": any(request.GET.get(name, "").strip() for name in form.fields),
        "narrower": any(request.GET.get(name, "").strip() for name in MORE),
        "subjects": _subjects()[:OFFERED],
        "stages": way.stages(book),
    }
    return render(request, "public/bodies.html", context)


def _next_days(bodies: list[int], today: date) -> dict[int, Reception]:
    """Number of a body -> the next day on which it receives."""
    ahead = Receiving.objects.filter(
        body__in=bodies, reception__day__gte=today, reception__called_off="", reception__host__active=True
    )
    rows = ahead.select_related("reception").order_by("-reception__day", "-reception__opens")
    return {row.body_id: row.reception for row in rows}
