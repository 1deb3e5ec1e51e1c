"""Signing together in the browser: the link, the form, the signer's own receipt, and the way out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from huiyin.registry.file import Filed
from huiyin.registry.models import Officer, Petition, Signature
from tests.cast import lodge

NAMED = {"who": "named", "name": "李四", "phone": "", "email": "", "address": ""}


@pytest.fixture
def joint(cast: Any) -> Filed:
    from django.utils import timezone

    return lodge(timezone.now(), joint=True)


def page_of(client: Client, joint: Filed) -> str:
    answer = client.get(f"/join/{joint.invitation}/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def signed(client: Client, joint: Filed, **said: str) -> Any:
    once = re.search(r'name="once" value="([^"]+)"', page_of(client, joint))
    assert once
    return client.post(f"/join/{joint.invitation}/", {"once": once[1], **NAMED, **said})


def key_in(answer: Any) -> str:
    found = re.search(r'id="key" translate="no">([^<]+)<', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def follow(client: Client, ref: str, key: str) -> Any:
    return client.post("/follow/", {"follow_ref": ref, "follow_key": key}, follow=True)


def test_the_link_shows_what_was_lodged_and_no_name(client: Client, joint: Filed) -> None:
    shown = page_of(client, joint)
    assert "路灯坏了三个月" in shown
    assert "张三" not in shown
    assert client.get("/join/nothing-here/").status_code == 404


def test_a_signer_leaves_with_an_own_key_and_follows_with_it(client: Client, joint: Filed) -> None:
    answer = signed(client, joint)
    key = key_in(answer)
    assert key != joint.key
    shown = follow(client, joint.ref, key)
    assert "路灯坏了" in shown.content.decode()
    assert Signature.objects.count() == 2


def test_no_mailbox_is_asked_for_where_no_mail_is_sent(client: Client, joint: Filed, settings: Any) -> None:
    assert 'name="email"' in page_of(client, joint)
    settings.MAILS = False
    page = page_of(client, joint)
    assert 'name="email"' not in page
    assert 'name="address"' in page
    assert key_in(signed(client, joint))


def test_pressing_twice_signs_once_and_shows_the_same_receipt(client: Client, joint: Filed) -> None:
    once = re.search(r'name="once" value="([^"]+)"', page_of(client, joint))
    assert once
    sent = {"once": once[1], **NAMED}
    first, again = (client.post(f"/join/{joint.invitation}/", sent) for _ in range(2))
    assert key_in(first) == key_in(again)
    assert Signature.objects.count() == 2


def test_a_form_that_is_not_whole_keeps_what_was_typed(client: Client, joint: Filed) -> None:
    answer = signed(client, joint, name="", address="二号院")
    assert "二号院" in answer.content.decode()
    assert Signature.objects.count() == 1


def test_a_signer_takes_their_signature_back_and_the_page_closes_to_them(
    client: Client, joint: Filed
) -> None:
    key = key_in(signed(client, joint))
    follow(client, joint.ref, key)
    unsure = client.post("/follow/petition/together/", {"do": "leave"})
    assert unsure.status_code == 200
    assert Signature.objects.count() == 2
    client.post("/follow/petition/together/", {"do": "leave", "sure": "yes"})
    assert Signature.objects.count() == 1
    assert client.get("/follow/petition/").status_code == 302
    assert Petition.objects.get(ref=joint.ref).is_open


def test_whoever_lodges_with_others_leaves_with_an_invitation(client: Client, cast: Any) -> None:
    written = {"been": ["matter", "about", "body", "author"], "step": "check", "go": "send", "kind": "claim"}
    written |= {"subject": "路灯坏了", "text": "三个月了", "who": "anonymous", "joint": "on"}
    answer = client.post("/lodge/write/", {**written, "service": "electronic"})
    found = re.search(r"/join/([A-Za-z0-9_-]{43})/", answer.content.decode())
    assert found, answer.content.decode()
    assert Client().get(f"/join/{found[1]}/").status_code == 200


def test_a_joint_petition_cannot_be_answered_by_post_to_one(client: Client, cast: Any) -> None:
    written = {"been": ["matter", "about", "body", "author"], "step": "check", "go": "send", "kind": "claim"}
    written |= {
        "subject": "路灯坏了",
        "text": "三个月了",
        "joint": "on",
        "service": "in-person",
        "who": "anonymous",
    }
    client.post("/lodge/write/", written)
    assert not Petition.objects.exists()


def test_an_ordinary_petition_has_no_page_of_signers(client: Client, lodged: Filed) -> None:
    follow(client, lodged.ref, lodged.key)
    assert client.get("/follow/petition/together/").status_code == 302


def test_the_desk_sees_a_number_and_nobody(client: Client, joint: Filed) -> None:
    signed(client, joint)
    client.force_login(Officer.objects.get(login="olga"))
    shown = client.get(f"/desk/p/{joint.ref}/").content.decode()
    assert "1人联名在案" in shown
    assert "李四" not in shown
