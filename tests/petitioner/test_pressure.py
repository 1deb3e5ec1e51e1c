"""Telling of pressure: the author chooses who is told, reads it once more, and leaves with a receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.core.refusal import Refusal
from huiyin.registry import access, pressing
from huiyin.registry.file import Lodging, file
from huiyin.registry.models import Body, Officer, Petition, Role
from tests.cast import NOW, Walk, acting_as

Enter = Callable[[Any], Client]
PAGE = "/follow/petition/pressure/"
TYPED = {"text": "经办人打电话到我单位，让我撤回。", "to": "discipline"}


def sent(browser: Client, **changes: Any) -> Any:
    once = browser.get(PAGE).context["once"]
    return browser.post(PAGE, TYPED | changes | {"once": once, "go": "send"})


def reports() -> list[Petition]:
    return list(Petition.objects.filter(marks__pressure__isnull=False))


def test_it_is_sent_only_after_it_was_read_once_more(enter: Enter, walk: Walk) -> None:
    browser = enter(walk.to("accepted"))
    once = browser.get(PAGE).context["once"]
    checked = browser.post(PAGE, TYPED | {"once": once, "go": "check"})
    assert "打电话到我单位" in checked.content.decode()
    assert not reports()
    done = browser.post(PAGE, TYPED | {"once": once, "go": "send"})
    assert done.status_code == 200
    (made,) = reports()
    assert made.ref in done.content.decode()
    assert made.ref != walk.ref
    assert browser.post(PAGE, TYPED | {"once": once, "go": "send"}).status_code == 200
    assert len(reports()) == 1  # pressed twice, sent once


@pytest.mark.parametrize(("to", "body"), [("superior", "xian"), ("discipline", "jw"), ("auditor", "xian")])
def test_it_goes_to_whom_the_author_chose(enter: Enter, walk: Walk, to: str, body: str) -> None:
    sent(enter(walk.to("accepted")), to=to)
    (made,) = reports()
    assert (made.kind, made.holder.code, made.marks["pressure"]) == ("report", body, to)
    assert set(made.accused.values_list("body__code", flat=True)) == {"zj"}


def test_who_had_a_hand_in_it_is_passed_over(enter: Enter, walk: Walk) -> None:
    browser = enter(walk.to("accepted"))
    refused = sent(browser, to="superior", against=["xian"])
    # The city is above the county, and is told instead.
    assert refused.status_code == 200
    (made,) = reports()
    assert made.holder.code == "shi"
    assert sent(browser, against=["xian"]).status_code == 409  # the county's discipline body answers to it
    assert len(reports()) == 1


def test_nothing_but_the_line_that_was_there_is_not_enough(enter: Enter, walk: Walk) -> None:
    browser = enter(walk.to("accepted"))
    first = browser.get(PAGE).context["form"]["text"].value()
    answer = sent(browser, text=first)
    assert answer.status_code == 409
    assert not reports()


def test_an_auditor_alone_reads_what_was_given_to_the_auditor(
    enter: Enter, walk: Walk, cast: dict[str, Officer]
) -> None:
    sent(enter(walk.to("accepted")), to="auditor")
    (made,) = reports()
    seeing = {who for who in cast if access.visible_to(acting_as(who)).filter(pk=made.pk).exists()}
    assert seeing == {"audrey"}


def test_the_auditor_registers_it_and_hands_it_to_the_discipline_body(
    enter: Enter, walk: Walk, cast: dict[str, Officer]
) -> None:
    sent(enter(walk.to("accepted")), to="auditor")
    (made,) = reports()
    report = Walk(_filed(made), NOW)
    report("register", "audrey")
    report("transfer", "audrey", body="jw")
    made.refresh_from_db()
    assert made.holder.code == "jw"
    seeing = {who for who in cast if access.visible_to(acting_as(who)).filter(pk=made.pk).exists()}
    assert seeing == {"audrey", "dora"}


def _filed(made: Petition) -> Any:
    class Filed:
        ref, key, petition = made.ref, "", made

    return Filed()


def test_where_the_law_knows_no_reports_there_is_no_such_page(
    enter: Enter, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter(walk)
    monkeypatch.setattr(pressing, "is_known_to_the_law", lambda _now: False)
    assert browser.get(PAGE).status_code == 404
    assert PAGE not in browser.get("/follow/petition/").content.decode()


def test_whoever_names_everybody_is_told_where_to_take_one_off(enter: Enter, walk: Walk) -> None:
    browser = enter(walk.to("accepted"))
    refused = sent(browser, to="superior", against=["xian", "shi", "jw"])
    assert refused.status_code == 409
    assert list(refused.context["form"].errors) == ["against"]
    assert 'href="#id_against' in refused.content.decode()
    assert not reports()


def test_where_nobody_is_apart_from_the_bodies_concerned_the_page_says_so(enter: Enter, walk: Walk) -> None:
    browser = enter(walk.to("accepted"))
    assert 'name="to"' in browser.get(PAGE).content.decode()
    Role.objects.filter(role="auditor").delete()
    Body.objects.exclude(code="zj").update(active=False)
    page = browser.get(PAGE).content.decode()
    assert 'class="notice' in page
    assert 'name="to"' not in page
    assert 'name="text"' not in page, "nobody writes what nobody may read"
    refused = browser.post(PAGE, TYPED | {"once": "", "go": "check"})
    assert refused.status_code == 409
    assert TYPED["text"] in refused.content.decode()


def test_only_a_report_can_be_one_of_pressure(cast: dict[str, Officer]) -> None:
    refused = file(Lodging("一", "二", kind="claim", body="xf", pressure="auditor"), now=NOW)
    assert isinstance(refused, Refusal)
    assert refused.fields.keys() == {"pressure"}


def test_of_many_bodies_those_who_had_a_hand_in_it_are_looked_up(enter: Enter, walk: Walk) -> None:
    xian = Body.objects.get(code="xian")
    for i in range(20):
        Body.objects.create(
            code=f"b{i}", name_zh=f"第{i}号街道办事处", name_en=f"Street Office {i}",
            kind="organ", level="township", superior=xian,
        )  # fmt: skip
    browser = enter(walk.to("accepted"))
    once = browser.get(PAGE).context["once"]
    assert 'name="against" value="b7"' not in browser.get(PAGE).content.decode()
    # Enter in the box looks up, whatever button the browser takes it for.
    found = browser.post(PAGE, TYPED | {"once": once, "go": "check", "find": "7号街道"}).content.decode()
    assert 'name="against" value="b7"' in found
    assert "打电话到我单位" in found
    sent(browser, against=["b7"])
    (made,) = reports()
    assert set(made.accused.values_list("body__code", flat=True)) == {"zj", "b7"}
