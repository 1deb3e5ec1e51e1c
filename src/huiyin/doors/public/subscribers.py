"""Who is told by machine which steps the law has seen, since when and what for: for anybody to read."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.registry import webhooks

A_PAGE = 50


@require_safe
def subscribers(request: HttpRequest) -> HttpResponse:
    """Those who are told and those who were, and every kind of step that is ever told."""
    rows = webhooks.Subscriber.objects.defer("secret", "added_by").order_by("until", "-since", "-id")
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "told": sorted(webhooks.TOLD),
        "kept": webhooks.KEPT.days,
    }
    return render(request, "public/subscribers.html", context)
