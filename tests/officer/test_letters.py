"""Notices as letters: each says what was decided, by which article, and what its reader may do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from huiyin.papers import fonts
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
        (
            "accepted",
            ("accepted", "otto"),
            ["Notice of acceptance", "within 60 days of acceptance", "art. 34"],
        ),
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
    issued = desk("otto").get(f"/desk/p/{walk.ref}/letter/{seq}/").context["letter"]
    assert before.number == ""
    assert issued.number == f"县住建局信答〔{walk.today.year}〕1号"
    assert replace(issued, number="") == before


def test_a_letter_can_be_taken_as_pdf(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    answer = desk("otto").get(f"/desk/p/{walk.ref}/letter/{walk.petition.version}/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_where_no_font_has_chinese_the_letter_is_a_page_to_print(
    desk: Callable[..., Client], at: Callable[..., Walk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: frozenset({"Libertinus Serif"}))
    walk = at("accepted")
    page = desk("otto").get(f"/desk/p/{walk.ref}/letter/{walk.petition.version}/pdf/").content.decode()
    assert "fonts-noto-cjk" in page
    assert "Notice of acceptance" in page


def test_a_letter_comes_with_a_proof_of_service_to_sign(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("opinion-issued")
    answer = desk("otto").get(f"/desk/p/{walk.ref}/letter/{walk.petition.version}/slip/")
    assert answer.content.startswith(b"%PDF-")


def test_the_inbox_shows_what_is_written_and_waits_to_be_served(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    waits, accepted = at("opinion-issued"), at("accepted")
    page = desk("otto").get("/desk/?status=serve").content.decode()
    assert waits.ref in page
    assert accepted.ref not in page


def test_a_stranger_gets_no_letter(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    for page in ("", "pdf/", "slip/"):
        assert (
            desk("tina").get(f"/desk/p/{walk.ref}/letter/{walk.petition.version}/{page}").status_code == 404
        )


def test_a_step_without_a_document_has_no_letter(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    assert desk("olga").get(f"/desk/p/{walk.ref}/letter/2/").status_code == 404
    assert desk("olga").get(f"/desk/p/{walk.ref}/letter/99/").status_code == 404


def test_a_letter_is_written_in_chinese_too(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    page = letter(desk("otto", "zh-hans"), at("opinion-issued"), "opinion-issued")
    assert "信访处理意见书" in page
    assert "自收到本意见书之日起30日内" in page
