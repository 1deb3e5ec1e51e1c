"""Published re-review opinions, masked (art. 36.2); where the law publishes none there is no such page.

A list by year, body and outcome, and a page each. Words of a matter are looked for under `answers`, where
nobody is looked up either.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.registry import law, publishing
from huiyin.registry.models import Body, Publication
from huiyin.site import articles

ON_A_PAGE = 20


def _or_404() -> None:
    if not law.at(timezone.now())[0].publishes:
        raise Http404


@require_safe
def opinions(request: HttpRequest) -> HttpResponseBase:
    if not law.at(timezone.now())[0].publishes:
        return redirect("public:answers")  # what else was answered in public
    found = publishing.public()
    years = [day.year for day in Publication.objects.dates("published_on", "year", order="DESC")]
    bodies = Body.objects.filter(pk__in=Publication.objects.values("body")).order_by("path")
    outcomes = {each.outcome: publishing.outcome_of(each) for each in _one_of_each_outcome()}
    year, body, outcome = (request.GET.get(name, "") for name in ("year", "body", "outcome"))
    if year in map(str, years):
        found = found.filter(published_on__range=(date(int(year), 1, 1), date(int(year), 12, 31)))
    if any(each.code == body for each in bodies):
        found = found.filter(body__code=body)
    if outcome in outcomes:
        found = found.filter(outcome=outcome, withdrawn_on=None)
    page = Paginator(found.defer("text"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [_told(each) for each in page],
        "years": years,
        "bodies": bodies,
        "outcomes": list(outcomes.items()),
        "year": year,
        "body": body,
        "outcome": outcome,
    }
    return _unlisted(render(request, "public/opinions.html", context))


def _one_of_each_outcome() -> list[Publication]:
    first = (
        Publication.objects.filter(withdrawn_on=None).order_by().values("outcome").annotate(first=Min("pk"))
    )
    return list(Publication.objects.filter(pk__in=first.values("first")).order_by("outcome"))


@require_safe
def opinion(request: HttpRequest, number: int) -> HttpResponse:
    _or_404()
    found = publishing.public().filter(pk=number).first()
    if found is None:
        raise Http404
    gone = found.withdrawn_on is not None
    told = _told(found) | {"text": "" if gone else found.text}
    return _unlisted(render(request, "public/opinion.html", told, status=410 if gone else 200))


def _told(found: Publication) -> dict[str, Any]:
    return {
        "number": found.pk,
        "organ": found.body.name,
        "article": articles.cite(found.article, found.rulebook),
        "outcome": publishing.outcome_of(found),
        "issued_on": found.issued_on,
        "published_on": found.published_on,
        "withdrawn_on": found.withdrawn_on,
    }


def _unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine keeps a copy: what is taken down has to be gone."""
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Cache-Control"] = "no-store"
    return response
