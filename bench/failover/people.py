"""Those who file while machines die: programs with an Idempotency-Key, people at the form, and onlookers.

Nobody gives up: whoever gets no receipt does what the answer says and sends the very same again.
"""

from __future__ import annotations

import base64
import html
import http.client
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from huiyin.core import checkpoint, merkle, notes
from huiyin.core.tiles import Tile, Tree

PROGRAMS, PEOPLE = 4, 2
PACE = 0.8  # seconds between two petitions of one sender, about
PATIENCE = 120.0  # seconds that all together have to get their last receipt
TIMEOUT = 30.0  # seconds after which a sender takes the line for dead
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
REF = re.compile(r"HY-[0-9A-Z]{5}-[0-9A-Z]{5}")
SAVED = re.compile(r'href="data:[^"]*;base64,([^"]+)"')
CALM = {200, 201, 429}


@dataclass(slots=True)
class Try:
    """One request and what came of it. status 0: the line broke, or nobody answered in time."""

    at: float
    took: float
    status: int
    door: str


@dataclass(slots=True)
class Sent:
    """One petition as its sender knows it."""

    subject: str
    door: str
    began: float
    tries: int = 0
    acknowledged: float = 0.0
    ref: str = ""
    receipt: str = field(default="", repr=False)


class Crowd:
    """All of them, and what they saw."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tries: list[Try] = []
        self.sent: list[Sent] = []
        self.wrong: list[str] = []  # answers that are not as they should be
        self.heads: dict[int, bytes] = {}
        self._home = threading.Event()
        self._broken_off = threading.Event()
        self._threads = [
            *(threading.Thread(target=self._file_as_program, daemon=True) for _ in range(PROGRAMS)),
            *(threading.Thread(target=self._file_at_the_form, daemon=True) for _ in range(PEOPLE)),
            threading.Thread(target=self._look_at_pages, daemon=True),
            threading.Thread(target=self._watch_the_log, daemon=True),
        ]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def go_home(self) -> None:
        """Whoever has sent something goes on until it is acknowledged; then nobody begins anew."""
        self._home.set()
        until = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._broken_off.set()

    @property
    def acknowledged(self) -> list[Sent]:
        return [each for each in list(self.sent) if each.acknowledged]

    def _pauses(self) -> Iterator[float]:
        """For how long to wait after each try, never in step with the others; none when all is broken off."""
        while not self._broken_off.is_set():
            yield random.uniform(0.2, 1.0)

    # ---- programs

    def _file_as_program(self) -> None:
        while not self._home.wait(random.uniform(0.5, 1.5) * PACE):
            one = self._new("api")
            said = {"subject": one.subject, "text": "路灯坏了。" * 40, "author": {"name": "试验"}}
            self._until_filed(one, json.dumps(said).encode(), {"Idempotency-Key": str(uuid.uuid4())})

    def _new(self, door: str) -> Sent:
        one = Sent(f"{door} {uuid.uuid4()}", door, time.monotonic())
        self.sent.append(one)
        return one

    def _until_filed(self, one: Sent, body: bytes, headers: Mapping[str, str]) -> None:
        for pause in self._pauses():
            one.tries += 1
            headers = {"Content-Type": "application/json", **headers}
            status, told, content = self._ask("POST", "/api/v1/petitions", "api", body, headers)
            if status == 201:
                said = json.loads(content)
                one.ref, one.receipt = said["ref"], said["receipt"]
                one.acknowledged = time.monotonic()
                return
            if status == 503:
                self._expect(
                    told.get("content-type") == "application/problem+json", "a 503 is no problem+json"
                )
                self._expect("Idempotency-Key" in content.decode(), "a 503 does not say what to do")
                time.sleep(min(float(told.get("retry-after", 0)), 5.0) * random.uniform(0.2, 1.0))
            elif status:
                self.wrong.append(f"HTTP {status} for a filing: {content[:200]!r}")
                time.sleep(pause)
            else:
                time.sleep(pause)

    # ---- people

    def _file_at_the_form(self) -> None:
        while not self._home.wait(random.uniform(0.5, 1.5) * PACE):
            fields, cookie = self._open_form()
            if not fields:
                continue
            one = self._new("form")
            said = {"kind": "claim", "subject": one.subject, "text": "楼道灯坏了。\r\n第二行 & <b>"}
            said |= {"who": "anonymous", "service": "electronic", "step": "check", "go": "send"}
            pages = [("been", step) for step in ("matter", "about", "body", "author", "check")]
            self._until_sent(one, [*fields, *said.items(), *pages], cookie)

    def _open_form(self) -> tuple[list[tuple[str, str]], str]:
        for pause in self._pauses():
            status, told, content = self._ask("GET", "/lodge/write/", "form")
            if status == 200:
                kept = [(n, v) for n, v in _hidden(content) if n in {"token", "csrfmiddlewaretoken"}]
                return kept, told.get("set-cookie", "").partition(";")[0]
            if self._home.is_set():
                break
            self._expect(status in {0, 503}, f"HTTP {status} for the form")
            time.sleep(pause)
        return [], ""

    def _until_sent(self, one: Sent, fields: list[tuple[str, str]], cookie: str) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        for pause in self._pauses():
            one.tries += 1
            body = urlencode(fields).encode()
            status, told, content = self._ask("POST", "/lodge/write/", "form", body, headers)
            page = content.decode(errors="replace")
            if status == 200 and (found := REF.search(page)) and (saved := _receipt(page)):
                one.ref, one.receipt = found[0], saved
                one.acknowledged = time.monotonic()
                return
            if status == 503:
                back = _hidden(content)
                self._expect(sorted(back) == sorted(fields), "a 503 does not bring back what was typed")
                self._expect("text/html" in told.get("content-type", ""), "a 503 of the form is no page")
                fields = back or fields  # what the page offers is what a person sends
            elif status:
                self.wrong.append(f"HTTP {status} for a form that was sent")
            time.sleep(pause)

    # ---- who only looks

    def _look_at_pages(self) -> None:
        while not self._home.wait(0.5):
            status, _, content = self._ask("GET", "/bodies/", "page")
            if status not in {0, 503}:
                self._expect(status == 200 and b"</html>" in content, f"HTTP {status} for a page")

    def _watch_the_log(self) -> None:
        """Take down each head, and hold it against the one before: an outsider who trusts nobody."""
        last: checkpoint.Checkpoint | None = None
        while not self._home.wait(1.0):
            note = self._file("checkpoint")
            head = checkpoint.read(note.decode())[0] if note else None
            if head is None or (last and head.size == last.size and head.root == last.root):
                continue
            if last is not None and last.size:
                try:
                    proof = Tree(head.size, head.root, self._tile).consistency_proof(last.size)
                    merkle.check_consistency(last.size, head.size, last.root, head.root, proof)
                except (ValueError, merkle.BadProof) as error:
                    self.wrong.append(f"the log forked between {last.size} and {head.size}: {error}")
                except OSError:
                    continue
            self.heads[head.size] = head.root
            last = head

    def _tile(self, wanted: Tile) -> bytes:
        content = self._file(wanted.path)
        if content is None:
            raise OSError(wanted.path)
        return content

    def _file(self, name: str) -> bytes | None:
        status, _, content = self._ask("GET", f"/log/{name}", "log")
        return content if status == 200 else None

    # ---- the line

    def _ask(
        self,
        method: str,
        path: str,
        door: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        status, told, content = 0, {}, b""
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            content = answer.read()
            status, told = answer.status, {name.lower(): value for name, value in answer.getheaders()}
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        self.tries.append(Try(began, time.monotonic() - began, status, door))
        if status == 503:
            self._expect(told.get("retry-after", "").isdecimal(), f"a 503 of {door} without Retry-After")
        return status, told, content

    def _expect(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001 it is what is asked
        if not holds:
            self.wrong.append(otherwise)


def _hidden(content: bytes) -> list[tuple[str, str]]:
    return [(html.unescape(n), html.unescape(v)) for n, v in HIDDEN.findall(content.decode(errors="replace"))]


def _receipt(page: str) -> str:
    """The receipt that the page offers to save."""
    for packed in SAVED.findall(page):
        note: Any = base64.b64decode(html.unescape(packed)).decode(errors="replace")
        if "\nentry " in note:
            return str(note)
    return ""


def offline(one: Sent, receipt_key: str) -> str:
    """The digest of the entry that a receipt proves; '' where it does not hold."""
    try:
        text = notes.read_note(one.receipt, receipt_key)
    except notes.BadNote:
        return ""
    found = re.search(r"^entry (\S+)$", text, re.MULTILINE)
    return found[1] if found and one.ref in text else ""
