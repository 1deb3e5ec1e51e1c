"""Puts an event on a topic of a message broker: MQTT 3.1.1, at least once, as CloudEvents in JSON.

An option: paho-mqtt is installed with the extra `broker`. Only brokers that the operator named are spoken to
(`HUIYIN_WEBHOOKS_INSIDE`), so that no address leads anywhere else.
"""

from __future__ import annotations

import secrets
import ssl
import threading
from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, unquote

from django.conf import settings

PATIENCE = 5.0  # seconds for each step
AT_LEAST_ONCE = 1
SCHEMES = {"mqtt": 1883, "mqtts": 8883}
WILD = frozenset("+#\x00")


class NotPublished(OSError):
    """The broker did not take it; the argument is one word, and names nobody."""


def is_here() -> bool:
    """Whether what speaks to a broker is installed."""
    return find_spec("paho") is not None


def topic_of(parts: SplitResult) -> str:
    """The topic that an address names; '' where it names none that could be published to."""
    topic = unquote(parts.path.removeprefix("/"))
    return "" if WILD & set(topic) or topic.startswith("$") or parts.query or parts.fragment else topic


def publish(parts: SplitResult, body: bytes) -> None:
    """Returns once the broker has acknowledged it. Raises OSError, NotPublished among them."""
    from paho.mqtt import client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    connected: list[Any] = []
    answered = threading.Event()

    def on_connect(_client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        connected.append(reason)
        answered.set()

    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"huiyin-{secrets.token_hex(6)}")
    client.connect_timeout = PATIENCE
    client.on_connect = on_connect
    if login := settings.BROKER_LOGIN:
        user, _, password = login.partition(":")
        client.username_pw_set(user, password)
    if parts.scheme == "mqtts":
        client.tls_set_context(ssl.create_default_context())
    client.connect(str(parts.hostname), parts.port or SCHEMES[parts.scheme], keepalive=30)
    client.loop_start()
    try:
        if not answered.wait(PATIENCE):
            raise NotPublished("no-answer")
        if connected[0].is_failure:
            raise NotPublished("refused")
        sent = client.publish(topic_of(parts), body, qos=AT_LEAST_ONCE)
        sent.wait_for_publish(PATIENCE)
        if not sent.is_published():
            raise NotPublished("not-acknowledged")
    except (RuntimeError, ValueError):  # what the library raises where the line broke meanwhile
        raise NotPublished("broken") from None
    finally:
        client.disconnect()
        client.loop_stop()
