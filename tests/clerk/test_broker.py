"""Events on a topic of a real broker: the same as by webhook, tried again, dead and sent again as there."""

from __future__ import annotations

import json
import queue
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from huiyin.clerk import broker, hooks, numbering
from huiyin.registry import webhooks
from huiyin.registry.models import Delivery, HookEvent
from tests.cast import NOW, Walk

TOPIC = "county/huiyin"


@dataclass
class Listening:
    """A real broker, and what somebody hears on the topic."""

    port: int
    came: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}/{TOPIC}"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def start(port: int, *how: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "tests.clerk.mqtt_broker", str(port), *how]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
            continue
        return process
    raise AssertionError("the broker does not answer")


@pytest.fixture
def listening(settings: Any) -> Iterator[Listening]:
    told = Listening(free_port())
    settings.WEBHOOKS_INSIDE = {f"127.0.0.1:{told.port}"}
    process = start(told.port)
    reader = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="reader")
    reader.on_message = lambda _c, _d, message: told.came.put(json.loads(message.payload))
    reader.connect("127.0.0.1", told.port)
    reader.loop_start()
    reader.subscribe(TOPIC, qos=1)
    time.sleep(0.5)
    yield told
    reader.disconnect()
    reader.loop_stop()
    process.terminate()
    process.wait()


def look(now: Any = NOW) -> dict[str, int]:
    numbering.number()
    return dict(hooks.look(now))


def test_a_step_is_published_as_a_cloud_event(listening: Listening, walk: Walk, cast: Any) -> None:
    webhooks.add("州府统计局", "看期限", listening.url, by=cast["ada"], now=NOW)
    walk("register", "olga")
    assert look() == {"events": 1, "told": 1}
    event = listening.came.get(timeout=10)
    assert event == webhooks.as_event(HookEvent.objects.get())
    assert event["data"]["move"] == "registered"
    assert not Delivery.objects.get().error


def test_a_broker_that_is_away_is_tried_again_and_then_sent_again(
    cast: Any, walk: Walk, settings: Any
) -> None:
    port = free_port()
    settings.WEBHOOKS_INSIDE = {f"127.0.0.1:{port}"}
    webhooks.add("统计局", "看期限", f"mqtt://127.0.0.1:{port}/{TOPIC}", by=cast["ada"], now=NOW)
    walk("register", "olga")
    now = NOW
    assert look(now) == {"events": 1, "untold": 1}
    assert Delivery.objects.get().error == "ConnectionRefusedError"
    while Delivery.objects.get().next_at is not None:
        now += timedelta(days=1)
        look(now)
    assert webhooks.dead().count() == 1
    process = start(port)
    try:
        webhooks.again(webhooks.dead(), now)
        assert look(now) == {"told": 1}
    finally:
        process.terminate()
        process.wait()
    assert not webhooks.dead().exists()


def test_a_broker_that_lets_nobody_in_leaves_it_untold(cast: Any, walk: Walk, settings: Any) -> None:
    port = free_port()
    settings.WEBHOOKS_INSIDE = {f"127.0.0.1:{port}"}
    settings.BROKER_LOGIN = "county:a-wrong-password"
    webhooks.add("统计局", "看期限", f"mqtt://127.0.0.1:{port}/{TOPIC}", by=cast["ada"], now=NOW)
    walk("register", "olga")
    process = start(port, "closed")
    try:
        assert look() == {"events": 1, "untold": 1}
    finally:
        process.terminate()
        process.wait()
    assert Delivery.objects.get().error in {"refused", "no-answer"}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mqtts://another.example:8883/topic", "not-named"),
        ("mqtts://user:secret@127.0.0.1:8883/topic", "address-of-broker"),
        ("mqtts://127.0.0.1:8883/", "address-of-broker"),
        ("mqtts://127.0.0.1:8883/every/#", "address-of-broker"),
        ("mqtts://127.0.0.1:8883/$SYS/x", "address-of-broker"),
        ("amqp://127.0.0.1/x", "address"),
    ],
)
def test_only_a_broker_that_the_operator_named_is_spoken_to(settings: Any, url: str, why: str) -> None:
    settings.WEBHOOKS_INSIDE = {"127.0.0.1:8883"}
    with pytest.raises(hooks.NotThere, match=f"^{why}$"):
        hooks.judged(url)


def test_without_the_extra_the_form_says_so(
    monkeypatch: pytest.MonkeyPatch, settings: Any, cast: Any, client: Any
) -> None:
    settings.WEBHOOKS_INSIDE = {"127.0.0.1:8883"}
    monkeypatch.setattr(broker, "is_here", lambda: False)
    client.cookies["huiyin_language"] = "en"
    client.force_login(cast["ada"])
    said = {"name": "统计局", "purpose": "看期限", "url": "mqtts://127.0.0.1:8883/topic"}
    answer = client.post("/desk/webhooks/", said)
    assert answer.status_code == 400
    assert "is not installed here" in answer.content.decode()
