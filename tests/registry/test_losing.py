"""A lost key: whoever asks learns nothing, the new key goes to what is sealed, the old one objects."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clerk import courier, lost_keys, sweep
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import access, keys, losing
from huiyin.registry.models import LostKey, NewKey
from huiyin.registry.perform import perform
from huiyin.vault.seal import Author
from tests.cast import NOW, PARTS, Walk, acting_as, lodge

NAMED = Author(name="王小明", phone="13800000000", email="wang@example.test", address="某县东街 1 号")
KEY = re.compile(r"\b(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}\b")


@pytest.fixture
def named(cast: Any) -> Walk:
    return Walk(lodge(author=NAMED)).to("registered")


def asked(walk: Walk, now: Any = NOW) -> Walk:
    losing.ask(walk.ref.lower())
    lost_keys.look(now)
    return walk


def events(walk: Walk) -> list[str]:
    return list(walk.petition.entries.values_list("event", flat=True))


def opens(walk: Walk, key: str) -> bool:
    return not isinstance(access.author_of(walk.ref, key), Refusal)


def sent_by_mail(walk: Walk) -> str:
    """Have it sent to the sealed contact; the key in the message."""
    asked(walk)("send-new-key", "olga", key_way="contact")
    courier.deliver(NOW)
    [key] = {found for message in mail.outbox for found in KEY.findall(str(message.body))}
    return str(key)


def sweep_after(days: int) -> None:
    sweep.sweep(NOW + timedelta(days=days))


# ---- asking


@pytest.mark.django_db
def test_the_answer_and_the_work_are_the_same_whether_there_is_such_a_petition(named: Walk) -> None:
    answers, work = [], []
    Client().get("/follow/lost/")  # what a process asks once and keeps is asked before
    for ref in (named.ref, keys.new_ref()):
        with CaptureQueriesContext(connection) as seen:
            answer = Client().post("/follow/lost/", {"follow_ref": ref})
        html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        answers.append((answer.status_code, html.replace(ref, "")))
        work.append([re.sub(r"'[^']*'|X'\w+'", "?", q["sql"]) for q in seen.captured_queries])
    assert answers[0] == answers[1]
    assert answers[0][0] == 200
    assert [sql.split()[0] for sql in work[0]] == [sql.split()[0] for sql in work[1]]
    assert LostKey.objects.count() == 2
    assert "new-key-asked" not in events(named), "nothing is known of it at the door"


@pytest.mark.django_db
def test_the_question_is_gone_after_one_round_whatever_it_named(named: Walk) -> None:
    for ref in (named.ref, keys.new_ref()):
        losing.ask(ref)
    assert lost_keys.look(NOW) == 1
    assert not LostKey.objects.exists()
    assert events(named).count("new-key-asked") == 1
    asked(named)
    assert events(named).count("new-key-asked") == 1, "asked twice it stands there once"


@pytest.mark.django_db
def test_for_who_left_no_name_there_is_no_new_key_and_they_are_told_beforehand(cast: Any) -> None:
    anonymous = asked(Walk(lodge(author=Author())).to("registered"))
    assert "new-key-asked" not in events(anonymous)
    joint = asked(Walk(lodge(author=NAMED, joint=True)))
    assert "new-key-asked" not in events(joint)
    assert "没有留姓名的，谁也补不了查询码" in Client().get("/follow/lost/").content.decode()


@pytest.mark.django_db
def test_a_slip_in_the_reference_is_told_and_nothing_is_written(cast: Any) -> None:
    page = Client().post("/follow/lost/", {"follow_ref": "HY-123"})
    assert "编号是 HY 加十个字母或数字" in page.content.decode()
    assert not LostKey.objects.exists()


# ---- by mail


@pytest.mark.django_db
def test_a_new_key_goes_to_the_sealed_contact_alone_and_says_neither_reference_nor_matter(
    named: Walk,
) -> None:
    key = sent_by_mail(named)
    [message] = [m for m in mail.outbox if key in m.body]
    assert message.to == ["wang@example.test"]
    for word in (named.ref, named.petition.subject, "王小明"):
        assert word not in message.body
        assert word not in message.subject
    assert key not in str(list(named.petition.entries.values()))
    kept = NewKey.objects.get()
    assert key.encode() not in bytes(kept.key_hash) + bytes(kept.reading_key)


@pytest.mark.django_db
def test_it_works_after_seven_days_and_the_old_one_no_longer(named: Walk) -> None:
    old, key = named.key, sent_by_mail(named)
    for days in (0, 7):
        sweep_after(days)
        assert (opens(named, old), opens(named, key)) == (True, False), days
    sweep_after(8)
    assert (opens(named, old), opens(named, key)) == (False, True)
    assert not keys.is_mistyped(named.ref, key)
    assert not NewKey.objects.exists()
    assert events(named)[-1] == "new-key-in-force"


@pytest.mark.django_db
def test_whoever_holds_the_old_key_sees_it_and_ends_it_with_one_press(named: Walk, monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    key = sent_by_mail(named)
    browser = Client()
    browser.post("/follow/", {"follow_ref": named.ref, "follow_key": named.key})
    html = browser.get("/follow/petition/").content.decode()
    assert "新查询码已发往封存的联系方式" in html
    assert "/follow/petition/do/object-new-key/" in html
    named("object-new-key", "author")
    assert not NewKey.objects.exists()
    sweep_after(30)
    assert (opens(named, named.key), opens(named, key)) == (True, False)
    assert "new-key-in-force" not in events(named)


@pytest.mark.django_db
def test_they_may_object_before_anything_is_sent(named: Walk) -> None:
    asked(named)("object-new-key", "author")
    refused = perform(named.ref, Move("send-new-key", {"key_way": "contact"}), acting_as("olga"), NOW)
    assert isinstance(refused, Refusal)


@pytest.mark.django_db
def test_a_visit_under_the_old_key_ends_with_it(named: Walk, monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    sent_by_mail(named)
    browser = Client()
    browser.post("/follow/", {"follow_ref": named.ref, "follow_key": named.key})
    assert browser.get("/follow/petition/").status_code == 200
    sweep_after(8)
    assert browser.get("/follow/petition/").status_code == 302


@pytest.mark.django_db
def test_without_an_address_for_mail_an_officer_is_told_to_use_the_post(cast: Any) -> None:
    walk = asked(Walk(lodge(author=Author(name="王小明", address="某县东街 1 号"))).to("registered"))
    said = perform(walk.ref, Move("send-new-key", {"key_way": "contact"}), acting_as("olga"), NOW)
    assert isinstance(said, Refusal)
    assert said.fields.keys() == {"key_way"}


@pytest.mark.django_db
def test_where_no_key_arrived_the_old_one_stays(named: Walk) -> None:
    asked(named)("send-new-key", "olga", key_way="post")
    sweep_after(8)
    assert opens(named, named.key)
    assert not losing.may_print(named.petition)


@pytest.mark.django_db
def test_an_officer_may_say_no_with_reasons(named: Walk) -> None:
    asked(named)("refuse-new-key", "olga", reasons="封存的地址已经退信")
    assert asked(named).petition.marks.get("key-asked"), "and it can be asked again"


@pytest.mark.django_db
def test_nobody_else_sends_or_objects(named: Walk) -> None:
    asked(named)
    send = Move("send-new-key", {"key_way": "contact"})
    for actor in (access.Author(named.ref), access.CLERK, access.COURIER, acting_as("rita")):
        assert isinstance(perform(named.ref, send, actor, NOW), Refusal), actor
    assert isinstance(perform(named.ref, Move("object-new-key"), acting_as("olga"), NOW), Refusal)


# ---- by post


def officer(cast: Any, login: str) -> Client:
    browser = Client()
    browser.force_login(cast[login])
    return browser


@pytest.mark.django_db
def test_by_post_it_is_printed_once_the_seal_was_opened_on_record(
    named: Walk, cast: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    desk = officer(cast, "olga")
    there = f"/desk/p/{named.ref}/move/unseal/"
    said = {"purpose": "serve", "words": "邮寄新查询码", "newkey": "1"}
    asked(named)
    early = desk.post(there, said | {"seen": named.petition.version}).content.decode()
    assert not KEY.search(early), "before anybody chose the post there is no key to print"
    named("send-new-key", "olga", key_way="post")
    assert "打印带新查询码的信" in desk.get(f"/desk/p/{named.ref}/").content.decode()
    page = desk.post(there, said | {"seen": named.petition.version})
    html = page.content.decode()
    [key] = set(KEY.findall(html))
    assert "某县东街 1 号" in html
    assert "no-store" in page["Cache-Control"]
    assert events(named)[-1] == "seal-opened"
    courier.deliver(NOW)
    assert all(key not in message.body for message in mail.outbox)
    sweep_after(8)
    assert opens(named, key)


@pytest.mark.django_db
def test_a_visitor_at_the_counter_goes_the_same_way(named: Walk, cast: Any) -> None:
    desk = officer(cast, "olga")
    assert "/desk/lost-key/" in desk.get("/desk/new/").content.decode()
    answers = [desk.post("/desk/lost-key/", {"ref": ref}).status_code for ref in (named.ref, keys.new_ref())]
    assert answers == [302, 302]
    assert lost_keys.look(NOW) == 1
    assert officer(cast, "rita").get("/desk/lost-key/").status_code == 404


# ---- parts


@pytest.mark.django_db
def test_all_parts_of_a_mixed_petition_open_with_the_new_key(cast: Any) -> None:
    whole = Walk(lodge(author=NAMED)).to("registered")
    whole("split", "olga", parts=PARTS, reasons="既有诉求又有检举")
    family = [replace(whole.filed, ref=part.ref) for part in whole.petition.parts.order_by("id")]
    one, two = map(Walk, family)
    key = sent_by_mail(one)
    sweep_after(8)
    assert [opens(each, key) for each in (whole, one, two)] == [True] * 3
    assert [opens(each, whole.key) for each in (whole, one, two)] == [False] * 3
