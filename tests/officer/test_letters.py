"""Notices as letters: each says what was decided, by which article, and what its reader may do next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import OPINION, Walk, as_form


def letter(browser: Client, walk: Walk, event: str) -> str:
    seq = walk.petition.entries.filter(event=event).latest("seq").seq
    answer = browser.get(f"/desk/p/{walk.ref}/letter/{seq}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("state", "event_by", "words"),
    [
        ("transferred", ("transferred", "olga"), ["Notice of transfer", "County Housing Bureau"]),
        ("accepted", ("accepted", "otto"), ["Notice of acceptance", "The term “Handling”", "art. 34"]),
        (
            "opinion-issued",
            ("opinion-issued", "otto"),
            ["应当修复", "30 days", "County Government", "art. 35"],
        ),
        (
            "review-issued",
            ("review-opinion-issued", "rita"),
            ["Review opinion", "City Government", "art. 36.1"],
        ),
        ("rereview-issued", ("rereview-opinion-issued", "rolf"), ["not taken up again"]),
    ],
)
def test_a_letter_says_what_the_law_wants_it_to_say(
    desk: Callable[..., Client],
    at: Callable[..., Walk],
    state: str,
    event_by: tuple[str, str],
    words: list[str],
) -> None:
    walk, (event, login) = at(state), event_by
    page = letter(desk(login), walk, event)
    for each in [*words, walk.ref, "路灯坏了", "Regulations on Petition Work"]:
        assert each in page


def test_a_refusal_names_where_to_go_and_who_looks_at_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("lodged", body="zj")
    walk("register", "otto")
    walk(
        "decline", "otto", ground="not-competent", reasons="Not ours", redirect="Transport bureau, 1 Main St"
    )
    page = letter(desk("otto"), walk, "declined")
    assert "Transport bureau, 1 Main St" in page
    assert "County Government" in page


def test_the_preview_is_the_letter(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk, said = at("accepted").signed(), OPINION
    check = desk("otto").post(
        f"/desk/p/{walk.ref}/move/issue-opinion/",
        {"seen": walk.petition.version, "step": "check", **as_form(said)},
    )
    before = check.context["letter"]
    walk("issue-opinion", "otto", **said)
    seq = walk.petition.version
    assert desk("otto").get(f"/desk/p/{walk.ref}/letter/{seq}/").context["letter"] == before


def test_a_step_without_a_document_has_no_letter(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    assert desk("olga").get(f"/desk/p/{walk.ref}/letter/2/").status_code == 404
    assert desk("olga").get(f"/desk/p/{walk.ref}/letter/99/").status_code == 404


def test_a_letter_is_written_in_chinese_too(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    page = letter(desk("otto", "zh-hans"), at("opinion-issued"), "opinion-issued")
    assert "信访处理意见书" in page
    assert "自收到之日起30日内" in page
