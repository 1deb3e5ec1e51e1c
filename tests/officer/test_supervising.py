"""Supervision: which bodies are late, here and below; nothing about who petitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clerk import sweep
from huiyin.registry.models import Body, Entry, Role
from tests.cast import Walk, lodge


def test_each_body_shows_what_it_owes(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", days=40), at("transferred", days=12), at("accepted"), at("lodged")
    loads = {load.body.code: load for load in desk("sven").get("/desk/supervise/").context["loads"]}
    assert (loads["zj"].open, loads["zj"].soon, loads["zj"].late) == (3, 1, 1)
    assert (loads["xf"].open, loads["xf"].late) == (1, 0)


def test_the_list_says_which_clock_by_which_article_is_late(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred", days=40)
    page = desk("sven").get("/desk/supervise/")
    assert [line.petition.ref for line in page.context["lines"]] == [walk.ref]
    for words in ("Written notice", "art. 23.2", "days late", f"/desk/p/{walk.ref}/"):
        assert words in page.content.decode()


def test_the_list_can_be_narrowed_to_one_body(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", days=40)
    here = at("lodged", days=40)
    page = desk("sven").get("/desk/supervise/?due=late&body=xf")
    assert [line.petition.ref for line in page.context["lines"]] == [here.ref]
    assert desk("sven").get("/desk/supervise/?body=nowhere&due=x").status_code == 200


def test_a_supervisor_sees_nothing_above(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("rereview-requested", days=80)
    assert desk("sven").get("/desk/supervise/").context["loads"] == []


def test_a_report_about_the_supervisors_own_county_is_not_even_counted(
    desk: Callable[..., Client], bodies: dict[str, Body]
) -> None:
    shi = bodies["shi"]
    Body.objects.create(code="sjw", name_zh="市纪委", kind="discipline", level="prefecture", superior=shi)
    lodge(now=timezone.now() - timedelta(days=60), kind="report", against=("xian",), body="xf")
    lodge(now=timezone.now() - timedelta(days=60), kind="report", against=("zj",))
    assert [load.body.code for load in desk("sven").get("/desk/supervise/").context["loads"]] == ["jw"]


def test_terms_missed_this_month_are_counted_by_the_body_that_held_them(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred", days=40)
    sweep.sweep(timezone.now())
    assert Entry.objects.filter(event="clock-missed").count() == 1
    loads = {load.body.code: load for load in desk("sven").get("/desk/supervise/").context["loads"]}
    assert loads["zj"].missed == 1
    assert walk.petition.holder.code == "zj"


def test_the_bars_stand_for_what_is_owed(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", days=40), at("accepted")
    (bar,) = desk("sven").get("/desk/supervise/").context["chart"]
    assert bar.widths == (50, 0, 50)


def test_more_petitions_and_bodies_ask_the_database_no_more(
    desk: Callable[..., Client], at: Callable[..., Walk], bodies: dict[str, Body]
) -> None:
    browser = desk("sven")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/desk/supervise/").status_code == 200
        return len(queries)

    at("transferred", days=40), at("lodged", days=40)
    asked()  # what a process asks once and keeps
    few = asked()
    for code in ("a", "b", "c"):
        body = Body.objects.create(
            code=code, name_zh=code, kind="organ", level="county", superior=bodies["xian"]
        )
        for _ in range(8):
            lodge(now=timezone.now() - timedelta(days=40), body=body.code)
    assert asked() == few


def test_a_supervisor_of_the_holding_body_reads_what_it_decides_on(
    desk: Callable[..., Client], at: Callable[..., Walk], bodies: dict[str, Body]
) -> None:
    walk = at("accepted", text="Our street lamp.")
    role = Role.objects.get(role="supervisor")
    role.body = bodies["zj"]
    role.save()
    assert b"Our street lamp." in desk("sven").get(f"/desk/p/{walk.ref}/").content
