"""Supervision: which bodies are late, here and below; nothing about who petitions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clerk import sweep
from huiyin.registry import board
from huiyin.registry.models import Body, Entry, Officer, Petition, Role
from tests.cast import Walk, legal_day, lodge


def loads_on(browser: Client) -> dict[str, board.Load]:
    return {load.body.code: load for load, _ in browser.get("/desk/supervise/").context.get("loads", ())}


def refs_on(page: Any) -> list[str]:
    return [each["line"].petition.ref for each in page.context["lines"]]


def test_each_body_shows_what_it_owes(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", days=40), at("transferred", days=12), at("accepted"), at("lodged")
    loads = loads_on(desk("sven"))
    assert (loads["zj"].open, loads["zj"].near, loads["zj"].late) == (3, 1, 1)
    assert (loads["xf"].open, loads["xf"].late) == (1, 0)


def test_the_list_says_which_clock_by_which_article_is_late(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred", days=40)
    page = desk("sven").get("/desk/supervise/")
    assert refs_on(page) == [walk.ref]
    for words in ("Written notice", "art. 23.2", "days late", f"/desk/p/{walk.ref}/"):
        assert words in page.content.decode()


def test_the_list_can_be_narrowed_to_one_body(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", days=40)
    here = at("lodged", days=40)
    page = desk("sven").get("/desk/supervise/petitions/?due=late&body=xf")
    assert refs_on(page) == [here.ref]
    asked = "/desk/supervise/petitions/?body=nowhere&due=x&age=99&hands=x&why=none&nobody=1"
    assert "Nothing is in this choice" in desk("sven").get(asked).content.decode()


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
    assert list(loads_on(desk("sven"))) == ["jw"]


def test_terms_missed_this_month_are_counted_by_the_body_that_held_them(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred", days=40)
    sweep.sweep(timezone.now())
    assert Entry.objects.filter(event="clock-missed").count() == 1
    assert loads_on(desk("sven"))["zj"].missed == 1
    assert walk.petition.holder.code == "zj"


def test_the_bars_stand_for_what_is_owed(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", days=40), at("accepted")
    ((_load, bar),) = desk("sven").get("/desk/supervise/").context["loads"]
    assert [(part.tone, part.start, part.width) for part in bar] == [("late", 0, 50), ("time", 50, 50)]


def test_behind_every_number_stand_as_many_petitions(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    """Whoever follows a number comes to a list of just so many lines."""
    at("transferred", days=40), at("transferred", days=12), at("accepted"), at("lodged", days=40)
    at("opinion-issued", days=100), at("opinion-served")("dispute-carried-out", "author", comment="No.")
    browser = desk("sven")
    html = browser.get("/desk/supervise/").content.decode()
    link = r'<a (?:class="[^"]+" )?href="/desk/supervise/petitions/\?([^"]+)">(?:<strong>)?(\d+)<'
    numbers = re.findall(link, html)
    assert len(numbers) > 20
    for asked, number in numbers:
        page = browser.get(f"/desk/supervise/petitions/?{unescape(asked)}")
        assert len(page.context["lines"]) == int(number), asked


def test_what_changed_since_the_last_working_day_leads_to_its_petitions(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    long_ago, taken, late = at("accepted", days=20), at("accepted"), at("transferred", days=40)
    near = at("accepted", days=19)
    today = legal_day(timezone.now())
    Petition.objects.filter(ref=near.ref).update(next_due=board.near_until(today))
    late.now = timezone.now()
    late("breach", "clerk", clock="notice")
    late("accept", "otto")
    page = desk("sven").get("/desk/supervise/")
    assert page.context["since"] == board.Since(board.last_workday(today), no_longer=1, taken=2)
    # On a day off no working day has passed since the last one, so nothing has come nearer.
    nearer = board.near_until(board.last_workday(today)) < board.near_until(today)
    assert page.context["totals"]["newly_near"] == int(nearer)
    for due, walks in (("taken", [taken, late]), ("no_longer", [late]), ("newly-near", [near] * nearer)):
        found = refs_on(desk("sven").get(f"/desk/supervise/petitions/?due={due}"))
        assert sorted(found) == sorted(walk.ref for walk in walks)
    assert long_ago.petition.state == "accepted"


def test_on_a_monday_what_changed_since_friday_is_new() -> None:
    assert board.last_workday(date(2026, 11, 30)) == date(2026, 11, 27)
    assert board.last_workday(date(2026, 11, 27)) == date(2026, 11, 26)


def test_the_day_after_a_last_day_it_is_late_since_today(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("lodged", days=1)
    yesterday = legal_day(timezone.now()) - timedelta(days=1)
    Petition.objects.filter(ref=walk.ref).update(next_due=yesterday)
    assert refs_on(desk("sven").get("/desk/supervise/petitions/?due=fresh")) == [walk.ref]


def test_ages_are_shown_as_groups_and_drawn_with_a_table_beside(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    at("transferred", days=40), at("accepted", days=3)
    page = desk("sven").get("/desk/supervise/")
    assert [each["all"] for each in page.context["ages"]] == [1, 0, 1, 0, 0, 0]
    plot = ElementTree.fromstring(str(page.context["plot"]))
    assert plot.get("role") == "img"
    assert "table" in str(plot.get("aria-label"))


def test_a_petition_that_was_handed_on_is_counted_by_the_bodies_that_had_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    at("lodged"), at("transferred")
    assert [line.count for line in desk("sven").get("/desk/supervise/").context["hands"]] == [1, 1, 0, 0]


def test_near_means_working_days() -> None:
    """On the eve of a week of holidays, what is due on the fifth day of work is near."""
    assert board.near_until(date(2026, 9, 30)) == date(2026, 10, 13)
    assert board.near_until(date(2026, 11, 23)) == date(2026, 11, 30)


def test_nothing_on_the_board_is_about_an_officer(
    desk: Callable[..., Client], at: Callable[..., Walk], cast: dict[str, Officer]
) -> None:
    at("accepted")("entrust", "hedda", officer="otto")
    html = desk("sven").get("/desk/supervise/").content.decode()
    assert cast["otto"].name not in html
    assert "officer=" not in html


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


def test_the_way_back_from_a_petition_is_to_the_board_of_who_has_no_inbox(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    back = 'href="/desk/supervise/petitions/?due=over" data-key="u"'
    assert back in desk("sven").get(f"/desk/p/{walk.ref}/").content.decode()
    assert 'href="/desk/" data-key="u"' in desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()
