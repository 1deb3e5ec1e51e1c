"""Signing in through an identity provider: a real one, started here; and what a false one would send."""

from __future__ import annotations

import base64
import hmac
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pyotp
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from huiyin.core import staff_claims
from huiyin.core.vocabulary import OFFICERS
from huiyin.doors.officer import provider as providers
from huiyin.doors.officer.provider import Asked, NotProven
from huiyin.registry import arriving, keeping, programs
from huiyin.registry.bodies import ROLE_NAMES
from huiyin.registry.models import Body, Change, CodeApp, Officer, ProviderLink, Role, SignedIn
from huiyin.site import environment
from huiyin.site.environment import Oidc
from tests.cast import PASSWORD, enrol
from tests.officer import identity
from tests.officer.identity import CLIENT, SECRET, Person, Provider
from tests.officer.programs import Program

CLAIMS = """
called = {zh = "县统一身份认证", en = "County sign-in"}
opens_accounts = true
amr = ["otp"]
[[groups]]
group = "cn=handlers,ou=groups,dc=county"
body = "zj"
role = "handler"
[[groups]]
group = "cn=administrators,ou=groups,dc=county"
body = "xian"
role = "administrator"
"""
START, OWN = "/desk/sign-in/provider/", "/desk/account/provider/"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with identity.provider(tmp_path_factory.mktemp("provider")) as found:
        yield found


@pytest.fixture
def oidc(running: Provider, settings: Any, cast: dict[str, Officer]) -> Oidc:
    claims = staff_claims.read(CLAIMS, OFFICERS)
    found = settings.OIDC = Oidc(running.issuer, CLIENT, SECRET, claims)
    return found


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def through(browser: Client, login: str, start: str = START) -> Any:
    """Follow the link of the desk, sign in at the provider, come back; answers where the desk leads then."""
    gone = browser.get(start)
    assert gone.status_code == 302, gone.content.decode()[:500]
    came = urlsplit(Person(login).signs_in(gone["Location"]))
    return browser.get(came.path, dict(parse_qsl(came.query)))


def link(officer: Officer, oidc: Oidc, subject: str) -> None:
    ProviderLink.objects.create(officer=officer, issuer=oidc.issuer, known_as=subject, since=timezone.now())


def told(browser: Client) -> str:
    return browser.get("/desk/sign-in/").content.decode()


def test_without_a_provider_nothing_of_it_is_there(browser: Client, cast: dict[str, Officer]) -> None:
    assert "provider" not in told(browser)
    assert browser.get(START).status_code == 404
    assert browser.get(f"{START}back/").status_code == 404


def test_the_sign_in_page_shows_the_button_and_still_the_password(browser: Client, oidc: Oidc) -> None:
    page = told(browser)
    assert "Sign in through County sign-in" in page
    assert 'name="password"' in page
    assert (
        f"{START}?next=/desk/absence/" in browser.get("/desk/sign-in/?next=/desk/absence/").content.decode()
    )


def test_who_came_by_the_provider_can_sign_out_there_too(browser: Client, oidc: Oidc) -> None:
    gone = browser.get(START)
    person = Person("mona")
    came = urlsplit(person.signs_in(gone["Location"]))
    browser.get(came.path, dict(parse_qsl(came.query)))
    browser.post("/desk/sign-out/")
    assert "Sign out at County sign-in" in told(browser)
    left = browser.get(f"{START}leave/")
    where = urlsplit(left["Location"])
    assert f"{where.scheme}://{where.netloc}" == oidc.issuer
    assert dict(parse_qsl(where.query)) == {
        "client_id": CLIENT,
        "post_logout_redirect_uri": "http://testserver/desk/sign-in/",
    }
    assert "/desk/sign-in/" in person.goes(left["Location"])  # the provider leads back
    assert "Sign out at County sign-in" not in told(browser)
    assert browser.get(f"{START}leave/")["Location"] == "/desk/sign-in/"  # good for once


def test_who_came_by_password_is_led_nowhere(browser: Client, oidc: Oidc, cast: dict[str, Officer]) -> None:
    browser.force_login(cast["otto"])
    browser.post("/desk/sign-out/")
    assert "Sign out at" not in told(browser)
    assert browser.get(f"{START}leave/")["Location"] == "/desk/sign-in/"


def test_a_provider_without_such_a_page_is_said(
    browser: Client, oidc: Oidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    through(browser, "mona")
    browser.post("/desk/sign-out/")
    about = {"end_session_endpoint": "http://elsewhere.test/out"}  # not safe: as good as none
    monkeypatch.setattr(providers, "_about", lambda _provider: about)
    assert browser.get(f"{START}leave/")["Location"] == "/desk/sign-in/"
    assert "has no page to sign out at" in told(browser)


def test_a_new_officer_gets_an_account_from_their_group(browser: Client, oidc: Oidc) -> None:
    """Two factors there, no password here: the desk opens, and the record says by what."""
    assert through(browser, "mona", f"{START}?next=/desk/absence/")["Location"] == "/desk/absence/"
    assert browser.get("/desk/").status_code == 200
    mona = Officer.objects.get(login="mona")
    assert not mona.has_usable_password()
    assert mona.email == "mona@county.test"
    assert [(r.body.code, r.role) for r in mona.roles.all()] == [("zj", "handler")]
    assert [(r.way, r.second) for r in SignedIn.objects.all()] == [("provider", "provider")]
    assert [c.what["did"] for c in Change.objects.order_by("pk")] == ["officer-created", "role-given"]
    assert {c.what["through"] for c in Change.objects.all()} == {"provider"}
    assert "with two factors there" in browser.get("/desk/account/").content.decode()


def test_an_account_of_the_same_name_or_mail_is_not_theirs(browser: Client, oidc: Oidc) -> None:
    Officer.objects.filter(login="otto").update(email="otto@county.test")
    assert through(browser, "otto")["Location"] == "/desk/sign-in/"
    assert "not linked with yours" in told(browser)
    assert not ProviderLink.objects.exists()
    assert browser.get("/desk/").status_code == 302


def test_whom_no_group_sends_gets_no_account(browser: Client, oidc: Oidc) -> None:
    through(browser, "vera")
    assert "linked with none here yet" in told(browser)
    assert not Officer.objects.filter(login="vera").exists()


def test_one_factor_there_asks_for_the_second_one_here(browser: Client, oidc: Oidc) -> None:
    otto = Officer.objects.get(login="otto")
    secret = enrol(otto)
    link(otto, oidc, "otto")
    assert through(browser, "otto")["Location"] == "/desk/sign-in/second/"
    assert "You are known" in browser.get("/desk/sign-in/second/").content.decode()
    assert browser.get("/desk/").status_code == 302
    assert browser.post("/desk/sign-in/second/", {"code": pyotp.TOTP(secret).now()}).status_code == 302
    assert browser.get("/desk/").status_code == 200
    assert [(r.way, r.second) for r in SignedIn.objects.all()] == [("provider", "app")]


def test_one_factor_there_and_none_here_opens_only_the_page_to_add_one(browser: Client, oidc: Oidc) -> None:
    otto = Officer.objects.get(login="otto")
    CodeApp.objects.filter(officer=otto).delete()
    link(otto, oidc, "otto")
    assert through(browser, "otto")["Location"] == "/desk/"
    assert browser.get("/desk/")["Location"] == "/desk/second-factor/"


def test_a_keeper_still_needs_a_factor_of_this_house(browser: Client, oidc: Oidc) -> None:
    """Nils comes with two factors there, and administers: that opens nothing before he adds one here."""
    assert through(browser, "nils")["Location"] == "/desk/"
    assert browser.get("/desk/people/")["Location"] == "/desk/second-factor/"
    # He has no password; that he has just signed in there is proof enough to add an app.
    page = browser.get("/desk/second-factor/app/").content.decode()
    secret = "".join(re.findall(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page)[0].split())
    assert browser.post("/desk/second-factor/app/", {"code": pyotp.TOTP(secret).now()}).status_code == 200
    assert browser.get("/desk/people/").status_code == 200
    browser.post("/desk/sign-out/")
    assert through(browser, "nils")["Location"] == "/desk/sign-in/second/"


def test_a_closed_account_stays_out(browser: Client, oidc: Oidc) -> None:
    through(browser, "mona")
    browser.post("/desk/sign-out/")
    Officer.objects.filter(login="mona").update(is_active=False)
    assert through(browser, "mona")["Location"] == "/desk/sign-in/"
    assert "this account is closed" in told(browser)
    assert browser.get("/desk/").status_code == 302


def test_a_group_that_is_left_takes_its_role_and_no_other(browser: Client, oidc: Oidc) -> None:
    tina = Officer.objects.get(login="tina")
    Role.objects.create(officer=tina, body=Body.objects.get(code="xian"), role="administrator")
    link(tina, oidc, "mona")
    through(browser, "mona")
    held = {(role.body.code, role.role) for role in tina.roles.all()}
    assert held == {("jt", "handler"), ("jt", "registrar"), ("zj", "handler")}


def test_what_the_house_refuses_is_refused_to_a_group(browser: Client, oidc: Oidc) -> None:
    """Two roles that nobody holds together; and the last administrator stays one."""
    audrey = Officer.objects.get(login="audrey")
    link(audrey, oidc, "nils")
    through(browser, "nils")
    assert set(audrey.roles.values_list("role", flat=True)) == {"auditor"}
    ada = Officer.objects.get(login="ada")
    link(ada, oidc, "mona")
    other = Client(headers={"accept-language": "en"})
    through(other, "mona")
    assert set(ada.roles.values_list("role", flat=True)) == {"administrator", "handler"}
    assert "last administrator" in other.get("/desk/sign-in/second/").content.decode()


def test_the_last_administrator_keeps_a_password(desk: Callable[..., Client], oidc: Oidc) -> None:
    ada, olga = (Officer.objects.get(login=login) for login in ("ada", "olga"))
    link(ada, oidc, "nils")
    address = "/desk/people/ada/password/drop/"
    desk("ada").post(address, {"sure": "yes"})
    assert Officer.objects.get(login="ada").has_usable_password()
    # Another one who comes through the provider alone is no help on the day it fails.
    Role.objects.create(officer=olga, body=Body.objects.get(code="xian"), role="administrator")
    Officer.objects.filter(pk=olga.pk).update(password="!nothing")
    desk("ada").post(address, {"sure": "yes"})
    assert Officer.objects.get(login="ada").has_usable_password()
    role = ada.roles.get(role="administrator")
    assert keeping.take_role(role, by=None, now=timezone.now()) is not None
    ada.is_active = False
    assert keeping.save_officer(ada, by=None, now=timezone.now()) is not None
    olga = Officer.objects.get(login="olga")
    olga.set_password(PASSWORD)
    olga.save()
    desk("ada").post(address, {"sure": "yes"})
    assert not Officer.objects.get(login="ada").has_usable_password()


def test_a_password_is_taken_only_from_who_is_linked(desk: Callable[..., Client], oidc: Oidc) -> None:
    assert desk("ada").post("/desk/people/otto/password/drop/", {"sure": "yes"}).status_code == 404


def test_an_officer_links_their_account_with_the_password_at_hand(
    desk: Callable[..., Client], oidc: Oidc
) -> None:
    browser = desk("otto")
    assert browser.get(f"{OWN}link/")["Location"] == OWN
    assert browser.post(OWN, {"now_in_use": "wrong"}).status_code == 400
    assert f"{OWN}link/" in browser.post(OWN, {"now_in_use": PASSWORD}).content.decode()
    assert through(browser, "otto", f"{OWN}link/")["Location"] == OWN
    assert "opens this one" in browser.get(OWN).content.decode()
    assert ProviderLink.objects.get().known_as == "otto"
    assert Change.objects.get().what["did"] == "provider-linked"
    # One account there opens one here.
    second = desk("tina")
    second.post(OWN, {"now_in_use": PASSWORD})
    through(second, "otto", f"{OWN}link/")
    assert "linked with another one" in second.get(OWN).content.decode()
    browser.post(OWN, {"now_in_use": PASSWORD})
    assert not ProviderLink.objects.exists()


def test_an_administrator_ends_a_link(desk: Callable[..., Client], oidc: Oidc) -> None:
    link(Officer.objects.get(login="otto"), oidc, "otto")
    assert "127.0.0.1" in desk("ada").get("/desk/people/otto/").content.decode()
    assert desk("hedda").post("/desk/people/otto/provider/").status_code == 404
    desk("ada").post("/desk/people/otto/provider/")
    assert not ProviderLink.objects.exists()


def test_who_has_no_password_proves_it_anew_there(browser: Client, oidc: Oidc) -> None:
    through(browser, "mona")
    session = browser.session
    session["fresh"] = 0
    session.save()
    assert "Go on to County sign-in" in browser.get("/desk/account/tokens/new/").content.decode()
    back = through(browser, "mona", f"{OWN}again/?next=/desk/account/tokens/new/")
    assert back["Location"] == "/desk/account/tokens/new/"
    said = {"titled": "月报程序", "scopes": ["read"], "days": "30"}
    assert "huiyin_" in browser.post("/desk/account/tokens/new/", said).content.decode()
    # Somebody else there proves nothing here.
    session = browser.session
    session["fresh"] = 0
    session.save()
    through(browser, "nils", f"{OWN}again/")
    assert "Go on to" in browser.get("/desk/account/tokens/new/").content.decode()


def test_a_program_of_an_officer_with_two_factors_there_works(browser: Client, oidc: Oidc) -> None:
    through(browser, "mona")
    assert Program("mona", programs.READ).get("account").status_code == 200
    arriving.unlink(
        Officer.objects.get(login="mona"), by=Officer.objects.get(login="ada"), now=timezone.now()
    )
    assert Program("mona", programs.READ).get("account").status_code == 403


def test_an_answer_is_good_once_and_for_the_browser_that_asked(browser: Client, oidc: Oidc) -> None:
    gone = browser.get(START)["Location"]
    came = urlsplit(Person("mona").signs_in(gone))
    query = dict(parse_qsl(came.query))
    other = Client()
    assert other.get(came.path, query)["Location"] == "/desk/sign-in/"
    assert browser.get(came.path, query | {"state": "x" * 43})["Location"] == "/desk/sign-in/"
    assert browser.get(came.path, query)["Location"] == "/desk/sign-in/"
    assert not SignedIn.objects.exists()


def test_a_code_is_worth_nothing_without_its_verifier(browser: Client, oidc: Oidc) -> None:
    browser.get(START)
    came = urlsplit(Person("mona").signs_in(browser.get(START)["Location"]))
    session = browser.session
    session["provider"] = [*session["provider"][:2], "v" * 43, *session["provider"][3:]]
    session.save()
    assert browser.get(came.path, dict(parse_qsl(came.query)))["Location"] == "/desk/sign-in/"


def test_who_turns_back_there_is_told_so(browser: Client, oidc: Oidc) -> None:
    state = dict(parse_qsl(urlsplit(browser.get(START)["Location"]).query))["state"]
    browser.get(f"{START}back/", {"error": "access_denied", "state": state})
    assert "without signing in" in told(browser)


def test_a_provider_that_is_away_leaves_the_password(
    browser: Client, oidc: Oidc, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OIDC = replace(oidc, issuer="http://127.0.0.1:9")
    assert browser.get(START)["Location"] == "/desk/sign-in/"
    assert "did not work" in told(browser)
    assert "ConnectionRefused" in caplog.text


def test_the_roles_of_the_file_are_those_of_the_house(settings: Any) -> None:
    assert OFFICERS | {"relief"} == {code for code, _ in ROLE_NAMES}


def test_who_came_in_is_forgotten_in_time(cast: dict[str, Officer]) -> None:
    now = timezone.now()
    for days in (0, 181):
        arriving.came_in(cast["otto"], arriving.PASSWORD, "app", now=now - timedelta(days=days))
    arriving.forget(now)
    assert SignedIn.objects.count() == 1


def test_the_auditor_reads_who_came_in_and_by_what(desk: Callable[..., Client], settings: Any) -> None:
    settings.SECOND_FACTOR = "keepers"
    CodeApp.objects.filter(officer__login="otto").delete()
    Officer.objects.filter(login="otto").update(last_login=timezone.now())
    Client().post("/desk/sign-in/", {"login": "otto", "password": PASSWORD})
    page = desk("audrey").get("/desk/audit/sign-ins/").content.decode()
    assert "otto" in page
    assert "password" in page
    assert desk("ada").get("/desk/audit/sign-ins/").status_code == 404


SETTINGS = {
    "HUIYIN_OIDC_ISSUER": "https://id.example",
    "HUIYIN_OIDC_CLIENT": CLIENT,
    "HUIYIN_OIDC_SECRET": "secret",
    "HUIYIN_OIDC_CLAIMS": "claims.toml",
}


def test_the_settings_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    (tmp_path / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    found = environment.oidc(OFFICERS)
    assert found is not None
    assert (found.issuer, found.secret) == ("https://id.example", SECRET)
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HUIYIN_OIDC_ISSUER", "http://id.example", "must be https"),
        ("HUIYIN_OIDC_ISSUER", "id.example", "must be https"),
        ("HUIYIN_OIDC_ISSUER", "https://id.example/?a=b", "must be https"),
        ("HUIYIN_OIDC_CLIENT", "", "under which name"),
        ("HUIYIN_OIDC_SECRET", "nowhere", "cannot be read"),
        ("HUIYIN_OIDC_CLAIMS", "nowhere", "cannot be read"),
        ("HUIYIN_OIDC_CLAIMS", "wrong.toml", "colour: is not known here"),
    ],
)
def test_a_setting_that_cannot_be_right_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    (tmp_path / "wrong.toml").write_text("colour = 1", encoding="utf-8")
    for each, said in (SETTINGS | {name: value}).items():
        monkeypatch.setenv(each, said)
    with pytest.raises(ImproperlyConfigured, match=says):
        environment.oidc(OFFICERS)


# ---- what a false provider, or somebody on the way, would send

ISSUER, NONCE = "https://id.example", "a-nonce"


@pytest.fixture(scope="module")
def keys() -> dict[str, Any]:
    from joserfc import jwk

    return {each: jwk.RSAKey.generate_key(2048, {"kid": each}) for each in ("theirs", "others")}


@pytest.fixture
def speaking(keys: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A provider whose answers the test writes."""
    answers: dict[str, Any] = {
        "description": {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/go",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        },
        "keys": {"keys": [keys["theirs"].as_dict(private=False)]},
    }
    monkeypatch.setattr(providers, "_told", lambda what, *_more: answers[what])
    providers.forget()
    yield answers
    providers.forget()


def claims_of(**more: Any) -> dict[str, Any]:
    now = int(time.time())
    right = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "nonce": NONCE, "iat": now, "exp": now + 300}
    return {name: value for name, value in (right | more).items() if value is not None}


def judged(answers: dict[str, Any], token: str, **more: Any) -> providers.Proven:
    oidc = Oidc(ISSUER, CLIENT, "", staff_claims.Claims())
    answers["token"] = {"id_token": token, "access_token": "x", **more}
    query = {"state": "s", "code": "c"}
    return providers.came_back(oidc, Asked("s", NONCE, "v"), query, "http://b/", timezone.now())


def signed(claims: dict[str, Any], key: Any, alg: str = "RS256", kid: str = "theirs") -> str:
    from joserfc import jwt

    return jwt.encode({"alg": alg, "kid": kid}, claims, key, algorithms=[alg])


def test_what_is_right_is_believed(speaking: dict[str, Any], keys: dict[str, Any]) -> None:
    assert judged(speaking, signed(claims_of(), keys["theirs"])).subject == "7"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"iss": "https://evil.example"}, "claim"),
        ({"aud": "another"}, "claim"),
        ({"nonce": "another"}, "claim"),
        ({"nonce": None}, "claim"),
        ({"exp": 1_700_000_000}, "claim"),
        ({"exp": None}, "claim"),
        ({"iat": 1_700_000_000}, "iat"),
        ({"iat": None}, "claim"),
        ({"sub": None}, "claim"),
        ({"sub": ""}, "claim"),
        ({"sub": "x" * 256}, "sub"),
        ({"azp": "another"}, "azp"),
        ({"aud": [CLIENT, "another"]}, "azp"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
    ],
)
def test_what_is_wrong_in_a_token_is_found(
    speaking: dict[str, Any], keys: dict[str, Any], more: dict[str, Any], why: str
) -> None:
    with pytest.raises(NotProven, match=why):
        judged(speaking, signed(claims_of(**more), keys["theirs"]))


def test_no_other_key_and_no_other_kind_of_signature_is_taken(
    speaking: dict[str, Any], keys: dict[str, Any]
) -> None:
    right = signed(claims_of(), keys["theirs"])
    head, body, _signature = right.split(".")
    # A key that everybody knows, taken for one that is shared.
    known = f"eyJhbGciOiJIUzI1NiIsImtpZCI6InRoZWlycyJ9.{body}"
    by_known = hmac.digest(keys["theirs"].as_pem(private=False), known.encode(), "sha256")
    false = [
        signed(claims_of(), keys["others"]),
        f"{known}.{base64.urlsafe_b64encode(by_known).rstrip(b'=').decode()}",
        f"eyJhbGciOiJub25lIn0.{body}.",
        f"{head}.{body}.AAAA",
        "",
        "a.b.c",
    ]
    for token in false:
        with pytest.raises(NotProven):
            judged(speaking, token)


def test_a_key_that_is_new_there_is_fetched(
    speaking: dict[str, Any], keys: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(speaking, signed(claims_of(), keys["theirs"]))
    speaking["keys"] = {"keys": [keys["others"].as_dict(private=False)]}
    late = signed(claims_of(), keys["others"], kid="others")
    with pytest.raises(NotProven):  # not asked for again at once
        judged(speaking, late)
    monkeypatch.setattr(providers, "SOONEST", 0.0)
    assert judged(speaking, late).subject == "7"


def test_a_description_of_somebody_else_is_not_believed(
    speaking: dict[str, Any], keys: dict[str, Any]
) -> None:
    speaking["description"]["issuer"] = "https://evil.example"
    with pytest.raises(NotProven, match="another issuer"):
        judged(speaking, "x")


@pytest.mark.parametrize("where", ["http://id.example/keys", "file:///etc/passwd", ""])
def test_nothing_is_fetched_that_others_could_read(speaking: dict[str, Any], where: str) -> None:
    speaking["description"]["jwks_uri"] = where
    with pytest.raises(NotProven, match="jwks_uri"):
        judged(speaking, "x")


def test_what_is_told_of_somebody_else_is_not_taken(speaking: dict[str, Any], keys: dict[str, Any]) -> None:
    speaking["description"]["userinfo_endpoint"] = f"{ISSUER}/me"
    speaking["userinfo"] = {"sub": "8", "name": "Eve"}
    with pytest.raises(NotProven, match="somebody else"):
        judged(speaking, signed(claims_of(), keys["theirs"]))
