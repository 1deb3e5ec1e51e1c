"""The same token and the same words get the very same answer, however often and however much at once.

A form is pressed twice, a line breaks, a client tries again: the petition is filed once, and whoever lost the
answer gets it again. The answer holds the author's key, so it is kept sealed under the token that only the
sender has, in the same transaction as the petition; the server keeps a digest and cannot read it back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from nacl.secret import SecretBox

from huiyin.core.refusal import Refusal
from huiyin.registry.models import Idempotent

TRIES = 5


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What was answered: now, or when the same token was sent before."""

    content: bytes
    again: bool = False
    differs: bool = False  # other words were sent this time, which are not on record


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    """A sender's token, in the forms that are needed of it; none of them tells the other two."""

    raw: bytes
    door: bytes  # one door's tokens mean nothing at another

    def _derived(self, use: bytes) -> bytes:
        return hashlib.blake2b(self.raw, digest_size=32, salt=use, person=self.door).digest()

    @property
    def digest(self) -> str:
        return self._derived(b"digest").hex()

    def of_words(self, words: bytes) -> str:
        # Keyed, so that nobody can test a guess at somebody's words against the table.
        return hmac.new(self._derived(b"words"), words, "sha256").hexdigest()

    @property
    def box(self) -> SecretBox:
        return SecretBox(self._derived(b"answer"))


def once(
    token: str, words: bytes, make: Callable[[], bytes | Refusal], *, door: str, now: datetime
) -> Answer | Refusal:
    """Make the answer and keep it, or hand out the one that was made before. A refusal is not kept.

    `token`: of enough chance that nobody guesses it. `door`: at most 16 letters.
    """
    known = _Token(token.encode(), door.encode())
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                # Locked, which waits for the standby as it commits: after a crash a row may be seen that no
                # other machine has, and nothing is acknowledged that can still be lost (decision 0070).
                if kept := Idempotent.objects.select_for_update().filter(digest=known.digest).first():
                    same = hmac.compare_digest(kept.body_digest, known.of_words(words))
                    return Answer(known.box.decrypt(bytes(kept.answer)), again=True, differs=not same)
                made = make()
                if not isinstance(made, Refusal):
                    _keep(known, words, made, now)
                return made if isinstance(made, Refusal) else Answer(made)
        except IntegrityError:
            # A twin was faster: its petition stands, ours was rolled back, and its answer is next.
            continue
    raise RuntimeError("an answer is neither kept nor can be kept")


def _keep(token: _Token, words: bytes, answer: bytes, now: datetime) -> None:
    Idempotent(
        digest=token.digest,
        body_digest=token.of_words(words),
        answer=bytes(token.box.encrypt(answer)),
        created_at=now,
    ).save(force_insert=True)
