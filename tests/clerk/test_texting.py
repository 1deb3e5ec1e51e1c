"""Short messages: by a real gateway on this machine, as its author chose, without a word of the matter."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.test import Client

from huiyin.clerk import courier, notices, texting
from huiyin.clerk.courier import MOST_ATTEMPTS, deliver
from huiyin.clerk.texting import filled
from huiyin.registry.models import Entry, Outbox
from huiyin.site import environment
from huiyin.site.environment import Texts
from huiyin.vault import unseal
from huiyin.vault.seal import Author as Person
from tests.cast import NOW, Walk, lodge
from tests.clerk.test_hooks import Told

NUMBER = "138-0013 8000"
DIALLED = "13800138000"
CHOSEN = Person(name="张三", phone=NUMBER, email="zhang@example.test", texts=True)
SOON = timedelta(minutes=11)
HOUSE = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def gateway(tmp_path: Path, settings: Any) -> Iterator[Told]:
    command = [sys.executable, "-m", "tests.clerk.receiver", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = Told(tmp_path, int(process.stdout.readline()))
        body = {"receivers": ["{to}"], "content": "【县信访局】{text}", "n": 1, "ref": "{id}"}
        settings.TEXTS = Texts(told.url, "", (("Authorization", "Bearer secret-of-ours"),), body)
        yield told
        process.terminate()


def channels() -> list[str]:
    return [entry.contents["channel"] for entry in Entry.objects.filter(event="notice-sent").order_by("pk")]


def test_who_chose_it_is_told_by_short_message(cast: Any, gateway: Told) -> None:
    lodge(author=CHOSEN)
    assert deliver(NOW) == {"text": 1}
    (came,) = gateway.came
    said = json.loads(came["body"])
    assert said["receivers"] == [DIALLED]
    assert said["content"].startswith("【县信访局】您提出的事项有新进展")
    assert "/follow/" in said["content"]
    assert said["n"] == 1
    head = {name.lower(): value for name, value in came["head"].items()}
    assert head["authorization"] == "Bearer secret-of-ours"
    assert head["idempotency-key"] == said["ref"]
    assert channels() == ["text"]
    assert mail.outbox == []  # one notice, one way


@pytest.mark.parametrize(
    "author", [Person(phone=NUMBER, email="z@example.test"), Person(phone="anrufen", texts=True)]
)
def test_who_did_not_choose_it_gets_none(cast: Any, gateway: Told, author: Person) -> None:
    lodge(author=author)
    deliver(NOW)
    assert gateway.came == []
    assert channels() == ["e-mail" if author.email else "page"]


def test_no_message_names_the_matter_the_reference_or_the_person(cast: Any, gateway: Told) -> None:
    walk = Walk(lodge(author=CHOSEN))
    walk.to("closed-final")
    deliver(walk.now)
    assert len(gateway.came) > 5
    for came in gateway.came:
        for secret in ("路灯", "张三", walk.key, walk.ref, "住建局", "复查"):
            assert secret not in came["body"]


def test_the_message_speaks_the_language_of_the_lodging(cast: Any, gateway: Told) -> None:
    lodge(author=CHOSEN, language="en")
    deliver(NOW)
    assert "There is news" in gateway.came[0]["body"]


def test_a_new_key_never_goes_by_short_message(cast: Any, gateway: Told, monkeypatch: Any) -> None:
    lodge(author=CHOSEN)
    monkeypatch.setattr(courier, "_is_new_key", lambda _row: True)
    monkeypatch.setattr(courier, "_letter_to_author", lambda row: notices.to_author(row.petition))
    assert deliver(NOW) == {"e-mail": 1}
    assert gateway.came == []


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_gateway_that_cannot_now_is_asked_again_under_the_same_name(
    cast: Any, gateway: Told, status: int
) -> None:
    lodge(author=CHOSEN)
    gateway.answers(status)
    assert deliver(NOW) == {"failed": 1}
    assert Outbox.objects.get().error == f"NotTaken {status}"
    assert not deliver(NOW + timedelta(minutes=5))
    gateway.answers(204)
    assert deliver(NOW + SOON) == {"text": 1}
    names = [json.loads(came["body"])["ref"] for came in gateway.came]
    assert len(names) == 2
    assert len(set(names)) == 1
    assert channels() == ["text"]


def test_a_number_that_is_refused_is_written_to_by_e_mail(cast: Any, gateway: Told) -> None:
    lodge(author=CHOSEN)
    gateway.answers(400)
    assert deliver(NOW) == {"e-mail": 1}
    assert channels() == ["e-mail"]


def test_a_gateway_is_not_followed_elsewhere(cast: Any, gateway: Told) -> None:
    lodge(author=CHOSEN)
    gateway.answers(302)
    assert deliver(NOW) == {"e-mail": 1}
    assert len(gateway.came) == 1


def test_a_gateway_that_is_away_stops_the_round_and_costs_nothing(cast: Any, settings: Any) -> None:
    settings.TEXTS = Texts("http://127.0.0.1:9/", "")
    for _ in range(2):
        lodge(author=CHOSEN)
    assert deliver(NOW) == {"unreachable": 1}
    assert sorted(Outbox.objects.values_list("attempts", flat=True)) == [0, 1]
    assert Outbox.objects.order_by("-attempts")[0].error == "ConnectionError ConnectionRefusedError"


def test_after_many_tries_it_stands_on_the_page(cast: Any, gateway: Told) -> None:
    lodge(author=CHOSEN)
    Outbox.objects.update(attempts=MOST_ATTEMPTS, claimed_at=NOW - timedelta(days=2))
    assert deliver(NOW) == {"page": 1}
    assert gateway.came == []


def test_no_number_is_kept_and_none_is_logged(
    cast: Any, gateway: Told, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lodge(author=CHOSEN)
    gateway.answers(503)
    deliver(NOW)
    gateway.answers(204)
    deliver(NOW + SOON)
    kept = caplog.text
    for alias in ("default", "keys"):
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                kept += repr(cursor.fetchall())
    assert DIALLED not in kept
    assert NUMBER not in kept
    assert "secret-of-ours" not in kept


def test_that_they_chose_it_is_no_part_of_who_they_are(cast: Any) -> None:
    filed = Walk(lodge(author=CHOSEN)).petition
    assert unseal.open_contact(filed.pk).texts
    assert not unseal.open_identity(filed.pk).texts


def test_a_dead_courier_sends_once_more_and_records_once(tmp_path: Path) -> None:
    """Killed between sending and putting it on record: a second copy under the same name, and one entry."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    env = {**kept, "HUIYIN_DATA_DIR": str(tmp_path / "data"), "HUIYIN_ZONE": "desk"}
    came = tmp_path / "gateway"
    came.mkdir()
    command = [sys.executable, "-m", "tests.clerk.receiver", str(came)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        env["HUIYIN_TEXTS"] = Told(came, int(process.stdout.readline())).url

        def run(word: str) -> subprocess.CompletedProcess[str]:
            words = [sys.executable, "-m", "tests.clerk.killing_texts", word]
            return subprocess.run(words, cwd=HOUSE, env=env, capture_output=True, text=True, check=False)

        assert run("lodge").returncode == 0
        killed = run("die")
        assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
        last = run("deliver")
        process.terminate()
    assert json.loads(last.stdout) == {"done": {"text": 1}, "entries": 1, "waiting": 0}
    names = [json.loads(each["body"])["id"] for each in Told(came, 0).came]
    assert len(names) == 2
    assert len(set(names)) == 1


# ---- what is asked at lodging


def test_the_form_says_nothing_of_what_is_not_offered(client: Client, cast: Any, settings: Any) -> None:
    from huiyin.doors.officer.counter import CounterForm
    from huiyin.doors.petitioner.lodge_forms import AuthorForm

    assert settings.TEXTS is None
    assert "texts" not in AuthorForm().fields
    assert "texts" not in CounterForm().fields
    settings.TEXTS = Texts("https://gateway.example/", "")
    assert "texts" in AuthorForm().fields
    assert "texts" in CounterForm().fields


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"texts": "on", "phone": NUMBER}, None),
        ({"texts": "on", "phone": ""}, "phone"),
        ({"texts": "on", "phone": "ask for me"}, "phone"),
        ({"texts": "on", "phone": NUMBER, "joint": "on"}, "texts"),
        ({"phone": ""}, None),
    ],
)
def test_a_choice_needs_a_number_that_can_be_dialled(
    settings: Any, said: dict[str, str], wrong: str | None
) -> None:
    from huiyin.doors.petitioner.lodge_forms import AuthorForm

    settings.TEXTS = Texts("https://gateway.example/", "")
    form = AuthorForm({"who": "named", "name": "张三", "service": "electronic", **said})
    assert form.is_valid() is (wrong is None)
    assert set(form.errors) == ({wrong} if wrong else set())
    if wrong is None:
        assert form.person.texts is ("texts" in said)


def test_a_machine_chooses_it_where_it_is_offered(client: Client, cast: Any, settings: Any) -> None:
    said = {
        "subject": "路灯",
        "text": "路灯坏了三个月。",
        "author": {"name": "张三", "phone": NUMBER, "texts": True},
    }

    def post() -> Any:
        return client.post("/api/v1/petitions", json.dumps(said), content_type="application/json")

    assert set(post().json()["fields"]) == {"author.texts"}
    settings.TEXTS = Texts("https://gateway.example/", "")
    assert post().status_code == 201


# ---- what the operator writes


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HUIYIN_TEXTS", "http://gateway.example/", "must be https"),
        ("HUIYIN_TEXTS", "gateway", "must be https"),
        ("HUIYIN_TEXTS_HEAD", "no colon", "Name: value"),
        ("HUIYIN_TEXTS_BODY", "{", "no JSON"),
        ("HUIYIN_TEXTS_BODY", '{"to": "{to}"}', "{text} stands nowhere"),
    ],
)
def test_a_setting_that_cannot_be_right_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv("HUIYIN_TEXTS", "https://gateway.example/send")
    if name != "HUIYIN_TEXTS":
        (tmp_path / "file").write_text(value, encoding="utf-8")
        value = str(tmp_path / "file")
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=says):
        environment.texts(sends=True)


def test_only_who_sends_reads_the_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_TEXTS", "https://gateway.example/send")
    (tmp_path / "head").write_text("X-Key: of-ours\n\n", encoding="utf-8")
    monkeypatch.setenv("HUIYIN_TEXTS_HEAD", str(tmp_path / "head"))
    sending, knowing = (environment.texts(sends=each) for each in (True, False))
    assert sending is not None
    assert knowing is not None
    assert (sending.head, knowing.head) == ((("X-Key", "of-ours"),), ())
    assert "of-ours" not in repr(sending)


def test_what_is_put_in_is_never_read_as_json_or_as_a_place() -> None:
    values = {"{to}": '1"}', "{text}": "{to} {id}", "{id}": "x"}
    assert filled({"a": ["{to}", "<{text}>"], "b": 1}, values) == {"a": ['1"}', "<{to} {id}>"], "b": 1}


def test_without_a_gateway_there_is_no_channel(settings: Any) -> None:
    assert settings.TEXTS is None
    assert texting.channel() is None
