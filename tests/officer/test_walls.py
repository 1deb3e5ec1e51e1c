"""Nothing of the desk opens without being signed in, and nothing tells a stranger that it exists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from huiyin.doors import officer
from huiyin.doors.officer.api import openapi as programs
from huiyin.doors.officer.scim import urls as directory
from huiyin.doors.officer.urls import urlpatterns
from huiyin.registry.models import Officer
from tests.cast import Walk
from tests.officer.pages import tokenless

ARGUMENTS = {"ref": "HY-00000-00000", "number": 1, "seq": 1, "verb": "accept", "code": "zj", "login": "otto"}
ARGUMENTS["pk"] = "00000000-0000-0000-0000-000000000000"
ARGUMENTS |= {"kind": "improve-work", "token": "made-up", "item": "made-up", "clock": "handling"}
# Where one signs in, here or at the provider; and what opens by what is in its address.
OPEN = {"sign-in", "second-step", "provider-start", "provider-back", "provider-leave", "calendar-feed"}


def addresses() -> Iterator[tuple[str, str]]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        names = pattern.pattern.converters
        yield str(pattern.name), reverse(f"desk:{pattern.name}", kwargs={n: ARGUMENTS[n] for n in names})


ROLES = {
    "new": "olga",
    "supervise": "sven",
    **dict.fromkeys(("audit", "changes"), "audrey"),
    **dict.fromkeys(("bodies", "body-new", "body", "people", "person-new", "person", "absence-of"), "ada"),
    "all-tokens": "ada",
}
EVERY = [pair for pair in addresses() if pair[0] not in OPEN]
# Told in JSON; tests/officer/test_tokens.py
FOR_MACHINES = {str(pattern.name) for pattern in (*programs.urlpatterns, *directory.urlpatterns)}


@pytest.mark.parametrize(("name", "address"), [pair for pair in EVERY if pair[0] not in FOR_MACHINES])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_signed_in_is_sent_to_sign_in(db: None, name: str, address: str, method: str) -> None:
    answer = getattr(Client(), method)(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/desk/sign-in/?next=/desk/")


@pytest.mark.parametrize(("name", "address"), EVERY)
def test_no_page_of_the_desk_is_kept_by_a_browser(
    desk: Callable[..., Client], name: str, address: str
) -> None:
    login = ROLES.get(name, "otto")
    answer = desk(login).get(address)
    assert answer.status_code == 404 or "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", sorted(ROLES))
def test_a_page_for_a_role_looks_unknown_to_everybody_else(
    desk: Callable[..., Client], cast: dict[str, Officer], name: str
) -> None:
    address = dict(EVERY)[name]
    allowed = {login for login in cast if desk(login).get(address).status_code == 200}
    assert ROLES[name] in allowed
    for login in set(cast) - allowed:
        assert desk(login).get(address).status_code == 404
    roles = {"new": "registrar", "supervise": "supervisor", "audit": "auditor", "changes": "auditor"}
    wanted = roles.get(name, "administrator")
    assert allowed == {login for login, officer in cast.items() if officer.roles.filter(role=wanted).exists()}


@pytest.mark.parametrize("login", ["tina", "ada", "audrey", "dora", "rolf"])
def test_a_petition_of_others_looks_exactly_like_one_that_does_not_exist(
    desk: Callable[..., Client], at: Callable[..., Walk], login: str
) -> None:
    walk, browser = at("accepted"), desk(login)
    for tail in ("", "move/accept/", "move/unseal/", "letter/4/", "file/1/"):
        known = browser.get(f"/desk/p/{walk.ref}/{tail}")
        unknown = browser.get(f"/desk/p/HY-00000-00000/{tail}")
        assert known.status_code == unknown.status_code == 404
        assert tokenless(known.content.replace(walk.ref.encode(), b"HY-00000-00000")) == tokenless(
            unknown.content
        )


def test_a_report_is_hidden_from_the_body_it_is_about(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("handing-over", kind="report", against=("xf",))
    assert desk("dora").get(f"/desk/p/{walk.ref}/").status_code == 200
    assert desk("olga").get(f"/desk/p/{walk.ref}/").status_code == 404


def test_the_desk_switches_its_language_at_its_own_process() -> None:
    """At the common address /i18n/ belongs to the public process, which refuses the desk's token."""
    assert reverse("set_language", urlconf="huiyin.site.urls_desk").startswith("/desk/")


def test_no_page_of_the_desk_asks_by_name_for_an_address_of_the_public_process() -> None:
    pages = list((Path(officer.__file__).parent / "templates").rglob("*.html"))
    assert len(pages) > 100
    asking = [
        page.name
        for page in pages
        if re.search(r"url ['\"](public|petitioner|api):", page.read_text("utf-8"))
    ]
    assert asking == [], "the desk's own process has none; name it by HUIYIN_PUBLIC_URL"
