"""The larger and simpler view (关怀模式): asked for by a link, kept in a cookie that dies with the browser.

It says how a page is to be shown and nothing of who looks at it. Only the public face has it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NAME = "ease"  # of what a link adds to the address: ?ease=on, ?ease=off
COOKIE = "huiyin_ease"
ON, OFF = "on", "off"


def is_on(request: HttpRequest) -> bool:
    """Whether this page is to be shown larger and simpler."""
    if request.path.startswith("/desk/"):
        return False
    return (_asked(request) or request.COOKIES.get(COOKIE)) == ON


def on_every_answer(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what was asked for holds from then on, until the browser is closed."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        asked = _asked(request)
        if asked == ON:
            response.set_cookie(COOKIE, ON, secure=settings.HTTPS, httponly=True, samesite="Lax")
        elif asked == OFF:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response

    return answered


def _asked(request: HttpRequest) -> str:
    asked = request.GET.get(NAME, "")
    return asked if asked in {ON, OFF} else ""
