"""The inbox: what is due first on top, filters that hold, and a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.doors.officer import sifting
from huiyin.registry import law
from huiyin.registry.access import Acting
from huiyin.registry.models import Officer, Outbox, Petition
from tests.cast import OPINION, Walk, lodge


def refs(browser: Client, query: str = "") -> list[str]:
    return [line.petition.ref for line in browser.get(f"/desk/{query}").context["lines"]]


def test_what_is_due_first_stands_first_and_what_is_never_due_last(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    served, late, fresh = at("opinion-served"), at("transferred", days=40), at("transferred", days=2)
    assert refs(desk("otto")) == [late.ref, fresh.ref, served.ref]


def test_each_line_says_what_is_due_and_how_late(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    at("transferred", days=40)
    page = desk("otto").get("/desk/").content.decode()
    assert "days late" in page
    assert "Written notice" in page


def test_a_line_never_shows_the_text(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", text="Nobody but the handlers reads this.")
    assert "Nobody but the handlers" not in desk("otto").get("/desk/").content.decode()


def test_a_body_sees_what_waits_there_and_nothing_else(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    here, elsewhere = at("transferred"), at("lodged")
    assert refs(desk("otto")) == [here.ref]
    assert refs(desk("olga")) == [elsewhere.ref]
    assert refs(desk("tina")) == []


def test_filters_narrow_the_list(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    late, mine = at("transferred", days=40), at("accepted")
    mine("entrust", "otto", officer="otto")
    soon = at("transferred", days=12)
    today = at("transferred", days=3)
    Petition.objects.filter(ref=today.ref).update(next_due=law.at(timezone.now())[1])
    browser = desk("otto")
    assert refs(browser, "?due=late") == [late.ref]
    assert refs(browser, "?due=soon") == [today.ref, soon.ref]
    assert refs(browser, "?due=today") == [today.ref]
    assert refs(browser, "?who=mine") == [mine.ref]
    assert set(refs(browser, "?who=unassigned")) == {late.ref, soon.ref, today.ref}
    assert refs(browser, "?state=accepted") == [mine.ref]
    assert refs(browser, "?state=accepted&who=unassigned") == []
    assert len(refs(browser, "?kind=claim")) == 4
    assert refs(browser, "?kind=suggestion") == []


def test_a_head_sees_first_what_waits_for_their_signature(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    waits, signed, other = at("accepted"), at("accepted"), at("accepted")
    for walk in (waits, signed):
        walk("submit-opinion", "otto", **OPINION)
    signed("countersign", "hedda")
    head = desk("hedda")
    assert refs(head, "?status=sign") == [waits.ref]
    [tab] = [each for each in head.get("/desk/").context["quick"] if each.query == "status=sign"]
    assert tab.count == "1"
    assert "status=sign" not in [each.query for each in desk("rita").get("/desk/").context["quick"]]
    assert other.petition.state == "accepted"


def test_the_list_can_be_in_another_order_and_the_tabs_keep_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    old, middle, young = at("accepted", days=9), at("accepted", days=6), at("accepted", days=3)
    browser = desk("otto")
    assert refs(browser, "?sort=newest") == [young.ref, middle.ref, old.ref]
    assert refs(browser, "?sort=oldest") == [old.ref, middle.ref, young.ref]
    middle.later(days=6)("entrust", "otto", officer="otto")
    assert refs(browser, "?sort=moved")[0] == middle.ref
    assert refs(browser, "?sort=person") == refs(browser)
    page = browser.get("/desk/?sort=newest")
    assert 'href="/desk/?sort=newest&amp;who=mine"' in page.content.decode()
    assert 'class="sift" open' not in page.content.decode()
    assert [order.query for order in page.context["orders"]] == [
        "",
        "sort=newest",
        "sort=oldest",
        "sort=moved",
    ]


def test_a_notice_that_went_out_moves_nothing_to_the_top(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    first, last = at("accepted", days=9), at("accepted", days=3)
    first.later(days=8)("dispatch", "courier", channel="page")
    assert refs(desk("otto"), "?sort=moved") == [last.ref, first.ref]


def test_a_filter_that_cannot_be_read_filters_nothing(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    at("transferred")
    assert len(refs(desk("otto"), "?state=nonsense&due=%00&page=x&who=1")) == 1


def test_closed_petitions_are_found_under_closed(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("closed-final")
    browser = desk("rolf")
    assert refs(browser) == []
    assert refs(browser, "?status=closed") == [walk.ref]


def test_what_we_still_have_to_carry_out_is_found_wherever_it_is(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("review-requested")
    assert refs(desk("otto")) == []
    assert refs(desk("otto"), "?status=elsewhere") == [walk.ref]
    assert refs(desk("tina"), "?status=elsewhere") == []


def test_an_officer_whose_account_is_closed_is_in_charge_of_nothing(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    walk("entrust", "otto", officer="hedda")
    Officer.objects.filter(login="hedda").update(is_active=False)
    assert refs(desk("otto"), "?who=unassigned") == [walk.ref]


def test_numbers_stand_beside_the_quick_choices(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", days=40)
    at("accepted")
    quick = desk("otto").get("/desk/").context["quick"]
    assert {choice.query: choice.count for choice in quick} == {
        "": "2",
        "due=today": "0",
        "who=mine": "0",
        "news=unread": "2",
        "who=unassigned": "2",
        "status=serve": "0",
        "due=late": "1",
        "due=soon": "0",
    }


def test_a_reminder_of_the_clerk_shows_on_its_line(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred")
    Outbox.objects.create(
        petition=walk.petition, audience="officer", notice="reminder", mark="1/5", created_at=timezone.now()
    )
    assert "reminded" in desk("otto").get("/desk/").content.decode()


def many(number: int) -> None:
    """Petitions at the petition office, half of them late, each with an officer, a clock and a reminder."""
    officer, now = Officer.objects.get(login="olga"), timezone.now()
    for i in range(number):
        made = lodge(now=now - timedelta(days=40 if i % 2 else 2)).petition
        Petition.objects.filter(pk=made.pk).update(officer=officer)
        Outbox.objects.create(
            petition=made, audience="officer", notice="reminder", mark="1/5", created_at=now
        )


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", ["/desk/", "/desk/?due=late&who=mine"])
def test_the_inbox_asks_the_database_as_often_for_five_as_for_sixty(
    desk: Callable[..., Client], address: str
) -> None:
    browser = desk("olga")
    many(6)
    few = queries(browser, address)
    many(60)
    assert queries(browser, address) == few


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's own words")
def test_the_inbox_of_one_body_is_read_in_the_order_of_its_index(acting: Callable[..., Acting]) -> None:
    sorts = ({"sort": sort} for sort, _text in sifting.SORTS if sort)
    for wanted in ({}, {"status": "closed"}, {"due": "late"}, *sorts):
        plan = sifting.sifted(acting("olga"), wanted).explain()
        assert "petition_inbox" in plan
        assert "TEMP B-TREE" not in plan


def test_a_long_list_is_turned_page_by_page(desk: Callable[..., Client]) -> None:
    many(60)
    browser = desk("olga")
    first, second = refs(browser), refs(browser, "?page=2")
    assert len(first) == 50
    assert len(second) == 10
    assert not set(first) & set(second)


def test_who_has_no_inbox_is_sent_to_their_own_place(desk: Callable[..., Client]) -> None:
    assert desk("sven").get("/desk/").headers["Location"] == "/desk/supervise/"
    assert desk("ada").get("/desk/").headers["Location"] == "/desk/house/"
    assert desk("audrey").get("/desk/").headers["Location"] == "/desk/audit/"


def test_an_account_without_a_role_is_told_so(desk: Callable[..., Client], cast: dict[str, Officer]) -> None:
    cast["tina"].roles.all().delete()
    assert b"no role so far" in desk("tina").get("/desk/", follow=True).content
