"""The decision aid on the desk: questions as links, and a proposal that fills in the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Walk


@pytest.fixture
def page(desk: Callable[..., Client], at: Callable[..., Walk]) -> Callable[[str], str]:
    walk, olga = at("registered"), desk("olga")

    def shown(answers: str) -> str:
        answer = olga.get(f"/desk/p/{walk.ref}/aid/", {"a": answers} if answers else {})
        assert answer.status_code == 200
        return answer.content.decode()

    return shown


def test_it_asks_one_question_at_a_time_and_shows_the_way_so_far(page: Callable[[str], str]) -> None:
    assert 'href="?a=y"' in page("")
    second = page("n")
    assert 'href="?a=nn"' in second
    assert "Answered so far" in second
    assert 'href="?a="' in second, "each answer can be changed"


def test_it_ends_in_a_proposal_with_its_article_and_the_form_filled_in(
    page: Callable[[str], str], desk: Callable[..., Client]
) -> None:
    shown = page("nnny")
    assert "art. 31.1" in shown
    address = shown.partition("move/classify/?")[0].rpartition('"')[2]
    form = desk("olga").get(f"{address}move/classify/?sorting=court&aided=followed").content.decode()
    assert 'value="court" id="id_classify_sorting_1" checked' in form.replace(" required", "")


def test_rubbish_in_the_address_is_no_answer(page: Callable[[str], str]) -> None:
    assert page("<script>") == page("") or "<script>" not in page("<script>")


def test_there_is_no_aid_where_nothing_can_be_sorted(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    assert desk("otto").get(f"/desk/p/{walk.ref}/aid/").status_code == 404
    assert "aid/" not in desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()
