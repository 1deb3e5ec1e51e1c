"""Due dates in an officer's own calendar: references and days, by an address that can be taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from huiyin.registry import calendar_links, keeping
from huiyin.registry.models import CalendarLink, Officer, Role
from tests.cast import NOW, Walk, legal_day, lodge

PAGE = "/desk/calendar/"


def address(client: Client, officer: Officer) -> str:
    client.force_login(officer)
    said = client.post(PAGE, {"go": "make"}).content.decode()
    found = re.search(r"/desk/calendar/[\w-]+\.ics", said)
    assert found is not None
    return found[0]


def test_the_calendar_has_references_and_days_and_nothing_of_the_matter(
    client: Client, cast: Any, walk: Walk
) -> None:
    feed = address(client, cast["olga"])
    said = Client().get(feed).content.decode()
    assert f"SUMMARY:{walk.ref}\r\n" in said
    assert f"DTSTART;VALUE=DATE:{walk.petition.next_due:%Y%m%d}" in said
    for word in ("路灯", "张三", "claim"):
        assert word not in said


def test_what_is_not_theirs_is_not_in_it(cast: Any, walk: Walk) -> None:
    assert calendar_links.due_dates(cast["olga"], legal_day(NOW)) == [(walk.ref, walk.petition.next_due)]
    assert calendar_links.due_dates(cast["tina"], legal_day(NOW)) == []


def test_a_report_against_persons_is_in_no_calendar(cast: Any) -> None:
    lodge(kind="report", against=("zj",))
    assert calendar_links.due_dates(cast["dora"], legal_day(NOW)) == []


def test_the_address_is_shown_once_and_kept_by_a_digest(client: Client, cast: Any) -> None:
    feed = address(client, cast["olga"])
    assert feed not in client.get(PAGE).content.decode()
    assert feed.split("/")[-1].removesuffix(".ics") not in str(CalendarLink.objects.values())


@pytest.mark.parametrize("how", ["take back", "make anew", "sign out everywhere", "close the account"])
def test_an_address_ends(client: Client, cast: Any, how: str) -> None:
    feed, olga = address(client, cast["olga"]), cast["olga"]
    if how == "take back":
        client.post(PAGE, {"go": "end"})
    elif how == "make anew":
        address(client, olga)
    elif how == "sign out everywhere":
        keeping.end_sessions(olga)
    else:
        Officer.objects.filter(pk=olga.pk).update(is_active=False)
    assert Client().get(feed).status_code == 404


def test_an_address_that_was_made_up_opens_nothing(client: Client, cast: Any) -> None:
    assert client.get("/desk/calendar/made-up.ics").status_code == 404


def test_a_change_of_roles_ends_it(client: Client, cast: Any) -> None:
    feed = address(client, cast["olga"])
    keeping.take_role(Role.objects.get(officer=cast["olga"]), by=cast["ada"], now=NOW)
    assert Client().get(feed).status_code == 404
