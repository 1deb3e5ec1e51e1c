"""Holds and retention on the desk: what is over, what is held and by whom, and what was erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clerk.retention import erase_due
from huiyin.registry import erasing, retaining
from huiyin.registry.models import Body, Clock, Hold, Officer, Outbox, Petition, Role
from tests.cast import NOW, Walk, acting_as, legal_day, lodge

Desk = Callable[..., Client]
LIST, HOLDS, ERASED = "/desk/retention/", "/desk/retention/holds/", "/desk/retention/erased/"
LONG_AGO = NOW - timedelta(days=366 * 12)


def ended(body: str = "zj", **changes: Any) -> Walk:
    """A suggestion with that body whose last step lies twelve years back: it is kept for ten."""
    walk = Walk(lodge(**{"now": LONG_AGO, "kind": "suggestion", "body": body, **changes}))
    Petition.objects.filter(ref=walk.ref).update(is_open=False, holder=Body.objects.get(code=body))
    Clock.objects.update(state="met", ended=LONG_AGO.date())
    Outbox.objects.update(sent_at=LONG_AGO)
    return walk


def page(browser: Client, address: str = LIST) -> str:
    return str(browser.get(address).content.decode())


def held(**changes: Any) -> dict[str, Any]:
    until = (timezone.now() + timedelta(days=90)).date().isoformat()
    return {"ground": "Evidence in a pending case", "article": "art. 64", "until": until, **changes}


def test_the_head_reads_what_is_over_and_the_auditor_above_too(desk: Desk, cast: Any) -> None:
    walk = ended()
    for login in ("hedda", "audrey"):
        shown = page(desk(login))
        assert walk.ref in shown
        assert "erased in the next run" in shown
        assert walk.filed.petition.subject not in shown
    assert Petition.objects.get(ref=walk.ref).erased_on is None, "nothing is erased by looking"


@pytest.mark.parametrize("login", ["otto", "tina", "ada", "olga", "dora", "sven"])
def test_nobody_else_opens_it(desk: Desk, cast: Any, login: str) -> None:
    walk = ended()
    for address in (LIST, HOLDS, ERASED, f"/desk/p/{walk.ref}/hold/"):
        assert desk(login).get(address).status_code == 404


def test_a_hold_keeps_it_until_it_is_lifted(desk: Desk, cast: Any) -> None:
    walk, head = ended(), desk("hedda")
    assert f"/desk/p/{walk.ref}/hold/" in page(head)
    assert head.post(f"/desk/p/{walk.ref}/hold/", held()).headers["Location"] == HOLDS
    assert "Evidence in a pending case" in page(head, HOLDS)
    assert "a hold with a legal ground keeps it" in page(head)
    assert erase_due(timezone.now()) == 0
    author = Client()
    author.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    assert "Evidence in a pending case" in author.get("/follow/petition/").content.decode()
    row = Hold.objects.get()
    assert desk("audrey").post(f"/desk/retention/holds/{row.pk}/lift/").status_code == 404
    assert "nobody can bring it back" in head.post(f"/desk/retention/holds/{row.pk}/lift/").content.decode()
    assert Hold.objects.get().lifted_on is None
    assert head.post(f"/desk/retention/holds/{row.pk}/lift/", {"sure": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.lifted_by == cast["hedda"]
    assert erase_due(timezone.now()) == 1
    stone = page(head, ERASED)
    assert walk.ref in stone
    assert "the clerk" in stone


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ground": ""}, "Legal ground"),
        ({"article": " "}, "Article"),
        ({"until": "2026-01-01"}, "give a day after today"),
        ({"until": "soon"}, "Until"),
        ({"ground": "x" * 301}, "Legal ground"),
    ],
)
def test_what_is_missing_is_said_at_its_field(desk: Desk, cast: Any, wrong: Any, words: str) -> None:
    walk = ended()
    answer = desk("hedda").post(f"/desk/p/{walk.ref}/hold/", held(**wrong))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Hold.objects.exists()


def test_another_bodys_head_holds_and_lifts_nothing(desk: Desk, cast: Any, bodies: Any) -> None:
    walk = ended()
    Role.objects.create(officer=cast["tina"], body=bodies["jt"], role="head")
    stranger = desk("tina")
    assert walk.ref not in page(stranger)
    assert stranger.post(f"/desk/p/{walk.ref}/hold/", held()).status_code == 404
    desk("hedda").post(f"/desk/p/{walk.ref}/hold/", held())
    row = Hold.objects.get()
    assert stranger.post(f"/desk/retention/holds/{row.pk}/lift/").status_code == 404
    assert Hold.objects.get().lifted_on is None


def test_a_report_is_in_no_list_of_whom_it_is_about_before_and_after_its_end(
    desk: Desk, cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    """Its tombstone cannot say whom it was about: it is for the head of the body that had it alone."""
    walk = ended("jw", kind="report", against=("zj",), now=NOW)
    Role.objects.create(officer=cast["dora"], body=bodies["jw"], role="head")
    later = NOW + timedelta(days=366 * 31)

    def over_for(login: str) -> list[str]:
        among = retaining.petitions_of(acting_as(login))
        return [found.ref for found in erasing.over(later.date(), among)]

    assert over_for("dora") == [walk.ref]
    assert over_for("hedda") == []
    assert erase_due(later) == 1
    assert walk.ref in page(desk("dora"), ERASED)
    for login in ("audrey", "hedda"):
        assert walk.ref not in page(desk(login), ERASED)


def test_the_list_asks_as_much_of_the_database_however_long_it_is(desk: Desk, cast: Any) -> None:
    browser, asked = desk("hedda"), []
    for _ in range(3):
        ended()
        with CaptureQueriesContext(connection) as seen:
            browser.get(LIST)
        asked.append(len(seen))
    assert asked[1] == asked[2]
    assert len(list(erasing.due(legal_day(timezone.now())))) == 3
