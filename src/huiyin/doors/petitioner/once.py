"""One form, one petition: pressed twice, or sent again when the line broke, it shows the same receipt.

The token that only the form carries is signed and ages; how the answer is kept is the registry's (`once`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

from huiyin.core.refusal import Refusal
from huiyin.registry import once as kept
from huiyin.registry.file import Filed
from huiyin.registry.joining import Joined

SALT = "huiyin.petitioner.form"
AGE = timedelta(hours=12)  # shorter than the answers are kept, so that an old form cannot file anew
DOOR = "form"


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the author leaves with."""

    ref: str
    key: str
    receipt: str
    invitation: str = ""  # of a joint petition: the token that others join by


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
    token: str, said: object, make: Callable[[], Filed | Joined | Refusal], *, now: datetime
) -> Answer | Sent | Refusal:
    """File what the form says, or answer what it was answered before. A refusal is not kept."""
    words = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    told = kept.once(token, words, lambda: _told(make()), door=DOOR, now=now)
    if isinstance(told, Refusal):
        return told
    answer = Answer(**json.loads(told.content))
    return Sent(answer) if told.differs else answer


def _told(made: Filed | Joined | Refusal) -> bytes | Refusal:
    if isinstance(made, Refusal):
        return made
    said = {"ref": made.ref, "key": made.key, "receipt": made.receipt}
    if isinstance(made, Filed):
        said["invitation"] = made.invitation
    return json.dumps(said).encode()
