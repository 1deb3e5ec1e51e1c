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

from tests.api import server

NAMED = {"subject": "路灯坏了", "text": "三盏", "author": {"name": "金丝雀", "email": "c@example.test"}}
REPORT = {"kind": "report", "subject": "举报", "text": "收了三万元", "author": {"name": "金丝雀"}}
URL = os.environ.get("HUIYIN_DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="needs PostgreSQL: python -m tests.postgres run …")


@dataclass(frozen=True, slots=True)
class Apart:
    """An installation whose public process signs in as a role of its own."""

    folder: Path
    owner: str
    public: str  # the database as the public role sees it
    public_keys: str


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    folder, role = tmp_path_factory.mktemp("roles"), f"public_{secrets.token_hex(4)}"
    with server.own_database(URL) as owner, server.own_database(URL) as keys:
        more = {"HUIYIN_KEYS_URL": keys}
        server.ask(folder, owner, "prepare", **more)
        here = server.environment(folder, owner, zone="all", keys=keys)
        command = [sys.executable, "-m", "huiyin.doors.cli", "setup", "--grants", role]
        done = subprocess.run(command, env=here, capture_output=True, text=True, check=True)
        first, second = done.stdout.split("\n\n")
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'apart'".encode())
            connection.execute(first.encode())
        with psycopg.connect(keys, autocommit=True) as connection:
            connection.execute(second.encode())
        yield Apart(folder, owner, _as(owner, role), _as(keys, role))
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


def test_every_table_was_thought_of(apart: Apart) -> None:
    """A seal that somebody adds later is readable by nobody in the public process until it is listed."""
    from huiyin.vault import grants
    from huiyin.vault import models as seals

    listed = grants.CLOSED | grants.READ_BACK
    holding = {m for m in vars(seals).values() if isinstance(m, type) and "sealed" in vars(m)}
    assert {m for m in holding if not m._meta.abstract} <= listed  # type: ignore[attr-defined]
