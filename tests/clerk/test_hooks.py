"""What subscribers are told by machine: signed, to public addresses alone, and nothing of anybody."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from standardwebhooks import Webhook

from huiyin.clerk import hooks, numbering
from huiyin.core.vocabulary import VERBS
from huiyin.registry import webhooks
from huiyin.registry.models import Change, Delivery, HookEvent, Subscriber
from tests.cast import NOW, Walk, lodge


@dataclass
class Told:
    """A real receiver, and what came to it."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=house"

    @property
    def came(self) -> list[dict[str, Any]]:
        file = self.folder / "came"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(each["body"]) for each in self.came]

    def answers(self, status: int) -> None:
        (self.folder / "answer").write_text(str(status))


@pytest.fixture
def receiver(tmp_path: Path, settings: Any) -> Iterator[Told]:
    command = [sys.executable, "-m", "tests.clerk.receiver", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = Told(tmp_path, int(process.stdout.readline()))
        settings.WEBHOOKS_INSIDE = {f"127.0.0.1:{told.port}"}
        yield told
        process.terminate()


@pytest.fixture
def secret(receiver: Told, cast: Any) -> str:
    return webhooks.add("州府统计局", "看期限", receiver.url, by=cast["ada"], now=NOW)[1]


def look(now: Any = NOW) -> dict[str, int]:
    numbering.number()
    return dict(hooks.look(now))


def test_a_step_is_told_as_a_signed_cloud_event(receiver: Told, secret: str, walk: Walk) -> None:
    walk("register", "olga")
    assert look() == {"events": 1, "told": 1}
    (came,) = receiver.came
    (event,) = receiver.events
    assert came["head"]["content-type"].startswith("application/cloudevents+json")
    assert event["specversion"] == "1.0"
    assert {"id", "source", "type", "time"} <= event.keys()
    assert event["data"]["move"] == "registered"
    assert event["id"] == came["head"]["webhook-id"]
    raw = Webhook(secret)
    made = raw.sign(came["head"]["webhook-id"], NOW, came["body"])
    assert made == came["head"]["webhook-signature"]


def test_an_event_names_nothing_but_kinds(receiver: Told, secret: str, walk: Walk) -> None:
    walk.to("closed-final")
    look()
    said = json.dumps(receiver.events, ensure_ascii=False)
    petition = walk.petition
    for word in (petition.ref, "路灯", "张三", "zj", "xf", "olga", "otto", "住建", str(petition.lodged_at)):
        assert word not in said
    known = {"move", "law", "article", "clocks"}
    for event in receiver.events:
        assert event["data"].keys() == known
        assert all(clock.keys() == {"clock", "state"} for clock in event["data"]["clocks"])
        assert event["time"].endswith(":00:00+00:00")


def test_lodging_signing_and_reports_are_told_to_nobody(receiver: Told, secret: str, cast: Any) -> None:
    lodge()
    lodge(joint=True)
    report = Walk(lodge(kind="report", against=("zj",)))
    report("acknowledge-hand-over", "dora")
    assert look() == {}
    assert receiver.came == []


def test_only_steps_of_bodies_are_ever_told() -> None:
    assert set(VERBS.values()) >= webhooks.TOLD
    about_people = ("lodged", "joint", "withdraw", "rated", "seal", "opening", "demand", "relief", "author")
    for word in (*about_people, "invitation", "meeting", "recusal", "urgent", "danger", "split", "signature"):
        assert not [name for name in webhooks.TOLD if word in name]


def test_what_was_before_is_not_told(receiver: Told, cast: Any, walk: Walk) -> None:
    walk("register", "olga")
    numbering.number()
    webhooks.add("晚来的", "看", receiver.url, by=cast["ada"], now=NOW)
    assert look() == {}


def test_what_is_not_taken_is_tried_again_later_and_at_last_is_dead(
    receiver: Told, secret: str, walk: Walk
) -> None:
    walk("register", "olga")
    receiver.answers(503)
    now = NOW
    assert look(now) == {"events": 1, "untold": 1}
    assert look(now) == {}
    for seconds in webhooks.WAITS:
        now += timedelta(seconds=seconds)
        assert look(now) == {"untold": 1}
    assert look(now + timedelta(days=2)) == {}
    assert (webhooks.dead().get().error, len(receiver.came)) == ("503", len(webhooks.WAITS) + 1)
    assert len({event["id"] for event in receiver.events}) == 1


def test_the_dead_and_the_told_can_be_sent_again_under_the_same_id(
    receiver: Told, secret: str, walk: Walk
) -> None:
    walk("register", "olga")
    look()
    assert webhooks.again(Delivery.objects.all(), NOW) == 1
    assert look() == {"told": 1}
    assert receiver.events[0]["id"] == receiver.events[1]["id"]


def test_one_that_is_away_keeps_nobody_else_waiting(receiver: Told, secret: str, cast: Any) -> None:
    webhooks.add("关了的", "看", "http://127.0.0.1:9/", by=cast["ada"], now=NOW)
    for _ in range(3):
        Walk(lodge())("register", "olga")
    assert look()["told"] == 3
    assert Delivery.objects.filter(attempts=1, told_at=None).count() == 1


def test_a_redirect_is_not_followed(receiver: Told, secret: str, walk: Walk) -> None:
    walk("register", "olga")
    receiver.answers(307)
    assert look()["untold"] == 1
    assert len(receiver.came) == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1/", "not-public"),
        ("https://localhost/", "not-public"),
        ("https://10.0.0.7/", "not-public"),
        ("https://169.254.169.254/latest/meta-data/", "not-public"),
        ("https://[::1]/", "not-public"),
        ("https://[::ffff:10.0.0.1]/", "not-public"),
        ("https://0.0.0.0/", "not-public"),
        ("https://224.0.0.1/", "not-public"),
        ("http://192.0.2.1/", "not-https"),
        ("ftp://example.test/", "address"),
        ("https://user:word@example.test/", "address"),
        ("https://example.test:0/", "address"),
        ("https:///nowhere", "address"),
        ("file:///etc/passwd", "address"),
        ("https://example.test/\r\nHost: x", "address"),
    ],
)
def test_no_address_leads_into_the_house(url: str, why: str, settings: Any) -> None:
    settings.WEBHOOKS_INSIDE = set()
    with pytest.raises(hooks.NotThere, match=why):
        hooks.post(url, b"{}", {})


def test_a_name_that_changed_its_number_since_leads_nowhere(monkeypatch: Any, settings: Any) -> None:
    settings.WEBHOOKS_INSIDE = set()
    both = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(hooks.NotThere, match="not-public"):
        hooks.post("https://rebinding.example.test/", b"{}", {})


def test_the_connection_goes_to_the_number_that_was_judged(monkeypatch: Any, receiver: Told) -> None:
    asked: list[Any] = []
    was = socket.getaddrinfo

    def counted(*args: Any, **more: Any) -> Any:
        asked.append(args)
        return was(*args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", counted)
    assert hooks.post(receiver.url, b"{}", {"content-type": "application/json"}) == 204
    assert [args[0] for args in asked if args[0] != "127.0.0.1"] == []


def test_events_are_thrown_away_after_a_month(receiver: Told, secret: str, walk: Walk) -> None:
    walk("register", "olga")
    look()
    look(NOW + timedelta(days=31))
    assert not HookEvent.objects.exists()


# ---- the pages


@pytest.fixture
def ada(client: Client, cast: Any) -> Client:
    client.force_login(cast["ada"])
    return client


def test_an_administrator_adds_one_and_the_public_reads_it(ada: Client, receiver: Told) -> None:
    said = {"name": "州府统计局", "purpose": "看期限", "url": receiver.url}
    page = ada.post("/desk/webhooks/", said).content.decode()
    assert "whsec_" in page
    assert "whsec_" not in ada.get("/desk/webhooks/").content.decode()
    public = Client().get("/subscribers/").content.decode()
    assert "州府统计局" in public
    assert "看期限" in public
    assert Change.objects.get().what["did"] == "subscriber-added"
    assert bytes(Subscriber.objects.get().secret) not in page.encode()


def test_an_address_inside_is_refused_in_words(ada: Client, settings: Any) -> None:
    settings.WEBHOOKS_INSIDE = set()
    page = ada.post("/desk/webhooks/", {"name": "x", "purpose": "y", "url": "https://10.0.0.1/"})
    assert page.status_code == 400
    assert not Subscriber.objects.exists()


def test_dead_letters_are_shown_and_sent_again(ada: Client, receiver: Told, secret: str, walk: Walk) -> None:
    walk("register", "olga")
    look()
    Delivery.objects.update(told_at=None, error="503")
    assert "503" in ada.get("/desk/webhooks/").content.decode()
    found = Subscriber.objects.get()
    ada.post(f"/desk/webhooks/{found.pk}/again/", {"which": "dead"})
    assert Delivery.objects.get().next_at is not None


def test_who_is_told_no_more_stays_on_the_public_page(ada: Client, secret: str) -> None:
    found = Subscriber.objects.get()
    ada.post(f"/desk/webhooks/{found.pk}/end/")
    assert Subscriber.objects.get().until is None
    ada.post(f"/desk/webhooks/{found.pk}/end/", {"sure": "1"})
    assert Subscriber.objects.get().until is not None
    assert bytes(Subscriber.objects.get().secret) == b""
    assert "州府统计局" in Client().get("/subscribers/").content.decode()


@pytest.mark.parametrize("login", ["olga", "sven", "hedda", "audrey"])
def test_only_an_administrator_may(client: Client, cast: Any, secret: str, login: str) -> None:
    client.force_login(cast[login])
    assert client.get("/desk/webhooks/").status_code == 404
