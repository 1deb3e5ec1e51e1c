"""A list of bodies that was the wrong one: taken back as far as nothing leans on it; what stays is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.registry import keeping
from huiyin.registry.models import Body, Change, Officer
from tests.cast import lodge
from tests.officer.test_guide_lists import HEADING, TOWN, WATER, choose, confirm

Desk = Callable[..., Client]
OFFICE = "dong-xf,东镇信访办,信访部门,乡级,dong,,,是,,\n"
CHANGED = "zj,县住建局二,职能部门,县级,xian,,,,供水,工作日 9:00—11:00\n"


def kept(desk: Desk, rows: str) -> str:
    """Keep a list, and answer the address of its page."""
    answer = confirm(desk("ada"), choose(desk("ada"), HEADING + rows))
    assert answer.status_code == 302
    return str(answer["Location"])


def take_back(desk: Desk, where: str, told: str = "") -> Any:
    return desk("ada").post(where, {"told": told or desk("ada").get(where).context["told"]}, follow=True)


def in_service() -> set[str]:
    return set(Body.objects.filter(active=True).values_list("code", flat=True))


def held(code: str) -> tuple[Any, ...]:
    body = Body.objects.get(code=code)
    pairs = tuple(body.competences.order_by("subject").values_list("subject", "area"))
    return (body.name_zh, body.hours, body.superior_id, pairs)


def test_what_it_put_on_record_goes_and_what_it_changed_becomes_what_it_was(
    desk: Desk, bodies: dict[str, Body]
) -> None:
    before, zj = in_service(), held("zj")
    where = kept(desk, TOWN + OFFICE + WATER + CHANGED)
    assert in_service() - before == {"dong", "dong-xf", "sl"}
    assert held("zj") != zj
    page = take_back(desk, where).content.decode()
    assert (in_service(), held("zj")) == (before, zj)
    assert "3 out of service, 1 as before." in page
    assert "Take this list back" not in page
    assert "taken back already" in take_back(desk, where, "again").content.decode()
    newest = desk("audrey").get("/desk/audit/changes/").content.decode()
    assert ("List of bodies taken back" in newest, "4 bodies" in newest) == (True, True)


def test_a_corrected_list_brings_the_codes_back(desk: Desk, bodies: dict[str, Body]) -> None:
    take_back(desk, kept(desk, TOWN + OFFICE))
    again = choose(desk("ada"), HEADING + TOWN.replace("东镇", "西镇"))
    [row] = again.context["plan"].rows
    assert [(c.heading.en, c.new) for c in row.changes] == [
        ("name", "西镇人民政府"),
        ("in service", "✓"),
    ]
    confirm(desk("ada"), again)
    assert Body.objects.get(code="dong").active
    assert not Body.objects.get(code="dong-xf").active


def test_what_is_used_stays_and_is_named_with_what_stands_above_it(
    desk: Desk, cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    where = kept(desk, TOWN + OFFICE + WATER + CHANGED)
    keeping.give_role(
        cast["otto"], Body.objects.get(code="dong-xf"), "registrar", by=cast["ada"], now=timezone.now()
    )
    changed = Body.objects.get(code="zj")
    changed.phone = "555"
    keeping.save_body(changed, by=cast["ada"], now=timezone.now())
    shown = desk("ada").get(where)
    undone = shown.context["undone"]
    assert [body.code for body in undone.goes] == ["sl"]
    assert {body.code for body, _why in undone.stays} == {"dong", "dong-xf", "zj"}
    assert "东镇信访办 is below it" in shown.content.decode()
    take_back(desk, where)
    assert {"dong", "dong-xf"} <= in_service()
    assert "sl" not in in_service()
    assert Body.objects.get(code="zj").name_zh == "县住建局二"


def test_what_holds_petitions_stays_and_what_a_report_names_is_told_to_nobody(
    desk: Desk, bodies: dict[str, Body]
) -> None:
    where = kept(desk, TOWN + WATER)
    lodge(body="sl")
    lodge(kind="report", against=("dong",))
    undone = desk("ada").get(where).context["undone"]
    assert [body.code for body in undone.goes] == ["dong"]
    assert [body.code for body, _why in undone.stays] == ["sl"]


def test_only_what_was_shown_is_done(desk: Desk, cast: dict[str, Officer], bodies: dict[str, Body]) -> None:
    where = kept(desk, WATER)
    told = desk("ada").get(where).context["told"]
    keeping.give_role(
        cast["otto"], Body.objects.get(code="sl"), "handler", by=cast["ada"], now=timezone.now()
    )
    answer = desk("ada").post(where, {"told": told})
    assert answer.status_code == 409
    assert "Look again" in answer.content.decode()
    assert "sl" in in_service()


def test_a_list_is_offered_to_whoever_brought_it_in(desk: Desk, bodies: dict[str, Body]) -> None:
    where = kept(desk, WATER)
    assert where in desk("ada").get("/desk/lists/bodies/").content.decode()
    assert desk("hedda").get(where).status_code == 404
    assert desk("ada").get("/desk/lists/bodies/0/").status_code == 404
    other = Change.objects.exclude(what__did="bodies-brought-in").latest("id")
    assert desk("ada").get(f"/desk/lists/bodies/{other.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [300])
def test_a_long_list_asks_the_database_little_for_each_row(
    desk: Desk, bodies: dict[str, Body], rows: int, django_assert_max_num_queries: Any
) -> None:
    lines = "".join(f"b{n},单位{n},职能部门,县级,xian,,,,供水,\n" for n in range(rows))
    shown = choose(desk("ada"), HEADING + lines)
    browser = desk("ada")
    with django_assert_max_num_queries(8 * rows + 60):
        confirm(browser, shown)


def test_many_bodies_stand_on_pages_and_are_found_by_a_word(desk: Desk, bodies: dict[str, Body]) -> None:
    lines = "".join(f"b{n},单位{n},职能部门,县级,xian,,,,主题{n}号,\n" for n in range(110))
    kept(desk, lines)
    first = desk("ada").get("/desk/bodies/")
    assert len(first.context["tree"]) == 100
    assert 'rel="next"' in first.content.decode()
    for word in ("单位77", "B77", "主题77号"):
        shown = desk("ada").get("/desk/bodies/", {"find": word}).context["tree"]
        assert [row["body"].code for row in shown] == ["b77"]
    assert "Try a shorter word" in desk("ada").get("/desk/bodies/", {"find": "没有"}).content.decode()
