"""Tells subscribers, signed (Standard Webhooks), what the law's steps are: to public addresses alone.

An address is looked up once and the connection goes to what was found, so that no name leads into the house's
own network (SSRF). Nothing is followed and nothing of an answer is kept but its number. A round spends some
seconds on it at most: terms and log come first.
"""

from __future__ import annotations

import http.client
import json
import logging
import socket
import ssl
import time
from collections import Counter
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from standardwebhooks import Webhook

from huiyin.clerk import broker
from huiyin.registry import webhooks
from huiyin.registry.webhooks import Delivery

log = logging.getLogger("huiyin.clerk")

PATIENCE = 5.0  # seconds for each step of one connection
SECONDS = 15.0  # of a round
A_ROUND = 200
BROKERS = tuple(f"{scheme}://" for scheme in broker.SCHEMES)
PORTS = {"https": 443, "http": 80, **broker.SCHEMES}
ANSWER = 1_024  # bytes of an answer that are read, and thrown away


class NotThere(OSError):
    """An address that nothing is sent to; the argument says why, and names nobody."""


def look(now: datetime) -> Counter[str]:
    """Make events of what was put on record, and send what is due."""
    if not webhooks.is_used():
        return Counter()
    done = Counter(events=webhooks.make(now))
    webhooks.forget(now)
    until = time.monotonic() + SECONDS
    away: set[int] = set()  # who did not answer in this round: the others do not wait for them
    for delivery in webhooks.due(now, A_ROUND):
        if time.monotonic() > until:
            break
        if delivery.subscriber_id in away:
            continue
        why = _send(delivery, now)
        if why:
            away.add(delivery.subscriber_id)
            webhooks.failed(delivery, why, now)
        else:
            webhooks.was_told(delivery, now)
        done["untold" if why else "told"] += 1
    return +done


def _send(delivery: Delivery, now: datetime) -> str:
    """'' when it was taken, else why not, in one word or a number."""
    body = json.dumps(webhooks.as_event(delivery.event), ensure_ascii=False)
    name = str(delivery.event_id)
    signed = Webhook(webhooks.secret_of(delivery.subscriber)).sign(name, now, body)
    head = {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "huiyin",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signed,
    }
    try:
        if delivery.subscriber.url.startswith(BROKERS):
            broker.publish(judged(delivery.subscriber.url), body.encode())
            return ""
        status = post(delivery.subscriber.url, body.encode(), head)
    except (NotThere, broker.NotPublished) as error:
        return str(error)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__
    return "" if 200 <= status < 300 else str(status)


def post(url: str, body: bytes, head: dict[str, str], patience: float = PATIENCE) -> int:
    """The number of the answer. Raises OSError, NotThere where nothing may be sent."""
    parts = judged(url)
    connection = _Straight(parts, found(parts), patience)
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, head)
        answer = connection.getresponse()
        answer.read(ANSWER)
        return answer.status
    finally:
        connection.close()


def judged(url: str) -> SplitResult:
    """The address in its parts. Raises NotThere for one that could never be sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotThere("address") from None
    if parts.scheme in broker.SCHEMES:
        return _judged_broker(parts, url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.password:
        raise NotThere("address")
    if not url.isascii() or not url.isprintable() or " " in url or port == 0:
        raise NotThere("address")
    if parts.scheme == "http" and not _is_ours(parts):
        raise NotThere("not-https")
    return parts


def _judged_broker(parts: SplitResult, url: str) -> SplitResult:
    """A broker: one that the operator named, a topic, and nothing secret in the address. Raises NotThere."""
    if not broker.is_here():
        raise NotThere("no-mqtt")
    if not parts.hostname or parts.username or parts.password or not broker.topic_of(parts) or "#" in url:
        raise NotThere("address-of-broker")
    if not _is_ours(parts):
        raise NotThere("not-named")
    return parts


def found(parts: SplitResult) -> str:
    """The one number that the connection goes to. Raises NotThere where the name leads to no public one."""
    try:
        every = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except OSError:
        raise NotThere("no-such-name") from None
    numbers = [str(each[4][0]) for each in every]
    if not _is_ours(parts) and not all(_is_public(number) for number in numbers):
        raise NotThere("not-public")
    return numbers[0]


def _is_public(number: str) -> bool:
    address = ip_address(number.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


def _is_ours(parts: SplitResult) -> bool:
    """Whether the operator named this very receiver in the house's own network."""
    return f"{parts.hostname}:{_port(parts)}" in settings.WEBHOOKS_INSIDE


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


class _Straight(http.client.HTTPConnection):
    """A connection to a number that was judged, under the name that it was found by."""

    def __init__(self, parts: SplitResult, number: str, patience: float) -> None:
        super().__init__(str(parts.hostname), _port(parts), timeout=patience)
        self._number = number
        self._trusted = ssl.create_default_context() if parts.scheme == "https" else None

    def connect(self) -> None:
        plain = socket.create_connection((self._number, self.port), self.timeout)
        self.sock = self._trusted.wrap_socket(plain, server_hostname=self.host) if self._trusted else plain
