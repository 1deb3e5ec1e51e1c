"""Asking for aid from the page of one's petition: filled in, checked, sent, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.clerk import signatures
from huiyin.registry import joining, relieving
from huiyin.registry.joining import Joined
from huiyin.registry.models import Body, Officer, Relief, Role, Signature
from huiyin.vault.models import ReliefSeal
from huiyin.vault.seal import Author as Person
from tests.cast import NOW, PASSWORD, Walk, acting_as, legal_day, lodge

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
    assert page.context["form"].errors == {"contact": ["必须填写"]}


@pytest.mark.usefixtures("rana")
def test_its_author_reads_openings_and_answer_and_takes_back(enter: Enter, walk: Walk) -> None:
    browser, today = enter(walk), legal_day(NOW)
    browser.post(APPLY, TYPED | {"go": "send"})
    made = Relief.objects.get()
    relieving.note_opening(acting_as("rana"), made.pk, "decide", today)
    page = browser.get("/follow/petition/relief/").content.decode()
    assert "审核申请" in page
    assert "2026年3月2日（星期一）" in page
    assert "2026-03-02" not in page
    assert "rana" not in page
    browser.post(f"/follow/petition/relief/{made.pk}/back/")
    assert Relief.objects.get().state == "taken-back"


@pytest.mark.usefixtures("rana")
def test_each_who_signed_asks_alone_and_no_other_key_opens_it() -> None:
    joint = lodge(timezone.now(), joint=True)
    other = joining.join(joint.invitation, Person(name="李四"), timezone.now())
    assert isinstance(other, Joined)
    browsers = []
    for key in (joint.key, other.key):
        browsers.append(Client())
        browsers[-1].post("/follow/", {"follow_ref": joint.ref, "follow_key": key})
    mine, theirs = browsers
    assert mine.post(APPLY, TYPED | {"go": "send"}).status_code == 302
    assert theirs.post(APPLY, TYPED | {"go": "send"}).status_code == 302, "the same aid, asked for by another"
    first, second = Relief.objects.all()
    assert {first.signature, second.signature} == set(Signature.objects.values_list("pk", flat=True))
    shown = mine.get("/follow/petition/relief/").content.decode()
    assert (str(first.pk) in shown) != (str(second.pk) in shown)
    not_mine = second if str(first.pk) in shown else first
    mine.post(f"/follow/petition/relief/{not_mine.pk}/back/")
    assert Relief.objects.filter(ended_on=None).count() == 2
    signatures.count(timezone.now() + timedelta(days=1))  # lays the rows of signers anew
    assert Relief.objects.count() == ReliefSeal.objects.count() == 2
    mine.post("/follow/petition/together/", {"do": "leave", "sure": "yes"})
    assert [row.pk for row in Relief.objects.all()] == [not_mine.pk]
    assert ReliefSeal.objects.count() == 1


def test_where_nobody_takes_applications_the_page_says_where_to_go(enter: Enter, walk: Walk) -> None:
    browser = enter(walk)
    assert "街道办事处" in browser.get("/follow/petition/relief/").content.decode()
    assert browser.get(APPLY).status_code == 302


@pytest.mark.parametrize("tail", ["", "apply/"])
def test_it_asks_for_the_key(db: None, tail: str) -> None:
    page = Client().get(f"/follow/petition/relief/{tail}")
    assert "救助" not in page.content.decode()
