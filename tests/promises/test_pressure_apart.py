"""Promises 3, 6 and 8 where somebody tells of pressure: the body concerned learns nothing of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from huiyin.core import rulebook
from huiyin.registry import access, pressing
from huiyin.registry.file import Filed, Lodging, file
from huiyin.registry.models import Body, Entry, Officer, Outbox, Petition
from tests.cast import NOW, Walk, acting_as
from tests.officer.pages import tokenless

CONCERNED = ("otto", "hedda", "tina")  # of the body, and a stranger to it
SAID = "有人威胁我"


def report(walk: Walk, to: str) -> Petition:
    one = next(r for r in pressing.recipients(walk.petition) if r.code == to)
    against = tuple(pressing.concerned(walk.petition))
    made = file(Lodging("因信访受到压力", SAID, "report", one.body.code, against, pressure=to), now=NOW)
    assert isinstance(made, Filed), made
    return made.petition


@pytest.mark.parametrize("to", ["superior", "discipline", "auditor"])
def test_the_body_concerned_finds_no_page_that_changed(walk: Walk, cast: dict[str, Officer], to: str) -> None:
    walk.to("accepted")

    def desk(login: str) -> Client:
        browser = Client()
        browser.force_login(cast[login])
        return browser

    pages = ["/desk/", f"/desk/p/{walk.ref}/", "/desk/carry-out/", "/desk/between/"]
    for who in CONCERNED:
        desk(who).get(pages[1])  # once opened it is no longer new to this officer
    before = {(who, page): tokenless(desk(who).get(page).content) for who in CONCERNED for page in pages}
    made = report(walk, to)
    for (who, page), body in before.items():
        assert tokenless(desk(who).get(page).content) == body, (who, page)
        assert desk(who).get(f"/desk/p/{made.ref}/").status_code == 404


def test_nothing_is_written_on_the_petition_it_is_about(walk: Walk) -> None:
    walk.to("accepted")
    version, entries = walk.petition.version, Entry.objects.filter(petition=walk.petition).count()
    told = Outbox.objects.filter(petition=walk.petition).count()
    made = report(walk, "discipline")
    assert walk.petition.version == version
    assert Entry.objects.filter(petition=walk.petition).count() == entries
    assert Outbox.objects.filter(petition=walk.petition).count() == told
    assert walk.ref not in {made.lodged_before, made.source_id, str(made.marks)}
    assert made.part_of_id is None


def test_nobody_who_answers_to_it_may_be_told_whatever_the_tree(walk: Walk) -> None:
    walk.to("accepted")
    for named in Body.objects.values_list("code", flat=True):
        avoid = pressing.concerned(walk.petition) | {named}
        for one in pressing.recipients(walk.petition, frozenset({named})):
            assert not avoid & {one.body.code, *one.body.answers_to}, (named, one)


def test_its_auditor_sees_none_that_is_about_their_own_body(walk: Walk) -> None:
    walk.to("accepted")
    against = ("xian",)
    made = file(Lodging("因信访受到压力", SAID, "report", "shi", against, pressure="superior"), now=NOW)
    assert isinstance(made, Filed), made
    assert not access.pressure_for(acting_as("audrey")).exists()


def test_there_is_no_field_for_a_promise_not_to_petition() -> None:
    promise = re.compile("promise|undertak|waive|renounc|承诺|息访|罢访|保证书")
    for book in rulebook.all_rulebooks():
        for row in book.rows:
            for content in row.contents:
                asked: list[Any] = [content, *content.columns]
                found = [c.name for c in asked if promise.search(c.name + c.text.zh + c.text.en.lower())]
                assert not found, (book.id, row.verb, found)
    forms = Path("src/huiyin/doors").rglob("*.py")
    assert not [path for path in forms if re.search(r"息访|罢访|保证书", path.read_text())]
