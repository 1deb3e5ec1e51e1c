"""Promises 1, 3 and 5 for those who ask together: no order, no inviter, no first one, no list."""

from __future__ import annotations

import ast
from datetime import timedelta
from typing import Any

from django.core import mail
from django.db import models

from huiyin.clerk import courier, signatures
from huiyin.registry import joining
from huiyin.registry.file import Filed
from huiyin.registry.joining import Joined
from huiyin.registry.models import Invitation, Outbox, Petition, Signature
from huiyin.vault.models import SignerContact, SignerSeal
from huiyin.vault.seal import Author as Person
from tests.cast import NOW, lodge
from tests.promises.source import calls

MOMENTS = (models.DateField, models.DateTimeField, models.TimeField)
NUMBERED = (models.AutoField, models.IntegerField)
VARIES = {"signature", "sealed", "data_key"}


def test_a_signature_has_no_time_no_number_and_no_one_it_came_from() -> None:
    for model in (Signature, SignerSeal, SignerContact):
        for field in model._meta.concrete_fields:
            assert not isinstance(field, MOMENTS + NUMBERED), (model, field)
    assert [f.name for f in Signature._meta.concrete_fields] == ["id", "petition", "key_hash"]
    pointing = {f.name for f in Invitation._meta.concrete_fields if f.is_relation}
    assert pointing == {"petition"}, "an invitation belongs to the petition and to nobody"


def test_two_signatures_differ_in_random_values_alone(cast: Any) -> None:
    joint = lodge(joint=True)
    far = Person(name="欧阳一个很长很长的名字", address="很远的地方", email="a-very-long-name@example.test")
    made = joining.join(joint.invitation, far, NOW)
    assert isinstance(made, Joined)
    assert isinstance(joining.join(joint.invitation, Person(), NOW), Joined)
    for seals in (SignerSeal.objects.all(), SignerContact.objects.all()):
        assert len(seals) == 3, "whoever gives nothing leaves the same rows"
        assert len({len(bytes(seal.sealed)) for seal in seals}) == 1, "a length tells a long name from none"
        rest = [field.name for field in seals.model._meta.concrete_fields if field.name not in VARIES]
        assert len({tuple(row.values()) for row in seals.values(*rest)}) == 1


def test_receipts_of_one_day_are_the_same_words_for_every_signer(cast: Any) -> None:
    joint = lodge(joint=True)
    later = NOW + timedelta(hours=3)
    one, other = (joining.join(joint.invitation, Person(), at) for at in (NOW, later))
    assert isinstance(one, Joined)
    assert isinstance(other, Joined)
    assert one.receipt == other.receipt
    assert one.key != other.key


def test_what_the_registry_keeps_is_the_same_whoever_signed_first(cast: Any) -> None:
    """Walked twice, with the signers the other way round: nothing that stays tells the two apart."""

    def walked(*names: str) -> list[Any]:
        joint: Filed = lodge(joint=True)
        for name in names:
            joining.join(joint.invitation, Person(name=name), NOW)
        signatures.count(NOW + timedelta(days=1))
        petition = Petition.objects.get(ref=joint.ref)
        entries = petition.entries.values_list("seq", "event", "role", "body", "state", "recorded_at")
        return [*entries, petition.marks, petition.version, petition.took_part]

    assert walked("张三", "李四") == walked("李四", "张三")


def test_the_rows_of_signers_are_asked_for_by_petition_and_never_listed() -> None:
    allowed = {"petition", "petition_id", "petition__ref", "pk", "key_hash", "reachable"}
    for name in ("filter", "get", "all", "values", "values_list", "aggregate", "annotate", "exclude"):
        for path, call in calls(name):
            asked = ast.unparse(call.func)
            if asked.startswith(("Signature.objects", "SignerSeal.objects", "SignerContact.objects")):
                assert name == "filter" or asked.count("filter("), f"{path}:{call.lineno}"
                assert {k.arg for k in call.keywords} <= allowed, f"{path}:{call.lineno}"


def test_no_page_and_no_answer_of_the_desk_reads_the_signatures() -> None:
    """An officer's page knows the number that is on record; the seal of those who agreed is opened alone."""
    from tests.promises.source import imports_of, modules

    for path, tree in modules().items():
        if path.startswith(("doors/officer/", "doors/public/", "doors/cli/")):
            named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
            assert "Signature" not in named, path
            assert "huiyin.registry.signatures" not in imports_of(tree), path


def test_what_is_on_record_is_the_same_whether_anybody_left_an_address(cast: Any) -> None:
    """The courier writes to those who left one; entry and row of the outbox tell nobody whether any did."""

    def told(*addresses: str) -> list[Any]:
        mail.outbox.clear()
        joint: Filed = lodge(joint=True)
        for address in addresses:
            joining.join(joint.invitation, Person(name="李四", email=address), NOW)
        courier.deliver(NOW)
        assert [message.to for message in mail.outbox if joint.ref in message.subject] != [] or not addresses
        petition = Petition.objects.get(ref=joint.ref)
        entries = petition.entries.values_list("seq", "event", "role", "contents__channel", "state")
        rows = Outbox.objects.filter(petition=petition).values_list("attempts", "error", "sent_at")
        return [*entries, *rows]

    assert told("li@example.test", "wang@example.test") == told("", "")
