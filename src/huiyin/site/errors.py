"""Error pages that a door cannot make itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 Django's signature
    """The page was open too long or came from elsewhere: says so, and that nothing was sent."""
    return render(request, "403_csrf.html", status=403)
