"""Headers that every answer bears, whichever zone and whatever it is.

The Content-Security-Policy is django-csp's; nosniff, no-referrer and the opener policy are Django's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# What a page of ours may ask of a browser: a passkey, and to copy a key that is shown. Everything else is
# off, for the page and for whatever might be smuggled into it; above all where somebody is (charter 4).
ALLOWED = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
FORBIDDEN = (
    *("accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "clipboard-read"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
    *("idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "screen-wake-lock", "serial", "usb", "web-share", "xr-spatial-tracking"),
)
PERMISSIONS = ", ".join([*(f"{name}=(self)" for name in ALLOWED), *(f"{name}=()" for name in FORBIDDEN)])

OWN = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")  # what django-csp's decorators leave


class Policy(CSPMiddleware):
    """django-csp, which puts the very same policy together anew for every answer: here it is kept, except
    for a page that has one of its own.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        has_own = any(hasattr(response, name) for name in OWN) or getattr(request, "_csp_nonce", None)
        if has_own or settings.DEBUG or HEADER in response:
            return super().process_response(request, response)
        response.headers[HEADER] = _usual()
        return response


@cache
def _usual() -> str:
    return build_policy()


def on_every_answer(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what no browser may do with our pages, and no other site may take from us."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answered
