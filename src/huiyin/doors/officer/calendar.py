"""An officer's due dates in their own calendar, by a private address that they make and take back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import calendar_links, law
from huiyin.site import ical


@sensitive_variables("token", "address")
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: DeskRequest) -> HttpResponseBase:
    """Make an address, which is shown on this answer only, or take it back."""
    address = ""
    if request.method == "POST" and request.POST.get("go") == "end":
        calendar_links.revoked(request.officer)
        messages.success(request, gettext("The address opens nothing any more."))
        return redirect("desk:calendar")
    if request.method == "POST":
        token = calendar_links.made_anew(request.officer, request.now)
        address = settings.PUBLIC_URL + reverse("desk:calendar-feed", args=[token])
    since = calendar_links.since(request.officer)
    return page(request, "calendar.html", {"address": address, "since": since})


@never_cache
@sensitive_variables("token")
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 the address says all
    """The due dates. Whoever has the address reads them without signing in: no calendar can."""
    officer = calendar_links.officer_of(token)
    if officer is None:
        raise Http404
    now = timezone.now()
    dates = calendar_links.due_dates(officer, law.at(now)[1])
    text = ical.written(ical.of_days(dates, origin=settings.ORIGIN, now=now), product="due dates")
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="due.ics"'
    return answer
