"""Promise 1 in the whole house: no address, parameter or index leads from a person to what they asked.

What is forbidden, and why, stands in the threat model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from huiyin.doors.api import openapi
from huiyin.doors.officer import sifting
from tests.promises.test_matters_not_persons import JUDGED, WHO, says

# Who somebody is, what they are like, and every word for them as the object of a search.
PERSON = WHO | JUDGED | {"author", "applicant", "complainant", "identity", "who", "same"}
# Officers and bodies act in public, and these words mean no petitioner there.
IN_PUBLIC = {
    "desk/people/",  # of the desk: accounts of officers
    "desk/audit/",  # who of the desk did what
}
# Of one petition, found by its reference: not a way to it.
OF_ONE_PETITION = re.compile(r"^desk/p/<str:ref>/|^follow/petition/|^api/v1/petitions/<str:ref>")
PUBLIC = {"registry_officer", "registry_body", "registry_competence"}  # a competence has a subject: its field
# Words of matters, without names and numbers: tests/promises/test_search_finds_nobody.py.
MATTERS = "registry_indexed_words"
OTHERS = frozenset({"others", "history", "author", "person", "same"})
SAME_MATTER = "same/"  # other petitions on the same matter, linked by hand from the matter (charter 1)


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        way = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, way)
        else:
            yield way, each


def every_address() -> list[str]:
    return sorted({way for way, _ in addresses(get_resolver("huiyin.site.urls_all"))})


def test_no_address_takes_somebody_to_look_for() -> None:
    ways = every_address()
    assert len(ways) > 100
    for way in ways:
        if way.startswith(tuple(IN_PUBLIC)) or OF_ONE_PETITION.match(way):
            continue
        asked = re.findall(r"<(?:\w+:)?(\w+)>", way)
        assert not [name for name in asked if says(PERSON, name)], way


def test_below_a_petition_no_address_leads_to_others_of_its_author() -> None:
    for way in every_address():
        if OF_ONE_PETITION.match(way) and not way.endswith(SAME_MATTER):
            steps = [step for step in way.split("/") if step and not step.startswith("<")][2:]
            assert not [s for s in steps if says(OTHERS, s)], way


def test_the_filter_of_the_desk_asks_for_nothing_that_tells_people_apart() -> None:
    names = set(sifting.SiftForm.base_fields)
    assert {"state", "kind", "body"} <= names
    # "who" is the officer in charge: mine, or nobody's yet.
    assert not [name for name in names - {"who"} if says(PERSON, name)]


def parameters(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if {"in", "name"} <= schema.keys():
            yield str(schema["name"])
        for value in schema.values():
            yield from parameters(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parameters(value)


def test_the_api_can_be_asked_for_a_reference_and_for_nobody() -> None:
    names = set(parameters(openapi.document()))
    assert "ref" in names
    assert not [name for name in names if says(PERSON - {"who"}, name.lower())], names


@pytest.mark.django_db
def test_no_index_of_the_database_would_find_a_person() -> None:
    """By name of column: what lies under seal, what somebody wrote, and how they can be reached."""
    private = {"sealed", "text", "subject", "accused_words", "masked", "words", "contents", "label"}
    terms = {("registry_clock", "name")}  # what a term is called
    found = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("registry_", "vault_")):
                continue
            for name, constraint in connection.introspection.get_constraints(cursor, table).items():
                if not constraint["index"] and not constraint["unique"]:
                    continue
                found += 1
                columns = {column for column in constraint["columns"] or () if column}
                if table in PUBLIC or name == MATTERS:
                    continue
                assert not columns & private, (table, name, columns)
                who = [c for c in columns if says(WHO, c) and (table, c) not in terms]
                assert not who, (table, name, columns)
    assert found > 40
