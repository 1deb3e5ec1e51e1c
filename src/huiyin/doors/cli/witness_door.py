"""The witness at work: it judges, remembers, cosigns; and it answers over HTTP (C2SP tlog-witness)."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any

from huiyin.core import checkpoint, witnessing
from huiyin.core.checkpoint import Checkpoint, Signer
from huiyin.core.notes import BadNote, Key, Note
from huiyin.core.witnessing import Refused, Request
from huiyin.doors.cli.witness_memory import Damaged, Memory

log = logging.getLogger("huiyin.witness")

MOST_BYTES = 1 << 19
SECONDS = 15
AT_ONCE = 64
_HEAD = re.compile(r"/([0-9a-f]{64})/checkpoint\Z")
_TEXT = "text/plain; charset=utf-8"


class TwoStories(Refused):
    """A log that signed two heads which cannot both be true. kept: where the proof lies."""

    def __init__(self, status: int, said: str, size: int, kept: Path) -> None:
        super().__init__(status, said, size)
        self.kept = kept


def seconds() -> int:
    return int(time.time())


@dataclass(frozen=True, slots=True)
class Witness:
    """logs: the keys of each log that is watched, by its origin; signers: its own keys, one line from
    each.
    """

    signers: Sequence[Signer]
    logs: Mapping[str, Sequence[Key]]
    memory: Memory
    now: Callable[[], int] = seconds

    def add(self, request: Request) -> Note:
        """Cosign a head; it is remembered when this returns. Answers it with the log's signatures and its
        own.

        Raises Refused, TwoStories for a head that contradicts the last one, Damaged.
        """
        head, parsed = checkpoint.read(request.note)
        keys = self.logs.get(head.origin, ())
        with self.memory.alone():
            known = self.memory.head(head.origin)
            if known and witnessing.contradicts(head, known[0]):
                second = witnessing.authentic(head, parsed, keys)
                raise self.caught(head, witnessing.evidence(str(known[1]), str(second)), request.old)
            at = self._moment(known[1] if known else None)
            signed = witnessing.judge(request, keys, known[0] if known else None)
            made = [checkpoint.cosign(head, signer, at) for signer in self.signers]
            cosigned = signed.signed_also(made)
            self.memory.remember(head, cosigned)
        return cosigned

    def caught(self, head: Checkpoint, evidence: str, old: int) -> TwoStories:
        """Keep what proves that the log tells two stories of its first entries, and say it. Only while
        `alone`.
        """
        kept = self.memory.catch(head, evidence)
        said = f"TWO STORIES: the log {head.origin} signed two heads that cannot both be true"
        log.critical("%s; the proof is kept in %s", said, kept)
        status = witnessing.INCONSISTENT if old == head.size else witnessing.CONFLICT
        return TwoStories(status, said, head.size, kept)

    def _moment(self, before: Note | None) -> int:
        """Now, in seconds. Raises Damaged for a clock that went back, or a last head that was tampered
        with.
        """
        now = self.now()
        try:
            stamps = checkpoint.signers(before, [each.key for each in self.signers]) if before else {}
        except BadNote as error:
            raise Damaged(f"what this witness cosigned last was changed on the disk: {error}") from error
        if any(stamp is not None and stamp > now for stamp in stamps.values()):
            raise Damaged("the clock is behind the moment of the last cosignature: set it right first")
        return now

    def own_lines(self, cosigned: Note) -> str:
        """The lines of its own signatures under a head."""
        return "".join(str(each) for signer in self.signers for each in cosigned.by(signer.key))


def server(address: tuple[str, int], witness: Witness) -> ThreadingHTTPServer:
    """A server that answers for this witness. Call `serve_forever`, and `shutdown` from another thread."""

    class Handler(_Handler):
        pass

    Handler.witness = witness
    return _Server(address, Handler)


class _Server(ThreadingHTTPServer):
    """One thread a connection, and never more than AT_ONCE of them: the memory it takes has a bound."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *given: Any) -> None:
        self._free = threading.BoundedSemaphore(AT_ONCE)
        super().__init__(*given)

    def process_request(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        if self._free.acquire(timeout=1):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "huiyin-witness"
    sys_version = ""
    timeout = SECONDS
    witness: Witness

    def do_POST(self) -> None:  # the name that http.server looks for
        if self.path.rpartition("/")[2] != witnessing.PATH:
            self.close_connection = True  # what was sent with it is not read
            self._answer(404, "there is no such page\n")
            return
        body = self._body()
        if body is not None:
            self._answer(*self._asked(body))

    def do_GET(self) -> None:
        found = _HEAD.search(self.path)
        if found is None:
            keys = "".join(f"{signer.key}\n" for signer in self.witness.signers)
            self._answer(
                200 if self.path == "/" else 404, keys if self.path == "/" else "there is no such page\n"
            )
            return
        head = self.witness.memory.served(found[1])
        if head is None:
            self._answer(404, "no head of this log was ever cosigned here\n")
        else:
            self._answer(200, head.decode())

    def _asked(self, body: bytes) -> tuple[int, str, str]:
        try:
            cosigned = self.witness.add(witnessing.parse(body.decode()))
        except UnicodeDecodeError:
            return witnessing.MALFORMED, "a request is UTF-8\n", _TEXT
        except Refused as refused:
            if refused.status == witnessing.CONFLICT:
                return refused.status, f"{refused.size}\n", witnessing.SIZE_TYPE
            return refused.status, f"{refused}\n", _TEXT
        except (Damaged, OSError):
            log.exception("nothing was cosigned")
            return 500, "this witness cannot remember, so it signs nothing\n", _TEXT
        return 200, self.witness.own_lines(cosigned), _TEXT

    def _body(self) -> bytes | None:
        said = self.headers.get("Content-Length", "")
        if said.isdecimal() and int(said) <= MOST_BYTES:
            return self.rfile.read(int(said))
        self.close_connection = True
        self._answer(
            413 if said.isdecimal() else 411,
            "send the length of the request, and no more than a head needs\n",
        )
        return None

    def _answer(self, status: int, body: str, kind: str = _TEXT) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *given: Any) -> None:  # noqa: A002
        log.info("%s %r", self.address_string(), format % given)
