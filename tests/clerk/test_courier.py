"""Notices leave the house: to whom they belong, without the matter, once; and nothing is lost on the way."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from huiyin.clerk import courier
from huiyin.clerk.courier import MOST_ATTEMPTS, deliver, wait_after
from huiyin.clerk.reminders import remind
from huiyin.core.refusal import Refusal
from huiyin.registry import access, joining
from huiyin.registry.models import Entry, Outbox, Petition
from huiyin.vault.keys import KeyRefused
from huiyin.vault.seal import Author as Person
from tests.cast import NOW, PARTS, Walk, lodge

SOON = timedelta(minutes=11)


def sent() -> list[Any]:
    return list(mail.outbox)


def channels() -> list[str]:
    return [entry.contents["channel"] for entry in Entry.objects.filter(event="notice-sent").order_by("pk")]


# ---- to the author


def test_an_author_with_an_address_is_told_by_e_mail(walk: Walk) -> None:
    assert deliver(walk.now) == {"e-mail": 1}
    (message,) = sent()
    assert message.to == ["zhang@example.test"]
    assert walk.ref in message.subject
    assert "/follow/" in message.body
    assert channels() == ["e-mail"]
    row = Outbox.objects.get()
    assert (row.sent_at, row.attempts, row.error) == (walk.now, 1, "")


def test_no_message_names_the_matter_or_the_person_or_the_key(walk: Walk) -> None:
    walk.to("closed-final")
    deliver(walk.now)
    assert len(sent()) > 5
    for message in sent():
        told = f"{message.subject}\n{message.body}\n{message.extra_headers}"
        for secret in ("路灯", "张三", walk.key, "住建局", "复查"):
            assert secret not in told


def test_the_message_speaks_the_language_of_the_lodging(cast: Any) -> None:
    lodge(language="en")
    deliver(NOW)
    assert sent()[0].subject.startswith("News on HY-")


@pytest.mark.parametrize(
    "author",
    [
        Person(),
        Person(name="王五", phone="13800000000"),
        Person(email="not an address"),
        Person(email="a@b.c\nBcc: x@y.z"),
    ],
)
def test_without_an_address_that_works_the_notice_stands_on_the_page(cast: Any, author: Person) -> None:
    lodge(author=author)
    assert deliver(NOW) == {"page": 1}
    assert sent() == []
    assert channels() == ["page"]


def test_running_twice_sends_once(walk: Walk) -> None:
    deliver(walk.now)
    assert not deliver(walk.now + timedelta(days=30))
    assert len(sent()) == 1
    assert len(channels()) == 1


def test_the_entry_is_the_couriers_and_moves_nothing(walk: Walk) -> None:
    before = walk.petition
    deliver(walk.now)
    entry = Entry.objects.get(event="notice-sent")
    assert (entry.role, entry.officer, entry.state) == ("courier", None, before.state)
    assert walk.petition.next_due == before.next_due


# ---- to those who signed together


def joint_of(*addresses: str) -> Walk:
    """A joint petition, lodged without an address, and those who joined it with these."""
    filed = lodge(joint=True, author=Person())
    for address in addresses:
        made = joining.join(filed.invitation, Person(name="李四", email=address), NOW)
        assert not isinstance(made, Refusal)
    return Walk(filed)


def test_each_who_signed_and_left_an_address_gets_a_message_of_their_own(cast: Any) -> None:
    walk = joint_of("li@example.test", "", "wang@example.test", "no address")
    assert deliver(NOW) == {"page": 1}
    assert sorted(message.to for message in sent()) == [["li@example.test"], ["wang@example.test"]]
    assert all(walk.ref in message.subject and not message.cc and not message.bcc for message in sent())
    assert channels() == ["page"]


def test_whoever_took_their_signature_back_hears_no_more(cast: Any) -> None:
    filed = lodge(joint=True, author=Person())
    made = joining.join(filed.invitation, Person(name="李四", email="li@example.test"), NOW)
    assert not isinstance(made, Refusal)
    found = access.author_of(made.ref, made.key)
    assert not isinstance(found, Refusal)
    assert joining.leave(found[0]) is None
    deliver(NOW)
    assert sent() == []


def test_signers_hear_of_the_parts_of_what_they_signed(cast: Any) -> None:
    walk = joint_of("li@example.test")
    walk("register", "olga")
    walk("split", "olga", parts=PARTS, reasons="两类")
    deliver(NOW)
    mail.outbox.clear()
    part = Walk(replace(walk.filed, ref=walk.petition.parts.get(kind="claim").ref), walk.now)
    part("transfer", "olga", body="zj")
    deliver(NOW)
    assert [message.to for message in sent()] == [["li@example.test"]]
    assert part.ref in sent()[0].subject


def test_one_mailbox_that_is_full_costs_the_others_no_second_copy(cast: Any, monkeypatch: Any) -> None:
    joint_of("full@example.test", "li@example.test")
    real = EmailMessage.send

    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        if self.to == ["full@example.test"]:
            raise smtplib.SMTPRecipientsRefused({"full@example.test": (452, b"full")})
        return real(self, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", send)
    assert deliver(NOW) == {"page": 1}
    assert deliver(NOW + SOON) == {}
    assert [message.to for message in sent()] == [["li@example.test"]]


def test_where_nobody_could_be_reached_it_is_tried_again(cast: Any, monkeypatch: Any) -> None:
    joint_of("full@example.test")

    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        raise smtplib.SMTPRecipientsRefused({"full@example.test": (452, b"full")})

    with monkeypatch.context() as full:
        full.setattr(EmailMessage, "send", send)
        assert deliver(NOW) == {"failed": 1}
    assert deliver(NOW + SOON) == {"page": 1}
    assert [message.to for message in sent()] == [["full@example.test"]]


# ---- trouble


class Broken:
    """A mail server that fails in one way, so many times."""

    def __init__(self, error: Exception, times: int = 10**6) -> None:
        self.error, self.times, self.asked = error, times, 0

    def __call__(self, message: Any) -> int:
        self.asked += 1
        if self.asked <= self.times:
            raise self.error
        mail.outbox.append(message)
        return 1


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    def install(broken: Broken) -> Broken:
        monkeypatch.setattr("huiyin.clerk.courier.EmailMessage.send", lambda message: broken(message))  # noqa: PLW0108 - a function binds the message
        return broken

    return install


def test_a_server_that_is_down_is_tried_again_later_and_later(walk: Walk, server: Any) -> None:
    broken = server(Broken(ConnectionRefusedError("zhang@example.test"), times=2))
    assert deliver(walk.now) == {"unreachable": 1}
    assert not deliver(walk.now + timedelta(minutes=9))
    assert deliver(walk.now + timedelta(minutes=10)) == {"unreachable": 1}
    assert not deliver(walk.now + timedelta(minutes=29))
    assert deliver(walk.now + timedelta(minutes=30)) == {"e-mail": 1}
    assert broken.asked == 3
    assert len(sent()) == 1


def test_a_server_that_is_down_costs_one_notice_an_attempt_and_not_all(cast: Any, server: Any) -> None:
    for _ in range(3):
        lodge()
    server(Broken(TimeoutError(), times=1))
    assert deliver(NOW) == {"unreachable": 1}
    assert sorted(Outbox.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert deliver(NOW) == {"e-mail": 2}


def test_the_trouble_is_kept_without_personal_data(
    walk: Walk, server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server(Broken(smtplib.SMTPServerDisconnected("zhang@example.test went away")))
    deliver(walk.now)
    row = Outbox.objects.get()
    assert row.error == "SMTPServerDisconnected"
    assert "zhang" not in caplog.text
    assert walk.ref not in caplog.text


def test_an_address_that_is_refused_for_good_is_not_tried_again(walk: Walk, server: Any) -> None:
    broken = server(Broken(smtplib.SMTPRecipientsRefused({"zhang@example.test": (550, b"no such user")})))
    assert deliver(walk.now) == {"page": 1}
    assert broken.asked == 1
    assert channels() == ["page"]


def test_a_mailbox_that_is_full_is_tried_again(walk: Walk, server: Any) -> None:
    server(Broken(smtplib.SMTPRecipientsRefused({"zhang@example.test": (452, b"full")}), times=1))
    assert deliver(walk.now) == {"failed": 1}
    assert deliver(walk.now + SOON) == {"e-mail": 1}


def test_what_can_never_be_sent_ends_on_the_page(walk: Walk, server: Any) -> None:
    broken = server(Broken(TimeoutError()))
    now = walk.now
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert deliver(now) == {"unreachable": 1}
        now += wait_after(attempt)
    assert deliver(now) == {"page": 1}
    assert broken.asked == MOST_ATTEMPTS
    assert now - walk.now < timedelta(days=4)
    assert channels() == ["page"]


def test_a_claim_left_by_a_dead_courier_is_taken_again(walk: Walk) -> None:
    Outbox.objects.update(claimed_at=walk.now, attempts=1)
    assert not deliver(walk.now + timedelta(minutes=9))
    assert deliver(walk.now + timedelta(minutes=10)) == {"e-mail": 1}


def test_a_second_copy_after_a_crash_can_be_told_by_its_message_id(walk: Walk, monkeypatch: Any) -> None:
    """Killed after sending and before that was put on record."""

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(courier, "_put_on_record", die)
        with pytest.raises(Killed):
            deliver(walk.now)
    assert channels() == []
    deliver(walk.now + SOON)
    first, second = sent()
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert channels() == ["e-mail"]


def test_two_notices_have_two_message_ids(walk: Walk) -> None:
    walk.to("transferred")
    deliver(walk.now)
    ids = [message.extra_headers["Message-ID"] for message in sent()]
    assert len(set(ids)) == len(ids) > 1
    assert all(one.endswith("@huiyin.local>") for one in ids)


def test_without_its_key_the_courier_takes_nothing(walk: Walk, settings: Any) -> None:
    settings.ZONE = "public"
    with pytest.raises(KeyRefused):
        deliver(walk.now)
    assert Outbox.objects.get().attempts == 0


def test_an_officer_who_moves_it_at_the_same_time_does_not_cost_the_entry(
    walk: Walk, monkeypatch: Any
) -> None:
    from huiyin.core.refusal import refuse
    from huiyin.registry.perform import perform

    tries: list[int] = []

    def busy(*args: Any) -> Petition | Refusal:
        tries.append(1)
        return refuse("moved-meanwhile") if len(tries) < 3 else perform(*args)

    monkeypatch.setattr(courier, "perform", busy)
    assert deliver(walk.now) == {"e-mail": 1}
    assert (len(tries), len(sent()), channels()) == (3, 1, ["e-mail"])


def test_one_poisoned_notice_does_not_hold_up_the_others(cast: Any, monkeypatch: Any) -> None:
    poisoned, healthy = lodge(), lodge(author=Person(email="li@example.test"))
    from huiyin.vault.unseal import open_contact

    def opening(petition_id: int) -> Person:
        if petition_id == poisoned.petition.pk:
            raise RuntimeError("something nobody foresaw")
        return open_contact(petition_id)

    monkeypatch.setattr(courier, "open_contact", opening)
    with pytest.raises(RuntimeError):
        deliver(NOW)
    assert deliver(NOW) == {"e-mail": 1}
    assert sent()[0].to == ["li@example.test"]
    assert healthy.petition.outbox.exclude(sent_at=None).exists()


# ---- to officers


def test_a_reminder_names_reference_term_and_date_and_leaves_no_entry(walk: Walk) -> None:
    deliver(walk.now)
    mail.outbox.clear()
    remind(walk.later(days=10).now)
    entries = Entry.objects.count()
    assert deliver(walk.now) == {"reminder": 1}
    (message,) = sent()
    assert message.to == ["olga@example.test"]
    assert walk.ref in message.subject
    assert "2026年3月17日（星期二）" in message.subject
    assert "《信访工作条例（2022年）》第二十二条第一款" in message.body
    assert "路灯" not in message.subject + message.body
    assert f"/desk/p/{walk.ref}/" in message.body
    assert Entry.objects.count() == entries


def test_a_reminder_of_a_term_that_was_met_meanwhile_is_dropped(walk: Walk) -> None:
    deliver(walk.now)
    mail.outbox.clear()
    remind(walk.later(days=10).now)
    walk("register", "olga")
    walk("transfer", "olga", body="zj")
    Outbox.objects.filter(audience="author").update(sent_at=walk.now)
    assert deliver(walk.now) == {"dropped": 1}
    assert sent() == []
    assert not Outbox.objects.filter(sent_at=None).exists()
