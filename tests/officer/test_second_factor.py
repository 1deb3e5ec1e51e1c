"""The second factor: a password alone opens nothing where there is one, and no secret of it lies readable."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from huiyin.doors.officer import sessions, waiting
from huiyin.registry import proving
from huiyin.registry.models import Change, CodeApp, DataSet, Officer, Passkey, RecoveryCode, Role
from huiyin.site import context, environment
from tests.cast import PASSWORD, enrol
from tests.officer.authenticator import Authenticator

SECOND = "/desk/sign-in/second/"
OWN = "/desk/second-factor/"


@pytest.fixture(autouse=True)
def settled(cast: dict[str, Officer], password_alone: None) -> None:
    """Everybody has chosen their own password long ago."""
    Officer.objects.update(last_login=timezone.now() - timedelta(days=3))


@pytest.fixture
def browser(desk: Callable[..., Client]) -> Client:
    return desk()


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(timezone.now() + timedelta(seconds=30 * steps))


def sign_in(browser: Client, login: str, **more: str) -> Any:
    return browser.post("/desk/sign-in/", {"login": login, "password": PASSWORD, **more})


def opens(browser: Client) -> bool:
    return browser.get("/desk/account/").status_code == 200


def asked_of(browser: Client, address: str) -> dict[str, Any]:
    """What the page gives to the browser's script."""
    found = re.search(r'data-options="([^"]*)"', browser.get(address).content.decode())
    assert found is not None
    asked: dict[str, Any] = json.loads(html.unescape(found[1]))
    return asked


def done() -> list[str]:
    return [row.what["did"] for row in Change.objects.order_by("id")]


# ---- signing in


def test_a_password_alone_opens_nothing(browser: Client, cast: dict[str, Officer]) -> None:
    secret = enrol(cast["otto"])
    assert sign_in(browser, "otto", next="/desk/absence/").headers["Location"] == SECOND
    assert browser.get("/desk/").headers["Location"].startswith("/desk/sign-in/")
    answer = browser.post(SECOND, {"code": code_of(secret)})
    assert answer.headers["Location"] == "/desk/absence/"
    assert opens(browser)


def test_the_session_gets_a_new_number_at_each_step(browser: Client, cast: dict[str, Officer]) -> None:
    secret = enrol(cast["otto"])
    sign_in(browser, "otto")
    before = browser.session.session_key
    browser.post(SECOND, {"code": code_of(secret)})
    assert browser.session.session_key != before


def test_a_code_counts_once_and_an_earlier_one_not_at_all(
    browser: Client, desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    secret = enrol(cast["otto"])
    code, earlier = code_of(secret), code_of(secret, -1)
    sign_in(browser, "otto")
    assert browser.post(SECOND, {"code": code}).status_code == 302
    other = desk()
    sign_in(other, "otto")
    assert b"was used already" in other.post(SECOND, {"code": code}).content
    assert other.post(SECOND, {"code": earlier}).status_code == 400
    assert not opens(other)


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "１２３４５６", "abcdef", "0" * 40])
def test_a_wrong_code_opens_nothing(browser: Client, cast: dict[str, Officer], wrong: str) -> None:
    enrol(cast["otto"])
    sign_in(browser, "otto")
    assert browser.post(SECOND, {"code": wrong}).status_code == 400
    assert not opens(browser)


def test_guessing_codes_has_to_wait(browser: Client, cast: dict[str, Officer]) -> None:
    secret = enrol(cast["otto"])
    sign_in(browser, "otto")
    for _ in range(waiting.FREE + 1):
        browser.post(SECOND, {"code": "000000"})
    # The password again does not shorten the wait.
    sign_in(browser, "otto")
    assert b"Too many tries" in browser.post(SECOND, {"code": code_of(secret)}).content


def test_the_second_step_waits_five_minutes(
    browser: Client, cast: dict[str, Officer], monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(cast["otto"])
    sign_in(browser, "otto")
    late = timezone.now() + sessions.SECOND_STEP_WITHIN
    assert browser.get(SECOND).status_code == 200
    monkeypatch.setattr("huiyin.doors.officer.second_factor.timezone.now", lambda: late)
    assert browser.get(SECOND).headers["Location"] == "/desk/sign-in/"


@pytest.mark.parametrize("change", [{"is_active": False}, {"session_mark": "another"}])
def test_a_change_in_between_ends_the_second_step(
    browser: Client, cast: dict[str, Officer], change: dict[str, Any]
) -> None:
    secret = enrol(cast["otto"])
    sign_in(browser, "otto")
    Officer.objects.filter(login="otto").update(**change)
    browser.post(SECOND, {"code": code_of(secret)})
    assert not opens(browser)


def test_nobody_comes_to_the_second_step_without_the_first(browser: Client) -> None:
    assert browser.get(SECOND).headers["Location"] == "/desk/sign-in/"
    assert browser.post(SECOND, {"code": "123456"}).headers["Location"] == "/desk/sign-in/"


# ---- who needs one


@pytest.mark.parametrize("role", sorted(proving.DEMANDED))
def test_who_opens_seals_audits_or_administers_needs_one(
    desk: Callable[..., Client], cast: dict[str, Officer], role: str
) -> None:
    Role.objects.create(officer=cast["tina"], body=Role.objects.get(officer=cast["ada"]).body, role=role)
    for address in ("/desk/", "/desk/new/", "/desk/account/"):
        assert desk("tina").get(address).headers["Location"] == OWN
    assert b"a password alone does not open the desk" in desk("tina").get(OWN).content
    enrol(cast["tina"])
    assert opens(desk("tina"))


def test_without_a_setting_everybody_needs_one(
    desk: Callable[..., Client], cast: dict[str, Officer], settings: Any
) -> None:
    assert opens(desk("otto"))
    settings.SECOND_FACTOR = environment.second_factor()
    for address in ("/desk/", "/desk/new/", "/desk/account/"):
        assert desk("otto").get(address).headers["Location"] == OWN
    enrol(cast["otto"])
    assert opens(desk("otto"))


def test_a_new_officer_chooses_a_password_adds_a_factor_and_is_in(
    browser: Client, cast: dict[str, Officer], settings: Any
) -> None:
    settings.SECOND_FACTOR = environment.second_factor()
    Officer.objects.filter(login="otto").update(last_login=None)
    sign_in(browser, "otto")
    assert browser.get("/desk/").headers["Location"] == "/desk/password/"
    chosen = "another-long-password"
    browser.post("/desk/password/", {"now_in_use": PASSWORD, "wanted": chosen, "again": chosen})
    assert browser.get("/desk/").headers["Location"] == OWN
    assert "/desk/second-factor/app/" in browser.get(OWN).content.decode()
    secret = str(browser.get("/desk/second-factor/app/").context["secret"]).replace(" ", "")
    browser.post("/desk/second-factor/app/", {"code": code_of(secret), "now_in_use": chosen})
    assert opens(browser)


def test_a_demonstration_demands_none(desk: Callable[..., Client], cast: dict[str, Officer]) -> None:
    CodeApp.objects.all().delete()
    DataSet.objects.create(id=1, kind="demonstration", marked_at=timezone.now())
    context.kind.cache_clear()
    assert opens(desk("ada"))
    assert b"In this demonstration nobody needs one" in desk("ada").get(OWN).content
    secret = enrol(cast["ada"])
    other = desk()
    assert sign_in(other, "ada").headers["Location"] == SECOND
    other.post(SECOND, {"code": code_of(secret)})
    assert opens(other)


# ---- adding an app


def shown_secret(browser: Client) -> str:
    page = browser.get(f"{OWN}app/").content.decode()
    found = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page)
    assert found is not None
    assert "data:image/svg+xml" in page
    return found[1].replace(" ", "")


def test_an_app_is_added_with_its_first_code_and_the_password(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    browser, elsewhere = desk("otto"), desk("otto")
    secret = shown_secret(browser)
    assert shown_secret(browser) == secret  # opened twice, it is still the one that was scanned
    wrong = browser.post(f"{OWN}app/", {"code": "000000", "now_in_use": PASSWORD})
    assert b"does not fit" in wrong.content
    nobody = browser.post(f"{OWN}app/", {"code": code_of(secret), "now_in_use": "wrong"})
    assert b"not your present password" in nobody.content
    assert not CodeApp.objects.filter(officer=cast["otto"]).exists()
    slip = browser.post(f"{OWN}app/", {"code": code_of(secret), "now_in_use": PASSWORD})
    codes = re.findall(r"<code translate=\"no\">(\w{4}-\w{4}-\w{4})</code>", slip.content.decode())
    assert len(set(codes)) == proving.CODES
    assert re.search(r'href="/desk/">\s*I have kept them', slip.content.decode()), "it leads on to the work"
    assert opens(browser)
    assert not opens(elsewhere)
    assert done() == ["second-factor-added", "recovery-codes-made"]


def test_no_secret_lies_readable_in_the_database(browser: Client, desk: Callable[..., Client]) -> None:
    signed = desk("otto")
    secret = shown_secret(signed)
    waiting_in_session = [row.get_decoded() for row in Session.objects.all()]
    assert secret not in json.dumps(waiting_in_session)
    slip = signed.post(f"{OWN}app/", {"code": code_of(secret), "now_in_use": PASSWORD}).content.decode()
    code = re.findall(r"(\w{4}-\w{4}-\w{4})</code>", slip)[0].replace("-", "")
    assert secret.encode() not in bytes(CodeApp.objects.get(officer__login="otto").secret)
    assert code not in json.dumps(list(RecoveryCode.objects.values_list("digest", flat=True)))
    assert secret not in json.dumps(list(Change.objects.values_list("what", flat=True)))


def test_a_secret_opens_for_its_officer_and_under_its_key_alone(
    browser: Client, cast: dict[str, Officer], settings: Any
) -> None:
    secret = enrol(cast["otto"])
    box = bytes(CodeApp.objects.get(officer=cast["otto"]).secret)
    CodeApp.objects.create(officer=cast["tina"], secret=box, last_step=0, since=timezone.now())
    assert proving.proved(cast["tina"], code_of(secret), timezone.now()) == ""
    settings.SECOND_FACTOR_SECRET = "of another house"
    assert proving.proved(cast["otto"], code_of(secret), timezone.now()) == ""


# ---- recovery


def test_a_recovery_code_opens_once(browser: Client, cast: dict[str, Officer]) -> None:
    enrol(cast["otto"])
    [code, *_rest] = proving.new_codes(cast["otto"], timezone.now())
    sign_in(browser, "otto")
    assert browser.post(SECOND, {"code": f" {code.lower()} "}).status_code == 302
    assert opens(browser)
    browser.post("/desk/sign-out/")
    sign_in(browser, "otto")
    assert browser.post(SECOND, {"code": code}).status_code == 400
    assert RecoveryCode.objects.count() == proving.CODES - 1
    assert done()[-1] == "recovery-code-used"


def test_a_recovery_code_is_worth_nothing_for_another(cast: dict[str, Officer], now: datetime) -> None:
    [code, *_rest] = proving.new_codes(cast["otto"], now)
    assert proving.proved(cast["tina"], code, now) == ""


def test_new_codes_end_the_old_ones(desk: Callable[..., Client], cast: dict[str, Officer]) -> None:
    enrol(cast["otto"])
    [old, *_rest] = proving.new_codes(cast["otto"], timezone.now())
    assert desk("otto").post(f"{OWN}codes/", {"now_in_use": "wrong"}).status_code == 400
    assert desk("otto").post(f"{OWN}codes/", {"now_in_use": PASSWORD}).status_code == 200
    assert RecoveryCode.objects.count() == proving.CODES
    assert proving.proved(cast["otto"], old, timezone.now()) == ""


def test_an_administrator_takes_a_lost_one_away_and_the_auditor_reads_it(
    desk: Callable[..., Client], browser: Client, cast: dict[str, Officer]
) -> None:
    enrol(cast["otto"])
    proving.new_codes(cast["otto"], timezone.now())
    signed = desk("otto")
    assert desk("tina").post("/desk/people/otto/second-factor/").status_code == 404
    asked = desk("ada").post("/desk/people/otto/second-factor/").content.decode()
    assert "for good" in asked
    assert proving.has_one(cast["otto"])
    desk("ada").post("/desk/people/otto/second-factor/", {"sure": "1"})
    assert not proving.has_one(cast["otto"])
    assert not RecoveryCode.objects.exists()
    assert not opens(signed)
    assert sign_in(browser, "otto").headers["Location"] == "/desk/"
    page = desk("audrey").get("/desk/audit/changes/").content.decode()
    assert "Second factor taken away by an administrator" in page


def test_nobody_takes_their_own_away_as_administrator(desk: Callable[..., Client]) -> None:
    assert desk("ada").post("/desk/people/ada/second-factor/").status_code == 404


def test_the_last_one_stays_where_it_is_demanded(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    browser = desk("ada")
    answer = browser.post(f"{OWN}remove/", {"which": "app", "now_in_use": PASSWORD})
    assert b"add another one first" in answer.content
    enrol(cast["otto"])
    own = desk("otto")
    assert own.post(f"{OWN}remove/", {"which": "app", "now_in_use": "wrong"}).status_code == 400
    assert own.post(f"{OWN}remove/", {"which": "app", "now_in_use": PASSWORD}).status_code == 302
    assert not proving.has_one(cast["otto"])


# ---- passkeys


def make_passkey(browser: Client) -> Authenticator:
    made = Authenticator()
    asked = asked_of(browser, f"{OWN}passkey/")
    said = {"titled": "office computer", "now_in_use": PASSWORD, "passkey": made.create(asked)}
    assert browser.post(f"{OWN}passkey/", said).status_code == 200
    return made


def test_a_passkey_is_added_and_opens_the_desk(
    desk: Callable[..., Client], browser: Client, cast: dict[str, Officer]
) -> None:
    key = make_passkey(desk("otto"))
    assert Passkey.objects.get().titled == "office computer"
    sign_in(browser, "otto")
    answer = browser.post(SECOND, {"passkey": key.get(asked_of(browser, SECOND))})
    assert answer.headers["Location"] == "/desk/"
    assert opens(browser)
    assert Passkey.objects.get().counter == 1


def test_what_was_signed_for_another_time_or_site_opens_nothing(
    desk: Callable[..., Client], browser: Client
) -> None:
    key = make_passkey(desk("otto"))
    sign_in(browser, "otto")
    asked = asked_of(browser, SECOND)
    stale = key.get(asked)
    asked_of(browser, SECOND)  # another challenge waits by now
    assert browser.post(SECOND, {"passkey": stale}).status_code == 400
    key.origin = "http://copied.test"
    assert browser.post(SECOND, {"passkey": key.get(asked_of(browser, SECOND))}).status_code == 400
    key.origin, key.host = "http://testserver", "copied.test"
    assert browser.post(SECOND, {"passkey": key.get(asked_of(browser, SECOND))}).status_code == 400
    assert not opens(browser)


def test_another_officers_passkey_opens_nothing(
    desk: Callable[..., Client], browser: Client, cast: dict[str, Officer]
) -> None:
    key = make_passkey(desk("tina"))
    make_passkey(desk("otto"))
    sign_in(browser, "otto")
    assert browser.post(SECOND, {"passkey": key.get(asked_of(browser, SECOND))}).status_code == 400
    forged = Authenticator(name=Authenticator().name)
    assert browser.post(SECOND, {"passkey": forged.get(asked_of(browser, SECOND))}).status_code == 400
    assert not opens(browser)


@pytest.mark.parametrize("junk", ["{}", "[]", "null", "not json", '{"id":1}', "x" * 30_000])
def test_junk_is_no_passkey(desk: Callable[..., Client], browser: Client, junk: str) -> None:
    own = desk("otto")
    make_passkey(own)
    asked_of(own, f"{OWN}passkey/")
    said = {"titled": "x", "now_in_use": PASSWORD, "passkey": junk}
    assert own.post(f"{OWN}passkey/", said).status_code == 400
    sign_in(browser, "otto")
    browser.get(SECOND)
    assert browser.post(SECOND, {"passkey": junk}).status_code == 400
    assert not opens(browser)


# ---- sessions


def test_a_session_ends_after_half_an_hour_without_a_page(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    browser, began = desk("otto"), timezone.now()
    for minutes in (20, 40, 60):
        _now_is(monkeypatch, began + timedelta(minutes=minutes))
        assert opens(browser)
    _now_is(monkeypatch, began + timedelta(minutes=60) + settings.SESSION_IDLE)
    assert not opens(browser)


def test_a_session_ends_after_a_working_day_however_busy(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, began = desk("otto"), timezone.now()
    for half_hours in range(1, 24):
        _now_is(monkeypatch, began + timedelta(minutes=25 * half_hours))
        assert opens(browser)
    _now_is(monkeypatch, began + timedelta(hours=10))
    assert not opens(browser)


def _now_is(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("huiyin.doors.officer.door.timezone.now", lambda: moment)


def test_a_session_is_worth_nothing_in_another_browser(desk: Callable[..., Client]) -> None:
    browser = desk("otto")
    assert opens(browser)
    assert browser.get("/desk/account/", headers={"user-agent": "another"}).status_code == 302
    assert not opens(browser)


def test_signing_out_everywhere_ends_every_session(desk: Callable[..., Client]) -> None:
    browser, other = desk("otto"), desk("otto")
    assert browser.post("/desk/sign-out/everywhere/").headers["Location"] == "/desk/sign-in/"
    assert not opens(browser)
    assert not opens(other)
    assert done() == ["signed-out-everywhere"]


def test_a_change_of_roles_ends_the_sessions_of_whom_it_is_about(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    keeper, other = desk("ada"), desk("otto")
    xian = Role.objects.get(officer=cast["ada"]).body
    keeper.post("/desk/people/otto/roles/", {"body": xian.pk, "role": "handler"})
    assert Role.objects.filter(officer=cast["otto"], body=xian).exists()
    assert not opens(other)
    assert opens(keeper)
    # One's own go on in this browser, and only there.
    elsewhere = desk("ada")
    keeper.post("/desk/people/ada/roles/", {"body": xian.pk, "role": "registrar"})
    assert opens(keeper)
    assert not opens(elsewhere)


def test_no_session_holds_an_address_or_how_a_browser_names_itself(desk: Callable[..., Client]) -> None:
    browser = desk("otto")
    browser.get("/desk/", headers={"user-agent": "Firefox of room 12"})
    browser.post("/desk/sign-in/", {"login": "otto", "password": PASSWORD}, headers={"user-agent": "Room 12"})
    kept = json.dumps([row.get_decoded() for row in Session.objects.all()])
    assert "127.0.0.1" not in kept
    assert "oom 12" not in kept
