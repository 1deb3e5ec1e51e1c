"""A body out of many: the competent first, found by a word of the name, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from huiyin.doors.officer import choosing
from huiyin.registry.models import Body, Competence, Officer
from tests.cast import Walk, lodge

Desk = Callable[..., Client]
At = Callable[..., Walk]


def many(number: int = 14) -> None:
    above = Body.objects.get(code="xian")
    for each in range(number):
        Body.objects.create(
            code=f"b{each}",
            name_zh=f"县第{each}局",
            name_en=f"Bureau {each}",
            kind="organ",
            level="county",
            superior=above,
        )


def groups(page: Any) -> list[Any]:
    return [choice for choice in page.context["form"].fields["body"].choices if choice[0]]


def test_the_competent_body_stands_first(desk: Desk, at: At) -> None:
    many()
    Competence.objects.create(body=Body.objects.get(code="zj"), subject="住房保障")
    Competence.objects.create(body=Body.objects.get(code="jt"), subject="公共交通")
    walk = at("registered", subject="公交车晚上不来", text="三路公交末班车停了。")
    page = desk("olga").get(f"/desk/p/{walk.ref}/move/transfer/")
    (_first, competent), (_second, others) = groups(page)
    assert [code for code, _ in competent] == ["jt"]
    assert "zj" in [code for code, _ in others]


def test_a_word_of_the_name_narrows_the_list_without_script_and_keeps_what_was_typed(
    desk: Desk, at: At
) -> None:
    many()
    walk = at("registered")
    address = f"/desk/p/{walk.ref}/move/transfer/"
    page = desk("olga").get(address)
    assert 'name="find_body"' in page.content.decode()
    page = desk("olga").post(address, {"step": "find", "find_body": "bureau 7", "body": "zj"})
    assert page.status_code == 200
    assert {code for code, _ in groups(page)} == {"b7", "zj"}  # what was chosen stays
    assert "Bodies that fit: 1" in page.content.decode()
    assert page.context["form"]["body"].value() == "zj"
    assert walk.petition.state == "registered"


def test_a_short_list_has_no_search(desk: Desk, at: At) -> None:
    walk = at("registered")
    assert 'name="find_body"' not in desk("olga").get(f"/desk/p/{walk.ref}/move/transfer/").content.decode()


def test_what_lies_under_seal_sorts_no_list(cast: dict[str, Officer]) -> None:
    Competence.objects.create(body=Body.objects.get(code="jt"), subject="公共交通")
    petition = lodge(kind="report", subject="公交车", text="公交车", against=("zj",)).petition
    found = choosing.offered(Body.objects.filter(active=True), petition, "")
    assert all(isinstance(code, str) for code, _ in found.choices)
