"""Asking together: one shared invitation, equal signatures, and a number that the clerk puts on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huiyin.clerk import signatures
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import access, joining, keys, law
from huiyin.registry.access import Author
from huiyin.registry.file import Filed
from huiyin.registry.joining import Joined
from huiyin.registry.models import Invitation, Petition, Signature
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves
from huiyin.vault.models import ContactSeal, IdentitySeal, SignerSeal
from huiyin.vault.seal import Author as Person
from huiyin.vault.unseal import NothingSealed, open_reachable
from tests.cast import NOW, Walk, lodge

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def joint(cast: Any) -> Filed:
    return lodge(joint=True)


def sign(joint: Filed, name: str = "李四", **more: Any) -> Joined:
    made = joining.join(joint.invitation, Person(name=name), NOW, **more)
    assert isinstance(made, Joined), made
    return made


def author(one: Filed | Joined) -> Author:
    found = access.author_of(one.ref, one.key)
    assert not isinstance(found, Refusal), found
    return found[0]


def number_of(ref: str) -> int:
    return int(Petition.objects.get(ref=ref).marks["signatures"])


def test_each_signer_follows_with_a_key_of_their_own_and_none_opens_another_petition(joint: Filed) -> None:
    other = lodge()
    for one in (joint, sign(joint), sign(joint, "王五")):
        assert author(one).ref == joint.ref
        assert isinstance(access.author_of(other.ref, one.key), Refusal)


def test_whoever_lodged_is_one_signature_like_the_others(joint: Filed) -> None:
    sign(joint)
    assert Signature.objects.filter(petition__ref=joint.ref).count() == 2
    assert not IdentitySeal.objects.exists()
    assert not ContactSeal.objects.exists(), "where news goes lies with each signature"
    assert not keys.key_fits(joint.ref, joint.key, bytes(Petition.objects.get(ref=joint.ref).key_hash)), (
        "the petition itself keeps nobody's key"
    )


def test_joining_leaves_no_entry_and_the_clerk_counts_once_a_day(joint: Filed) -> None:
    before = Petition.objects.get(ref=joint.ref).version
    sign(joint)
    assert signatures.count(NOW) == 0, "on the day itself nothing is counted"
    assert (Petition.objects.get(ref=joint.ref).version, number_of(joint.ref)) == (before, 1)
    assert signatures.count(TOMORROW) == 1
    assert number_of(joint.ref) == 2
    sign(joint, "王五")
    assert signatures.count(TOMORROW + timedelta(hours=1)) == 0, "once a day, whoever joined meanwhile"
    assert signatures.count(TOMORROW + timedelta(days=1)) == 1
    assert signatures.count(TOMORROW + timedelta(days=2)) == 0, "no entry where nothing changed"


def test_the_body_cannot_put_a_number_on_record_itself(joint: Filed) -> None:
    sign(joint)
    made = Walk(joint).ask(joining.COUNTING, "olga", signatures=2)
    assert isinstance(made, Refusal)
    assert made.code == "wrong-role"


def test_the_last_day_of_the_invitation_still_counts_and_the_next_does_not(joint: Filed) -> None:
    last = NOW + joining.OPEN_FOR
    assert isinstance(joining.join(joint.invitation, Person(), last), Joined)
    over = joining.join(joint.invitation, Person(), last + timedelta(days=1))
    assert isinstance(over, Refusal)
    assert over.code == "no-invitation"


def test_an_unknown_link_a_closed_one_and_a_replaced_one_look_the_same(joint: Filed) -> None:
    unknown = joining.look("x" * 43, NOW)
    fresh = joining.invite_anew(author(joint), NOW)
    assert isinstance(fresh, str)
    assert joining.look(joint.invitation, NOW) == unknown
    assert not isinstance(joining.look(fresh, NOW), Refusal)
    assert joining.close(author(joint)) is None
    assert joining.look(fresh, NOW) == unknown == joining.look("", NOW)


def test_nobody_joins_once_an_answer_is_written(joint: Filed) -> None:
    Walk(joint).to("opinion-issued")
    assert isinstance(joining.join(joint.invitation, Person(), NOW), Refusal)


def test_a_petition_that_is_not_joint_has_no_invitation(lodged: Filed) -> None:
    assert lodged.invitation == ""
    assert isinstance(joining.invite_anew(author(lodged), NOW), Refusal)
    assert isinstance(joining.leave(author(lodged)), Refusal)


def test_nobody_withdraws_it_for_the_others_and_the_last_one_may(joint: Filed) -> None:
    second = sign(joint)
    withdraw = Move("request-withdrawal", {"pressed": "no"})
    refused = perform(joint.ref, withdraw, author(joint), NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "others-signed"
    petition = Petition.objects.get(ref=joint.ref)
    assert "request-withdrawal" not in {row.verb for row in open_moves(petition, author(second), NOW)}
    assert joining.leave(author(joint)) is None
    assert isinstance(perform(joint.ref, withdraw, author(second), NOW), Petition)


def test_taking_back_a_signature_destroys_its_seal_and_key_and_nothing_else(joint: Filed) -> None:
    second = sign(joint)
    assert joining.leave(author(second)) is None
    assert SignerSeal.objects.count() == Signature.objects.count() == 1
    assert isinstance(access.author_of(second.ref, second.key), Refusal)
    last = joining.leave(author(joint))
    assert isinstance(last, Refusal)
    assert last.code == "last-signature"


def test_each_signer_may_add_and_ask_for_review_and_the_entry_does_not_say_who(joint: Filed) -> None:
    second = sign(joint)
    for one in (joint, second):
        made = perform(joint.ref, Move("add-information", {"information": "又坏了一盏"}), author(one), NOW)
        assert isinstance(made, Petition)
    petition = Petition.objects.get(ref=joint.ref)
    added = petition.entries.filter(event="information-added")
    first, again = added.values_list("role", "officer", "contents", "body")
    assert first == again


def test_counting_lays_the_rows_anew_in_the_order_of_their_random_names(joint: Filed) -> None:
    made = [sign(joint, f"第{n}人", reachable=n == 3) for n in range(6)]
    before = set(Signature.objects.values_list("pk", flat=True))
    signatures.count(TOMORROW)
    table, seals = Signature._meta.db_table, SignerSeal._meta.db_table
    from django.db import connection

    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        for name, key in ((table, "id"), (seals, "signature_id")):
            cursor.execute(f"SELECT {key} FROM {name} ORDER BY {place}")
            lying = [str(row[0]).replace("-", "") for row in cursor.fetchall()]
            assert lying == sorted(lying)
    assert set(Signature.objects.values_list("pk", flat=True)) == before
    assert all(author(one).ref == joint.ref for one in made)
    assert [person.name for person in open_reachable(Petition.objects.get(ref=joint.ref).pk)] == ["第3人"]


def test_only_those_who_agreed_are_opened_and_at_most_five_may_agree(joint: Filed) -> None:
    petition = Petition.objects.get(ref=joint.ref)
    with pytest.raises(NothingSealed):
        open_reachable(petition.pk)
    for n in range(7):
        sign(joint, f"第{n}人", reachable=True)
    assert len(open_reachable(petition.pk)) == 5 == law.at(NOW)[0].representatives
    invited = joining.look(joint.invitation, NOW)
    assert not isinstance(invited, Refusal)
    assert not invited.may_be_reachable


def test_what_a_signer_says_is_measured(joint: Filed) -> None:
    for name in ("长" * 201, "零\x00"):
        made = joining.join(joint.invitation, Person(name=name), NOW)
        assert isinstance(made, Refusal)
        assert set(made.fields) == {"name"}


def test_joint_petitions_exist_only_where_the_law_knows_them(cast: Any, settings: Any) -> None:
    assert joining.is_known_to_the_law()
    settings.JURISDICTION = "uk-housing"
    assert not joining.is_known_to_the_law()


def test_the_invitation_itself_is_kept_by_nobody(joint: Filed) -> None:
    kept = repr(list(Invitation.objects.values_list()))
    assert joint.invitation not in kept


def test_whoever_signed_the_whole_follows_its_parts_and_ends_none_for_the_others(joint: Filed) -> None:
    second = sign(joint)
    walk = Walk(joint)
    walk("register", "olga")
    parts = [
        {"part_kind": "claim", "part_subject": "路灯", "part_text": "修好路灯"},
        {"part_kind": "suggestion", "part_subject": "公交", "part_text": "增加班次"},
    ]
    walk("split", "olga", reasons="两件事", parts=parts)
    part = Petition.objects.filter(part_of__ref=joint.ref).order_by("id")[0]
    found = access.author_of(part.ref, second.key)
    assert not isinstance(found, Refusal)
    refused = perform(part.ref, Move("request-withdrawal", {"pressed": "no"}), found[0], NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "others-signed"
    signatures.count(TOMORROW)
    assert number_of(part.ref) == 2
