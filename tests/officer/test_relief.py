"""The desk of whoever takes applications for aid: opened for a purpose, answered with reasons."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.registry import law, relieving
from huiyin.registry.models import Body, Officer, Relief, Role
from huiyin.registry.relieving import Wish
from tests.cast import PASSWORD, Walk, enrol

Desk = Callable[..., Client]
At = Callable[..., Walk]


@pytest.fixture
def rana(cast: dict[str, Officer], desk: Desk) -> Client:
    cast["rana"] = Officer.objects.create_officer("rana", PASSWORD, name="Rana")
    Role.objects.create(officer=cast["rana"], body=Body.objects.get(code="xian"), role="relief")
    enrol(cast["rana"])
    return desk("rana")


def apply(walk: Walk, *, shows_ref: bool = False) -> Relief:
    wish = Wish("medical", "xian", "病重", "张三", "13800000000", shows_ref)
    made = relieving.apply(walk.petition, wish, law.at(timezone.now())[1])
    assert isinstance(made, Relief), made
    return made


def test_it_is_opened_for_a_purpose_and_shown_once(rana: Client, at: At) -> None:
    made = apply(at("accepted"))
    address = f"/desk/relief/{made.pk}/"
    assert "病重" not in rana.get(address).content.decode()
    assert rana.post(f"{address}open/", {}).status_code == 400
    assert Relief.objects.get().openings == []
    opened = rana.post(f"{address}open/", {"purpose": "decide"})
    assert "病重" in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]
    assert [o["purpose"] for o in Relief.objects.get().openings] == ["decide"]
    assert "病重" not in rana.get(address).content.decode()


def test_of_the_petition_it_shows_the_reference_alone_and_only_where_its_author_said_so(
    rana: Client, at: At
) -> None:
    walk = at("accepted")
    made = apply(walk)
    assert walk.ref not in rana.get(f"/desk/relief/{made.pk}/").content.decode()
    Relief.objects.update(shows_ref=True)
    page = rana.get(f"/desk/relief/{made.pk}/").content.decode()
    assert walk.ref in page
    assert walk.petition.subject not in page
    assert rana.get(f"/desk/p/{walk.ref}/").status_code == 404


def test_it_is_taken_in_and_answered_and_a_refused_answer_keeps_what_was_typed(rana: Client, at: At) -> None:
    made = apply(at("accepted"))
    address = f"/desk/relief/{made.pk}/"
    rana.post(f"{address}receive/")
    assert Relief.objects.get().state == "received"
    asked = rana.post(address, {"outcome": "granted", "words": "同意，但须承诺不再信访"})
    assert asked.status_code == 409
    assert "不再信访" in asked.content.decode()
    assert rana.post(address, {"outcome": "granted", "words": "同意"}).status_code == 302
    assert Relief.objects.get().state == "granted"


@pytest.mark.parametrize("login", ["otto", "hedda", "sven", "ada", "audrey", "rita"])
def test_nobody_else_finds_the_page(rana: Client, desk: Desk, at: At, login: str) -> None:
    made = apply(at("accepted"))
    assert desk(login).get("/desk/relief/").status_code == 404
    assert desk(login).post(f"/desk/relief/{made.pk}/open/", {"purpose": "decide"}).status_code == 404
    assert Relief.objects.get().openings == []
