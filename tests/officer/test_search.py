"""The search page: a query about a matter is answered, one about a person is not asked and stands nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.doors.officer import search
from huiyin.registry.models import Body, Competence, Petition
from tests.cast import Walk, lodge

Desk = Callable[..., Client]
At = Callable[..., Walk]
HERE = "/desk/search/"


def ask(browser: Client, **said: str) -> Any:
    return browser.post(HERE, said, follow=True)


def test_what_is_found_is_shown_with_its_words_marked(desk: Desk, at: At) -> None:
    walk = at("lodged", subject="电梯停运", text="小区二期的电梯停运三个月")
    shown = ask(desk("olga"), q="电梯 停运")
    page = shown.content.decode()
    assert f"/desk/p/{walk.ref}/" in page
    assert "<mark>电梯停运</mark>" in page
    assert "1 petition" in page


def test_the_words_stand_in_no_address(desk: Desk, at: At) -> None:
    at("lodged", subject="电梯停运")
    shown = ask(desk("olga"), q="电梯", order="best", since="2020-01-01")
    ((address, _),) = shown.redirect_chain
    assert "电梯" not in unquote(address)
    assert set(search._opened(address.split("?s=")[1]) or {}) == {"q", "order", "since"}
    again = desk("olga").get(address)
    assert again.status_code == 200
    assert b"<mark>" in again.content
    assert desk("olga").get(f"{HERE}?s=made-up").status_code == 200


@pytest.mark.parametrize("said", ["张伟", "13912345678", "3栋2单元501室", "128号", ""])
def test_a_query_about_a_person_is_not_asked_and_says_why(desk: Desk, at: At, said: str) -> None:
    at("lodged", subject="电梯停运")
    browser = desk("olga")
    with CaptureQueriesContext(connection) as queries:
        shown = browser.post(HERE, {"q": said})
    assert shown.status_code == 400
    assert not [q for q in queries.captured_queries if "registry_indexed" in q["sql"]]
    page = shown.content.decode()
    assert "error-summary" in page
    assert said == "" or "reference" in page


def test_a_reference_leads_to_its_petition_for_who_may_see_it(desk: Desk, at: At) -> None:
    walk = at("lodged")
    there = desk("olga").post(HERE, {"q": f" {walk.ref.lower()} "})
    assert there["Location"] == f"/desk/p/{walk.ref}/"
    refused = desk("otto").post(HERE, {"q": walk.ref})
    unknown = desk("otto").post(HERE, {"q": "HY-00000-00000"})
    assert refused.status_code == unknown.status_code == 400
    assert b"no such reference" in refused.content


def test_the_filters_narrow_it_down(desk: Desk, at: At) -> None:
    at("lodged", subject="电梯停运", text="小区的电梯停运", days=40)
    at("accepted", subject="电梯漏水", text="小区的电梯漏水")
    Competence.objects.create(body=Body.objects.get(code="zj"), subject="住房", area="")
    browser = desk("olga")

    def found(**said: str) -> int:
        shown = ask(browser, q="电梯", **said)
        assert shown.status_code == 200, shown.content.decode()
        return len(shown.context["lines"])

    newest = Petition.objects.latest("lodged_at").lodged_at.date().isoformat()
    assert found() == 2
    assert found(state="accepted") == found(body="zj") == found(since=newest) == found(due="late") == 1
    assert found(status="closed") == found(kind="suggestion") == found(until="2020-01-01") == 0
    topic = next(
        code for code, text in browser.get(HERE).context["form"].fields["topic"].choices if "ousing" in text
    )
    assert found(topic=topic) == 2


def test_names_are_masked_even_for_handlers_here(desk: Desk, at: At) -> None:
    at("lodged", subject="电梯停运，请找陈建国主任", text="我叫欧阳娜娜，电梯停运，电话13711112222")
    page = ask(desk("olga"), q="电梯").content.decode()
    assert "<mark>电梯</mark>" in page
    assert not [word for word in ("陈建国", "欧阳娜娜", "13711112222") if word in page]


def test_a_page_of_many_takes_as_many_queries_as_a_page_of_few(desk: Desk, cast: Any) -> None:
    browser = desk("olga")
    lodge(subject="电梯停运")
    ask(browser, q="电梯")
    with CaptureQueriesContext(connection) as few:
        ask(browser, q="电梯")
    for n in range(search.A_PAGE + 5):
        lodge(subject=f"电梯停运{n}", text="物业公司说电梯没有钱修")
    with CaptureQueriesContext(connection) as many:
        shown = ask(browser, q="电梯")
    assert len(many) == len(few)
    assert len(shown.context["lines"]) == search.A_PAGE
    assert shown.context["page"].has_next()
    assert len(shown.content) < 100_000


def test_a_word_that_several_hold_is_suggested(desk: Desk, cast: Any) -> None:
    for _ in range(search.LEAST):
        lodge(subject="电梯停运", text="物业公司说电梯没有钱修")
    lodge(subject="电梯停运", text="开发商不修电梯")
    Competence.objects.create(body=Body.objects.get(code="zj"), subject="住房", area="")
    browser = desk("olga")
    suggested = dict(ask(browser, q="电梯").context["suggested"])
    assert list(suggested) == ["物业"]  # 开发商 stands in one alone
    assert len(browser.get(suggested["物业"]).context["lines"]) == search.LEAST


def test_the_inbox_leads_to_it_by_a_key(desk: Desk, at: At) -> None:
    page = desk("olga").get("/desk/").content.decode()
    assert 'data-key="/"' in page
    assert f'action="{HERE}"' in page


def test_who_works_at_no_body_finds_no_such_page(desk: Desk) -> None:
    assert desk("audrey").get(HERE).status_code == 404
