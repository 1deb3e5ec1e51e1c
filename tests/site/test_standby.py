"""Public pages come from the standby, and from the database where it is away or too far behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from huiyin.site import environment, standby
from tests.cast import Walk

PAGE = "/bodies/"
SQLITE, SERVER = "", "postgresql://huiyin@db1/huiyin"


@pytest.fixture(autouse=True)
def nothing_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby._Seen, "good", True)
    monkeypatch.setattr(standby._Seen, "until", 0.0)


@pytest.fixture
def second(transactional_db: None, cast: Any) -> Iterator[Any]:
    """A second connection to what is committed: what a standby without any delay would be."""
    del transactional_db, cast
    told = deepcopy(connections.settings["default"])
    told["OPTIONS"] |= {"connect_timeout": "2"}
    connections.settings[standby.ALIAS] = told
    # Under the name of the database: to any other the tests allow no connection.
    connections[standby.ALIAS] = type(connections["default"])(told, "default")
    yield connections[standby.ALIAS]
    connections[standby.ALIAS].close()
    del connections[standby.ALIAS]
    del connections.settings[standby.ALIAS]


def asked(client: Client, address: str = PAGE) -> tuple[int, int]:
    """How many questions a page asked of the standby, and of the database."""
    there = connections[standby.ALIAS]
    with CaptureQueriesContext(there) as of_it, CaptureQueriesContext(connection) as of_the_database:
        answer = client.get(address)
    assert answer.status_code == 200
    return sum("registry_" in query["sql"] for query in of_it.captured_queries), len(of_the_database)


@pytest.mark.postgres
def test_a_public_page_asks_the_database_nothing(second: Any, client: Client) -> None:
    del second
    of_it, of_the_database = asked(client)
    assert of_it > 0
    assert of_the_database == 0


@pytest.mark.postgres
def test_it_comes_from_the_database_while_the_standby_is_away(second: Any, client: Client) -> None:
    second.close()
    second.settings_dict["PORT"] = "1"
    with CaptureQueriesContext(connection) as of_the_database:
        assert client.get(PAGE).status_code == 200
    assert len(of_the_database) > 0
    assert not standby._Seen.good


@pytest.mark.postgres
def test_a_standby_that_dies_in_the_middle_costs_nobody_their_page(
    second: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(client)  # it was there a moment ago
    second.close()
    second.settings_dict["PORT"] = "1"
    monkeypatch.setattr(standby._Seen, "until", time.monotonic() + 60)
    assert client.get(PAGE).status_code == 200


@pytest.mark.postgres
def test_what_is_far_behind_is_not_shown(
    second: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    del second
    monkeypatch.setattr(standby, "BEHIND", "SELECT 301.0")
    of_it, of_the_database = asked(client)
    assert of_it == 0
    assert of_the_database > 0


@pytest.mark.postgres
def test_nobody_follows_a_petition_there(second: Any, client: Client, walk: Walk) -> None:
    del second
    client.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    of_it, of_the_database = asked(client, "/follow/petition/")
    assert of_it == 0
    assert of_the_database > 0


def test_without_one_nothing_changes(db: None, client: Client) -> None:
    del db
    assert standby.ALIAS not in connections.settings
    assert client.get(PAGE).status_code == 200


def test_only_the_public_door_reads_there() -> None:
    """Each of its addresses, and none of another door: whoever follows or files reads what they did."""
    for pattern in _all(get_resolver("huiyin.site.urls_public").url_patterns):
        door = pattern.callback.__module__
        is_wrapped = (
            hasattr(pattern.callback, "__wrapped__") and "may_read" in pattern.callback.__code__.co_qualname
        )
        assert is_wrapped == door.startswith("huiyin.doors.public"), pattern


def _all(patterns: Any) -> Iterator[Any]:
    for each in patterns:
        if hasattr(each, "url_patterns"):
            yield from _all(each.url_patterns)
        else:
            yield each


def test_a_standby_needs_something_to_stand_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_STANDBY_URL", "postgresql://huiyin@db2/huiyin")
    monkeypatch.setenv("HUIYIN_DATABASE_URL", SQLITE)
    with pytest.raises(ImproperlyConfigured, match="of what"):
        environment.standby()
    monkeypatch.setenv("HUIYIN_DATABASE_URL", SERVER)
    assert environment.standby()["standby"]["OPTIONS"]["target_session_attrs"] == "any"
