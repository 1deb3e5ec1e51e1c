"""What a provider says of the staff, and the file by which it is read: each slip in it is named."""

from __future__ import annotations

import pytest

from huiyin.core import staff_claims
from huiyin.core.staff_claims import BrokenClaims, Claims, Said, read, said_of
from huiyin.core.text import Text

ROLES = frozenset({"handler", "registrar", "administrator"})
FILE = """
called = {zh = "县统一身份认证", en = "County sign-in"}
opens_accounts = true
amr = ["otp", "hwk"]
acr = ["urn:county:high"]

[claims]
login = "uid"
name = "cn"
title = "title"
email = "mail"
groups = "memberOf"

[[groups]]
group = "cn=handlers,ou=groups,dc=county"
body = "ZJ"
role = "handler"

[[groups]]
group = "cn=handlers,ou=groups,dc=county"
body = "zj"
role = "registrar"

[[groups]]
group = "cn=keepers,ou=groups,dc=county"
body = "xian"
role = "administrator"
"""


HANDLERS = "[[groups]]\ngroup = 'a'\nbody = 'zj'\nrole = 'handler'\n"


def test_a_whole_file_is_read() -> None:
    claims = read(FILE, ROLES)
    assert claims.called == Text("县统一身份认证", "County sign-in")
    assert claims.governed == {("zj", "handler"), ("zj", "registrar"), ("xian", "administrator")}
    assert claims.opens_accounts


def test_without_a_file_the_usual_claims_are_read() -> None:
    claims = read("", ROLES)
    assert claims == Claims()
    said = said_of(claims, {"preferred_username": "otto", "name": "Otto"}, {"email": "otto@county.test"})
    assert said == Said(login="otto", name="Otto", email="otto@county.test")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("called = ", "no TOML"),
        ("colour = 1", "colour"),
        ("called = 3", "called"),
        ("called = {zh = '甲'}", "called"),
        ("acr = 'high'", "acr"),
        ("amr = [1]", "amr"),
        ("scopes = ['profile']", "openid"),
        ("opens_accounts = 'yes'", "opens_accounts"),
        ("opens_accounts = true", "needs groups"),
        ("claims = 1", "claims"),
        ("[claims]\nlogin = 3", "claims.login"),
        ("[claims]\nphone = 'x'", "claims.phone"),
        ("groups = 1", "groups"),
        ("groups = [1]", "groups, number 1"),
        ("[[groups]]\ngroup = 'a'\nrole = 'handler'", "body is missing"),
        ("[[groups]]\ngroup = 'a'\nbody = 'zj'\nrole = 'chief'", "no role 'chief'"),
        ("[[groups]]\ngroup = 'a'\nbody = 'zj'\nrole = 'handler'\nmore = 1", "more"),
        (HANDLERS + HANDLERS.replace("'a'", "'A'"), "number 2: an earlier one"),
        ("[claims]\ngroups = ''\n[[groups]]\ngroup = 'a'\nbody = 'zj'\nrole = 'handler'", "claims.groups"),
    ],
)
def test_each_slip_is_named_with_its_place(text: str, where: str) -> None:
    with pytest.raises(BrokenClaims, match=where):
        read(text, ROLES)


@pytest.mark.parametrize(
    "held",
    [
        ["cn=handlers,ou=groups,dc=county"],
        "CN=Handlers, OU=groups, DC=county",
        ["cn=others,dc=county", " cn = handlers , ou = groups,dc=county "],
    ],
)
def test_groups_of_a_directory_are_known_however_they_are_written(held: object) -> None:
    said = said_of(read(FILE, ROLES), {"memberOf": held}, {})
    assert said.roles == {("zj", "handler"), ("zj", "registrar")}


def test_a_value_may_be_one_of_many_or_lie_deeper() -> None:
    claims = read("[claims]\nname = 'cn'\ngroups = 'realm_access.roles'", ROLES)
    assert said_of(claims, {"cn": ["", "张三", "Zhang San"]}, {}).name == "张三"
    assert staff_claims.lacks(claims, {"cn": "x", "preferred_username": "a", "email": "b"}) is False
    grouped = read(
        "[claims]\ngroups='realm_access.roles'\n[[groups]]\ngroup='a'\nbody='zj'\nrole='handler'", ROLES
    )
    assert said_of(grouped, {"realm_access": {"roles": ["a"]}}, {}).roles == {("zj", "handler")}
    assert said_of(grouped, {"realm_access": "a"}, {}).roles == frozenset()


@pytest.mark.parametrize(
    ("token", "two"),
    [
        ({"amr": ["pwd", "otp"]}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "hwk"}, True),
        ({"acr": "urn:county:high"}, True),
        ({"acr": "0"}, False),
        ({"acr": ["urn:county:high"]}, False),
        ({}, False),
    ],
)
def test_only_what_the_operator_named_counts_as_two_factors(token: dict[str, object], two: bool) -> None:
    assert said_of(read(FILE, ROLES), token, {"amr": ["otp"], "acr": "urn:county:high"}).two_factors is two
    assert not said_of(Claims(), token, {}).two_factors


def test_groups_that_lie_elsewhere_are_not_taken_for_none() -> None:
    claims = read(FILE, ROLES)
    assert staff_claims.groups_elsewhere(claims, {"_claim_names": {"memberOf": "src1"}}, {})
    assert not staff_claims.groups_elsewhere(claims, {"memberOf": []}, {"_claim_names": {"memberOf": "x"}})
    assert not staff_claims.groups_elsewhere(Claims(), {"_claim_names": {"memberOf": "src1"}}, {})
