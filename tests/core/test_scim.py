"""What a directory asks in the words of SCIM: filters, pages, paths and operations, right and wrong."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.core import scim
from huiyin.core.scim import PATCH, PROVIDER, USER, Wanted, Wrong, filtered, patched, span, wanted

OTTO: dict[str, Any] = {
    "schemas": [USER],
    "id": "7",
    "userName": "otto",
    "displayName": "Otto",
    "name": {"formatted": "Otto"},
    "active": True,
    "emails": [{"value": "otto@county.test"}],
    "roles": [{"value": "handler@zj"}, {"value": "registrar@zj"}],
}


def after(*operations: dict[str, Any]) -> Wanted:
    return wanted(patched(OTTO, {"schemas": [PATCH], "Operations": list(operations)}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ('userName eq "otto"', ("userName", "otto")),
        ('  USERNAME EQ "o\\"t"  ', ("userName", 'o"t')),
        ('externalId eq "张"', ("externalId", "张")),
        (f'{USER}:userName eq "otto"', ("userName", "otto")),
    ],
)
def test_two_filters_are_understood(text: str, found: object) -> None:
    assert filtered(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "userName eq otto",
        'userName co "o"',
        'title eq "x"',
        'userName eq "a" or userName eq "b"',
        'userName eq "',
    ],
)
def test_any_other_filter_is_refused_rather_than_left_out(text: str) -> None:
    with pytest.raises(Wrong) as no:
        filtered(text)
    assert no.value.kind == "invalidFilter"


@pytest.mark.parametrize(
    ("start", "count", "found"),
    [("", "", (1, 100)), ("0", "0", (1, 0)), ("-3", "-1", (1, 0)), ("7", "5000", (7, scim.MOST))],
)
def test_a_page_begins_at_one_and_is_no_longer_than_it_may_be(start: str, count: str, found: object) -> None:
    assert span(start, count) == found


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"formatted": "Anna Lee"}, "Anna Lee"),
        ({"familyName": "欧阳", "givenName": "娜"}, "欧阳娜"),
        ({"familyName": "Lee", "givenName": "Anna"}, "Anna Lee"),
        ({"givenName": "Anna"}, "Anna"),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_name_is_put_together_as_its_writing_does(name: object, shown: str) -> None:
    assert wanted({"schemas": [USER], "userName": "x", "name": name}).name == shown


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        ({"op": "replace", "path": "active", "value": False}, {"active": False}),
        ({"op": "Replace", "value": {"active": "False", "title": "x"}}, {"active": False, "title": "x"}),
        ({"op": "add", "path": f"{USER}:title", "value": "x"}, {"title": "x"}),
        ({"op": "remove", "path": "emails"}, {"email": ""}),
        (
            {"op": "replace", "path": 'emails[type eq "work"].value', "value": "a@b.test"},
            {"email": "a@b.test"},
        ),
        (
            {"op": "add", "path": "emails", "value": [{"value": "a@b.test", "primary": True}]},
            {"email": "a@b.test"},
        ),
        ({"op": "replace", "path": "displayName", "value": "Ott"}, {"name": "Ott"}),
        ({"op": "remove", "path": "displayName"}, {"name": ""}),
        ({"op": "replace", "path": "name.formatted", "value": "Ott"}, {"name": "Ott"}),
        ({"op": "add", "path": "externalId", "value": "e"}, {"external": "e"}),
        ({"op": "add", "path": f"{PROVIDER}:subject", "value": "7"}, {"known_as": "7"}),
        ({"op": "add", "value": {PROVIDER: {"subject": "7"}}}, {"known_as": "7"}),
        ({"op": "add", "path": "nickName", "value": "x"}, {}),
        ({"op": "add", "path": "urn:another:schema:User:costCenter", "value": "x"}, {}),
        ({"op": "remove", "path": 'roles[value eq "handler@zj"]'}, {"roles": {("zj", "registrar")}}),
        (
            {"op": "remove", "path": "roles", "value": [{"value": "handler@zj"}]},
            {"roles": {("zj", "registrar")}},
        ),
        ({"op": "remove", "path": "roles"}, {"roles": set()}),
        ({"op": "replace", "path": "roles", "value": ["leader@zj"]}, {"roles": {("zj", "leader")}}),
        (
            {"op": "add", "path": "roles", "value": [{"value": "handler@zj"}, {"value": "leader@zj"}]},
            {"roles": {("zj", "handler"), ("zj", "registrar"), ("zj", "leader")}},
        ),
    ],
)
def test_an_operation_changes_one_thing(operation: dict[str, Any], changed: dict[str, Any]) -> None:
    before, made = wanted(OTTO), after(operation)
    assert {name: getattr(made, name) for name in changed} == changed
    rest = set(Wanted.__slots__) - changed.keys()
    assert {name: getattr(made, name) for name in rest} == {name: getattr(before, name) for name in rest}


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "move", "path": "title"}, "invalidSyntax"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "replace", "path": "title"}, "invalidValue"),
        ({"op": "replace", "value": 3}, "invalidValue"),
        ({"op": "replace", "path": 3, "value": 3}, "invalidPath"),
        ({"op": "replace", "path": "a b", "value": 3}, "invalidPath"),
        ({"op": "replace", "path": 'roles[value eq "x@y"]', "value": "z@y"}, "noTarget"),
        ({"op": "remove", "path": "userName"}, "mutability"),
        (3, "invalidSyntax"),
    ],
)
def test_what_cannot_be_done_says_why(operation: Any, kind: str) -> None:
    with pytest.raises(Wrong) as no:
        after(operation)
    assert no.value.kind == kind


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    [*scim.ATTRIBUTES, 'emails[type eq "work"].value', "name.familyName", "roles[value eq true]"]
)


@given(
    JSON | st.fixed_dictionaries({"schemas": st.just([USER]), "userName": JSON, "name": JSON, "roles": JSON})
)
def test_whatever_is_sent_is_an_account_or_is_refused(said: Any) -> None:
    with contextlib.suppress(Wrong):
        wanted(said)


@given(st.sampled_from(["add", "replace", "remove"]), WORDS | st.text(max_size=12), JSON)
def test_whatever_is_asked_of_one_is_done_or_refused(verb: str, path: str, value: Any) -> None:
    with contextlib.suppress(Wrong):
        after({"op": verb, "path": path, "value": value})
