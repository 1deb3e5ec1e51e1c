"""Short messages: a channel that takes a number and a text, once, and keeps neither.

The built-in channel is a gateway that takes JSON over HTTP, as nearly every provider of short messages has
one: address, headers and the shape of what is sent are the operator's (`HUIYIN_TEXTS…`). Another channel is a
class that the operator names instead; `Channel` says what it has to do (docs/operate/extending.md).
"""

from __future__ import annotations

import http.client
import json
import re
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from huiyin.core import extending
from huiyin.site.environment import Texts

PATIENCE = 10.0  # seconds for each step of one connection
ANSWER = 4_096  # bytes of an answer that are read; only a trial looks at them
PLACE = re.compile(r"\{(?:to|text|id)\}")
LATER = frozenset({408, 425, 429})  # beside all of 500 and above


class NotTaken(OSError):
    """The gateway did not take it now; the argument is a number or a word that names nobody."""


class Channel(Protocol):
    """What a notice goes out by, to a telephone."""

    def send(self, number: str, text: str, name: str) -> bool:
        """Have this text sent to this number: True once it is taken, False if it never will be.

        `number`: digits, perhaps after a plus. `name`: the same for the same notice however often it is sent,
        so that a second copy can be told. Raises OSError where it should be tried again later. Nothing of
        `number` and `text` may be kept, logged, or put into an exception.
        """


def channel() -> Channel | None:
    """The channel of this house; None where no short messages are sent. Raises extending.NoSuchClass."""
    chosen: Texts | None = settings.TEXTS
    if chosen is None:
        return None
    if chosen.named:
        found: Channel = extending.made("HUIYIN_TEXTS", chosen.named, ("send",))
        return found
    return HttpGateway(chosen)


class HttpGateway:
    """One POST of JSON a message."""

    def __init__(self, chosen: Texts) -> None:
        self.chosen = chosen

    def send(self, number: str, text: str, name: str) -> bool:
        status, _ = self.ask(number, text, name)
        if status >= 500 or status in LATER:
            raise NotTaken(str(status))
        return 200 <= status < 300

    def ask(self, number: str, text: str, name: str) -> tuple[int, bytes]:
        """What the gateway answered: the status and the beginning of its words, which may quote the number.

        Raises ConnectionError, with the kind of trouble as its argument.
        """
        said = filled(self.chosen.body, {"{to}": number, "{text}": text, "{id}": name})
        head = {"Content-Type": "application/json", "User-Agent": "huiyin", "Idempotency-Key": name}
        try:
            return self._post(json.dumps(said, ensure_ascii=False).encode(), head | dict(self.chosen.head))
        except (OSError, http.client.HTTPException) as error:
            # Only the kind of trouble: words of a library may quote what was sent.
            raise ConnectionError(type(error).__name__) from None

    def _post(self, body: bytes, head: dict[str, str]) -> tuple[int, bytes]:
        parts = urlsplit(self.chosen.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(str(parts.hostname), parts.port, timeout=PATIENCE)
        try:
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request("POST", path, body, head)
            answer = connection.getresponse()
            return answer.status, answer.read(ANSWER)
        finally:
            connection.close()


def filled(shape: Any, values: dict[str, str]) -> Any:
    """The operator's JSON with what is sent in its places; what is put in is never read as JSON itself."""
    if isinstance(shape, dict):
        return {name: filled(value, values) for name, value in shape.items()}
    if isinstance(shape, list):
        return [filled(each, values) for each in shape]
    if not isinstance(shape, str):
        return shape
    # In one pass: what was put in is not looked at again.
    return PLACE.sub(lambda found: values[found[0]], shape)
