"""Opening the identity seal: a named officer, a purpose, an entry, and the name shown once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.registry.models import Role
from huiyin.registry.story import story_of
from huiyin.vault.seal import Author
from tests.cast import Walk

SAID = {"purpose": "serve", "words": "To post the opinion"}


def post(browser: Client, walk: Walk, **said: Any) -> Any:
    return browser.post(f"/desk/p/{walk.ref}/move/unseal/", {"seen": walk.petition.version, **said})


def test_the_name_is_shown_on_this_answer_and_kept_by_no_cache(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    page = post(desk("otto"), walk, **SAID)
    assert "张三" in page.content.decode()
    assert "一号院" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_the_petitioner_sees_who_which_body_when_and_why(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    post(desk("otto"), walk, **SAID)
    (opening,) = story_of(walk.petition, served_only=True).openings
    assert opening.words.en == "To post the opinion"
    assert opening.body.en == "County Housing Bureau"
    assert walk.petition.outbox.filter(notice="unsealed").exists()


@pytest.mark.parametrize("missing", ["purpose", "words"])
def test_nothing_opens_without_a_purpose_and_a_reason(
    desk: Callable[..., Client], at: Callable[..., Walk], missing: str
) -> None:
    walk = at("accepted")
    page = post(desk("otto"), walk, **{**SAID, missing: ""})
    assert page.status_code == 400
    assert "张三" not in page.content.decode()
    assert not walk.petition.entries.filter(event="seal-opened").exists()


def test_a_form_sent_again_opens_nothing_again(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    seen = walk.petition.version
    browser = desk("otto")
    post(browser, walk, **SAID)
    again = browser.post(f"/desk/p/{walk.ref}/move/unseal/", {"seen": seen, **SAID})
    assert again.status_code == 409
    assert "张三" not in again.content.decode()
    assert walk.petition.entries.filter(event="seal-opened").count() == 1


def test_of_an_anonymous_petition_nothing_is_opened_and_nothing_written(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted", author=Author())
    page = post(desk("otto"), walk, **SAID)
    assert b"lodged without a name" in page.content
    assert not walk.petition.entries.filter(event="seal-opened").exists()


def test_who_may_not_open_it_sees_no_form(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    for login in ("hedda", "olga", "sven"):
        assert desk(login).get(f"/desk/p/{walk.ref}/move/unseal/").status_code == 404
        assert "张三" not in post(desk(login), walk, **SAID).content.decode()
    assert not walk.petition.entries.filter(event="seal-opened").exists()


def test_a_reviewer_who_took_part_before_opens_nothing(
    desk: Callable[..., Client], at: Callable[..., Walk], bodies: dict[str, Any], cast: dict[str, Any]
) -> None:
    walk = at("review-requested")
    Role.objects.create(officer=cast["otto"], body=bodies["xian"], role="reviewer")
    assert desk("otto").get(f"/desk/p/{walk.ref}/move/unseal/").status_code == 404


def test_a_letter_is_printed_with_its_address_by_opening_the_seal(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("opinion-issued")
    seq = walk.petition.entries.get(event="opinion-issued").seq
    plain = desk("otto").get(f"/desk/p/{walk.ref}/letter/{seq}/")
    assert f"letter={seq}" in plain.content.decode()
    page = post(desk("otto"), walk, letter=str(seq), **SAID).content.decode()
    assert "张三" in page
    assert "三盏路灯不亮" in page


@pytest.mark.parametrize(
    "words",
    [
        "春节前维护社会稳定，需要掌握其动向",
        "To keep him from petitioning in Beijing",
        "上门劝阻",
        "本人已承诺不再上访",
    ],
)
def test_stability_is_no_purpose(desk: Callable[..., Client], at: Callable[..., Walk], words: str) -> None:
    walk = at("accepted")
    page = post(desk("otto"), walk, purpose="contact", words=words)
    assert page.status_code == 409
    assert "is no purpose to open an identity" in page.content.decode()
    assert "张三" not in page.content.decode()
    assert not walk.petition.entries.filter(event="seal-opened").exists()
