"""Asking for aid from the page of one's petition: filled in, checked, sent, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.registry import relieving
from huiyin.registry.models import Body, Officer, Relief, Role
from tests.cast import NOW, PASSWORD, Walk, acting_as, legal_day

Enter = Callable[[Any], Client]
TYPED = {"kind": "temporary", "body": "xian", "statement": "家里失火", "contact": "13800000000"}
APPLY = "/follow/petition/relief/apply/"


@pytest.fixture
def rana(cast: dict[str, Officer]) -> Officer:
    officer = Officer.objects.create_officer("rana", PASSWORD, name="Rana")
    Role.objects.create(officer=officer, body=Body.objects.get(code="xian"), role="relief")
    return officer


@pytest.mark.usefixtures("rana")
def test_it_is_sent_only_after_it_was_read_once_more(enter: Enter, walk: Walk) -> None:
    browser = enter(walk)
    checked = browser.post(APPLY, TYPED | {"go": "check"})
    assert "家里失火" in checked.content.decode()
    assert not Relief.objects.exists()
    changed = browser.post(APPLY, TYPED | {"go": "back", "statement": ""})
    assert changed.status_code == 200
    assert "13800000000" in changed.content.decode()
    assert browser.post(APPLY, TYPED | {"go": "send"}).status_code == 302
    assert Relief.objects.get().shows_ref is False


@pytest.mark.usefixtures("rana")
def test_what_is_missing_is_named_and_what_was_typed_stays(enter: Enter, walk: Walk) -> None:
    page = enter(walk).post(APPLY, TYPED | {"go": "send", "contact": ""})
    assert page.status_code == 409
    assert "家里失火" in page.content.decode()
    assert set(page.context["form"].errors) == {"contact"}


@pytest.mark.usefixtures("rana")
def test_its_author_reads_openings_and_answer_and_takes_back(enter: Enter, walk: Walk) -> None:
    browser, today = enter(walk), legal_day(NOW)
    browser.post(APPLY, TYPED | {"go": "send"})
    made = Relief.objects.get()
    relieving.note_opening(acting_as("rana"), made.pk, "decide", today)
    page = browser.get("/follow/petition/relief/").content.decode()
    assert "审核申请" in page
    assert "rana" not in page
    browser.post(f"/follow/petition/relief/{made.pk}/back/")
    assert Relief.objects.get().state == "taken-back"


def test_where_nobody_takes_applications_the_page_says_where_to_go(enter: Enter, walk: Walk) -> None:
    browser = enter(walk)
    assert "街道办事处" in browser.get("/follow/petition/relief/").content.decode()
    assert browser.get(APPLY).status_code == 302


@pytest.mark.parametrize("tail", ["", "apply/"])
def test_it_asks_for_the_key(db: None, tail: str) -> None:
    page = Client().get(f"/follow/petition/relief/{tail}")
    assert "救助" not in page.content.decode()
