"""Idempotency-Key: one petition and one answer, however often and however much at once it is sent."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from huiyin.registry.models import Clock, Entry, Holding, Idempotent, Outbox, Petition
from tests.api.conftest import PETITION, PETITIONS
from tests.cast import make_bodies

KEY = "5f1d7a84-0a40-4c0e-9a3b-4a1f"


def test_same_key_and_body_get_the_very_same_answer(send):
    first, again = send(PETITION, Idempotency_Key=KEY), send(PETITION, Idempotency_Key=KEY)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert Petition.objects.count() == 1


def test_same_key_and_another_body_are_refused(send):
    send(PETITION, Idempotency_Key=KEY)
    answer = send({**PETITION, "text": "另一件事"}, Idempotency_Key=KEY)
    assert answer.status_code == 409
    assert json.loads(answer.content)["code"] == "idempotency-mismatch"
    assert Petition.objects.count() == 1


def test_another_key_files_another_petition(send):
    refs = {json.loads(send(PETITION, Idempotency_Key=KEY + str(i)).content)["ref"] for i in range(2)}
    assert len(refs) == Petition.objects.count() == 2


def test_refusal_is_not_kept(send):
    assert send({**PETITION, "body": "nowhere"}, Idempotency_Key=KEY).status_code == 422
    assert not Idempotent.objects.exists()
    assert send(PETITION, Idempotency_Key=KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "short", "x" * 256, "钥匙" * 10, "tab\there-and-sixteen"])
def test_key_that_is_easy_to_guess_is_refused(send, key):
    answer = send(PETITION, Idempotency_Key=key)
    assert answer.status_code == 400
    assert json.loads(answer.content)["code"] == "idempotency-key"


def test_kept_answer_can_be_read_by_nobody_without_the_key(send):
    said = json.loads(send(PETITION, Idempotency_Key=KEY).content)
    kept = Idempotent.objects.get()
    assert KEY not in kept.digest
    for secret in (said["key"], said["ref"], KEY, "路灯"):
        assert secret.encode() not in bytes(kept.answer)
    # Nor can a guess at the words be tried against the digest.
    sent = json.dumps(PETITION, ensure_ascii=False).encode()
    assert kept.body_digest not in {hashlib.sha256(sent).hexdigest(), hashlib.blake2b(sent).hexdigest()}


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_is_filed(house_keys):
    make_bodies()
    together, body = Barrier(8), json.dumps(PETITION).encode()

    def post(turn: int) -> list[bytes]:
        together.wait()
        try:
            keyed = [{"Idempotency-Key": f"{KEY}-{turn}-{n}"} for n in range(10)]
            answers = [
                Client().post(PETITIONS, body, content_type="application/json", headers=headers)
                for headers in keyed
            ]
            assert {answer.status_code for answer in answers} == {201}
            return [answer.content for answer in answers]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, [0] * 8))
    assert all(said == answers[0] for said in answers)
    assert len(set(answers[0])) == 10
    for model in (Petition, Clock, Entry, Holding, Outbox, Idempotent):
        assert model.objects.count() == 10
