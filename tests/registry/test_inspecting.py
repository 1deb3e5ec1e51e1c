"""Inspections: chance is committed before the draw, the draw can be made again, each file is checked once."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from huiyin.core import sample
from huiyin.core.refusal import Refusal
from huiyin.registry import access, inspecting
from huiyin.registry.access import Acting
from huiyin.registry.models import Announced, Body, Change, FileCheck, Inspection, Officer, Role
from tests.cast import NOW, acting_as, lodge

TODAY = date(2026, 3, 2)


@pytest.fixture
def office(cast: dict[str, Officer], bodies: dict[str, Body]) -> Acting:
    """Olga also supervises for the petition office."""
    Role.objects.create(officer=cast["olga"], body=bodies["xf"], role="supervisor")
    return acting_as("olga")


def refused(made: object) -> set[str]:
    assert isinstance(made, Refusal), made
    return set(made.fields) or {made.code}


def announce(acting: Acting, bodies: dict[str, Body], size: int = 3, body: str = "zj") -> Announced:
    made = inspecting.announce(acting, bodies[body], first=TODAY, last=TODAY, size=size, now=NOW)
    assert isinstance(made, Announced), made
    return made


def draw(acting: Acting, announced: Announced, words: str = "4 2 6") -> Inspection:
    made = inspecting.draw(announced, words, acting=acting, now=NOW)
    assert isinstance(made, Inspection), made
    return made


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_a_draw_can_be_made_again_from_what_the_page_shows(office: Acting, bodies: dict[str, Body]) -> None:
    refs = sorted(lodge(body="zj").ref for _ in range(6))
    announced = announce(office, bodies)
    made = draw(office, announced)
    assert digest(made.chance) == announced.commitment
    assert made.listed == "\n".join(refs)
    assert made.digest == digest(made.listed)
    assert made.seed == digest(f"{made.chance}\n4 2 6\n{made.digest}")
    assert made.refs == sorted(refs, key=lambda ref: digest(f"{made.seed}\n{ref}"))[:3]


def test_other_words_give_another_seed_and_no_second_draw(office: Acting, bodies: dict[str, Body]) -> None:
    lodge(body="zj")
    announced = announce(office, bodies)
    first = draw(office, announced, "1")
    assert refused(inspecting.draw(announced, "2", acting=office, now=NOW)) == {"not-found"}
    assert sample.seed_of(first.chance, "2", first.digest) != first.seed
    assert announce(office, bodies).chance != announced.chance
    assert Announced.objects.count() == 2, "what was announced stays, drawn or not"


def test_the_hash_of_chance_is_on_record_before_and_chance_is_shown_to_nobody(
    office: Acting, bodies: dict[str, Body]
) -> None:
    lodge(body="zj")
    announced = announce(office, bodies)
    (change,) = Change.objects.filter(what__did="inspection-announced")
    assert change.what["commitment"] == announced.commitment
    assert announced.chance not in str(change.what)
    browser = Client()
    browser.force_login(Officer.objects.get(login="olga"))
    for place in ("inspections/", f"inspections/announced/{announced.pk}/"):
        page = browser.get(f"/desk/{place}").content.decode()
        assert announced.chance not in page, place
    assert announced.commitment in page
    answer = browser.post(f"/desk/inspections/announced/{announced.pk}/", {"words": " 4  2 6 "})
    made = Inspection.objects.get()
    assert answer.headers["Location"] == f"/desk/inspections/{made.pk}/"
    assert made.words == "4 2 6"
    assert announced.chance in browser.get(f"/desk/inspections/{made.pk}/").content.decode()
    assert digest(browser.get(f"/desk/inspections/{made.pk}/list/").content.decode()) == made.digest


def test_no_words_and_no_draw(office: Acting, bodies: dict[str, Body]) -> None:
    lodge(body="zj")
    announced = announce(office, bodies)
    for words in ("", "  ", "9" * 101):
        assert refused(inspecting.draw(announced, words, acting=office, now=NOW)) == {"words"}
    assert refused(inspecting.draw(announced, "1", acting=acting_as("hedda"), now=NOW)) == {"not-found"}
    assert not Inspection.objects.exists()


def test_no_report_is_among_the_files(office: Acting, bodies: dict[str, Body]) -> None:
    report = lodge(kind="report", against=("jt",), body="jw").ref
    assert access.below(acting_as("sven")).filter(ref=report).exists(), "whoever watches may see it"
    said: dict[str, Any] = {"first": TODAY, "last": TODAY, "size": 1, "now": NOW}
    assert refused(inspecting.announce(acting_as("sven"), bodies["jw"], **said)) == {"last"}


def test_only_a_supervisor_above_announces(office: Acting, bodies: dict[str, Body]) -> None:
    lodge(body="zj")
    said: dict[str, Any] = {"first": TODAY, "last": TODAY, "size": 1, "now": NOW}
    assert refused(inspecting.announce(acting_as("hedda"), bodies["zj"], **said)) == {"body"}
    assert refused(inspecting.announce(office, bodies["xian"], **said)) == {"body"}
    assert refused(inspecting.announce(office, bodies["zj"], **{**said, "size": 0})) == {"size"}
    assert refused(inspecting.announce(office, bodies["zj"], **{**said, "last": date(2026, 1, 1)})) == {
        "last"
    }


def test_each_file_is_checked_once(office: Acting, bodies: dict[str, Body]) -> None:
    ref = lodge(body="zj").ref
    made = draw(office, announce(office, bodies, 1))
    answers = dict.fromkeys(sample.CHECKLIST, "yes")
    assert refused(inspecting.check(made, ref, {**answers, "answered": ""}, "", acting=office, now=NOW)) == {
        "answered"
    }
    assert refused(inspecting.check(made, "HY-00000-00000", answers, "", acting=office, now=NOW)) == {
        "not-found"
    }
    assert isinstance(inspecting.check(made, ref, answers, "", acting=office, now=NOW), FileCheck)
    assert refused(inspecting.check(made, ref, answers, "", acting=office, now=NOW)) == {"moved-meanwhile"}
