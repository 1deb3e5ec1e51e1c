"""POST /api/v1/signatures: one more signature under a joint petition, by its invitation."""

import json

from huiyin.core import notes
from huiyin.registry.models import Petition, Signature
from huiyin.registry.receipt import receipt_key
from tests.api.conftest import PETITION

SIGNATURES = "/api/v1/signatures"


def test_a_signer_gets_an_own_key_with_which_they_follow(client, send):
    lodged = json.loads(send({**PETITION, "joint": True, "service": "post"}).content)
    said = {"invitation": lodged["invitation"], "author": {"name": "李四"}}
    answer = client.post(SIGNATURES, said, content_type="application/json")
    assert answer.status_code == 201
    signed = json.loads(answer.content)
    assert signed["ref"] == lodged["ref"]
    assert signed["key"] != lodged["key"]
    assert f"ref {signed['ref']}\n" in notes.read_note(signed["receipt"], receipt_key())
    seen = client.get(f"/api/v1/petitions/{signed['ref']}", headers={"Huiyin-Key": signed["key"]})
    assert seen.status_code == 200
    told = json.loads(seen.content)
    assert told["signatures"] == 1, "counted once a day"
    assert told["service"] == "electronic", "posted on the page of each"


def test_the_same_idempotency_key_signs_once(client, send):
    lodged = json.loads(send({**PETITION, "joint": True}).content)
    said = json.dumps({"invitation": lodged["invitation"]})
    first, again = (
        client.post(SIGNATURES, said, content_type="application/json", headers={"Idempotency-Key": "k" * 20})
        for _ in range(2)
    )
    assert first.content == again.content
    assert Signature.objects.count() == 2


def test_an_invitation_that_is_none_is_not_found(client, cast):
    answer = client.post(SIGNATURES, {"invitation": "x" * 43}, content_type="application/json")
    assert answer.status_code == 404
    assert json.loads(answer.content)["code"] == "no-invitation"
    assert not Petition.objects.exists()
