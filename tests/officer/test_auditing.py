"""The auditor's screen: what was opened and what was taken, by whom; nobody else reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.registry import taking
from huiyin.registry.access import Acting
from huiyin.registry.models import Export, Officer
from tests.cast import NOW, Walk

LISTS = ("", "readings/", "exports/", "changes/", "pressure/")


def take(browser: Client, walk: Walk) -> None:
    """Take the case file as ZIP, to the last byte."""
    answer = browser.get(f"/desk/p/{walk.ref}/case/zip/")
    assert b"".join(answer)


def test_a_case_file_that_is_taken_is_seen_by_auditor_and_author(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    desk("otto").head(f"/desk/p/{walk.ref}/case/")  # asks, and takes nothing
    assert not Export.objects.exists()
    take(desk("otto"), walk)
    row = Export.objects.get()
    assert (row.what, row.body, row.role, row.officer and row.officer.login) == (
        "case-zip",
        "zj",
        "handler",
        "otto",
    )
    seen = desk("audrey").get("/desk/audit/exports/").content.decode()
    assert walk.ref in seen
    assert "Otto" in seen
    author = Client()
    author.cookies["huiyin_language"] = "en"
    author.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    page = author.get("/follow/petition/").content.decode()
    assert "case file as ZIP" in page
    assert "Otto" not in page


def test_who_takes_a_file_from_above_takes_it_for_their_own_body(
    desk: Callable[..., Client], at: Callable[..., Walk], cast: dict[str, Officer]
) -> None:
    walk = at("accepted")
    taking.put_on_record(Acting(cast["sven"], NOW.date()), "letter-pdf", NOW, walk.petition)
    row = Export.objects.get()
    assert (row.body, row.role) == ("xian", "supervisor")
    assert walk.ref in desk("audrey").get("/desk/audit/exports/").content.decode()


def test_figures_that_are_taken_leave_a_row(desk: Callable[..., Client]) -> None:
    assert desk("sven").get("/desk/supervise/year/csv/").status_code == 200
    row = Export.objects.get()
    assert (row.what, row.body, row.petition) == ("year-csv", "xian", None)
    assert "figures of a year" in desk("audrey").get("/desk/audit/exports/").content.decode()


@pytest.mark.parametrize("place", LISTS)
@pytest.mark.parametrize("login", ["sven", "hedda", "otto", "ada"])
def test_nobody_but_the_auditor_opens_the_lists(
    desk: Callable[..., Client], cast: Any, login: str, place: str
) -> None:
    assert desk(login).get(f"/desk/audit/{place}").status_code == 404
    assert desk("audrey").get(f"/desk/audit/{place}").status_code == 200


def test_lists_are_filtered_by_body_and_month(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    take(desk("otto"), walk)
    now = timezone.localtime()
    before = (now.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    for query, found in (
        ("body=Housing", 1),
        ("body=Transport", 0),
        (f"month={now:%Y-%m}", 1),
        (f"month={before}", 0),
        ("month=nonsense", 1),
    ):
        page = desk("audrey").get(f"/desk/audit/exports/?{query}")
        assert len(page.context["rows"]) == found, query


@pytest.mark.parametrize("place", ["", "exports/"])
def test_a_page_asks_the_same_number_of_questions_however_long_it_is(
    desk: Callable[..., Client], at: Callable[..., Walk], place: str
) -> None:
    counted = []
    for _ in range(2):
        for _ in range(3):
            walk = at("accepted")
            take(desk("otto"), walk)
            walk("unseal", "otto", purpose="serve", words="To post the opinion")
        browser = desk("audrey")
        browser.get("/desk/audit/")  # signing in is over, and what is remembered is remembered
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/desk/audit/{place}")
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_tabs_count_what_is_new_in_a_week(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    take(desk("otto"), walk)
    old = Export.objects.get()
    Export.objects.create(
        at=timezone.now() - timedelta(days=8),
        officer=old.officer,
        body="zj",
        role="handler",
        what="case-pdf",
        petition=old.petition,
    )
    tabs = {tab["href"]: tab["new"] for tab in desk("audrey").get("/desk/audit/").context["tabs"]}
    assert tabs["/desk/audit/exports/"] == 1
