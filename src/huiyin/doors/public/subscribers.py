"""Who is told by machine which steps the law has seen, since when and what for: for anybody to read."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.core.vocabulary import VERBS
from huiyin.registry import law, webhooks

A_PAGE = 50


@require_safe
def subscribers(request: HttpRequest) -> HttpResponse:
    """Those who are told and those who were, and every kind of step that is ever told."""
    rows = webhooks.Subscriber.objects.defer("secret", "added_by").order_by("until", "-since", "-id")
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "told": _told(),
        "kept": webhooks.KEPT.days,
    }
    return render(request, "public/subscribers.html", context)


def _told() -> list[dict[str, Any]]:
    """Each kind as events name it, with the words of the law in force where it knows the step."""
    book, _day = law.at(timezone.now())
    rows = {VERBS[row.verb]: row for row in reversed(book.rows)}
    known = [{"code": code, "text": rows[code].text} for code in sorted(webhooks.TOLD) if code in rows]
    return known + [{"code": code, "text": None} for code in sorted(webhooks.TOLD - rows.keys())]
