"""Whether this process can do its work: it answers only after the database did."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse


def healthz(_: HttpRequest) -> JsonResponse:
    """200 {"status": "ok"} when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM registry_dataset LIMIT 1")
    except Error:
        # What went wrong is in the server's log, not for whoever asks.
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})
