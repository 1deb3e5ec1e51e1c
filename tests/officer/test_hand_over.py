"""Handing over in bulk: each petition a move of its own, done and refused told one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.cast import Walk


def hand(browser: Client, refs: list[str], officer: str) -> Any:
    return browser.post("/desk/hand-over/", {"ref": refs, "officer": officer}, follow=True)


def test_each_chosen_petition_is_entrusted(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walks = [at("accepted"), at("transferred")]
    page = hand(desk("otto"), [w.ref for w in walks], "hedda")
    assert page.context["done"] == 2
    for walk in walks:
        assert walk.petition.officer is not None
        assert walk.petition.officer.login == "hedda"
        assert walk.petition.entries.latest("seq").event == "entrusted"


def test_what_is_refused_is_told_and_the_others_go_through(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    mine, others = at("accepted"), at("lodged")
    page = hand(desk("otto"), [others.ref, mine.ref], "hedda")
    assert [bool(result["refused"]) for result in page.context["results"]] == [True, False]
    # What this officer may not see is not even named.
    assert others.ref not in page.content.decode()


def test_an_officer_of_another_body_takes_nothing(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    page = hand(desk("otto"), [walk.ref], "tina")
    assert page.context["refused"] == 1
    assert "does not serve" in page.content.decode()
    assert walk.petition.officer is None


def test_looking_at_the_result_again_hands_nothing_over_again(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, browser = at("accepted"), desk("otto")
    hand(browser, [walk.ref], "hedda")
    version = walk.petition.version
    browser.get("/desk/hand-over/")
    assert walk.petition.version == version


def test_without_a_choice_nothing_happens_and_the_page_says_what_to_do(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, browser = at("accepted"), desk("otto")
    assert "Tick the petitions" in hand(browser, [], "hedda").content.decode()
    assert "Choose the officer" in hand(browser, [walk.ref], "").content.decode()


def test_the_way_back_stays_on_the_desk(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk, browser = at("accepted"), desk("otto")
    for back, kept in (("https://evil.test/", "/desk/"), ("/desk/?due=late", "/desk/?due=late")):
        page = browser.post(
            "/desk/hand-over/", {"ref": [walk.ref], "officer": "hedda", "back": back}, follow=True
        )
        assert page.context["back"] == kept


def take_back(browser: Client) -> Any:
    return browser.post("/desk/hand-over/", {"do": "undo"}, follow=True)


def test_what_was_handed_over_goes_back_to_whoever_had_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    nobodys, hers, browser = at("accepted"), at("accepted"), desk("otto")
    hers("entrust", "hedda", officer="hedda")
    assert b"Take it back" in hand(browser, [nobodys.ref, hers.ref], "otto").content
    page = take_back(browser)
    assert (page.context["done"], page.context["refused"]) == (2, 0)
    assert nobodys.petition.officer is None
    assert nobodys.petition.entries.latest("seq").event == "unassigned"
    assert hers.petition.officer is not None
    assert hers.petition.officer.login == "hedda"
    assert b"Take it back" not in page.content


def test_what_somebody_moved_on_since_stays(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk, other, browser = at("accepted"), at("accepted"), desk("otto")
    hand(browser, [walk.ref, other.ref], "hedda")
    walk("entrust", "hedda", officer="otto")
    page = take_back(browser)
    assert (page.context["done"], page.context["refused"]) == (1, 1)
    assert walk.petition.officer is not None
    assert walk.petition.officer.login == "otto"
    assert other.petition.officer is None


def test_it_is_taken_back_once_and_only_by_whoever_did_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, browser = at("accepted"), desk("otto")
    hand(browser, [walk.ref], "hedda")
    take_back(desk("hedda"))
    assert walk.petition.officer is not None
    take_back(browser)
    version = walk.petition.version
    take_back(browser)
    assert walk.petition.version == version


def test_a_sealed_petition_is_called_so_in_the_language_of_the_page(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered", kind="report", body="xf", against=("jw",), language="zh-hans")
    page = hand(desk("olga"), [walk.ref], "olga").content.decode()
    assert "Report against persons (under seal)" in page
    assert "内容已封存" not in page
