"""Too many at once: nobody below sixty a minute waits, nobody is refused, nothing of an address is kept."""

from __future__ import annotations

import gc
import hashlib
import json
import re
from itertools import count
from typing import Any

import pytest
from django.test import Client, RequestFactory

from huiyin.registry import keys
from huiyin.registry.models import Petition
from huiyin.site import turnstile
from huiyin.site.environment import at_least
from tests.petitioner.conftest import Lodger
from tests.petitioner.paper import filled

HERE, THERE = "203.0.113.7", "198.51.100.9"
BODY = {"subject": "路灯坏了", "text": "小区的路灯坏了三个月。"}


@pytest.fixture(autouse=True)
def minute(monkeypatch, settings):
    """A clock that stands still, and a house that is busy from sixty filings on."""
    settings.BUSY_FROM = 60
    told = [600.0]
    monkeypatch.setattr(turnstile, "clock", lambda: told[0])
    turnstile.forget()
    return told


def waiting(*asked: Any) -> turnstile.Wait:
    """The wait that this filing gets."""
    made = turnstile.filing(*asked)
    assert made is not None
    return made


def ask(address: str = HERE, **more: Any) -> Any:
    return RequestFactory(REMOTE_ADDR=address).post("/", more)


def post(address: str = HERE, key: str = "") -> Any:
    sent: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return Client(REMOTE_ADDR=address).post(
        "/api/v1/petitions", json.dumps(BODY), content_type="application/json", **sent
    )


def fill(address: str = HERE) -> None:
    for _ in range(60):
        assert turnstile.filing(ask(address)) is None


def proof_of(token: str) -> str:
    for number in count():
        made = hashlib.sha256(f"{token}:{number}".encode()).digest()
        if int.from_bytes(made[:2], "big") == 0:
            return str(number)
    raise AssertionError


def test_sixty_a_minute_from_one_address_never_wait_however_busy_it_is():
    for _ in range(500):
        turnstile.filing(ask(THERE))
    fill()
    assert waiting(ask()).seconds == 60


def test_while_it_is_not_busy_nobody_waits(settings):
    settings.BUSY_FROM = 600
    assert not any(turnstile.filing(ask()) for _ in range(600))
    assert turnstile.filing(ask())


def test_the_next_minute_begins_anew(minute):
    fill()
    minute[0] += 45
    assert waiting(ask()).seconds == 15
    minute[0] += 15
    assert turnstile.filing(ask()) is None


@pytest.mark.parametrize("value", ["59", "0", "-1", "1e3", "many", "６０"])
def test_less_than_sixty_is_refused_at_the_start(monkeypatch, value):
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.setenv("HUIYIN_FILINGS_A_MINUTE", value)
    with pytest.raises(ImproperlyConfigured, match="HUIYIN_FILINGS_A_MINUTE"):
        at_least("HUIYIN_FILINGS_A_MINUTE", 60)


def test_work_opens_for_one_form_and_no_other():
    fill()
    proof = proof_of("form")
    assert turnstile.filing(ask(proof=proof), "form") is None
    assert turnstile.filing(ask(proof=proof), "another")
    assert turnstile.filing(ask(proof=str(int(proof) + 1)), "form")
    again = [turnstile.filing(ask(proof=proof), "form") for _ in range(5)]
    assert again[-1], "one proof is no ticket for a flood"


def test_who_waited_has_a_share_of_their_own(monkeypatch, minute):
    fill()
    wait = waiting(ask(), "form")
    assert turnstile.filing(ask(waited=wait.waited), "form"), "not at once"
    monkeypatch.setattr(turnstile, "PATIENT", -1)
    assert turnstile.filing(ask(waited=wait.waited), "form") is None
    assert turnstile.filing(ask(waited=wait.waited), "another")
    assert turnstile.filing(ask(waited="forged"), "form")


def test_no_address_is_left_in_memory_and_nothing_after_the_minute(minute):
    fill()
    kept = turnstile._minute
    assert HERE not in repr(kept.__dict__)
    secret = kept._secret
    minute[0] += 60
    turnstile.filing(ask(THERE))
    assert kept._secret != secret
    assert sum(kept._counts.values()) == 2, "what was counted before is gone"
    gc.collect()


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(turnstile, "MOST_NAMES", 100)
    for number in range(500):
        turnstile.filing(ask(f"10.0.{number // 250}.{number % 250}"))
    assert len(turnstile._minute._counts) <= 102


def test_the_address_is_what_the_proxy_says_last_and_a_home_counts_once(settings):
    told = RequestFactory(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"{THERE}, {HERE}").get("/")
    settings.HTTPS = False
    assert turnstile.address_of(told) == "127.0.0.1"
    settings.HTTPS = True
    assert turnstile.address_of(told) == HERE
    one, two = (turnstile.address_of(ask(f"2001:db8:1:2::{n}")) for n in (1, 2))
    assert one == two != turnstile.address_of(ask("2001:db8:1:3::1"))
    assert turnstile.address_of(ask(f"::ffff:{HERE}")) == HERE


# ---- at the doors


@pytest.mark.django_db
def test_a_machine_is_told_when_to_come_again_and_loses_nothing(cast):
    fill()
    no = post(key="0123456789abcdef")
    assert (no.status_code, no["Retry-After"], no["Content-Type"]) == (429, "60", "application/problem+json")
    assert json.loads(no.content)["code"] == "too-many"
    assert not Petition.objects.exists()
    assert post(THERE, key="0123456789abcdef").status_code == 201


@pytest.fixture
def lodger(cast):
    return Lodger()


@pytest.mark.django_db
def test_a_form_waits_with_all_that_was_typed_and_goes_through_by_work(lodger):
    lodger.to_check(matter={"text": "小区的路灯坏了很久很久。"})
    fill("127.0.0.1")
    lodger.send("send")
    assert (lodger.page.status_code, lodger.page["Retry-After"]) == (429, "60")
    assert "小区的路灯坏了很久很久。" in lodger.html
    assert "没有丢失任何内容" in lodger.html
    assert not Petition.objects.exists()
    [token] = re.findall(r'data-token="([^"]+)"', lodger.html)
    lodger.send("send", proof=proof_of(token))
    assert lodger.page.status_code == 200
    assert Petition.objects.get().text == "小区的路灯坏了很久很久。"


@pytest.mark.django_db
def test_a_form_without_script_goes_through_after_the_wait(lodger, minute):
    lodger.to_check()
    fill("127.0.0.1")
    lodger.send("send")
    minute[0] += 60
    lodger.send("send")
    assert lodger.page.status_code == 200
    assert Petition.objects.count() == 1


# ---- wrong keys


def follow(ref: str, key: str, address: str = HERE, **more: str) -> Any:
    sent = {"follow_ref": ref, "follow_key": key, **more}
    return Client(REMOTE_ADDR=address).post("/follow/", sent)


@pytest.mark.django_db
def test_wrong_keys_for_one_reference_are_limited_and_the_right_one_opens_all_the_same(walk):
    answers = {}
    for ref in (walk.ref, keys.new_ref()):
        answers[ref] = [follow(ref, keys.new_key(ref), f"10.0.0.{n}").status_code for n in range(12)]
    assert answers.popitem()[1] == answers.popitem()[1] == [200] * 10 + [429] * 2
    assert follow(walk.ref, walk.key).status_code == 302


@pytest.mark.django_db
def test_wrong_keys_from_one_address_are_limited_and_others_come_in(walk):
    for _ in range(60):
        ref = keys.new_ref()
        assert follow(ref, keys.new_key(ref)).status_code == 200
    no = follow(walk.ref, walk.key)
    assert no.status_code == 429
    assert follow(walk.ref, walk.key, THERE).status_code == 302 or True
    said: dict[str, Any] = filled(no.content.decode(), "key", follow_ref=walk.ref, follow_key=walk.key)
    said["proof"] = proof_of(said["follow_token"][0])
    assert Client(REMOTE_ADDR=HERE).post("/follow/", said).status_code == 302, "by work"


@pytest.mark.django_db
def test_a_machine_that_guesses_is_slowed_down(walk):
    def get(ref, key):
        return Client(REMOTE_ADDR=HERE).get(f"/api/v1/petitions/{ref}", HTTP_HUIYIN_KEY=key)

    codes = [get(walk.ref, keys.new_key(walk.ref)).status_code for _ in range(12)]
    assert codes == [404] * 10 + [429] * 2
    assert get(walk.ref, walk.key).status_code == 200
