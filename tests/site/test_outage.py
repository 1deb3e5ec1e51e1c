"""While the database is away: an honest answer in each form, nothing typed is lost, and the way back."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.registry import once
from huiyin.site import environment, outage
from huiyin.site.front import TwoZones
from huiyin.site.readiness import durability
from tests.api.conftest import PETITION, PETITIONS

TYPED = '路灯坏了。\r\n晚上看不见路 <b>& "引号"</b>'
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def fallen(*_: Any, **__: Any) -> Any:
    """What a driver says of a server that died in the middle."""
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who comes while the database is away: whatever asks it fails."""
    for name in ("_cursor", "ensure_connection", "set_autocommit"):
        monkeypatch.setattr(type(connections["default"]), name, fallen)
    return Client(raise_request_exception=False)


def test_a_page_says_when_to_come_again(visitor: Client) -> None:
    answer = visitor.get("/lodge/write/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) == outage.AFTER
    assert "no-store" in answer["Cache-Control"]
    assert "Content-Security-Policy" in answer
    assert 'href="/lodge/write/"' in answer.content.decode()


def test_what_was_typed_comes_back_letter_by_letter_and_can_be_sent_again(visitor: Client) -> None:
    sent = {"step": "check", "been": ["matter", "about"], "token": "t" * 40, "subject": "路灯", "text": TYPED}
    answer = visitor.post("/lodge/write/?question=q1", sent)
    assert answer.status_code == 503
    page = answer.content.decode()
    again = [(html.unescape(name), html.unescape(value)) for name, value in HIDDEN.findall(page)]
    assert again == [
        ("step", "check"),
        ("been", "matter"),
        ("been", "about"),
        ("token", "t" * 40),
        ("subject", "路灯"),
        ("text", TYPED),
    ]
    assert 'action="/lodge/write/?question=q1"' in page
    assert "只会登记一件" in page
    assert "<b>" not in page.split("<main")[1].split("</main")[0]


def test_files_that_did_not_come_along_are_named(visitor: Client) -> None:
    answer = visitor.post("/lodge/write/", {"text": "x", "attachments": SimpleUploadedFile("灯.txt", b"1")})
    assert "灯.txt" in answer.content.decode()


def test_a_password_is_never_shown_again(visitor: Client) -> None:
    answer = visitor.post("/desk/sign-in/", {"login": "handler", "password": "secret-of-an-officer"})
    assert answer.status_code == 503
    assert "secret-of-an-officer" not in answer.content.decode()
    assert not HIDDEN.search(answer.content.decode())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_machine_is_told_the_same(visitor: Client, language: str) -> None:
    headers = {"Accept-Language": language, "Idempotency-Key": "k" * 20}
    body = json.dumps(PETITION).encode()
    answer = visitor.post(PETITIONS, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    told = json.loads(answer.content)
    assert (told["code"], int(answer["Retry-After"])) == ("unavailable", outage.AFTER)
    assert "Idempotency-Key" in told["detail"]


def test_our_own_mistakes_are_not_blamed_on_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.registry import law

    def wrong(*_: Any) -> Any:
        raise KeyError("ours")

    monkeypatch.setattr(law, "at", wrong)
    answer = Client(raise_request_exception=False).get("/lodge/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer


class SteppedDown(Exception):
    sqlstate = "25006"


def test_a_server_that_stepped_down_is_away() -> None:
    refused = InternalError("cannot execute INSERT in a read-only transaction")
    assert not outage.is_one(refused)
    refused.__cause__ = SteppedDown()
    assert outage.is_one(refused)
    assert outage.is_one(InterfaceError("the connection is closed"))
    assert not outage.is_one(None)


# ---- the address of the database


def database(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, Any]:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", url)
    return environment.database(environment.data_dir())


def test_of_several_servers_the_one_that_takes_writes_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    made = database(monkeypatch, "postgresql://us%40er:p%2Cw@one:5432,two,[::1]:5434/name")
    assert (made["HOST"], made["PORT"]) == ("one,two,::1", "5432,,5434")
    assert (made["USER"], made["PASSWORD"]) == ("us@er", "p,w")
    assert made["OPTIONS"]["target_session_attrs"] == "read-write"
    assert "target_session_attrs" not in database(monkeypatch, "postgresql://u@one/name")["OPTIONS"]
    any_of_them = "postgresql://u@one,two/name?target_session_attrs=any"
    assert database(monkeypatch, any_of_them)["OPTIONS"]["target_session_attrs"] == "any"


def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="HUIYIN_DATABASE_URL"):
        database(monkeypatch, "postgresql://u@one:5432,two:many/name")


@pytest.mark.parametrize(
    ("words", "prepares", "no_cursors"),
    [("", True, False), ("?cursors=no", True, True), ("?prepare=no", False, True)],
)
def test_behind_a_pooler_nothing_outlives_its_transaction(
    monkeypatch: pytest.MonkeyPatch, words: str, *, prepares: bool, no_cursors: bool
) -> None:
    made = database(monkeypatch, f"postgresql://u@pooler:6432/name{words}")
    assert ("prepare_threshold" in made["OPTIONS"]) is prepares
    assert made["DISABLE_SERVER_SIDE_CURSORS"] is no_cursors
    assert not {"prepare", "cursors"} & made["OPTIONS"].keys()


# ---- on a server


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_replaced_before_it_is_used() -> None:
    import psycopg

    connection.close()
    connection.ensure_connection()
    mine = connection.connection.info.backend_pid
    told = connection.get_connection_params()
    with psycopg.connect(
        host=told["host"], port=told["port"], user=told["user"], password=told["password"],
        dbname=told["dbname"], autocommit=True,
    ) as other:  # fmt: skip
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
    close_old_connections()  # as each request begins
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.connection.info.backend_pid != mine


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_idle_connection_is_not_asked_whether_it_lives() -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert not len(asked)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_asks_again_is_answered_by_a_commit() -> None:
    """A row seen after a crash may be on one machine: the second answer waits for the standby, too."""

    def ask() -> None:
        once.once("t" * 40, b"words", lambda: b"answer", door="test", now=timezone.now())

    def transactions() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            return int(cursor.fetchone()[0])

    ask()
    before = transactions()
    ask()
    assert transactions() > before, "it was read, and nothing was committed"


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_server_that_acknowledges_what_can_be_lost_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        safe = cursor.fetchone()[0] == "on"
        cursor.execute("SET synchronous_commit = on")
    assert next(durability.lines()).state == ("good" if safe else "bad")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    assert next(durability.lines()).state == "bad"


@pytest.fixture
def at_the_front(settings: Any) -> Any:
    """Ask the front whose desk answers nothing: no process listens at that port."""
    settings.ROOT_URLCONF = "huiyin.site.urls_public"

    def ask(path: str, **environ: Any) -> tuple[str, dict[str, str], str]:
        told: list[Any] = []
        front = TwoZones(get_wsgi_application(), "http://127.0.0.1:9")
        request = RequestFactory(headers={"accept-language": "zh-CN"}).generic("GET", path, **environ)

        def answered(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            told.extend((status, dict(headers)))

        body = front(request.META, answered)
        return told[0], told[1], b"".join(body).decode()

    return ask


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_desk_that_is_away_is_told_of_in_the_reader_s_language(at_the_front: Any, method: str) -> None:
    status, headers, page = at_the_front("/desk/p/", REQUEST_METHOD=method)
    assert status.startswith("503")
    assert int(headers["Retry-After"]) == outage.AFTER
    assert "Content-Security-Policy" in headers
    assert "工作台暂时没有响应" in page
    assert ("还不能确定" in page) is (method == "POST")


@pytest.mark.django_db
def test_nobody_from_outside_is_told_that_the_desk_is_away(client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = "huiyin.site.urls_public"
    assert client.get("/desk/", headers={"huiyin.desk-is-away": "1"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/healthz", "/desk/livez"])
def test_the_public_zone_does_not_say_that_a_desk_which_is_away_is_well(path: str) -> None:
    assert Client().get(path).status_code == 200
    told: dict[str, Any] = {outage.DESK_IS_AWAY: True}
    assert Client().get(path, **told).status_code == 503
