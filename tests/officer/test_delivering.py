"""A letter handed over or posted on paper: put on record beside the letter, and read by its author."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from huiyin.core.refusal import Refusal
from huiyin.registry import service
from huiyin.registry.story import story_of
from tests.cast import Walk

Desk = Callable[..., Client]
At = Callable[..., Walk]


def test_a_letter_is_handed_over_and_both_sides_read_how(desk: Desk, at: At) -> None:
    walk = at("accepted")
    (first, *_rest) = service.letters_of(walk.ref)
    page = desk("otto").get(f"/desk/p/{walk.ref}/letter/{first}/").content.decode()
    assert f"move/deliver-notice/?letter={first}" in page
    form = desk("otto").get(f"/desk/p/{walk.ref}/move/deliver-notice/?letter={first}").context["form"]
    assert str(form["letter"].value()) == str(first)
    said = {"letter": str(first), "delivered_on": walk.today.isoformat(), "delivery": "in-person"}
    walk("deliver-notice", "otto", **said)
    shown = desk("otto").get(f"/desk/p/{walk.ref}/letter/{first}/").content.decode()
    assert "In person, signed for" in shown
    told = story_of(walk.petition, served_only=True).timeline[-1]
    assert next(str(fact.value) for fact in told.facts) not in {"", str(first)}  # its title, not its number


def test_no_letter_is_handed_over_before_it_was_written_or_that_does_not_exist(at: At) -> None:
    walk = at("accepted", days=5)
    (first, *_rest) = service.letters_of(walk.ref)
    wrong = {"letter": "99", "delivered_on": walk.today.isoformat(), "delivery": "post"}
    refused = walk.ask("deliver-notice", "otto", **wrong)
    assert isinstance(refused, Refusal)
    assert refused.fields.keys() == {"letter"}
    early = wrong | {"letter": str(first), "delivered_on": "2020-01-01"}
    refused = walk.ask("deliver-notice", "otto", **early)
    assert isinstance(refused, Refusal)
    assert refused.code == "service-day"


def test_before_the_first_letter_nothing_is_offered(desk: Desk, at: At) -> None:
    page = desk("olga").get(f"/desk/p/{at('lodged').ref}/")
    assert "deliver-notice" not in {offer.verb for offer in page.context["keeping"]}


def test_an_opinion_is_served_and_not_merely_handed_over(at: At) -> None:
    walk = at("opinion-issued")
    issued = walk.petition.entries.get(event="opinion-issued").seq
    assert issued not in service.letters_of(walk.ref)
