"""Art. 25, as Huiyin has it: danger in the matter itself, and nothing about people (charter 2 to 4)."""

from __future__ import annotations

import re

from huiyin.core import rulebook

LAW = rulebook.by_id("cn-2022")
VERBS = ("warn-of-danger", "report-urgent", "end-danger")
PEOPLE = re.compile(
    "person|people|crowd|number|gather|travel|destination|who will|群体|聚集|人数|人员|前往|进京|越级"
)


def test_what_is_reported_up_is_danger_place_who_can_avert_it_and_what_was_done() -> None:
    asked = {c.name for verb in VERBS for row in LAW.rows_of(verb) for c in row.contents}
    assert asked == {"danger", "danger_place", "can_avert", "measures"}
    types = {c.type for verb in VERBS for row in LAW.rows_of(verb) for c in row.contents}
    assert types == {"choice", "text"}, "no date, no number, no officer, no list"


def test_only_danger_to_life_health_property_or_environment_is_a_ground() -> None:
    assert [c.code for c in LAW.choices["dangers"]] == ["life", "health", "property", "environment"]
    assert not [c for c in LAW.choices["dangers"] if PEOPLE.search(c.text.en + c.text.zh)]


def test_no_field_asks_about_persons_but_to_keep_them_out() -> None:
    for verb in VERBS:
        for row in LAW.rows_of(verb):
            for content in row.contents:
                assert not PEOPLE.search(content.text.en + content.text.zh), content.name
                said = content.hint.en.replace("no persons", "")
                assert not PEOPLE.search(said), content.name


def test_the_author_sees_that_it_was_reported() -> None:
    assert all(row.notice for row in LAW.rows_of("report-urgent"))
