"""My petitions: a list that its owner keeps on their own device. The server sends the page, and no more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.doors.petitioner.visit import private

ROUNDS = 600_000  # of PBKDF2-SHA-256: what OWASP asks for in 2023 and since
SHORTEST = 12  # of a passphrase
LINES = 6  # of the sheet to fill in by hand


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The same page for everybody: what is on the list is opened, changed and locked in the browser alone."""
    context = {"rounds": ROUNDS, "shortest": SHORTEST, "lines": range(LINES)}
    return private(render(request, "petitioner/mine.html", context))
