"""Splitting a mixed petition on the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.cast import Walk

ROWS = {
    "parts-TOTAL_FORMS": "2",
    "parts-INITIAL_FORMS": "0",
    "parts-0-part_kind": "claim",
    "parts-0-part_subject": "Street lamp",
    "parts-0-part_text": "Please mend the lamp.",
    "parts-1-part_kind": "report",
    "parts-1-part_subject": "Money taken",
    "parts-1-part_text": "Somebody took money.",
    "parts-1-part_against": ["zj", "jt"],
    "reasons": "A claim and a report.",
}


def post(browser: Client, walk: Walk, **said: Any) -> Any:
    return browser.post(f"/desk/p/{walk.ref}/move/split/", {"seen": walk.petition.version, **said})


def test_the_form_has_two_parts_to_begin_with(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("registered")
    page = desk("olga").get(f"/desk/p/{walk.ref}/move/split/").content.decode()
    assert "parts-1-part_text" in page
    assert "parts-2-part_text" not in page
    assert page.count("County Housing Bureau") >= 2


def test_the_check_tells_what_becomes_of_each_part_and_carries_all_of_it_on(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    page = post(desk("olga"), walk, step="check", **ROWS)
    said = [str(c.text) for c in page.context["consequences"]]
    assert any("Part 1, “Street lamp”" in line and "County Petition Office" in line for line in said)
    hidden = next(line for line in said if "hidden" in line)
    assert "County Housing Bureau" in hidden
    assert "County Transport Bureau" in hidden
    assert [v for n, v in page.context["typed"] if n == "parts-1-part_against"] == ["zj", "jt"]
    assert walk.petition.state == "registered"


def test_the_parts_are_found_from_the_whole_and_back(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, olga = at("registered"), desk("olga")
    post(olga, walk, step="confirm", **ROWS)
    claim, report = walk.petition.parts.order_by("id")
    whole = olga.get(f"/desk/p/{walk.ref}/").content.decode()
    assert claim.ref in whole
    assert report.ref in whole
    assert walk.ref in olga.get(f"/desk/p/{claim.ref}/").content.decode()


def test_who_may_not_see_the_whole_is_not_told_that_there_is_one(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, olga, otto = at("registered"), desk("olga"), desk("otto")
    post(olga, walk, step="confirm", **ROWS)
    claim, report = walk.petition.parts.order_by("id")
    olga.post(f"/desk/p/{claim.ref}/move/transfer/", {"seen": claim.version, "body": "zj", "step": "confirm"})
    page = otto.get(f"/desk/p/{claim.ref}/").content.decode()
    assert "Please mend the lamp" in page
    for hidden in (walk.ref, report.ref, "Split off from", "Money taken"):
        assert hidden not in page
    assert otto.get(f"/desk/p/{walk.ref}/").status_code == 404
    assert otto.get(f"/desk/p/{report.ref}/").status_code == 404


def test_a_single_part_is_no_split_and_nothing_typed_is_lost(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    one = {name: value for name, value in ROWS.items() if not name.startswith("parts-1")}
    page = post(desk("olga"), walk, step="check", **one)
    assert page.status_code == 409
    assert "too few" in page.content.decode()
    assert "Please mend the lamp." in page.content.decode()


def test_what_is_wrong_in_a_row_is_said_with_that_row_and_leads_to_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    wrong = ROWS | {"parts-1-part_against": ["nobody"]}
    page = post(desk("olga"), at("registered"), step="check", **wrong).content.decode()
    assert '<a href="#id_parts-1-part_against">Part 2 · Bodies that are reported' in page


def test_a_list_that_is_needed_leads_to_its_first_row(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    empty = {"parts-TOTAL_FORMS": "2", "parts-INITIAL_FORMS": "0", "reasons": "两类诉求"}
    page = post(desk("olga"), walk, step="check", **empty).content.decode()
    assert 'href="#id_parts-0-part_kind_0"' in page
