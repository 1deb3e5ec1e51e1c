"""A petitioner at the web pages, on the day of the cast."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import NOW
from tests.petitioner.paper import filled


@dataclass
class Clockwork:
    """What time it is for the pages."""

    now: datetime = NOW


@pytest.fixture(autouse=True)
def clockwork(monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    made = Clockwork()
    monkeypatch.setattr(timezone, "now", lambda: made.now)
    return made


@pytest.fixture(autouse=True)
def nothing_waits(settings: Any) -> Iterator[None]:
    """No test finds files that another left waiting."""
    yield
    shutil.rmtree(settings.DATA_DIR / "staged", ignore_errors=True)


@dataclass
class Lodger:
    """Somebody who fills in the pages one after the other."""

    client: Client = field(default_factory=Client)
    page: Any = None

    @property
    def html(self) -> str:
        html: str = self.page.content.decode()
        return html

    def start(self) -> Lodger:
        self.page = self.client.get("/lodge/write/")
        return self

    def send(self, go: str = "next", /, **typed: Any) -> Lodger:
        """Fill in what is asked and press a button."""
        said: dict[str, Any] = filled(self.html, "lodge", **typed)
        files = said.pop("attachments", [])
        buttons = {"go": go} if go and "=" not in go else dict([go.split("=")])
        self.page = self.client.post("/lodge/write/", said | buttons | {"attachments": files})
        return self

    def to_check(self, *, matter: Any = None, bodies: Any = None, author: Any = None) -> Lodger:
        """All pages up to the last one."""
        self.start()
        self.send(**({"subject": "路灯坏了", "text": "小区的路灯坏了三个月。"} | (matter or {})))
        said = dict(bodies or {})
        body = {"body": said.pop("body")} if "body" in said else {}
        self.send(**said)
        self.send(**body)
        return self.send(**({"who": "anonymous"} | (author or {})))


@pytest.fixture
def lodger(cast: Any) -> Lodger:
    return Lodger()


@pytest.fixture
def enter(cast: Any) -> Callable[[Any], Client]:
    """`enter(walk)`: a browser that has the petition open."""

    def opened(walk: Any) -> Client:
        client = Client()
        answer = client.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return opened
