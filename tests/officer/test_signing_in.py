"""Signing in: says nothing of who exists, slows down guessing, shuts nobody out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.doors.officer import waiting
from huiyin.registry import demonstration
from huiyin.registry.models import Officer, Role, SignInDelay
from huiyin.site import context
from tests.cast import PASSWORD
from tests.officer.pages import tokenless

NEW = "a-password-of-my-own-choice"
pytestmark = pytest.mark.usefixtures("password_alone")


@pytest.fixture
def stranger(desk: Callable[..., Client]) -> Client:
    return desk()


@pytest.fixture
def settled(cast: dict[str, Officer]) -> None:
    """Everybody has chosen their own password long ago."""
    Officer.objects.update(last_login=timezone.now() - timedelta(days=3))


def sign_in(browser: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/desk/sign-in/", {"login": login, "password": password, **more})


def test_a_name_and_its_password_open_the_desk(stranger: Client, settled: None) -> None:
    assert sign_in(stranger, "otto").headers["Location"] == "/desk/"
    assert stranger.get("/desk/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_look_the_same(stranger: Client, settled: None) -> None:
    wrong = sign_in(stranger, "otto", "wrong").content.replace(b"otto", b"nobody")
    unknown = sign_in(stranger, "nobody", "wrong").content
    assert tokenless(wrong) == tokenless(unknown)


def test_a_closed_account_does_not_open(stranger: Client, cast: dict[str, Officer]) -> None:
    Officer.objects.filter(login="otto").update(is_active=False)
    assert sign_in(stranger, "otto").status_code == 400


def test_guessing_has_to_wait_longer_each_time(stranger: Client, settled: None) -> None:
    for _ in range(waiting.FREE + 1):
        assert b"is wrong" in sign_in(stranger, "otto", "wrong").content
    row = SignInDelay.objects.get()
    assert timezone.now() < row.until <= timezone.now() + timedelta(seconds=2)
    answer = sign_in(stranger, "otto")
    assert answer.status_code == 400
    assert b"Too many tries" in answer.content
    assert SignInDelay.objects.get().failures == waiting.FREE + 1


def test_an_unknown_name_has_to_wait_as_well(stranger: Client, settled: None) -> None:
    for _ in range(waiting.FREE + 1):
        sign_in(stranger, "nobody", "wrong")
    assert b"Too many tries" in sign_in(stranger, "nobody", "wrong").content


def test_no_wait_is_longer_than_five_minutes(cast: dict[str, Officer]) -> None:
    now = timezone.now()
    for _ in range(30):
        waiting.failed("x", "otto", now)
    assert waiting.time_left("x", now) == waiting.LONGEST


def test_the_last_administrator_never_waits_long(cast: dict[str, Officer]) -> None:
    now = timezone.now()
    for _ in range(30):
        waiting.failed("x", "ada", now)
    assert waiting.time_left("x", now) == waiting.LONGEST_FOR_THE_LAST
    Role.objects.create(
        officer=cast["olga"], body=Role.objects.get(officer=cast["ada"]).body, role="administrator"
    )
    waiting.failed("x", "ada", now)
    assert waiting.time_left("x", now) == waiting.LONGEST


def test_a_browser_that_signed_in_before_is_not_held_up_by_a_stranger(
    stranger: Client, settled: None, desk: Callable[..., Client]
) -> None:
    own = desk()
    sign_in(own, "otto")
    own.post("/desk/sign-out/")
    for _ in range(waiting.FREE + 2):
        sign_in(stranger, "otto", "wrong")
    assert sign_in(own, "otto").status_code == 302


def test_what_counts_failures_holds_no_name_and_no_address(stranger: Client, settled: None) -> None:
    sign_in(stranger, "otto", "wrong")
    row = SignInDelay.objects.get()
    assert "otto" not in row.digest
    assert {f.name for f in SignInDelay._meta.fields} == {"digest", "failures", "until"}


def test_a_success_forgets_the_failures(stranger: Client, settled: None) -> None:
    sign_in(stranger, "otto", "wrong")
    sign_in(stranger, "otto")
    assert not SignInDelay.objects.exists()


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test/desk/", "/follow/", "/desk/../x"])
def test_after_signing_in_one_stays_on_this_desk(stranger: Client, settled: None, wanted: str) -> None:
    location = sign_in(stranger, "otto", next=wanted).headers["Location"]
    assert location == "/desk/" or (location.startswith("/desk/") and "evil" not in location)


def test_after_signing_in_one_is_where_one_wanted_to_be(stranger: Client, settled: None) -> None:
    assert sign_in(stranger, "otto", next="/desk/absence/").headers["Location"] == "/desk/absence/"


def test_signing_out_closes_the_desk(desk: Callable[..., Client]) -> None:
    browser = desk("otto")
    browser.post("/desk/sign-out/")
    assert browser.get("/desk/").status_code == 302


def test_a_password_that_others_know_opens_nothing_until_it_is_changed(
    stranger: Client, cast: dict[str, Officer]
) -> None:
    sign_in(stranger, "otto")
    assert stranger.get("/desk/").headers["Location"] == "/desk/password/"
    # Coming back without having changed it does not help.
    stranger.post("/desk/sign-out/")
    sign_in(stranger, "otto")
    assert stranger.get("/desk/new/").headers["Location"] == "/desk/password/"
    stranger.post("/desk/password/", {"now_in_use": PASSWORD, "wanted": NEW, "again": NEW})
    assert stranger.get("/desk/").status_code == 200


def test_changing_the_password_signs_out_other_browsers(
    stranger: Client, desk: Callable[..., Client], settled: None
) -> None:
    sign_in(stranger, "otto")
    other = desk()
    sign_in(other, "otto")
    answer = stranger.post("/desk/password/", {"now_in_use": PASSWORD, "wanted": NEW, "again": NEW})
    assert answer.status_code == 302
    assert stranger.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302


@pytest.mark.parametrize(
    ("now_in_use", "wanted", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, PASSWORD, PASSWORD),
        (PASSWORD, NEW, "other"),
    ],
)
def test_a_bad_new_password_is_not_taken(
    desk: Callable[..., Client], cast: dict[str, Officer], now_in_use: str, wanted: str, again: str
) -> None:
    answer = desk("otto").post(
        "/desk/password/", {"now_in_use": now_in_use, "wanted": wanted, "again": again}
    )
    assert answer.status_code == 400
    assert Officer.objects.get(login="otto").check_password(PASSWORD)


def test_a_live_registry_lists_nobody_on_the_sign_in_page(stranger: Client, cast: dict[str, Officer]) -> None:
    page = stranger.get("/desk/sign-in/").content.decode()
    assert "otto" not in page
    assert "Password of every one" not in page


@pytest.fixture
def shown_as_demonstration(db: None, house_keys: None) -> None:
    """What a page knows of the data set is asked once a process; here it changes under it."""
    demonstration.build(timezone.now())
    context.kind.cache_clear()


def test_a_demonstration_lists_its_officers_and_their_password(shown_as_demonstration: None) -> None:
    browser = Client(headers={"accept-language": "en"})
    page = browser.get("/desk/sign-in/").content.decode()
    assert demonstration.PASSWORD in page
    for officer in demonstration.officers():
        assert officer.login in page
    # Nobody is made to change a password that is printed beside the form.
    assert sign_in(browser, demonstration.officers()[0].login, demonstration.PASSWORD).status_code == 302
    assert browser.get("/desk/", follow=True).redirect_chain[-1:] != [("/desk/password/", 302)]
