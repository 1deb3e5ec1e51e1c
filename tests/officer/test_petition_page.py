"""A petition's page: what was asked, what is due, and exactly the moves that are open to this officer now."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.registry import law, sealing
from huiyin.registry.access import Acting
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Officer, Petition
from huiyin.registry.prospects import open_moves
from tests.cast import Walk

GROUPS = ("offers", "elsewhere", "meeting", "keeping")
STATES = ["lodged", "registered", "transferred", "accepted", "opinion-issued", "opinion-served"]
STATES += ["review-requested", "review-issued", "review-served", "rereview-requested", "closed-final"]


@pytest.mark.parametrize("state", STATES)
def test_the_page_offers_exactly_the_moves_that_are_open(
    desk: Callable[..., Client], at: Callable[..., Walk], cast: dict[str, Officer], state: str
) -> None:
    walk, now = at(state), timezone.now()
    for login, officer in cast.items():
        page = desk(login).get(f"/desk/p/{walk.ref}/")
        allowed = {r.verb for r in open_moves(walk.petition, Acting(officer, law.at(now)[1]), now)}
        if page.status_code == 404:
            assert not allowed
            continue
        offers = [offer for group in GROUPS for offer in page.context[group]]
        assert {offer.verb for offer in offers} == allowed
        for offer in offers:
            assert offer.href in page.content.decode()
            assert desk(login).get(offer.href).status_code == 200


def test_a_button_names_its_article_and_its_last_day(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred")
    page = desk("otto").get(f"/desk/p/{walk.ref}/").context
    offers = {o.verb: o for o in page["offers"] + page["elsewhere"]}
    clocks = {clock.name: clock for clock in walk.petition.clocks.all()}
    assert offers["object"].due == clocks["objection"].due
    assert offers["accept"].due == clocks["notice"].due
    assert offers["accept"].article is not None
    assert offers["accept"].article.en == "art. 23.3"


def test_what_leads_to_the_opinion_says_by_when_and_what_only_splits_does_not(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    offers = {offer.verb: offer for offer in desk("otto").get(f"/desk/p/{walk.ref}/").context["offers"]}
    assert offers["submit-opinion"].due == walk.petition.next_due
    assert offers["split"].due is None


def test_an_address_that_is_nothing_leads_back_to_the_desk(desk: Callable[..., Client]) -> None:
    page = desk("otto").get("/desk/p/HY-00000-00000/")
    assert page.status_code == 404
    assert 'href="/desk/">To the desk' in page.content.decode()


def test_what_stands_for_a_sealed_report_is_said_in_the_language_of_the_page(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    Petition.objects.filter(ref=walk.ref).update(subject=sealing.COVER.zh)
    page = desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()
    assert sealing.COVER.en in page
    assert sealing.COVER.zh not in page


def test_every_running_clock_says_why_this_date(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    page = desk("otto").get(f"/desk/p/{at('accepted').ref}/").content.decode()
    assert "Why this date" in page
    assert "60 days" in page


def test_the_handlers_read_the_petitioners_words(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted", text="Our street lamp is broken.")
    for login in ("otto", "hedda"):
        assert b"Our street lamp is broken." in desk(login).get(f"/desk/p/{walk.ref}/").content


def test_who_only_supervises_reads_the_words_masked(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("opinion-served", text="Our street lamp is broken.")
    walk("add-information", "author", information="My neighbour is called Wang.")
    page = desk("sven").get(f"/desk/p/{walk.ref}/")
    assert {offer.verb for offer in page.context["offers"]} == {"supervise", "find-evasive"}
    assert b"Our street lamp is broken." in page.content
    assert b"My neighbour is called [name]." in page.content
    assert b"Names and numbers of people are hidden from you" in page.content
    assert "三盏路灯不亮".encode() in page.content
    assert b"Deadlines" in page.content
    assert b"/case/" not in page.content


def test_the_name_is_on_no_page(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("opinion-served")
    for login in ("otto", "olga", "sven"):
        for address in ("/desk/", f"/desk/p/{walk.ref}/", f"/desk/p/{walk.ref}/letter/5/"):
            assert "张三".encode() not in desk(login).get(address, follow=True).content


def test_text_is_shown_as_text(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("transferred", text="<script>alert(1)</script>", subject="<b>bold</b>")
    page = desk("otto").get(f"/desk/p/{walk.ref}/").content
    assert b"<script>alert" not in page
    assert b"<b>bold" not in page


def test_attachments_open_for_the_handlers_alone(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted", uploads=[Upload("lamp.txt", b"a lamp"), Upload("notes.txt", b"notes")])
    file = walk.petition.attachments.all()[0]
    address = f"/desk/p/{walk.ref}/file/{file.pk}/"
    answer = desk("otto").get(address)
    assert answer.content == b"a lamp"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert desk("sven").get(address).status_code == 404
    assert desk("olga").get(address).status_code == 404  # had it before
    assert desk("tina").get(address).status_code == 404


def test_an_attachment_opens_only_under_its_own_petition(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    one, other = at("accepted", uploads=[Upload("lamp.txt", b"a lamp")]), at("accepted")
    file = one.petition.attachments.get()
    assert desk("otto").get(f"/desk/p/{other.ref}/file/{file.pk}/").status_code == 404


def test_a_reference_is_found_however_it_is_typed(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    assert desk("otto").get(f"/desk/p/{walk.ref.lower().replace('-', '')}/").status_code == 200


def test_an_absence_and_the_stand_in_are_shown(
    desk: Callable[..., Client], at: Callable[..., Walk], cast: dict[str, Officer]
) -> None:
    walk = at("accepted")
    walk("entrust", "otto", officer="otto")
    day = law.at(timezone.now())[1]
    Officer.objects.filter(login="otto").update(away_from=day, stands_in=cast["hedda"])
    page = desk("hedda").get(f"/desk/p/{walk.ref}/").content
    assert b"Hedda stands in" in page


def test_a_longer_history_asks_the_database_no_more(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, browser = at("accepted"), desk("otto")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/desk/p/{walk.ref}/")
        return len(queries)

    asked()  # what a process asks once and keeps
    few = asked()
    for i in range(12):
        walk("add-information", "author", information=f"Point {i}")
    asked()  # the first look at what is new is remembered
    assert asked() == few
