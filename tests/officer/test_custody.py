"""The custodian's page: the request is decided there, and the petition is not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.registry.models import Officer, Role
from tests.cast import Walk, enrol, lodge
from tests.registry.test_second_person import PAPER, WHY

SECRET = "收了三万元"


@pytest.fixture
def report(cast: Any, bodies: Any) -> Callable[[], Walk]:
    """`report()`: a report that lies with the discipline body now."""
    cast["cora"] = Officer.objects.create_officer("cora", None, name="Cora")
    enrol(cast["cora"])
    Role.objects.create(officer=cast["cora"], body=bodies["xf"], role="custodian")
    Role.objects.create(officer=cast["dora"], body=bodies["jw"], role="handler")

    def made() -> Walk:
        now = timezone.now()
        return Walk(lodge(now=now, kind="report", against=("zj",), text=SECRET, subject=SECRET), now)

    return made


def test_the_custodian_allows_and_the_officer_opens_once(
    desk: Callable[..., Client], report: Callable[[], Walk]
) -> None:
    walk = report()
    page = desk("dora").get(f"/desk/p/{walk.ref}/").content.decode()
    assert "/move/ask-opening/" in page
    assert "/move/unseal/" not in page
    walk("ask-opening", "dora", **WHY)
    cora = desk("cora")
    assert walk.ref in cora.get("/desk/custody/").content.decode()
    shown = cora.get(f"/desk/custody/{walk.ref}/").content.decode()
    assert WHY["words"] in shown
    assert SECRET not in shown
    assert cora.get(f"/desk/p/{walk.ref}/").status_code == 404
    said = {"seen": walk.petition.version, "reasons": "The street is needed"}
    where = f"/desk/custody/{walk.ref}/allow-opening/"
    assert cora.post(where, {**said, "reasons": ""}).status_code == 400
    assert cora.post(where, said).status_code == 302
    assert cora.get(f"/desk/custody/{walk.ref}/").status_code == 404, "decided: it is theirs no more"
    opened = desk("dora").post(f"/desk/p/{walk.ref}/move/unseal/", {"seen": walk.petition.version, **WHY})
    assert "张三" in opened.content.decode()
    desk_page = desk("dora").get(f"/desk/p/{walk.ref}/").content.decode()
    assert "The street is needed" in desk_page, "whoever asked reads the answer"


def test_a_granted_demand_is_opened_by_the_custodian_alone(
    desk: Callable[..., Client], report: Callable[[], Walk]
) -> None:
    walk = report()
    walk("record-demand", "dora", **PAPER)
    walk("agree-demand", "cora", reasons="lawful")
    assert "1 demand waits" in desk("audrey").get("/desk/audit/demands/").content.decode()
    said = {"seen": walk.petition.version, "reasons": "lawful"}
    assert desk("audrey").post(f"/desk/custody/{walk.ref}/grant-demand/", said).status_code == 302
    answered = {"seen": walk.petition.version, "handed": "the name"}
    page = desk("cora").post(f"/desk/custody/{walk.ref}/answer-demand/", answered)
    assert "张三" in page.content.decode()
    assert "County Police" in desk("audrey").get("/desk/audit/demands/").content.decode()
    for login in ("sven", "dora"):
        assert "County Police" not in desk(login).get(f"/desk/p/{walk.ref}/").content.decode()


@pytest.mark.parametrize("login", ["sven", "dora", "ada", "otto"])
def test_nobody_else_opens_the_page(
    desk: Callable[..., Client], report: Callable[[], Walk], login: str
) -> None:
    walk = report()
    walk("ask-opening", "dora", **WHY)
    for place in ("", f"{walk.ref}/", f"{walk.ref}/allow-opening/"):
        assert desk(login).get(f"/desk/custody/{place}").status_code == 404


def test_the_list_asks_the_same_number_of_questions_however_long(
    desk: Callable[..., Client], report: Callable[[], Walk]
) -> None:
    counted = []
    for _ in range(2):
        for _ in range(2):
            report()("ask-opening", "dora", **WHY)
        cora = desk("cora")
        cora.get("/desk/custody/")
        with CaptureQueriesContext(connection) as asked:
            cora.get("/desk/custody/")
        counted.append(len(asked))
    assert counted[0] == counted[1]
