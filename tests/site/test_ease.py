"""The larger and simpler view: asked for by a press, kept until the browser closes, nothing typed lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from huiyin.site import ease

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(bodies: Any) -> Client:
    return Client(headers={"accept-language": "en"})


def ways(page: str) -> list[str]:
    nav = page[page.index('<nav class="nav') :]
    return re.findall(r"<a [^>]*>([^<]+)</a>", nav[: nav.index("</nav>")])


def test_a_press_makes_pages_larger_until_another_press(browser: Client) -> None:
    before = browser.get("/").content.decode()
    pressed = browser.get("/?ease=on")
    after = browser.get("/lodge/").content.decode()
    browser.get("/lodge/?ease=off")
    again = browser.get("/").content.decode()

    assert "data-ease" not in before
    assert 'href="?ease=on"' in before
    assert pressed.cookies[ease.COOKIE]["max-age"] == ""
    assert pressed.cookies[ease.COOKIE]["httponly"]
    assert "data-ease" in pressed.content.decode()
    assert "data-ease" in after
    assert 'href="?ease=off"' in after
    assert "data-ease" not in again


def test_there_are_fewer_ways_to_go_and_none_is_lost(browser: Client) -> None:
    plain, simple = (browser.get(f"/?ease={how}").content.decode() for how in ("off", "on"))

    assert len(ways(simple)) == 3
    assert set(ways(simple)) < set(ways(plain))
    for link in set(re.findall(r'href="(/[^"]*)"', plain)):
        assert f'href="{link}"' in simple, link


def test_what_comes_second_is_folded_under_its_heading(browser: Client) -> None:
    plain, simple = (browser.get(f"/lodge/?ease={how}").content.decode() for how in ("off", "on"))
    main = simple[simple.index("<main") : simple.index("</main>")]

    assert "<details" not in plain[plain.index("<main") : plain.index("</main>")]
    assert "<summary><h2>What happens then, and by when</h2></summary>" in main
    assert main.index("<h1>") < main.index("<details")
    assert simple.count("<aside") == plain.count("<aside") == 1
    assert simple.index("<details", simple.index("</main>")) < simple.index("<aside")


def test_it_can_be_read_aloud_there_and_only_there(browser: Client) -> None:
    plain, simple = (browser.get(f"/?ease={how}").content.decode() for how in ("off", "on"))

    assert "aloud" not in plain
    assert re.search(r'<p class="aloud[^"]*" hidden>', simple), "a browser without a voice shows no button"
    assert "huiyin/aloud.js" in simple


def test_nothing_that_was_typed_is_lost_by_the_press(browser: Client) -> None:
    said = {"subject": "Street lamps dark", "text": "For three months.", "kind": "claim"}
    page = browser.post("/lodge/write/?ease=on", {"step": "matter", "language": "en", **said})

    assert "data-ease" in page.content.decode()
    assert 'value="Street lamps dark"' in page.content.decode()
    assert "For three months." in page.content.decode()
    assert page.cookies[ease.COOKIE].value == "on"


def test_the_desk_knows_nothing_of_it(cast: Any) -> None:
    desk = Client()
    desk.force_login(cast["otto"])
    page = desk.get("/desk/?ease=on")

    assert "data-ease" not in page.content.decode()


def test_nothing_but_on_and_off_is_kept(browser: Client) -> None:
    assert ease.COOKIE not in browser.get("/?ease=<b>").cookies
    browser.cookies[ease.COOKIE] = "<b>"
    assert "data-ease" not in browser.get("/").content.decode()
