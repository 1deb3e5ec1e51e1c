"""The role of the public process, in a real PostgreSQL: it files, follows and shows, and opens nothing."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from huiyin.vault import grants
from tests.api import server

NAMED = {"subject": "路灯坏了", "text": "三盏", "author": {"name": "金丝雀", "email": "c@example.test"}}
REPORT = {"kind": "report", "subject": "举报", "text": "收了三万元", "author": {"name": "金丝雀"}}
URL = os.environ.get("HUIYIN_DATABASE_URL", "")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not URL, reason="needs PostgreSQL: python -m tests.postgres run …"),
]


@dataclass(frozen=True, slots=True)
class Apart:
    """An installation whose processes sign in as roles of their own."""

    folder: Path
    owner: str
    owner_keys: str
    databases: dict[str, str]  # as the role of each process sees it
    stores: dict[str, str]

    @property
    def public(self) -> str:
        return self.databases["public"]

    @property
    def public_keys(self) -> str:
        return self.stores["public"]

    def run(self, process: str, script: str) -> str:
        """What a script prints that runs as that process; `owner` = the role that owns the tables."""
        urls = (self.owner, self.owner_keys)
        if process in self.databases:
            urls = (self.databases[process], self.stores[process])
        here = server.environment(self.folder, urls[0], zone=ZONES.get(process, "all"), keys=urls[1])
        done = subprocess.run(
            [sys.executable, "-c", BEGIN + script],
            cwd=server.HOUSE,
            env=here,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (process, done.stderr[-3000:])
        return done.stdout.strip()


ZONES = {"desk": "desk", "mail": "public"}
BEGIN = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
import django; django.setup()
from django.utils import timezone
from huiyin.registry.models import *
now = timezone.now()
"""


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    folder, some = tmp_path_factory.mktemp("roles"), secrets.token_hex(4)
    roles = {process: f"{process}_{some}" for process in grants.PROCESSES}
    with server.own_database(URL, tables=True) as owner, server.own_database(URL) as keys:
        more = {"HUIYIN_KEYS_URL": keys}
        server.ask(folder, owner, "prepare", **more)
        here = server.environment(folder, owner, zone="all", keys=keys)
        for process, role in roles.items():
            command = [sys.executable, "-m", "huiyin.doors.cli", "setup"]
            command += ["--grants", role, "--process", process]
            done = subprocess.run(command, env=here, capture_output=True, text=True, check=True)
            first, second = done.stdout.split("\n\n")
            with psycopg.connect(owner, autocommit=True) as connection:
                connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'apart'".encode())
                connection.execute(first.encode())
            with psycopg.connect(keys, autocommit=True) as connection:
                connection.execute(second.encode())
        seen = {process: _as(owner, role) for process, role in roles.items()}
        stores = {process: _as(keys, role) for process, role in roles.items()}
        yield Apart(folder, owner, keys, seen, stores)
        for role in roles.values():
            for url in (owner, keys):
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute(f"DROP OWNED BY {role}".encode())
            with psycopg.connect(URL, autocommit=True) as connection:
                connection.execute(f"DROP ROLE {role}".encode())


def _as(url: str, role: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}:apart@{parts.hostname}:{parts.port}").geturl()


@pytest.fixture(scope="module")
def filed(apart: Apart) -> list[dict[str, str]]:
    """Two petitions, through the real server under the public role, each read back with its key."""
    made = []
    with server.web(apart.folder, apart.public, workers=1, keys=apart.public_keys) as web:
        for petition in (NAMED, REPORT):
            status, said = server.post(web.port, json.dumps(petition).encode(), {})
            assert status == 201, (said, (apart.folder / "web.log").read_text()[-3000:])
            made.append(json.loads(said))
            answer = _followed(web.port, made[-1])
            assert answer["text"] == petition["text"]
    return made


def _followed(port: int, filed: dict[str, str]) -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", f"/api/v1/petitions/{filed['ref']}", headers={"Huiyin-Key": filed["key"]})
    answer: dict[str, str] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def test_the_public_role_files_and_its_authors_read_back(filed: list[dict[str, str]]) -> None:
    assert len(filed) == 2


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT sealed FROM vault_identityseal",
        "SELECT * FROM vault_contactseal",
        "SELECT sealed FROM vault_signerseal",
        "UPDATE vault_identityseal SET sealed = ''",
        "DELETE FROM vault_identityseal",
        "DELETE FROM registry_petition",
        "DELETE FROM registry_entry",
        "UPDATE registry_entry SET contents = '{}'",
        "SELECT * FROM django_session",
        "UPDATE registry_role SET role = 'administrator'",
        "CREATE TABLE mine (n int)",
    ],
)
def test_the_database_itself_refuses_the_rest(apart: Apart, filed: list[dict[str, str]], asked: str) -> None:
    with psycopg.connect(apart.public) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(asked.encode())


@pytest.mark.parametrize("asked", ["SELECT * FROM keystore_datakey", "DELETE FROM keystore_datakey"])
def test_the_key_store_refuses_to_be_read(apart: Apart, filed: list[dict[str, str]], asked: str) -> None:
    with (
        psycopg.connect(apart.public_keys) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(asked.encode())


def test_each_process_does_its_own_work_under_its_own_role(apart: Apart, filed: list[dict[str, str]]) -> None:
    """The desk handles and opens, the courier sends, the clerk keeps house: each alone."""
    claim, report = (each["ref"] for each in filed)
    apart.run("owner", PEOPLE)
    assert apart.run("desk", AT_THE_DESK.format(claim=claim, report=report)) == "金丝雀 收了三万元"
    assert apart.run("courier", "from huiyin.clerk import courier; print(courier.deliver(now))")
    assert apart.run("mail", BY_MAIL) == "b'made' done 1"
    told = apart.run("owner", "print(sorted(set(Entry.objects.values_list('event', flat=True))))")
    assert "notice-sent" in told
    assert "seal-opened" in told
    told = "from huiyin.registry import board_round; board_round.tell(Petition.objects.all())"
    for process in ("public", "desk"):
        apart.run(process, told)
    apart.run("clerk", "from huiyin.clerk.loop import Clerk; Clerk().look(now)")
    assert apart.run("owner", "print(BoardShare.objects.count() > 0, BoardAnew.objects.count())") == "True 0"
    assert apart.run("clerk", ERASED.format(claim=claim)) == "1"
    assert apart.run("owner", "print(Tombstone.objects.count())") == "1"


BY_MAIL = """
from huiyin.registry import by_mail
from huiyin.registry.file import Lodging, file
known = by_mail.Known(b"a message")
made = by_mail.once(known, lambda: file(Lodging("x", "y", channel="email"), now=now) and b"made", now)
by_mail.answered(known, now)
by_mail.set_aside(by_mail.Known(b"another"), now, mark="m", why="spam", subject="x", text="y")
by_mail.forget(now)
print(made, by_mail.state_of(known), MailAside.objects.count())
"""
PEOPLE = """
from tests.cast import enrol
for login, body, role in (("olga", "xf", "registrar"), ("dora", "jw", "registrar")):
    officer = Officer.objects.create_officer(login, "a-long-enough-password", name=login)
    Role.objects.create(officer=officer, body=Body.objects.get(code=body), role=role)
    enrol(officer)
"""
AT_THE_DESK = """
from django.test import Client
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import access, law
from huiyin.registry.perform import perform
from huiyin.vault import unseal
olga = access.Acting(Officer.objects.get(login="olga"), law.at(now)[1])
for move in (Move("register"), Move("unseal", {{"purpose": "serve", "words": "x"}})):
    done = perform("{claim}", move, olga, now)
    assert not isinstance(done, Refusal), done
browser = Client(SERVER_NAME="localhost")
browser.force_login(Officer.objects.get(login="dora"))
page = browser.get("/desk/p/{report}/").content.decode()
sent = browser.post("/desk/p/{report}/move/remark/", {{"remark_later": "x", "step": "confirm", "seen": 1}})
assert sent.status_code == 302, sent.content.decode()
name = unseal.open_identity(Petition.objects.get(ref="{claim}").pk).name
print(name, "收了三万元" if "收了三万元" in page else page)
"""
ERASED = """
from datetime import timedelta
from huiyin.registry import erasing
Petition.objects.filter(ref="{claim}").update(is_open=False)
Clock.objects.update(state="met", ended=now.date())
Outbox.objects.update(sent_at=now)
later = now + timedelta(days=366 * 31)
print(sum(erasing.erase(found, later, batch="1") is not None for found in erasing.due(later.date())))
"""


@pytest.mark.parametrize(
    ("process", "asked"),
    [
        ("desk", "SELECT sealed FROM vault_contactseal"),
        ("desk", "UPDATE registry_entry SET public = ''"),
        ("desk", "UPDATE registry_change SET what = '{}'"),
        ("desk", "DELETE FROM registry_reading"),
        ("desk", "DELETE FROM registry_petition"),
        ("desk", "UPDATE registry_boardfigure SET n = 0"),
        ("public", "DELETE FROM registry_boardanew"),
        ("clerk", "SELECT sealed FROM vault_identityseal"),
        ("clerk", "SELECT sealed FROM vault_wordsseal"),
        ("clerk", "UPDATE registry_entry SET public = ''"),
        ("clerk", "DELETE FROM registry_entry"),
        ("clerk", "UPDATE registry_officer SET password = ''"),
        ("clerk", "INSERT INTO registry_role (officer_id, body_id, role) VALUES (1, 1, 'auditor')"),
        ("clerk", "SELECT * FROM registry_codeapp"),
        ("courier", "SELECT sealed FROM vault_identityseal"),
        ("courier", "SELECT sealed FROM vault_entryseal"),
        ("courier", "SELECT * FROM django_session"),
        ("courier", "UPDATE registry_entry SET contents = '{}'"),
        ("courier", "DELETE FROM vault_contactseal"),
        ("mail", "SELECT sealed FROM vault_contactseal"),
        ("mail", "DELETE FROM registry_petition"),
        ("public", "SELECT * FROM registry_mailaside"),
        ("desk", "SELECT * FROM registry_mailtaken"),
        ("public", "SELECT * FROM registry_passkey"),
        ("public", "INSERT INTO registry_secondperson (petition_id, body_id, role) VALUES (1, 1, 'x')"),
    ],
)
def test_no_role_does_the_work_of_another(
    apart: Apart, filed: list[dict[str, str]], process: str, asked: str
) -> None:
    url = apart.databases[process]
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(asked.encode())


def test_every_table_was_thought_of(apart: Apart) -> None:
    """A seal that somebody adds later is readable by nobody in the public process until it is listed."""
    from huiyin.vault import models as seals

    listed = grants.CLOSED | grants.READ_BACK
    holding = {m for m in vars(seals).values() if isinstance(m, type) and "sealed" in vars(m)}
    assert {m for m in holding if not m._meta.abstract} <= listed  # type: ignore[attr-defined]
