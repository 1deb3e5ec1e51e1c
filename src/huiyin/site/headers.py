"""Headers that every answer bears, whichever zone and whatever it is.

The Content-Security-Policy is django-csp's; nosniff, no-referrer and the opener policy are Django's.
"""

from __future__ import annotations

from collections.abc import Callable

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
