"""The same key and the same body get the very same answer, however often and however much at once.

The answer holds the author's key, so it is kept sealed under the client's own Idempotency-Key, in the same
transaction as the petition. The server keeps only a digest of that key and cannot read the answer back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from nacl.secret import SecretBox

from huiyin.core.refusal import Refusal, refuse
from huiyin.core.vocabulary import Text
from huiyin.doors.api.problem import Answered
from huiyin.registry.models import Idempotent

HEADER = "Idempotency-Key"
SHORTEST, LONGEST = 16, 255
TRIES = 5
BAD_KEY = Refusal(
    "idempotency-key",
    Text(
        f"{HEADER} 须为 {SHORTEST}-{LONGEST} 个可见的 ASCII 字符，最好是随机的",
        f"{HEADER} must be {SHORTEST}-{LONGEST} visible ASCII characters, best drawn at random",
    ),
)


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A client's key, in the three forms that are needed of it; none of them tells the other two."""

    digest: str
    secret: bytes

    def of_body(self, body: bytes) -> str:
        # Keyed, so that nobody can test a guess at somebody's words against the table.
        return hashlib.blake2b(body, key=self.secret, digest_size=32, person=b"huiyin-body").hexdigest()

    @property
    def box(self) -> SecretBox:
        return SecretBox(hashlib.blake2b(self.secret, digest_size=32, person=b"huiyin-answer").digest())


def key_of(request: HttpRequest) -> Key | None:
    """The client's key, None when it sent none. Raises Answered for one that is too easy to guess."""
    sent = request.headers.get(HEADER)
    if sent is None:
        return None
    if not (SHORTEST <= len(sent) <= LONGEST and sent.isascii() and sent.isprintable()):
        raise Answered(400, BAD_KEY)
    raw = sent.encode()
    return Key(
        hashlib.sha256(raw).hexdigest(), hashlib.blake2b(raw, digest_size=32, person=b"huiyin-key").digest()
    )


def once(key: Key, body: bytes, make: Callable[[], bytes | Refusal], *, now: datetime) -> bytes | Refusal:
    """Make the answer and keep it, or hand out the one that was made before. A refusal is not kept."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                if kept := Idempotent.objects.filter(digest=key.digest).first():
                    return _again(kept, key, body)
                made = make()
                if not isinstance(made, Refusal):
                    _keep(key, body, made, now=now)
                return made
        except IntegrityError:
            # A twin was faster: its petition stands, ours was rolled back, and its answer is next.
            continue
    raise RuntimeError("an answer is neither kept nor can be kept")


def _again(kept: Idempotent, key: Key, body: bytes) -> bytes | Refusal:
    if not hmac.compare_digest(kept.body_digest, key.of_body(body)):
        return refuse("idempotency-mismatch")
    return key.box.decrypt(bytes(kept.answer))


def _keep(key: Key, body: bytes, answer: bytes, *, now: datetime) -> None:
    Idempotent(
        digest=key.digest,
        body_digest=key.of_body(body),
        answer=bytes(key.box.encrypt(answer)),
        created_at=now,
    ).save(force_insert=True)
