"""Questions that bodies ask the public: those that are open, and what came of the others (art. 29)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.registry import asking, law
from huiyin.registry.models import Question
from huiyin.site import questions as said

ON_A_PAGE = 20


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    today = law.at(timezone.now())[1]
    past = asking.public(today).filter(closes_on__lt=today)
    context = {
        "today": today,
        "open": asking.open_ones(today),
        "page": Paginator(past, ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "public/questions.html", context)


@require_safe
def question(request: HttpRequest, code: str) -> HttpResponse:
    """One question; while it is open, the way to answer it, and later what came of it."""
    today = law.at(timezone.now())[1]
    found: Question | None = asking.public(today).filter(code=code).first()
    if found is None:
        raise Http404
    context = {"question": found, "is_open": found.is_open(today), "today": today}
    return render(request, "public/question.html", context | {"tally": said.tally_of(found)})
