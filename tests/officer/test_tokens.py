"""Tokens for programs: made with the present password, shown once, ended by whatever ends a session."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.registry import keeping, programs, proving
from huiyin.registry.models import AccessToken, Body, Change, Officer, Role
from huiyin.site import turnstile
from tests.cast import PASSWORD
from tests.officer.programs import API, Program

Desk = Callable[..., Client]
SAID: dict[str, Any] = {
    "titled": "月报程序",
    "scopes": ["read", "search"],
    "days": "30",
    "now_in_use": PASSWORD,
}


def test_a_token_is_shown_once_and_kept_as_a_hash(desk: Desk) -> None:
    browser = desk("otto")
    answer = browser.post("/desk/account/tokens/new/", SAID)
    assert answer.status_code == 200
    (token,) = set(re.findall(rf"{programs.PREFIX}[0-9A-Z]{{52}}", answer.content.decode()))
    assert "no-store" in answer["Cache-Control"]
    kept = repr(list(AccessToken.objects.values_list())) + repr(list(Change.objects.values_list()))
    assert token not in kept
    listed = browser.get("/desk/account/tokens/").content.decode()
    assert "月报程序" in listed
    assert token not in listed
    got = Client().get(f"{API}/account", headers={"Authorization": f"Bearer {token}"}).json()
    assert (got["login"], got["token"]["scopes"]) == ("otto", ["read", "search"])
    assert [each.what["did"] for each in Change.objects.all()] == ["token-made"]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"now_in_use": "wrong"}, "now_in_use"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["board"]}, "scopes"),
        ({"days": "3650"}, "days"),
        ({"titled": ""}, "titled"),
    ],
)
def test_none_is_made_without_all_that_is_asked(desk: Desk, said: dict[str, Any], wrong: str) -> None:
    answer = desk("otto").post("/desk/account/tokens/new/", SAID | said)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {wrong}
    assert not AccessToken.objects.exists()


def test_the_board_is_offered_to_who_supervises(desk: Desk) -> None:
    answer = desk("sven").post("/desk/account/tokens/new/", SAID | {"scopes": ["board"]})
    assert answer.status_code == 200
    assert AccessToken.objects.get().scopes == ["board"]


def test_one_is_taken_back_by_its_officer_alone(desk: Desk) -> None:
    program = Program("otto")
    address = f"/desk/account/tokens/{program.row.pk}/end/"
    assert desk("hedda").post(address).status_code == 404
    assert program.get("account").status_code == 200
    assert desk("otto").post(address).status_code == 302
    assert program.get("account").json()["code"] == "token"
    assert desk("otto").post(address).status_code == 404
    assert "taken back" in desk("otto").get("/desk/account/tokens/").content.decode()
    assert [each.what["did"] for each in Change.objects.order_by("pk")] == ["token-made", "token-ended"]


def _password(officer: Officer) -> None:
    keeping.reset_password(officer, by=None, now=timezone.now())


def _role(officer: Officer) -> None:
    keeping.give_role(officer, Body.objects.get(code="zj"), "leader", by=None, now=timezone.now())


def _less(officer: Officer) -> None:
    keeping.take_role(Role.objects.filter(officer=officer)[0], by=None, now=timezone.now())


def _factor(officer: Officer) -> None:
    proving.reset(officer, by=None, now=timezone.now())


def _everywhere(officer: Officer) -> None:
    keeping.end_sessions(officer)


def _shut(officer: Officer) -> None:
    Officer.objects.filter(pk=officer.pk).update(is_active=False)


def _over(officer: Officer) -> None:
    AccessToken.objects.filter(officer=officer).update(until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("ends", [_password, _role, _less, _factor, _everywhere, _shut, _over])
def test_whatever_ends_a_session_ends_a_token(
    cast: dict[str, Officer], ends: Callable[[Officer], None]
) -> None:
    program, other = Program("otto"), Program("hedda")
    assert program.get("account").status_code == 200
    ends(Officer.objects.get(login="otto"))
    answer = program.get("account")
    assert (answer.status_code, answer.json()["code"]) == (401, "token")
    assert other.get("account").status_code == 200


def test_a_token_is_good_for_a_year_at_most() -> None:
    assert max(programs.DAYS) == 365


def test_no_officer_has_more_than_so_many(cast: dict[str, Officer], desk: Desk) -> None:
    for _ in range(programs.MOST):
        Program("otto")
    answer = desk("otto").post("/desk/account/tokens/new/", SAID)
    assert answer.status_code == 400
    assert AccessToken.objects.count() == programs.MOST


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer x", "Basic b3R0bzp4", "Bearer huiyin_" + "0" * 52, "x"]
)
def test_without_a_good_token_nothing_opens(cast: dict[str, Officer], sent: str) -> None:
    for path in ("account", "petitions", "petitions/HY-00000-00000", "board", "nowhere", "openapi.json"):
        answer = Client().get(f"{API}/{path}", headers={"Authorization": sent})
        assert answer.status_code == 401, path
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer["Content-Type"] == "application/problem+json"


def test_a_cookie_opens_nothing_but_the_search_and_the_shapes(desk: Desk) -> None:
    browser = desk("otto")
    for path in ("account", "petitions", "petitions/HY-00000-00000"):
        assert browser.get(f"{API}/{path}").status_code == 401
    assert browser.get(f"{API}/openapi.json").status_code == 200
    assert browser.get(f"{API}/nowhere").json()["code"] == "no-such-address"


SCOPED = {
    "read": ["petitions", "petitions/HY-00000-00000"],
    "board": ["board", "board/petitions"],
}


@pytest.mark.parametrize("scope", SCOPED)
def test_a_token_is_good_for_its_scopes_alone(cast: dict[str, Officer], scope: str) -> None:
    program = Program("sven", *({"read", "board", "search", "move"} - {scope}))
    for path in SCOPED[scope]:
        answer = program.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope")
    assert Program("otto", "read").post("search", {"q": "路灯"}).status_code == 403
    assert Program("otto", "read").post("petitions/HY-00000-00000/moves", {"move": "x"}).status_code == 403
    assert Program("otto", "search").post("search", {"q": "路灯"}).status_code == 200


def test_the_day_of_its_last_use_is_seen(cast: dict[str, Officer], desk: Desk) -> None:
    program = Program("otto")
    assert "not used yet" in desk("otto").get("/desk/account/tokens/").content.decode()
    program.get("account")
    program.row.refresh_from_db()
    assert program.row.used_on is not None
    assert "last used on" in desk("otto").get("/desk/account/tokens/").content.decode()


def test_who_lacks_a_second_factor_has_no_program_either(cast: dict[str, Officer]) -> None:
    program = Program("otto")
    Officer.objects.get(login="otto").code_app.delete()
    answer = program.get("account")
    assert (answer.status_code, answer.json()["code"]) == (403, "sign-in-unfinished")


# ---- for administrators


def test_an_administrator_reads_who_has_which_token_and_takes_it_back(desk: Desk) -> None:
    program = Program("otto", "read")
    program.get("account")
    page = desk("ada").get("/desk/tokens/").content.decode()
    assert "a program" in page
    assert "otto" in page
    assert "Read the inbox" in page
    assert program.token not in page
    address = f"/desk/tokens/{program.row.pk}/end/"
    assert desk("otto").post(address).status_code == 404
    assert desk("ada").post(address).status_code == 302
    assert program.get("account").json()["code"] == "token"
    assert desk("ada").post(address).status_code == 404
    last = Change.objects.order_by("pk").last()
    assert last is not None
    assert (last.actor and last.actor.login, last.what["officer"], last.what["did"]) == (
        "ada",
        "otto",
        "token-ended",
    )
    assert "No program acts for anybody" in desk("ada").get("/desk/tokens/").content.decode()


def test_a_token_of_an_account_that_is_kept_elsewhere_is_not_listed(desk: Desk) -> None:
    program = Program("rolf")
    otto = Officer.objects.get(login="otto")
    Role.objects.create(officer=otto, body=Body.objects.get(code="shi"), role="leader")
    shared = Program("otto")
    assert "a program" not in desk("ada").get("/desk/tokens/").content.decode()
    for each in (program, shared):
        assert desk("ada").post(f"/desk/tokens/{each.row.pk}/end/").status_code == 404


def test_a_token_that_opens_nothing_any_more_says_why(desk: Desk) -> None:
    program = Program("otto")
    _role(Officer.objects.get(login="otto"))
    assert "ended with a change of password" in desk("ada").get("/desk/tokens/").content.decode()
    Officer.objects.filter(login="otto").update(is_active=False)
    assert "the account is closed" in desk("ada").get("/desk/tokens/").content.decode()
    AccessToken.objects.filter(pk=program.row.pk).update(until=timezone.now())
    assert "No program" in desk("ada").get("/desk/tokens/").content.decode()


def test_the_list_asks_the_database_as_often_whatever_there_is(desk: Desk) -> None:
    Program("otto")
    browser = desk("ada")
    browser.get("/desk/tokens/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/desk/tokens/")
    for login in ("hedda", "tina", "olga", "otto"):
        Program(login)
    with CaptureQueriesContext(connection) as many:
        browser.get("/desk/tokens/")
    assert len(many) == len(few)


# ---- how often


def test_a_token_has_its_share_of_a_minute(
    cast: dict[str, Officer], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REQUESTS_A_MINUTE = 3
    seconds = 600.0
    monkeypatch.setattr(turnstile, "clock", lambda: seconds)
    program, other = Program("otto"), Program("hedda")
    assert [program.get("account").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = program.get("account")
    assert answer.json()["code"] == "too-many"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert other.get("account").status_code == 200  # each has its own
    seconds = 660.0
    assert program.get("account").status_code == 200


def test_guessing_tokens_ends_in_waiting_and_a_good_one_still_opens(
    cast: dict[str, Officer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turnstile, "clock", lambda: 600.0)
    program = Program("otto")
    wrong = {"Authorization": f"Bearer {programs.PREFIX}{'0' * 52}"}
    statuses = [Client().get(f"{API}/account", headers=wrong).status_code for _ in range(40)]
    assert statuses == [401] * turnstile.TRIES_OF_TOKENS + [429] * (40 - turnstile.TRIES_OF_TOKENS)
    assert program.get("account").status_code == 200
