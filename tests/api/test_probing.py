"""Every address for machines, asked by everybody for what is described and for what is not (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone

from huiyin.doors.api import openapi as public
from huiyin.doors.officer.api import openapi as desk
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Attachment, Body, Officer
from tests.api.probing import Probe
from tests.cast import Walk, lodge
from tests.officer.programs import Program


@pytest.fixture(autouse=True)
def kept_open() -> Iterator[None]:
    """A test's own connection stays, as Django's client keeps it: the whole of it is one transaction."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


EXAMPLES = 2  # of each operation in each way; `python -m bench api` asks for far more
SECRET = "欧阳娜娜"  # stands in a petition that most may not read
pytestmark = pytest.mark.filterwarnings("default")  # of others' code


@pytest.fixture
def walk(cast: dict[str, Officer]) -> Walk:
    """A petition at the housing bureau that names somebody, with a file."""
    then = timezone.now()
    files = [Upload("照片说明.txt", SECRET.encode())]
    filed = lodge(now=then, subject="路灯坏了", text=f"我叫{SECRET}，路灯坏了。", uploads=files)
    return Walk(filed, then).to("accepted")


def test_the_public_door_answers_as_it_is_described(walk: Walk, settings: Any) -> None:
    settings.FILINGS_A_MINUTE = settings.BUSY_FROM = 1_000_000
    places = {"ref": walk.ref, "number": Attachment.objects.get().pk, "code": "zj", "book": "cn-2022"}
    probe = Probe(public.document(), get_wsgi_application(), places=places, sent={"Huiyin-Key": walk.key})
    probe.run(EXAMPLES)
    assert {200, 201, 404, 422} <= set(probe.seen)


def test_nobody_reads_a_petition_without_its_key(walk: Walk, settings: Any) -> None:
    settings.FILINGS_A_MINUTE = settings.BUSY_FROM = 1_000_000

    def look(_name: str, content: bytes) -> None:
        assert SECRET.encode() not in content
        assert walk.ref.encode() not in content

    places = {"ref": walk.ref, "number": Attachment.objects.get().pk, "code": "zj", "book": "cn-2022"}
    sent = {"Huiyin-Key": "K7QM2-XWP9A-TD4H8-CZR3N"}
    Probe(public.document(), get_wsgi_application(), places=places, sent=sent, look=look).run(1)


# Who asks, and what of that petition may stand in an answer.
WHO = {"otto": (True, True), "olga": (True, False), "sven": (True, False), "tina": (False, False)}
WHO |= {"": (False, False)}


FIRST, *OTHERS = WHO


@pytest.mark.parametrize("login", [FIRST, *(pytest.param(who, marks=pytest.mark.once) for who in OTHERS)])
def test_the_desk_answers_each_program_as_it_is_described(walk: Walk, login: str) -> None:
    sees, reads = WHO[login]

    def look(name: str, content: bytes) -> None:
        assert reads or SECRET.encode() not in content, name
        assert sees or walk.ref.encode() not in content, name

    program = Program(login) if login else None
    headers = {"Authorization": f"Bearer {program.token}"} if program else {}
    places = {"ref": walk.ref, "number": Attachment.objects.get().pk, "seq": 2}
    probe = Probe(
        desk.document(), get_wsgi_application(), headers, places=places, sent={"If-Match": "*"}, look=look
    )
    probe.run(EXAMPLES if login in {"otto", "sven"} else 1)
    assert set(probe.seen) == {401} if not login else {200, 404} <= set(probe.seen)
    assert Body.objects.filter(code="zj").exists()
