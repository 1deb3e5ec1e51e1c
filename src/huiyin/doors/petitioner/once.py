"""One form, one petition: pressed twice, or sent again when the line broke, it shows the same receipt.

The answer holds the author's key, so it is kept sealed under a token that only the form carries. Who lost
the answer on a bad line gets it again; the server keeps neither token nor key, and cannot read the answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from nacl.secret import SecretBox

from huiyin.core.refusal import Refusal
from huiyin.registry.file import Filed
from huiyin.registry.models import Idempotent

SALT = "huiyin.petitioner.form"
AGE = timedelta(hours=12)  # shorter than the answers are kept, so that an old form cannot file anew
TRIES = 5


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the author leaves with."""

    ref: str
    key: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Sent:
    """This form was sent before, with other words in it."""

    answer: Answer


def new_token() -> str:
    return signing.dumps(secrets.token_urlsafe(24), salt=SALT)


def is_good(token: str) -> bool:
    """Whether a form with this token may still be sent."""
    try:
        signing.loads(token, salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return False
    return True


def once(
    token: str, said: object, make: Callable[[], Filed | Refusal], *, now: datetime
) -> Answer | Sent | Refusal:
    """File what the form says, or answer what it was answered before. A refusal is not kept."""
    body = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                if kept := Idempotent.objects.filter(digest=_digest(token)).first():
                    return _again(kept, token, body)
                made = make()
                if isinstance(made, Refusal):
                    return made
                answer = Answer(made.ref, made.key, made.receipt)
                _keep(token, body, answer, now=now)
                return answer
        except IntegrityError:
            # The same form was sent twice at once: the other one stands, this one was rolled back.
            continue
    raise RuntimeError("an answer is neither kept nor can be kept")


def _again(kept: Idempotent, token: str, body: bytes) -> Answer | Sent:
    answer = Answer(**json.loads(_box(token).decrypt(bytes(kept.answer))))
    same = hmac.compare_digest(kept.body_digest, _body_digest(token, body))
    return answer if same else Sent(answer)


def _keep(token: str, body: bytes, answer: Answer, *, now: datetime) -> None:
    told = json.dumps({"ref": answer.ref, "key": answer.key, "receipt": answer.receipt}).encode()
    Idempotent(
        digest=_digest(token),
        body_digest=_body_digest(token, body),
        answer=bytes(_box(token).encrypt(told)),
        created_at=now,
    ).save(force_insert=True)


def _digest(token: str) -> str:
    return hashlib.sha256(b"huiyin-form\n" + token.encode()).hexdigest()


def _body_digest(token: str, body: bytes) -> str:
    # Keyed, so that nobody can test a guess at somebody's words against the table.
    return hmac.new(token.encode(), body, "sha256").hexdigest()


def _box(token: str) -> SecretBox:
    return SecretBox(hashlib.sha256(b"huiyin-answer\n" + token.encode()).digest())
