"""Whether the certificate of the public address still lasts: looked at from outside, as a browser would.

A clerk asks, never a page: it takes a network. The day itself is kept nowhere, only whether it is near.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from huiyin.registry import pulses

EVERY = timedelta(hours=6)
NEAR = timedelta(days=14)  # what renews by itself has done so long before
PATIENCE = 5.0  # seconds for a handshake


def look(now: datetime, ends: Callable[[str, int], datetime] | None = None) -> int:
    """Look if it is time to: 1 if the certificate ends soon or cannot be read, 0 if not."""
    address = urlsplit(settings.PUBLIC_URL)
    if not settings.HTTPS or not address.hostname:
        return 0
    last = pulses.Pulse.objects.filter(process=pulses.WEB_CERTIFICATE).first()
    if last is not None and now - last.at < EVERY:
        return 0
    try:
        wrong = (ends or ends_at)(address.hostname, address.port or 443) - now < NEAR
    except (OSError, ValueError):  # not reached, not trusted, of another name, over
        wrong = True
    pulses.beat(pulses.WEB_CERTIFICATE, now, failed=wrong)
    return int(wrong)


def ends_at(host: str, port: int, trusted: ssl.SSLContext | None = None) -> datetime:
    """When the certificate that is shown there ends. Raises OSError where no browser would trust it."""
    context = trusted or ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=host) as shown,
    ):
        said = shown.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(said["notAfter"])), UTC)
