"""The gateway of short messages is tried from the desk: a real one on this machine, and no number stays."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from huiyin.registry.models import Body, Change, Officer, Role
from huiyin.site import readiness
from huiyin.site.environment import Texts
from tests.clerk.test_hooks import Told

Desk = Callable[..., Client]
NUMBER, DIALLED = "+86 138-0013 8000", "+8613800138000"
SECRET = "secret-of-ours"
TRY, HOUSE = "/desk/house/text/", "/desk/house/"


@pytest.fixture
def gateway(tmp_path: Path, settings: Any) -> Iterator[Told]:
    command = [sys.executable, "-m", "tests.clerk.receiver", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = Told(tmp_path, int(process.stdout.readline()))
        url = told.url.replace("http://", "http://user:geheim@") + "?token=geheim"
        settings.TEXTS = Texts(url, "", (("Authorization", f"Bearer {SECRET}"),))
        yield told
        process.terminate()


@pytest.fixture
def keeper(cast: dict[str, Officer], bodies: dict[str, Body]) -> None:
    """Ada keeps the topmost body."""
    Role.objects.create(officer=cast["ada"], body=bodies["shi"], role="administrator")


def state() -> str:
    lines = [line for step in readiness.look(timezone.now()) for line in step.lines]
    return next(line.state for line in lines if line.code == "text-tested")


def said(desk: Desk) -> str:
    """What the page says of the trial."""
    answer = desk("ada").post(TRY, {"number": NUMBER})
    assert answer["Location"] == f"{HOUSE}#mail"
    (message,) = get_messages(answer.wsgi_request)
    return str(message)


def test_a_test_short_message_goes_out_and_only_how_it_went_is_kept(
    desk: Desk, keeper: None, gateway: Told, caplog: Any, settings: Any
) -> None:
    assert state() == "warn"
    (gateway.folder / "words").write_text('{"code": "OK", "to": "138 0013 8000"}')
    gateway.answers(200)
    words = said(desk)
    assert "the gateway took it" in words
    assert '{"code": "OK", "to": "…"}' in words
    (came,) = gateway.came
    assert json.loads(came["body"])["to"] == DIALLED
    (change,) = Change.objects.filter(what__did="text-tested")
    assert str(getattr(change.actor, "login", "")) == "ada"
    assert set(change.what) == {"did", "went", "says", "under"}
    for kept in (json.dumps(change.what), words, caplog.text):
        assert "8000" not in kept
    assert state() == "good"
    settings.TEXTS = Texts(f"{gateway.url}/other", "")  # the trial of another gateway proves nothing
    assert state() == "warn"


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "HUIYIN_TEXTS_HEAD"), (400, "HUIYIN_TEXTS_BODY"), (302, "address in HUIYIN_TEXTS"), (503, "now")],
)
def test_what_the_gateway_answered_is_told_with_what_to_mend(
    desk: Desk, keeper: None, gateway: Told, status: int, advice: str
) -> None:
    (gateway.folder / "words").write_text("160042: no template for 13800138000, 8613800138000, 138****8000")
    gateway.answers(status)
    words = said(desk)
    assert str(status) in words
    assert advice in words
    assert "160042: no template for …, …, …" in words
    assert state() == "bad"
    kept = json.dumps([change.what for change in Change.objects.all()])
    assert ("8000" in kept, "template for" in kept) == (False, False)


def test_a_gateway_that_is_not_there_is_told_as_such(
    desk: Desk, keeper: None, gateway: Told, settings: Any
) -> None:
    settings.TEXTS = Texts("http://127.0.0.1:9/", "")
    assert "ConnectionRefusedError, the connection is refused" in said(desk)
    assert state() == "bad"


@pytest.mark.parametrize("typed", ["", "ring me", "12"])
def test_what_is_no_number_is_said_at_the_field_and_goes_nowhere(
    desk: Desk, keeper: None, gateway: Told, typed: str
) -> None:
    answer = desk("ada").post(TRY, {"number": typed})
    assert answer.status_code == 400
    assert 'href="#id_number"' in answer.content.decode()
    assert gateway.came == []
    assert not Change.objects.filter(what__did="text-tested").exists()


def test_only_who_keeps_the_whole_house_may_and_only_where_messages_are_sent(
    desk: Desk, cast: dict[str, Officer], bodies: dict[str, Body], gateway: Told, settings: Any
) -> None:
    typed = {"number": NUMBER}
    assert desk("hedda").post(TRY, typed).status_code == 404
    assert desk("ada").post(TRY, typed).status_code == 404  # she keeps some bodies only
    assert TRY not in desk("ada").get(HOUSE).content.decode()
    Role.objects.create(officer=cast["ada"], body=bodies["shi"], role="administrator")
    page = desk("ada").get(HOUSE).content.decode()
    assert TRY in page
    for secret in (SECRET, "geheim", "token="):
        assert secret not in page
    settings.TEXTS = None
    assert desk("ada").post(TRY, typed).status_code == 404
    assert TRY not in desk("ada").get(HOUSE).content.decode()
    assert gateway.came == []
