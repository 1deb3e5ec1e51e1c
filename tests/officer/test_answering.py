"""Beside a draft: what was asked, and whether it is answered. It advises, stops nothing and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.registry.models import Officer
from tests.cast import OPINION, Walk, as_form, lodge

TEXT = "清河路的路灯坏了两个月。请修好路灯。请问误工费由谁赔偿？物业要求业主先交钱。"
ANSWER = {
    "request": "修好路灯",
    "facts": "经现场查看，三盏路灯的线缆断了。我局高度重视，业已安排人员。",
    "view": "路灯四月底前修好。",
    "basis": "有关规定",
    "outcome": "support",
}
TYPED = as_form({"answers": [ANSWER]})
UNANSWERED = "No sentence speaks of this yet"


def address(walk: Walk, verb: str = "submit-opinion") -> str:
    return f"/desk/p/{walk.ref}/move/{verb}/"


def checked(browser: Client, walk: Walk, **more: Any) -> Any:
    sent = {"seen": walk.petition.version, "based_on": "0", "step": "advise", **TYPED}
    return browser.post(address(walk), sent, **more)


def rows_everywhere() -> dict[str, int]:
    """How many rows there are of everything but sessions."""
    models = [m for m in apps.get_models() if m._meta.app_label != "sessions" and m._meta.managed]
    return {m._meta.label: m._default_manager.count() for m in models if m._meta.app_label == "registry"}


@pytest.fixture
def walk(at: Callable[..., Walk]) -> Walk:
    return at("accepted", subject="路灯不亮", text=TEXT)


def test_before_anything_is_written_it_tells_what_else_the_text_asks(
    desk: Callable[..., Client], walk: Walk
) -> None:
    page = desk("otto").get(address(walk))
    advice = page.context["advised"][0]
    assert [each.words for each in advice.checked.asked] == ["修好路灯", "请问误工费由谁赔偿？"]
    assert "in the text, not in the list" in page.content.decode()
    assert UNANSWERED not in page.content.decode()


def test_the_button_checks_the_draft_and_what_was_typed_stays(
    desk: Callable[..., Client], walk: Walk
) -> None:
    page = checked(desk("otto"), walk)
    words = page.content.decode()
    assert page.status_code == 200
    assert page.context["form"].rows["answers"][0]["facts"].value() == ANSWER["facts"]
    answered, not_answered = page.context["advised"][0].checked.asked
    assert "路灯四月底前修好。" in answered.by
    assert not_answered.by == ()
    assert words.count(UNANSWERED) == 1
    for told in ("高度重视</mark>", "业已", "the law or rule, with its article", "It can be wrong"):
        assert told in words
    assert "what is decided" not in words  # the outcome is chosen in a field of its own


def test_it_keeps_nothing_and_changes_nothing(desk: Callable[..., Client], walk: Walk) -> None:
    browser = desk("otto")
    browser.get(address(walk))
    before, version, asked = rows_everywhere(), walk.petition.version, walk.petition.requests
    checked(browser, walk)
    checked(browser, walk, headers={"X-Advise": "1"})
    assert rows_everywhere() == before
    assert (walk.petition.version, walk.petition.requests) == (version, asked)


def test_it_stops_nothing(desk: Callable[..., Client], walk: Walk) -> None:
    browser = desk("otto")
    assert UNANSWERED in checked(browser, walk).content.decode()
    sent = {"seen": walk.petition.version, "step": "confirm", **TYPED}
    browser.post(address(walk), sent)
    assert walk.petition.marks.get("submitted")


def test_a_script_gets_the_box_alone(desk: Callable[..., Client], walk: Walk) -> None:
    box = checked(desk("otto"), walk, headers={"X-Advise": "1"}).content.decode()
    assert UNANSWERED in box
    assert "<html" not in box
    assert "<form" not in box


def test_the_head_sees_it_beside_what_waits_for_the_signature(
    desk: Callable[..., Client], walk: Walk
) -> None:
    walk("submit-opinion", "otto", answers=[ANSWER])
    page = desk("hedda").get(address(walk, "countersign"))
    assert [advice.own for advice in page.context["advised"]] == [False]
    assert UNANSWERED in page.content.decode()
    assert "Check the draft" not in page.content.decode()


def test_the_reviewer_sees_what_was_asked_and_what_was_answered(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("review-requested", subject="路灯不亮", text=TEXT)
    page = desk("rita").get(address(walk, "issue-review-opinion"))
    own, under_review = page.context["advised"]
    assert (own.own, under_review.own) == (True, False)
    assert [bool(each.by) for each in under_review.checked.asked] == [True, False]
    assert "What was asked, and what the opinion answers" in page.content.decode()


def test_a_step_that_answers_nothing_has_no_box(desk: Callable[..., Client], walk: Walk) -> None:
    page = desk("otto").get(address(walk, "add-information")).content.decode()
    assert "Does this answer?" not in page


def test_who_opens_a_petition_without_a_list_reads_what_it_seems_to_ask(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred", subject="路灯不亮", text=TEXT)
    page = desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()
    assert "What it seems to ask" in page
    assert "请修好路灯。" in page
    listed = at("accepted", subject="路灯不亮", text=TEXT)
    assert "What it seems to ask" not in desk("otto").get(f"/desk/p/{listed.ref}/").content.decode()


@pytest.mark.django_db(databases=["default", "keys"])
def test_of_a_report_it_is_told_to_those_alone_who_read_it(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    walk = Walk(lodge(kind="report", against=("jt",), subject="收钱", text="有人收了钱。请依法查处。"))
    assert "What it seems to ask" in desk("dora").get(f"/desk/p/{walk.ref}/").content.decode()
    page = desk("olga").get(f"/desk/p/{walk.ref}/")
    assert "What it seems to ask" not in page.content.decode()


def test_a_longer_draft_costs_no_more_queries(desk: Callable[..., Client], walk: Walk) -> None:
    browser, counts = desk("otto"), []
    for facts in ("路灯", "路灯坏了。", "经现场查看，路灯坏了三盏。" * 30):
        more = as_form({"answers": [{**ANSWER, "facts": facts}]})
        sent = {"seen": walk.petition.version, "based_on": "0", "step": "advise", **more}
        with CaptureQueriesContext(connection) as made:
            browser.post(address(walk), sent, headers={"X-Advise": "1"})
        counts.append(len(made))
    assert counts[1] == counts[2]  # the first one wakes what is read once


def test_the_opinion_of_the_cast_is_answered(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    walk("submit-opinion", "otto", **OPINION)
    advice = desk("hedda").get(address(walk, "countersign")).context["advised"][0]
    assert not advice.checked.generic
