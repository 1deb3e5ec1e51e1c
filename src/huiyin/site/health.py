"""Whether this process lives, and whether it can do its work: that it answers only after the database did.

Answered before anything else is looked at: whoever asks, a supervisor or a proxy, knows this machine by its
number and not by the name that HUIYIN_HOSTS asks for.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from huiyin.site import outage

LIVES = {"/livez", "/desk/livez"}
WORKS = {"/healthz", "/desk/healthz"}


def on_every_question(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: 200 {"status": "ok"}, or 503 where the work cannot be done."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        # The public zone speaks for a desk that does not answer, and must not say that it does.
        if outage.DESK_IS_AWAY in request.META and request.path in LIVES | WORKS:
            return JsonResponse({"status": "unavailable"}, status=503)
        if request.path in LIVES or (request.path in WORKS and _database_answers()):
            return JsonResponse({"status": "ok"})
        if request.path in WORKS:
            # What went wrong is in the server's log, not for whoever asks.
            return JsonResponse({"status": "unavailable"}, status=503)
        return get_response(request)

    return answered


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM registry_dataset LIMIT 1")
    except Error:
        return False
    return True
