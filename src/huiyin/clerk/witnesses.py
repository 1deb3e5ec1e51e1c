"""Ask witnesses to cosign a head before it is published (C2SP tlog-witness, the log's side).

Knows nothing of the database: it is given the signed head, the policy file, and a function that makes
consistency proofs. All witnesses are asked at once, each in a thread of its own, and whoever has not
answered in time is left out of this head; the next one may bear their signature. So a slow witness never
holds up the log for longer than `wait` seconds, and a dead one takes nothing but its signature.
"""

from __future__ import annotations

import hashlib
import http.client
import logging
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from huiyin.core import checkpoint, notes, policy, witnessing
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.notes import BadNote, Key, Note, Signature
from huiyin.core.policy import BadPolicy, Policy, Witness
from huiyin.core.witnessing import Request

log = logging.getLogger("huiyin.clerk")

WAIT = 10.0
_MOST_BYTES = 1 << 18
_TRIES = 2  # the second knows the size that the witness named

Grew = Callable[[int, int], Sequence[bytes]]
"""Answers the consistency proof from the first size to the second."""


Answer = tuple[Witness, list[Signature] | Exception]
Answers = queue.SimpleQueue[Answer]


class NoAnswer(Exception):
    """A witness that did not cosign; the message says why."""


class Ahead(NoAnswer):
    """A witness that has cosigned a larger head of this log: this installation was put back to an older
    state.
    """


@dataclass(frozen=True, slots=True)
class Outcome:
    """The head with the cosignatures that came in time, and why those of the others did not, by their
    names.
    """

    note: str
    missing: Mapping[str, str]
    ahead: tuple[str, ...] = ()


def read_policy(path: Path) -> Policy:
    """The policy file that HUIYIN_WITNESSES names. Raises BadPolicy."""
    try:
        return policy.parse(path.read_bytes())
    except OSError as error:
        raise BadPolicy(f"{path} cannot be read: {error}") from error


@dataclass(slots=True)
class Witnesses:
    """Those of a policy that have an address. Remembers, while it lives, which size each cosigned last."""

    policy: Policy
    wait: float = WAIT
    _sizes: dict[Key, int] = field(default_factory=dict)

    def cosigned(self, note: str, grew: Grew) -> Outcome:
        """Ask all of them; answers after `wait` seconds at the latest.

        note: the head as the log signed it. `grew` is called from several threads, and not after this
        returned unless a witness is slow: then what it answers is thrown away.
        """
        head, parsed = checkpoint.read(note)
        asked = [witness for witness in self.policy.witnesses if witness.url]
        came: Answers = queue.SimpleQueue()
        until = time.monotonic() + self.wait
        for witness in asked:
            threading.Thread(
                target=self._ask, args=(witness, head, str(parsed), grew, came), daemon=True
            ).start()
        made: list[Signature] = []
        missing = {witness.name: "it did not answer in time" for witness in asked}
        ahead: list[str] = []
        for witness, answer in _until(came, len(asked), until):
            if isinstance(answer, Exception):
                missing[witness.name] = str(answer)
                ahead += [witness.name] if isinstance(answer, Ahead) else []
            else:
                del missing[witness.name]
                made += answer
        for name, why in missing.items():
            log.warning("the witness %s did not cosign the head of %s entries: %s", name, head.size, why)
        return Outcome(str(parsed.signed_also(made)), missing, tuple(ahead))

    def _ask(
        self,
        witness: Witness,
        head: Checkpoint,
        note: str,
        grew: Grew,
        came: Answers,
    ) -> None:
        try:
            answer: list[Signature] | Exception = self._signatures(witness, head, note, grew)
        except (NoAnswer, OSError, ValueError, http.client.HTTPException) as error:
            answer = error
        except Exception as error:  # `grew` is not ours; whatever it raises is told, not lost
            log.exception("the witness %s could not be asked", witness.name)
            answer = error
        came.put((witness, answer))

    def _signatures(self, witness: Witness, head: Checkpoint, note: str, grew: Grew) -> list[Signature]:
        """What this witness signs, checked. Raises NoAnswer."""
        old = min(self._sizes.get(witness.key, 0), head.size)
        for _ in range(_TRIES):
            request = Request(old, tuple(grew(old, head.size)) if 0 < old < head.size else (), note)
            status, kind, body = _post(witness, request, self.wait)
            if status != witnessing.CONFLICT:
                break
            old = _named_size(kind, body)
            if old > head.size:
                raise Ahead(f"it has cosigned a head of {old} entries already")
        if status != 200:
            raise NoAnswer(f"it answered {status}: {body.strip()[:200]}")
        made = _checked(witness.key, note, body)
        self._sizes[witness.key] = head.size
        return made


def latest(known: Policy, origin: str, log_key: Key, wait: float = WAIT) -> dict[str, str]:
    """The last head of this log that each witness cosigned, as a note, by the witness's name.

    For whoever restores a backup: no head smaller than these may be signed. Witnesses that do not answer,
    or whose answer is not signed by both the log and them, are left out, with a warning in the log.
    """
    found: dict[str, str] = {}
    path = f"{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"
    for witness in known.witnesses:
        if not witness.url:
            continue
        try:
            note = _get(f"{witness.url.rstrip('/')}/{path}", wait)
            head, parsed = checkpoint.read(note)
            if head.origin != origin or len(checkpoint.signers(parsed, [log_key, witness.key])) < 2:
                raise NoAnswer("its head is not signed by the log and by itself")
        except (NoAnswer, OSError, ValueError, http.client.HTTPException) as error:
            log.warning("the witness %s tells no head of %s: %s", witness.name, origin, error)
            continue
        found[witness.name] = note
    return found


def _until(came: Answers, many: int, until: float) -> list[Answer]:
    """What comes before that moment."""
    found: list[Answer] = []
    while len(found) < many:
        try:
            found.append(came.get(timeout=max(0.0, until - time.monotonic())))
        except queue.Empty:
            break
    return found


def _checked(key: Key, note: str, body: str) -> list[Signature]:
    """The signatures by this key in an answer. Raises NoAnswer where there is none that holds."""
    try:
        lines = Note(notes.parse(note).text, notes.parse_signatures(body))
        stamp = checkpoint.signers(lines, [key]).get(key)
    except BadNote as error:
        raise NoAnswer(f"what it answered does not hold: {error}") from error
    if not stamp:
        raise NoAnswer("it did not answer with a signature by the key that the policy names")
    return lines.by(key)


def _named_size(kind: str, body: str) -> int:
    try:
        if kind.partition(";")[0].strip() != witnessing.SIZE_TYPE or not body.endswith("\n"):
            raise ValueError("of another type")
        return checkpoint.number(body[:-1])
    except ValueError as error:
        raise NoAnswer(f"it answered {witnessing.CONFLICT} and no size") from error


# ---- over HTTP


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A witness is where the policy says; what it answers instead is told."""


_web = urllib.request.build_opener(_NoRedirect)


def _post(witness: Witness, request: Request, wait: float) -> tuple[int, str, str]:
    """Status, media type and text of the answer."""
    url = f"{(witness.url or '').rstrip('/')}/{witnessing.PATH}"
    try:
        with _web.open(_asking(url, str(request).encode()), timeout=wait) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), _text(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Content-Type", ""), _text(error)


def _get(url: str, wait: float) -> str:
    try:
        with _web.open(_asking(url), timeout=wait) as answer:
            return _text(answer)
    except urllib.error.HTTPError as error:
        with error:
            raise NoAnswer(f"it answered {error.code}") from error


def _asking(url: str, body: bytes | None = None) -> urllib.request.Request:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise NoAnswer(f"{url} is no address of the web")
    return urllib.request.Request(url, body, {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310


def _text(answer: http.client.HTTPResponse | urllib.error.HTTPError) -> str:
    content: bytes = answer.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise NoAnswer(f"it answered more than {_MOST_BYTES} bytes")
    return content.decode()
