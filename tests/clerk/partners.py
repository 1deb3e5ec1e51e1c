"""An installation that is its own partner: both sides of a hand-over, in one database and one process.

What two installations with two databases do is in `tests/partners`; here each step can be stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from huiyin.clerk import handing_over, hooks, publishing
from huiyin.registry.models import Body, Crossing, Partner, PartnerMessage, Petition
from huiyin.registry.receipt import log_key
from huiyin.vault import keys
from tests.cast import NOW, Walk, lodge


def introduce() -> Partner:
    """The partner, and records of two bodies there: `far`, the housing bureau, `near`, the office."""
    partner = Partner.objects.create(
        origin=settings.ORIGIN,
        name_zh="邻县信访系统",
        name_en="The next county",
        url="http://partner.example.test",
        log_key=log_key(),
        box_key=keys.partner_public().hex(),
        since=NOW,
    )
    office = Body.objects.get(code="xf")
    for code, name, kind, there in (
        ("far", "邻县住建局", "organ", "zj"),
        ("near", "邻县信访局", "office", "xf"),
    ):
        Body.objects.create(
            code=code,
            name_zh=name,
            kind=kind,
            level="county",
            external=True,
            recorded_by=office,
            partner=partner,
            partner_code=there,
        )
    return partner


class Line:
    """The line between the two: what went over it, and where it breaks."""

    def __init__(self, monkeypatch: Any) -> None:
        self.went: list[bytes] = []
        self.broken: Callable[[int], Exception | None] = lambda _n: None
        self.answer_lost = False
        self.now = NOW
        monkeypatch.setattr(hooks, "post", self.post)
        monkeypatch.setattr(timezone, "now", lambda: self.now)  # when a message is taken in

    def post(self, url: str, body: bytes, _head: Any, _patience: float = 0) -> int:
        assert url == "http://partner.example.test/partners/v1/messages"
        if why := self.broken(len(self.went)):
            self.went.append(b"")
            raise why
        self.went.append(body)
        status = (
            Client().post("/partners/v1/messages", body, content_type="application/octet-stream").status_code
        )
        if self.answer_lost:
            raise TimeoutError
        return status


def sent_out(verb: str = "transfer", **more: Any) -> Walk:
    """A claim that its petition office has sent to the body over there."""
    walk = Walk(lodge(**more.pop("lodging", {})))
    walk("register", "olga")
    walk(verb, "olga", body="far", **more)
    return walk


def round_of(now: datetime = NOW) -> Counter[str]:
    """The head is published, then the clerk hands over; until nothing is left to do."""
    done: Counter[str] = Counter()
    publishing.publish(now)
    while more := handing_over.look(now):
        done += more
        publishing.publish(now)
        if not (more["sent"] or more["worked_off"]):
            break
    return done


def told() -> list[Any]:
    """How each message stands, for whoever looks why a test failed."""
    rows = PartnerMessage.objects.order_by("id")
    return [(r.crossing.incoming, r.outgoing, r.seq, r.kind, bool(r.done_at), r.error) for r in rows]


def theirs(walk: Walk) -> Petition:
    """The petition as the other side has it."""
    crossing = Crossing.objects.filter(incoming=True, ref=walk.ref).first()
    assert crossing is not None, told()
    assert crossing.petition is not None
    return Petition.objects.get(pk=crossing.petition.pk)


def as_filed(petition: Petition) -> Any:
    """A petition that is there, for a walk."""
    return SimpleNamespace(ref=petition.ref, key="")


def signed_in(cast: Any, login: str) -> Client:
    client = Client()
    client.force_login(cast[login])
    return client


def author(walk: Walk, ref: str = "") -> Client:
    client = Client()
    client.post("/follow/", {"follow_ref": ref or walk.ref, "follow_key": walk.key})
    return client
