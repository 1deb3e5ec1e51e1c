"""The header by which a client may send the same petition again: the same key and body, the very same answer.

How the answer is kept, sealed under the client's own key, is the registry's (`once`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest

from huiyin.core.refusal import Refusal, refuse
from huiyin.core.text import Text
from huiyin.registry import once as kept
from huiyin.site.problem import Answered

HEADER = "Idempotency-Key"
SHORTEST, LONGEST = 16, 255
DOOR = "api"
BAD_KEY = Refusal(
    "idempotency-key",
    Text(
        f"{HEADER} 须为 {SHORTEST}-{LONGEST} 个可见的 ASCII 字符，最好是随机的",
        f"{HEADER} must be {SHORTEST}-{LONGEST} visible ASCII characters, best drawn at random",
    ),
)


def key_of(request: HttpRequest) -> str | None:
    """The client's key, None when it sent none. Raises Answered for one that is too easy to guess."""
    sent = request.headers.get(HEADER)
    if sent is not None and not (SHORTEST <= len(sent) <= LONGEST and sent.isascii() and sent.isprintable()):
        raise Answered(400, BAD_KEY)
    return sent


def once(key: str, body: bytes, make: Callable[[], bytes | Refusal], *, now: datetime) -> bytes | Refusal:
    """Make the answer and keep it, or hand out the one that was made before. A refusal is not kept."""
    told = kept.once(key, body, make, door=DOOR, now=now)
    if isinstance(told, Refusal):
        return told
    return refuse("idempotency-mismatch") if told.differs else told.content
