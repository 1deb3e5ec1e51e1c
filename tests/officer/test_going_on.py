"""The form of a move keeps itself: for its officer, until the step is made, and not for long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.clerk.purge import purge
from huiyin.registry.models import Officer, Unfinished
from huiyin.registry.unfinished import KEPT, MOST
from huiyin.vault.store.models import DataKey
from tests.cast import REQUESTS, Walk, as_form, lodge
from tests.officer.test_composing import BEGUN, first_block

WORDS = "属于本机关职权范围，但材料"
BY_SCRIPT = {"X-Keep": "1"}


def address(walk: Walk, verb: str) -> str:
    return f"/desk/p/{walk.ref}/move/{verb}/"


def keep(browser: Client, walk: Walk, verb: str, **said: Any) -> Any:
    return browser.post(address(walk, verb), {"step": "keep", **said}, headers=BY_SCRIPT)


def test_what_was_typed_is_there_on_another_machine_and_for_nobody_else(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    version = walk.petition.version
    assert keep(desk("otto"), walk, "add-information", information=WORDS).status_code == 204
    page = desk("otto").get(address(walk, "add-information"))
    assert page.context["form"]["information"].value() == WORDS
    assert "Only you see it until you send it" in page.content.decode()
    assert "your draft" in desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()
    assert WORDS not in desk("hedda").get(address(walk, "add-information")).content.decode()
    assert "your draft" not in desk("hedda").get(f"/desk/p/{walk.ref}/").content.decode()
    assert walk.petition.version == version


def test_without_script_a_button_saves_and_says_so(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, browser = at("transferred"), desk("otto")
    assert 'name="step" value="keep"' in browser.get(address(walk, "decline")).content.decode()
    page = browser.post(address(walk, "decline"), {"step": "keep", "reasons": WORDS}, follow=True)
    assert "Your draft is saved, for you alone" in page.content.decode()
    assert page.context["form"]["reasons"].value() == WORDS
    assert walk.petition.state == "transferred"


def test_an_opinion_is_gone_on_with_block_by_block_from_the_version_it_was_written_from(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, otto = at("accepted"), desk("otto")
    keep(otto, walk, "submit-opinion", based_on="0", **BEGUN)
    desk("hedda")
    page = otto.get(address(walk, "submit-opinion"))
    assert first_block(page)["facts"].value() == "只写了一半"
    otto.post(address(walk, "submit-opinion"), {"step": "save", "based_on": "0", **BEGUN})
    assert not Unfinished.objects.exists()  # it is a version now
    keep(otto, walk, "submit-opinion", based_on="0", **BEGUN)
    assert otto.get(address(walk, "submit-opinion")).context["based_on"] == "0"
    assert otto.get(f"{address(walk, 'submit-opinion')}?version=1").context["left"] is None


def test_it_goes_with_the_step_it_was_for(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk, browser = at("transferred"), desk("otto")
    keep(browser, walk, "accept", **as_form({"requests": REQUESTS}))
    sent = {"step": "confirm", "seen": walk.petition.version, **as_form({"requests": REQUESTS})}
    browser.post(address(walk, "accept"), sent)
    assert walk.petition.state == "accepted"
    assert not Unfinished.objects.exists()


def test_it_goes_when_its_officer_discards_it_or_empties_the_form(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, browser = at("accepted"), desk("otto")
    keep(browser, walk, "add-information", information=WORDS)
    page = browser.post(address(walk, "add-information"), {"step": "discard"}, follow=True)
    assert "Nothing else was changed" in page.content.decode()
    assert not Unfinished.objects.exists()
    keep(browser, walk, "add-information", information=WORDS)
    keep(browser, walk, "add-information", information=" ")
    assert not Unfinished.objects.exists()


def test_it_goes_when_the_petition_leaves_the_body_and_after_a_fortnight(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, other = at("opinion-served"), at("accepted")
    keep(desk("otto"), walk, "add-information", information=WORDS)
    keep(desk("otto"), other, "add-information", information=WORDS)
    walk.to("review-requested")
    assert [each.petition_id for each in Unfinished.objects.all()] == [other.petition.pk]
    purge(timezone.now() + KEPT - timedelta(minutes=1))
    assert Unfinished.objects.exists()
    purge(timezone.now() + KEPT + timedelta(minutes=1))
    assert not Unfinished.objects.exists()


def test_what_was_written_for_a_step_that_is_over_can_still_be_copied(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, browser = at("transferred"), desk("otto")
    keep(browser, walk, "decline", reasons=WORDS)
    walk("accept", "otto", requests=REQUESTS)
    page = browser.get(address(walk, "decline"))
    assert page.status_code == 404
    assert WORDS in page.content.decode()


def test_what_no_form_takes_is_not_kept(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk, browser = at("accepted"), desk("otto")
    keep(browser, walk, "add-information", information=WORDS)
    assert keep(browser, walk, "add-information", information="x" * (MOST + 1)).status_code == 413
    assert browser.get(address(walk, "add-information")).context["form"]["information"].value() == WORDS


@pytest.mark.django_db(databases=["default", "keys"])
def test_on_a_report_it_lies_under_seal_and_its_key_goes_with_it(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    walk, browser = Walk(lodge(kind="report", against=("jt",))), desk("dora")
    verb = "add-information"
    before = DataKey.objects.count()
    assert keep(browser, walk, verb, information=WORDS).status_code == 204
    row = Unfinished.objects.get()
    assert row.said == []
    assert WORDS.encode() not in bytes(row.locked or b"")
    assert browser.get(address(walk, verb)).context["form"]["information"].value() == WORDS
    purge(timezone.now() + KEPT + timedelta(minutes=1))
    assert DataKey.objects.count() <= before
    assert not DataKey.objects.filter(pk=str(row.data_key)).exists()
