"""Author and body write to one another, with the key alone: no name, no number, no address is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry.access import author_of
from huiyin.registry.perform import perform
from huiyin.vault.seal import Author
from tests.cast import Walk


def write(browser: Client, walk: Walk, words: str) -> Any:
    said = {"seen": walk.petition.version, "message": words, "step": "confirm"}
    return browser.post(f"/desk/p/{walk.ref}/move/write-author/", said)


def open_page(walk: Walk) -> Client:
    browser = Client()
    browser.cookies["huiyin_language"] = "en"
    opened = browser.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    assert opened.status_code == 302
    return browser


def test_without_a_name_both_sides_write_in_one_thread(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted", author=Author())
    assert write(desk("otto"), walk, "Which of the lamps is it?").status_code == 302
    assert walk.petition.outbox.filter(notice="message").count() == 1
    author = open_page(walk)
    assert "Which of the lamps is it?" in author.get("/follow/petition/").content.decode()
    answer = {"ref": walk.ref, "seen": walk.petition.version, "message_back": "The one at gate 3"}
    assert author.post("/follow/petition/do/write-back/", answer).status_code == 302
    thread = author.get("/follow/petition/").context["story"].messages
    assert [m.facts[0].value for m in thread] == ["Which of the lamps is it?", "The one at gate 3"]
    body = desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()
    assert "The one at gate 3" in body
    assert "the petitioner wrote" in desk("otto").get("/desk/").content.decode()
    write(desk("otto"), walk, "Thank you")
    assert "the petitioner wrote" not in desk("otto").get("/desk/").content.decode()


def test_reading_leaves_no_trace(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    """No read receipt: whoever opens the page again and again changes nothing that a body could see."""
    walk = at("accepted")
    write(desk("otto"), walk, "Which of the lamps is it?")
    before = (walk.petition.version, walk.petition.entries.count(), walk.petition.outbox.count())
    author = open_page(walk)
    for _ in range(3):
        author.get("/follow/petition/")
    assert (walk.petition.version, walk.petition.entries.count(), walk.petition.outbox.count()) == before


def test_a_message_may_not_ask_to_give_up_petitioning(at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    made = walk.ask("write-author", "otto", message="同意后请承诺不再上访")
    assert isinstance(made, Refusal)
    assert made.code == "gives-up-petitioning"


def test_who_only_supervises_does_not_write_and_reads_no_names(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    author, _ = author_of(walk.ref, walk.key)  # type: ignore[misc]
    perform(walk.ref, Move("write-back", {"message_back": "请打13912345678"}), author, walk.now)
    assert isinstance(walk.ask("write-author", "sven", message="x"), Refusal)
    assert "13912345678" not in desk("sven").get(f"/desk/p/{walk.ref}/").content.decode()
    assert "13912345678" in desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()


@pytest.mark.parametrize("author", [Author(), Author(name="张三")])
def test_the_seal_is_offered_where_there_is_one(
    desk: Callable[..., Client], at: Callable[..., Walk], author: Author
) -> None:
    walk = at("accepted", author=author)
    page = desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()
    assert ("/move/unseal/" in page) is (not author.is_anonymous)
    assert ("gave no name" in page) is author.is_anonymous
