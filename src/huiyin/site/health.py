"""Whether this process lives, and whether it can do its work: that it answers only after the database did."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse


def livez(_: HttpRequest) -> JsonResponse:
    """200 {"status": "ok"} while this process answers at all: what to restart it by, were it stuck."""
    return JsonResponse({"status": "ok"})


def healthz(_: HttpRequest) -> JsonResponse:
    """200 {"status": "ok"} when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM registry_dataset LIMIT 1")
    except Error:
        # What went wrong is in the server's log, not for whoever asks.
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})
