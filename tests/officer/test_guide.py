"""The state of the house: worked out from what is there, on the desk and in the shell alike."""

from __future__ import annotations

import json
import shutil
import smtplib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone

from huiyin.clerk import pace
from huiyin.registry import keeping, law, pulses, upkeep
from huiyin.registry.models import Body, Change, Competence, Face, Officer, Outbox, Petition, Pulse, Role
from huiyin.site import environment, readiness
from tests.cast import lodge

Desk = Callable[..., Client]


def states(now: datetime | None = None) -> dict[str, str]:
    return {line.code: line.state for step in readiness.look(now or timezone.now()) for line in step.lines}


def test_each_step_says_what_to_do_and_where(desk: Desk, cast: dict[str, Officer]) -> None:
    page = desk("ada").get("/desk/house/")
    assert page.status_code == 200
    steps = readiness.look(timezone.now())
    assert [s.code for s in steps] == ["law", "bodies", "people", "keys", "mail", "face", "log", "running"]
    for line in readiness.to_do(steps):
        assert line.todo is not None
        assert (line.todo.zh, line.todo.en) > ("", "")
    assert all(
        each["href"].startswith("/") for s in page.context["steps"] for each in s["lines"] if each["href"]
    )
    assert desk("hedda").get("/desk/house/").status_code == 404


def test_an_administrator_comes_here_first(desk: Desk, cast: dict[str, Officer]) -> None:
    assert desk("ada").get("/desk/")["Location"] == "/desk/house/"


def test_the_list_is_asked_in_the_same_number_of_queries_however_many_there_are(
    desk: Desk, bodies: dict[str, Body], django_assert_max_num_queries: Any
) -> None:
    browser = desk("ada")
    browser.get("/desk/house/")
    for n in range(30):
        body = Body.objects.create(
            code=f"b{n}", name_zh="局", kind="organ", level="county", superior=bodies["xian"]
        )
        officer = Officer.objects.create(login=f"o{n}", name="甲")
        Role.objects.create(officer=officer, body=body, role="handler")
    with django_assert_max_num_queries(40):
        browser.get("/desk/house/")


# ---- what turns green, and red again


def test_bodies_that_take_in_need_somebody_who_reads(
    cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    assert (states()["receives"], states()["registrars"]) == ("good", "good")
    Role.objects.filter(role="registrar", body__receives=True).delete()
    assert states()["registrars"] == "bad"
    Body.objects.update(receives=False)
    assert states()["receives"] == "bad"


def test_a_body_above_that_is_out_of_service_is_named(
    cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    assert states()["superior"] == "good"
    Body.objects.filter(code="shi").update(active=False)
    assert states()["superior"] == "bad"


def test_two_administrators_an_auditor_and_two_custodians(
    cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    assert (states()["administrators"], states()["auditor"], states()["custodians"]) == (
        "bad",
        "good",
        "warn",
    )
    for login, body, role in (
        ("hedda", "zj", "administrator"),
        ("otto", "zj", "custodian"),
        ("tina", "jt", "custodian"),
    ):
        Role.objects.create(officer=cast[login], body=bodies[body], role=role)
    assert (states()["administrators"], states()["custodians"]) == ("good", "good")
    Officer.objects.filter(login="audrey").update(is_active=False)
    assert states()["auditor"] == "bad"


def test_roles_that_check_one_another_are_given_to_nobody_together(
    desk: Desk, cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    page = desk("ada").post(
        "/desk/people/audrey/roles/", {"body": bodies["xian"].pk, "role": "administrator"}
    )
    assert page.status_code == 400
    assert "Nobody is both administrator and auditor" in page.content.decode()
    assert (
        keeping.give_role(cast["audrey"], bodies["zj"], "custodian", by=None, now=timezone.now()) is not None
    )
    assert cast["audrey"].roles.count() == 1
    Role.objects.create(
        officer=cast["audrey"], body=bodies["xian"], role="administrator"
    )  # from an older house
    assert states()["apart"] == "bad"


@pytest.mark.parametrize(
    ("day", "last", "this", "following"),
    [
        ("2026-05-04", 2026, "good", "good"),
        ("2026-11-27", 2026, "good", "warn"),
        ("2026-12-01", 2026, "good", "bad"),
        ("2027-01-02", 2026, "bad", "good"),
    ],
)
def test_the_holidays_of_next_year_are_missed_in_time(
    cast: dict[str, Officer], day: str, last: int, this: str, following: str
) -> None:
    assert law.calendar_for("cn").last_year == last
    found = states(datetime.fromisoformat(day).replace(hour=4, tzinfo=UTC))
    assert (found["holidays"], found["next-holidays"]) == (this, following)


def test_a_clerk_that_sleeps_is_told(cast: dict[str, Officer]) -> None:
    now = timezone.now()
    assert states(now)["clerk"] == "bad"
    pace.keep("clerk", lambda _now: __import__("collections").Counter(), every=60, once=True)
    assert states()["clerk"] == "good"
    Pulse.objects.update(at=now - timedelta(minutes=20))
    assert states(now)["clerk"] == "bad"
    pulses.beat("clerk", now, failed=True)
    assert states(now)["clerk"] == "bad"


def test_the_mail_door_is_looked_at_where_there_is_a_mailbox(cast: dict[str, Officer], settings: Any) -> None:
    now = timezone.now()
    assert "mailbox" not in states(now)
    settings.IMAP = environment.imap("imaps://office:secret@mail.test:993/INBOX")
    assert states(now)["mailbox"] == "bad"
    pace.keep(pulses.MAIL, lambda _now: Counter(), every=1.0, once=True)
    assert states(now)["mailbox"] == "good"
    assert states(now + timedelta(minutes=20))["mailbox"] == "bad"


def test_a_clock_that_runs_behind_what_was_written_is_told(cast: dict[str, Officer]) -> None:
    now = timezone.now()
    pulses.beat("clerk", now)
    assert states(now)["time"] == "good"
    assert states(now - timedelta(minutes=5))["time"] == "bad"


def test_a_disk_that_fills_up_is_told(cast: dict[str, Officer], monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((100 << 30, "good"), (2 << 30, "warn"), (1 << 20, "bad")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: type("Usage", (), {"free": free}))
        assert states()["disk"] == state


def test_copies_are_seen_and_grow_old(cast: dict[str, Officer]) -> None:
    now = timezone.now()
    assert (states(now)["backup"], states(now)["key-backup"]) == ("bad", "bad")
    for days, state in ((1, "good"), (3, "warn"), (9, "bad")):
        pulses.beat(pulses.BACKUP, now - timedelta(days=days))
        assert states(now)["backup"] == state


def test_a_certificate_that_ends_soon_is_told(cast: dict[str, Officer], house_keys: None) -> None:
    from huiyin.vault import certificate

    certificate.renew(timezone.now())
    known = certificate.known()
    assert known is not None
    assert states(known.until - timedelta(days=60))["certificate"] == "good"
    assert states(known.until - timedelta(days=3))["certificate"] == "warn"
    assert states(known.until + timedelta(days=1))["certificate"] == "bad"


# ---- mail


class Refusing(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 bad credentials")


@pytest.fixture
def keeper(cast: dict[str, Officer], bodies: dict[str, Body]) -> None:
    """Ada keeps the topmost body."""
    Role.objects.create(officer=cast["ada"], body=bodies["shi"], role="administrator")


def test_a_test_message_goes_out_and_its_answer_is_kept(desk: Desk, keeper: None, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    assert states()["mail-tested"] == "warn"
    desk("ada").post("/desk/house/mail/", {"to": "ada@example.org"})
    [sent] = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert states()["mail-tested"] == "good"
    assert "ada@example.org" not in json.dumps([change.what for change in Change.objects.all()])
    settings.EMAIL_HOST = "other.example.org"  # another server: the test of the old one proves nothing
    assert states()["mail-tested"] == "warn"


def test_a_mail_server_that_refuses_is_quoted_in_words(desk: Desk, keeper: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    page = desk("ada").post("/desk/house/mail/", {"to": "ada@example.org"}, follow=True)
    said = page.content.decode()
    assert "the user name or the password is wrong" in said
    assert "535 5.7.8 bad credentials" in said
    assert states()["mail-tested"] == "bad"
    wrong = desk("ada").post("/desk/house/mail/", {"to": "ada"})
    assert (wrong.status_code, "such as name@example.org" in wrong.content.decode()) == (400, True)


def test_the_password_of_the_mail_server_is_nowhere(desk: Desk, keeper: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.org", 587
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "huiyin", "geheim-7"
    page = desk("ada").get("/desk/house/").content.decode()
    assert "smtp://huiyin:…@mail.example.org:587" in page
    assert "geheim-7" not in page


def test_notices_that_do_not_go_out_are_told_without_saying_of_what(desk: Desk, keeper: None) -> None:
    ref = lodge(now=timezone.now()).ref
    Outbox.objects.update(attempts=1, claimed_at=timezone.now(), error="SMTPServerDisconnected")
    assert states()["outbox"] == "bad"
    page = desk("ada").get("/desk/house/").content.decode()
    assert ("SMTPServerDisconnected" in page, ref in page) == (True, False)


def test_without_mail_nothing_of_it_is_asked(desk: Desk, keeper: None, settings: Any) -> None:
    settings.MAILS = False
    found = states()
    assert (found["mail"], "mail-tested" in found, "outbox" in found) == ("good", False, False)
    assert desk("ada").post("/desk/house/mail/", {"to": "a@example.org"}).status_code == 404


# ---- what only a person knows


def test_what_the_house_cannot_see_is_said_by_name_and_taken_back(desk: Desk, keeper: None) -> None:
    assert states()[upkeep.RESTORED] == "warn"
    desk("ada").post("/desk/house/state/", {"what": upkeep.RESTORED})
    assert states()[upkeep.RESTORED] == "good"
    assert Change.objects.get(what__did="stated").actor == Officer.objects.get(login="ada")
    later = timezone.now() + timedelta(days=400)
    assert states(later)[upkeep.RESTORED] == "warn"
    desk("ada").post("/desk/house/state/", {"what": upkeep.RESTORED, "undo": "yes"})
    assert states()[upkeep.RESTORED] == "warn"
    assert desk("ada").post("/desk/house/state/", {"what": "clerk"}).status_code == 404
    audited = desk("audrey").get("/desk/audit/changes/").content.decode()
    assert "Said to be done" in audited


def test_who_keeps_a_part_sees_the_list_and_changes_nothing_of_the_whole(
    desk: Desk, cast: dict[str, Officer]
) -> None:
    browser = desk("ada")
    assert "You keep some of the bodies here" in browser.get("/desk/house/").content.decode()
    assert browser.get("/desk/house/face/").status_code == 404
    assert browser.post("/desk/house/mail/", {"to": "a@example.org"}).status_code == 404
    assert browser.post("/desk/house/state/", {"what": upkeep.PRINTED}).status_code == 404


# ---- what the public sees


FACE = {"name_zh": "云溪市网上信访", "operator": "云溪市信访局", "contact": "0000-1234567"}


def test_what_it_says_of_itself_stands_on_the_public_pages(desk: Desk, keeper: None, client: Client) -> None:
    assert desk("ada").post("/desk/house/face/", {"name_zh": ""}).status_code == 400
    assert desk("ada").post("/desk/house/face/", FACE).status_code == 302
    assert states()["face"] == "good"
    assert Face.objects.get().operator in client.get("/").content.decode()
    assert FACE["contact"] in client.get("/about/").content.decode()


def test_it_is_not_open_before_anybody_reads_and_never_closes_after_the_first(
    bodies: dict[str, Body], cast: dict[str, Officer], client: Client
) -> None:
    client.cookies["huiyin_language"] = "en"
    roles = Role.objects.filter(role="registrar")
    held = list(roles)
    roles.delete()
    assert "Not open yet" in client.get("/").content.decode()
    closed = client.get("/lodge/").content.decode()
    assert ("Not open yet" in closed, "/lodge/write" in closed) == (True, False)
    assert states()["open"] == "bad"
    Role.objects.bulk_create(held)
    lodge(now=timezone.now())
    Role.objects.filter(role="registrar").delete()
    assert Petition.objects.exists()
    assert "Not open yet" not in client.get("/").content.decode()
    assert "/lodge/write" in client.get("/lodge/").content.decode()


# ---- a demonstration


def test_a_demonstration_says_what_it_leaves_out(
    cast: dict[str, Officer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "is_demonstration", lambda: True)
    found = states()
    assert {found[code] for code in ("backup", "witnesses", "face", "origin")} == {"left"}
    assert found["clerk"] == "bad"  # what runs is looked at in a demonstration too


# ---- in the shell


def test_everything_green_in_the_end(
    cast: dict[str, Officer], bodies: dict[str, Body], settings: Any, house_keys: None, tmp_path: Path
) -> None:
    """From red to ready: nothing that a petitioner would suffer from is left."""
    assert not readiness.is_ready(readiness.look(timezone.now()))
    Role.objects.create(officer=cast["hedda"], body=bodies["zj"], role="administrator")
    settings.PUBLIC_URL, settings.HTTPS, settings.ORIGIN = "https://p.example.org", True, "p.example.org"
    settings.ALLOWED_HOSTS, settings.LOG_DIR = ["p.example.org"], tmp_path / "log"
    from huiyin.clerk import publishing

    publishing.publish(timezone.now())
    now = timezone.now()
    for name in (pulses.CLERK, pulses.COURIER, pulses.BACKUP, pulses.KEY_BACKUP):
        pulses.beat(name, now)
    Competence.objects.get_or_create(body=bodies["zj"], subject="住房")
    bad = [line for line in readiness.to_do(readiness.look(now)) if line.state == readiness.BAD]
    # Neither the disk of whoever runs this nor a PostgreSQL that waits for no disk is the house's doing.
    assert [line.code for line in bad if line.code not in {"disk", "durable-default"}] == []


def test_another_law_is_not_asked_for_what_it_does_not_know(
    cast: dict[str, Officer], bodies: dict[str, Body], settings: Any
) -> None:
    assert {"heads", "discipline"} <= states().keys()
    settings.JURISDICTION = "uk-housing"
    assert {"heads", "discipline"}.isdisjoint(states())
