"""The officer's own desk: what is new, filters of their own, and the way from one petition to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from huiyin.registry import desk as own_desk
from huiyin.registry.models import Officer, Opened, SavedFilter
from tests.cast import Walk

UNREAD = "?news=unread"


def refs(browser: Client, query: str = "") -> list[str]:
    return [line.petition.ref for line in browser.get(f"/desk/{query}").context["lines"]]


# ---- unread


def test_what_happened_since_i_opened_it_is_unread_to_me_alone(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, otto, hedda = at("accepted"), desk("otto"), desk("hedda")
    assert refs(otto, UNREAD) == [walk.ref]
    otto.get(f"/desk/p/{walk.ref}/")
    assert refs(otto, UNREAD) == []
    assert refs(hedda, UNREAD) == [walk.ref]
    walk("add-information", "author", information="More.")
    assert refs(otto, UNREAD) == [walk.ref]


def test_a_step_of_my_own_is_not_new_to_me(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walks, browser = [at("lodged"), at("lodged")], desk("olga")
    for walk in walks:
        browser.get(f"/desk/p/{walk.ref}/")
    answer = browser.post("/desk/hand-over/", {"ref": [w.ref for w in walks], "do": "register"}, follow=True)
    assert "2 petitions were registered" in answer.content.decode()
    assert {w.petition.state for w in walks} == {"registered"}
    assert refs(browser, UNREAD) == []


def test_only_who_handles_it_leaves_a_mark_and_only_while_it_waits_there(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    desk("sven").get(f"/desk/p/{walk.ref}/")
    desk("olga").get(f"/desk/p/{walk.ref}/")  # the office that sent it on
    assert not Opened.objects.exists()
    desk("otto").get(f"/desk/p/{walk.ref}/")
    desk("otto").head(f"/desk/p/{walk.ref}/")
    assert Opened.objects.count() == 1
    walk.to("review-requested")
    assert not Opened.objects.exists()


def test_an_empty_unread_list_says_who_sees_what_was_opened(desk: Callable[..., Client]) -> None:
    assert "Only you see what you opened" in desk("otto").get(f"/desk/{UNREAD}").content.decode()


# ---- filters of one's own


def test_a_filter_is_kept_as_a_tab_and_put_back_after_it_was_taken_away(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    at("accepted")
    browser = desk("otto")
    page = browser.post("/desk/filters/", {"title": "Late ones", "due": "late", "who": "mine"}, follow=True)
    assert [(c.text, c.query) for c in page.context["saved"]] == [("Late ones", "due=late&who=mine")]
    kept = SavedFilter.objects.get()
    assert desk("hedda").get("/desk/").context["saved"] == []
    assert desk("hedda").post(f"/desk/filters/{kept.pk}/drop/").status_code == 404
    page = browser.post(f"/desk/filters/{kept.pk}/drop/", follow=True)
    assert page.context["saved"] == []
    assert "is gone from your tabs" in page.content.decode()
    again = browser.post(
        "/desk/filters/", {"title": page.context["dropped"]["title"], **kept.wanted}, follow=True
    )
    assert len(again.context["saved"]) == 1
    assert browser.get("/desk/").context["dropped"] is None


def test_a_tab_that_cannot_be_kept_says_why(desk: Callable[..., Client], cast: dict[str, Officer]) -> None:
    browser = desk("otto")

    def said(**posted: str) -> str:
        return browser.post("/desk/filters/", posted, follow=True).content.decode()

    assert "Choose a filter first" in said(title="Everything")
    assert "Choose a filter first" in said(title="Nonsense", due="never", name="Li")
    assert "at most 30 letters" in said(title="x" * 31, due="late")
    assert "about matters, not about people" in said(title="无理取闹的", due="late")
    for number in range(own_desk.MOST_FILTERS):
        said(title=f"Tab {number}", due="late")
    assert "8 tabs of yours already" in said(title="One more", due="soon")
    assert "stands among your tabs" in said(title="Tab 3", due="soon")
    assert SavedFilter.objects.count() == own_desk.MOST_FILTERS


# ---- from one to the next


LODGED = f"?list={quote('state=lodged')}"


def register(browser: Client, walk: Walk) -> Any:
    address = f"/desk/p/{walk.ref}/move/register/{LODGED}"
    seen = browser.get(address).context["version"]
    return browser.post(address, {"step": "confirm", "seen": seen}, follow=True)


def test_the_list_goes_along_and_leads_to_the_next_and_the_one_before(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    first, second, third = (at("lodged", days=days) for days in (9, 6, 3))
    other, browser = at("registered", days=7), desk("olga")
    page = browser.get(f"/desk/p/{second.ref}/{LODGED}").content.decode()
    assert f'rel="prev" data-key="p" href="/desk/p/{first.ref}/?list=state%3Dlodged"' in page
    assert f'rel="next" data-key="n" href="/desk/p/{third.ref}/?list=state%3Dlodged"' in page
    assert other.ref not in page
    assert 'href="/desk/?state=lodged"' in page
    assert 'move/register/?list=state%3Dlodged"' in page


def test_after_a_step_the_next_one_of_the_list_is_offered_first(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    first, second, third = (at("lodged", days=days) for days in (9, 6, 3))
    page = register(desk("olga"), second)
    assert page.redirect_chain == [(f"/desk/p/{second.ref}/{LODGED}&next={third.ref}", 302)]
    assert f'autofocus href="/desk/p/{third.ref}/?list=state%3Dlodged"' in page.content.decode()
    assert second.petition.state == "registered"
    assert first.petition.state == "lodged"


def test_after_the_last_one_the_way_leads_back_to_the_list(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    page = register(desk("olga"), at("lodged")).content.decode()
    assert 'autofocus href="/desk/?state=lodged"' in page


def test_what_is_never_due_comes_last_on_the_way_too(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    served, late = at("opinion-served"), at("transferred", days=40)
    page = desk("otto").get(f"/desk/p/{served.ref}/").context["neighbours"]
    assert page.before == late.petition
    assert page.after == late.petition  # round to the first
    page = desk("otto").get(f"/desk/p/{late.ref}/").context["neighbours"]
    assert (page.before, page.after) == (None, served.petition)


@pytest.mark.parametrize(("sort", "way"), [("newest", 1), ("oldest", -1), ("moved", 1)])
def test_the_way_follows_the_order_of_the_list(
    desk: Callable[..., Client], at: Callable[..., Walk], sort: str, way: int
) -> None:
    young, middle, old = (at("accepted", days=days) for days in (3, 6, 9))
    page = desk("otto").get(f"/desk/p/{middle.ref}/?list=sort%3D{sort}").context["neighbours"]
    between = (young.petition, old.petition)
    assert (page.before, page.after) == between[::way]


# ---- letters


def test_letters_can_be_switched_off_for_good(desk: Callable[..., Client]) -> None:
    browser = desk("otto")
    assert "data-on" in browser.get("/desk/").content.decode()
    browser.post("/desk/keys/", {"single_keys": "off"})
    assert "data-on" not in desk("otto").get("/desk/").content.decode()
    browser.post("/desk/keys/", {"single_keys": "on"})
    assert "data-on" in desk("otto").get("/desk/").content.decode()


def test_no_letter_stands_on_two_steps(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    for state in ("transferred", "accepted", "opinion-issued"):
        page = desk("otto").get(f"/desk/p/{at(state).ref}/").context
        keys = [o.key for group in ("offers", "elsewhere", "keeping") for o in page[group] if o.key]
        assert keys
        assert len(keys) == len(set(keys))


def test_the_menu_hides_what_is_seldom_opened_behind_one_word(desk: Callable[..., Client]) -> None:
    page = desk("olga").get("/desk/questions/").context
    assert len(page["nav"]) <= 6
    assert "search" in {place["name"] for place in page["nav"]}, "a line has room for more than what is daily"
    assert "questions" in {place["name"] for place in page["menu_more"] if place["current"]}
    page = desk("sven").get("/desk/supervise/").context
    assert len(page["nav"]) <= 6
    assert "supervise" in {place["name"] for place in page["nav"] if place["current"]}
