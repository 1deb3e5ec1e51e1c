"""The staff directory for programs (SCIM 2.0): judged by a program of others, and by our own rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from huiyin.core import scim, staff_claims
from huiyin.registry import programs
from huiyin.registry.models import AccessToken, Body, Change, Officer, ProviderLink, Role, StaffEntry
from huiyin.site import turnstile
from huiyin.site.environment import Oidc
from tests.cast import PASSWORD

HERE = "/desk/scim/v2"
PATCH = scim.PATCH


class Directory:
    """A program that keeps accounts for an administrator."""

    def __init__(self, login: str = "ada", *scopes: str) -> None:
        officer = Officer.objects.get(login=login)
        made = programs.make(officer, "directory", scopes or [programs.STAFF], 30, now=timezone.now())
        assert isinstance(made, tuple)
        self.token = made[1]

    def ask(self, method: str, path: str, said: Any = None, **head: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **head}
        body = json.dumps(said) if said is not None else ""
        return Client().generic(
            method, f"{HERE}/{path}", body, content_type="application/scim+json", headers=headers
        )

    def made(self, **more: Any) -> dict[str, Any]:
        answer = self.ask("POST", "Users", user(**more))
        assert answer.status_code == 201, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def patch(self, number: str, *operations: dict[str, Any]) -> Any:
        return self.ask("PATCH", f"Users/{number}", {"schemas": [PATCH], "Operations": list(operations)})

    def number(self, login: str) -> str:
        return str(Officer.objects.get(login=login).pk)


def user(**more: Any) -> dict[str, Any]:
    return {"schemas": [scim.USER], "userName": "nina", "displayName": "倪娜", **more}


@pytest.fixture
def directory(cast: dict[str, Officer]) -> Directory:
    return Directory()


def error(answer: Any, status: int, kind: str = "") -> str:
    """What is wrong, in the shape that SCIM has for it."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/scim+json"
    said = answer.json()
    assert said["schemas"] == [scim.ERROR]
    assert said["status"] == str(status)
    assert said.get("scimType", "") == kind
    return str(said["detail"])


@pytest.fixture
def kept_open() -> Iterator[None]:
    """The connection of the test outlives a request, as it does for Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("kept_open")
def test_a_judge_of_others_finds_nothing_wrong(directory: Directory, settings: Any) -> None:
    """scim2-tester: discovery, creation, reading, replacement, patching, deletion, errors."""
    settings.OIDC = Oidc("https://id.example", "huiyin", "", staff_claims.Claims())
    client = WSGISCIMClient(
        get_wsgi_application(),
        base_url=f"http://testserver{HERE}",
        headers={"Authorization": f"Bearer {directory.token}"},
    )
    results = check_server(client)
    bad = {
        (each.title, str(each.reason).splitlines()[0])
        for each in results
        if each.status in {Status.ERROR, Status.CRITICAL}
    }
    # An account is open or closed, and a link is ended by hand: neither word can be taken away.
    kept = [(title, why) for title, why in bad if "'active'" in why or f"'{scim.PROVIDER}" in why]
    assert bad == set(kept)
    assert len(kept) <= 3
    assert sum(each.status is Status.SUCCESS for each in results) > 50


# ---- what a directory does


def test_an_account_is_made_with_its_roles_and_no_password(directory: Directory) -> None:
    made = directory.made(
        externalId="e-7",
        title="科员",
        emails=[{"value": "no@county.test"}, {"value": "nina@county.test", "primary": True}],
        roles=[{"value": "handler@zj"}, {"value": "registrar@xf"}],
        phoneNumbers=[{"value": "13800000000"}],
        password="a-password-of-theirs",
    )
    nina = Officer.objects.get(login="nina")
    assert (nina.name, nina.title, nina.email) == ("倪娜", "科员", "nina@county.test")
    assert not nina.has_usable_password()
    assert {(r.body.code, r.role) for r in nina.roles.all()} == {("zj", "handler"), ("xf", "registrar")}
    assert made == directory.ask("GET", f"Users/{nina.pk}").json()
    assert made["externalId"] == "e-7"
    assert "13800000000" not in json.dumps(made)
    did = Change.objects.exclude(what__did="token-made").order_by("pk")
    assert [each.what["did"] for each in did] == ["officer-created", "role-given", "role-given"]
    assert {(each.actor and each.actor.login, each.what["through"]) for each in did} == {("ada", "scim")}


def test_an_account_is_found_by_name_and_by_what_the_directory_calls_it(directory: Directory) -> None:
    directory.made(externalId="e-7")
    for asked in ('userName eq "NINA"', 'externalId eq "e-7"', f'{scim.USER}:userName Eq "nina"'):
        answer = directory.ask("GET", f"Users?filter={asked}").json()
        assert [each["userName"] for each in answer["Resources"]] == ["nina"], asked
    assert directory.ask("GET", 'Users?filter=externalId eq "E-7"').json()["totalResults"] == 0
    said = {"schemas": [], "filter": 'userName eq "nina"', "attributes": ["userName"]}
    (found,) = directory.ask("POST", "Users/.search", said).json()["Resources"]
    assert set(found) == {"schemas", "id", "userName"}


def test_accounts_come_a_page_at_a_time(directory: Directory) -> None:
    every = directory.ask("GET", "Users").json()
    assert every["totalResults"] == len(every["Resources"]) == Officer.objects.count() - 2  # rolf and stella
    second = directory.ask("GET", "Users?startIndex=3&count=2").json()
    assert second["Resources"] == every["Resources"][2:4]
    assert (second["startIndex"], second["itemsPerPage"]) == (3, 2)
    assert directory.ask("GET", "Users?count=0").json()["Resources"] == []
    assert directory.ask("GET", "Users?startIndex=-4&count=-1").json()["startIndex"] == 1


def test_the_database_is_asked_as_often_whatever_there_is(directory: Directory) -> None:
    directory.ask("GET", "Users")  # writes the day of the last use
    with CaptureQueriesContext(connection) as few:
        directory.ask("GET", "Users?count=2")
    with CaptureQueriesContext(connection) as many:
        directory.ask("GET", "Users")
    assert len(many) == len(few)


@pytest.mark.parametrize("off", [False, "False"])
def test_an_account_is_closed_and_opened(directory: Directory, off: object) -> None:
    number = directory.number("otto")
    assert directory.patch(number, {"op": "Replace", "path": "active", "value": off}).status_code == 200
    assert not Officer.objects.get(login="otto").is_active
    assert directory.patch(number, {"op": "replace", "value": {"active": True}}).json()["active"] is True


def test_a_change_of_one_thing_leaves_the_rest(directory: Directory) -> None:
    number = directory.number("otto")
    before = directory.ask("GET", f"Users/{number}").json()
    directory.patch(
        number,
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "o@county.test"},
        {"op": "add", "path": "roles", "value": [{"value": "leader@zj"}]},
        {"op": "remove", "path": 'roles[value eq "registrar@zj"]'},
        {"op": "replace", "path": "name.familyName", "value": "欧"},
        {"op": "replace", "path": "name.givenName", "value": "托"},
        {"op": "add", "path": "nickName", "value": "Otti"},
    )
    after = directory.ask("GET", f"Users/{number}").json()
    changed = {"emails", "roles", "name", "displayName"}
    assert {name for name in after if after[name] != before[name]} == changed
    assert after["displayName"] == "欧托"
    assert [each["value"] for each in after["roles"]] == ["handler@zj", "leader@zj"]


def test_a_replacement_without_roles_leaves_them(directory: Directory) -> None:
    said = user(userName="otto", displayName="Otto")
    assert directory.ask("PUT", f"Users/{directory.number('otto')}", said).status_code == 200
    otto = Officer.objects.get(login="otto")
    assert (otto.email, otto.roles.count()) == ("", 2)
    directory.ask("PUT", f"Users/{otto.pk}", said | {"roles": []})
    assert otto.roles.count() == 0


def test_who_is_given_up_is_closed_and_shown_no_more(directory: Directory) -> None:
    number = directory.made(externalId="e-7")["id"]
    assert directory.ask("DELETE", f"Users/{number}").status_code == 204
    error(directory.ask("GET", f"Users/{number}"), 404)
    error(directory.ask("DELETE", f"Users/{number}"), 404)
    assert directory.ask("GET", 'Users?filter=userName eq "nina"').json()["totalResults"] == 0
    assert not Officer.objects.get(login="nina").is_active
    error(directory.ask("POST", "Users", user()), 409, "uniqueness")


# ---- the rules of the house


def test_nobody_gets_two_roles_that_exclude_one_another(directory: Directory) -> None:
    said = user(roles=["administrator@xian", "auditor@xian"])
    assert "administrator" in error(directory.ask("POST", "Users", said), 409)
    assert not Officer.objects.filter(login="nina").exists()
    number = directory.number("audrey")
    add = {"op": "add", "path": "roles", "value": "custodian@xian"}
    error(directory.patch(number, {"op": "replace", "path": "title", "value": "处长"}, add), 409)
    assert Officer.objects.get(login="audrey").title == ""


def test_the_last_administrator_and_the_last_auditor_stay(directory: Directory) -> None:
    for login in ("ada", "audrey"):
        number = directory.number(login)
        off = {"op": "replace", "path": "active", "value": False}
        assert "last" in error(directory.patch(number, off), 409)
        assert "last" in error(directory.ask("DELETE", f"Users/{number}"), 409)
        assert "last" in error(directory.patch(number, {"op": "remove", "path": "roles"}), 409)
        assert Officer.objects.get(login=login).is_active


def test_an_account_that_is_kept_elsewhere_is_not_changed(directory: Directory) -> None:
    otto = Officer.objects.get(login="otto")
    Role.objects.create(officer=otto, body=Body.objects.get(code="shi"), role="leader")
    off = {"op": "replace", "path": "active", "value": False}
    assert "is kept there" in error(directory.patch(str(otto.pk), off), 403)
    error(directory.ask("DELETE", f"Users/{otto.pk}"), 403)
    error(directory.ask("GET", f"Users/{directory.number('rolf')}"), 404)
    error(directory.ask("POST", "Users", user(roles=["handler@shi"])), 400, "invalidValue")


def test_a_link_is_made_only_where_nothing_opens_the_account(directory: Directory, settings: Any) -> None:
    more = {"schemas": [scim.USER, scim.PROVIDER], scim.PROVIDER: {"subject": "7"}}
    error(directory.ask("POST", "Users", user(**more)), 400, "invalidValue")
    settings.OIDC = Oidc("https://id.example", "huiyin", "", staff_claims.Claims())
    made = directory.made(**more)
    assert ProviderLink.objects.get().known_as == made[scim.PROVIDER]["subject"] == "7"
    other = {"op": "add", "path": f"{scim.PROVIDER}:subject", "value": "8"}
    error(directory.patch(made["id"], other), 400, "mutability")
    error(directory.patch(directory.number("otto"), other), 400, "mutability")
    again = user(userName="ottilie", **more)
    error(directory.ask("POST", "Users", again), 409, "uniqueness")


# ---- who may ask


@pytest.mark.parametrize(
    "path", ["Users", "Users/1", "ServiceProviderConfig", "Schemas", "Groups", "Users/.search"]
)
def test_without_a_token_of_its_own_scope_nothing_opens(cast: dict[str, Officer], path: str) -> None:
    nobody = Client().get(f"{HERE}/{path}")
    error(nobody, 401)
    assert nobody["WWW-Authenticate"].startswith("Bearer")
    browser = Client()
    browser.force_login(cast["ada"])
    error(browser.get(f"{HERE}/{path}"), 401)
    error(Directory("ada", programs.READ).ask("GET", path), 403)
    error(Directory("otto", programs.STAFF).ask("GET", path), 403)


def test_the_scope_is_offered_to_administrators_alone(desk: Callable[..., Client]) -> None:
    said = {"titled": "目录", "scopes": ["staff"], "days": "30", "now_in_use": PASSWORD}
    assert desk("otto").post("/desk/account/tokens/new/", said).status_code == 400
    assert desk("ada").post("/desk/account/tokens/new/", said).status_code == 200
    assert AccessToken.objects.get().scopes == ["staff"]


@pytest.mark.parametrize(
    ("method", "path", "said", "status", "kind"),
    [
        ("GET", "nowhere", None, 404, ""),
        ("GET", "Users/otto", None, 404, ""),
        ("GET", "Users/99999999999999999999", None, 404, ""),
        ("GET", "Users/-1", None, 404, ""),
        ("POST", "Users/1", {}, 405, ""),
        ("DELETE", "Users", None, 405, ""),
        ("GET", "Schemas/nothing", None, 404, ""),
        ("GET", "ResourceTypes/Group", None, 404, ""),
        ("GET", 'Users?filter=title eq "x"', None, 400, "invalidFilter"),
        ("GET", "Users?filter=userName co x", None, 400, "invalidFilter"),
        ("GET", "Users?count=many", None, 400, "invalidValue"),
        ("POST", "Users", None, 415, ""),
        ("POST", "Users", [], 400, "invalidSyntax"),
        ("POST", "Users", {"userName": "x"}, 400, "invalidValue"),
        ("POST", "Users", {"schemas": [scim.USER]}, 400, "invalidValue"),
        ("POST", "Users", user(userName="no spaces"), 400, "invalidValue"),
        ("POST", "Users", user(userName="x" * 41), 400, "invalidValue"),
        ("POST", "Users", user(userName="otto"), 409, "uniqueness"),
        ("POST", "Users", user(displayName="x" * 61), 400, "invalidValue"),
        ("POST", "Users", user(displayName="x\x00"), 400, "invalidValue"),
        ("POST", "Users", user(emails=["nowhere"]), 400, "invalidValue"),
        ("POST", "Users", user(active="perhaps"), 400, "invalidValue"),
        ("POST", "Users", user(roles=["handler"]), 400, "invalidValue"),
        ("POST", "Users", user(roles=["chief@zj"]), 400, "invalidValue"),
        ("POST", "Users", user(roles=["handler@nowhere"]), 400, "invalidValue"),
        ("POST", "Users", user(roles=[3]), 400, "invalidValue"),
    ],
)
def test_what_is_wrong_is_said_as_scim_says_it(  # noqa: PLR0917 a table
    directory: Directory, method: str, path: str, said: Any, status: int, kind: str
) -> None:
    assert error(directory.ask(method, path, said), status, kind)


def test_another_kind_of_content_is_not_read(directory: Directory) -> None:
    head = {"Authorization": f"Bearer {directory.token}"}
    error(Client().post(f"{HERE}/Users", "x", content_type="text/plain", headers=head), 415)


def test_no_secret_and_no_petition_is_told(directory: Directory) -> None:
    text = directory.ask("GET", "Users").content.decode()
    assert "password" not in text
    assert "md5" not in text
    assert not StaffEntry.objects.exists()


def test_a_directory_has_its_share_of_a_minute(
    directory: Directory, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REQUESTS_A_MINUTE = 1
    monkeypatch.setattr(turnstile, "clock", lambda: 600.0)
    assert directory.ask("GET", "Users").status_code == 200
    answer = directory.ask("GET", "Users")
    error(answer, 429)
    assert int(answer["Retry-After"]) > 0
