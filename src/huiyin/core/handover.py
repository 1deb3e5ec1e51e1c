"""What two installations say to one another when a petition goes from the one to the other.

Each message has an envelope that anybody may read, signed by the sender's receipt key (which its log key
vouches for), and content that is closed for the receiver. The first one, the offer, holds a case file with
nothing of the author's identity; the seals follow only when the receiver has taken the petition.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huiyin.core import ledger, notes, receipts
from huiyin.core.notes import BadNote, Key
from huiyin.core.receipts import BadReceipt

FORMAT = "huiyin-crossing/1"
OFFER, TAKE, REFUSE, SEALS, SEALED, WORD = "offer", "take", "refuse", "seals", "sealed", "word"
OBJECT, AGREE, REJECT, KEYS = "object", "agree", "reject", "keys"
# An offer that nobody answered is taken back; what was taken all the same, and went on here, is to end there.
WITHDRAW, DROP = "withdraw", "drop"
# What either side may say; the sender of a petition begins.
FROM_SENDER = frozenset({OFFER, SEALS, AGREE, REJECT, WITHDRAW, DROP})
FROM_RECEIVER = frozenset({TAKE, REFUSE, SEALED, WORD, OBJECT, KEYS})
SHEET = "hand-over.json"  # in the case file, beside case.json
LARGEST = 64 * 1024 * 1024  # bytes of a message on the line
FILES = 56 * 1024 * 1024  # bytes of the attachments of a petition that is handed over
# Seconds before the next try; then it waits for somebody to look. They add up to eight days.
WAITS = (30, 60, 300, 900, 3_600, 7_200, 21_600, 43_200, 86_400, 86_400, 172_800, 259_200)
# Events of the receiver that the sender is told, so that the chain stays visible there: kind of step and day.
TOLD = frozenset(
    {
        *("accepted", "acknowledged", "accepted-as-duty", "declined", "no-longer-accepted", "diverted"),
        *("transferred", "extended", "served", "suggestion-answered", "carrying-out-reported"),
        *("clock-missed", "withdrawn"),
    }
)
REPORTED = "reported-back"
# How it stands there, once it was taken back here: never taken, ended, or taken up and gone on with.
NOT_THERE, ENDED_THERE, HANDLED_THERE = "not-there", "ended-there", "handled-there"
RECALLED = "recalled"  # why an offer is refused that was withdrawn
# An answer is made by a program, within minutes: who has had none for so long may take the petition back.
UNANSWERED = timedelta(days=3)
REFUSALS = (
    "not-our-body",
    "reported-body",
    "no-such-law",
    "unknown-sender",
    "not-proved",
    "not-taken",
    RECALLED,
)
TOO_LARGE = "too-large"  # found before it is sent


class BadMessage(ValueError):
    """A message that is none, or not from whom it says; the argument says why in one word."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is said in the open about a message. `number`: of the hand-over; `seq`: 1, 2, … by its sender."""

    sender: str  # origin of a log
    receiver: str
    number: str
    seq: int
    kind: str
    at: str  # UTC, to the second
    sha256: str  # of the closed content, hex
    certificate: str  # the log key's word for the key that signed, a note

    @property
    def text(self) -> str:
        return "".join(
            f"{line}\n"
            for line in (
                FORMAT,
                f"from {self.sender}",
                f"to {self.receiver}",
                f"crossing {self.number}",
                f"seq {self.seq}",
                f"kind {self.kind}",
                f"at {self.at}",
                f"sealed {self.sha256}",
                f"certificate {base64.b64encode(self.certificate.encode()).decode()}",
            )
        )

    @property
    def begins_here(self) -> bool:
        """Whether it is by the side that handed the petition over."""
        return self.kind in FROM_SENDER


def packed(note: str, sealed: bytes) -> bytes:
    """A message as it goes over the line: the signed envelope, a zero byte, the closed content."""
    return note.encode() + b"\0" + sealed


def unpacked(message: bytes) -> tuple[str, bytes]:
    """Raises BadMessage."""
    head, zero, sealed = message.partition(b"\0")
    if not zero:
        raise BadMessage("form")
    try:
        return head.decode("utf-8"), sealed
    except UnicodeDecodeError:
        raise BadMessage("form") from None


def sender_of(note: str) -> str:
    """Whom an envelope says that it is from; nothing is believed. Raises BadMessage."""
    return _read(note).sender


def opened(note: str, sealed: bytes, log_key: Key, receiver: str) -> Envelope:
    """The envelope, once its signature, its addressee and the digest of its content hold.

    Raises BadMessage.
    """
    envelope = _read(note)
    if envelope.sender != log_key.name or envelope.receiver != receiver:
        raise BadMessage("addressee")
    try:
        named = receipts.certified(envelope.certificate, [log_key])
        if named is None or not named.covers(datetime.fromisoformat(envelope.at)):
            raise BadMessage("certificate")
        notes.check(notes.parse(note), [notes.parse_key(named.receipt_key)])
    except (BadNote, BadReceipt, ValueError) as error:
        raise error if isinstance(error, BadMessage) else BadMessage("signature") from error
    if hashlib.sha256(sealed).hexdigest() != envelope.sha256:
        raise BadMessage("digest")
    return envelope


def _read(note: str) -> Envelope:
    try:
        head, *rest = notes.parse(note).text.removesuffix("\n").split("\n")
        said = dict(line.split(" ", 1) for line in rest)
        made = Envelope(
            said["from"],
            said["to"],
            said["crossing"],
            int(said["seq"]),
            said["kind"],
            said["at"],
            said["sealed"],
            base64.b64decode(said["certificate"], validate=True).decode(),
        )
    except (BadNote, KeyError, ValueError) as error:
        raise BadMessage("form") from error
    known = made.kind in FROM_SENDER | FROM_RECEIVER
    if head != FORMAT or not known or made.seq < 1 or notes.parse(note).text != made.text:
        raise BadMessage("form")
    return made


# ---- what a message says


def written(said: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(said), ensure_ascii=False, sort_keys=True).encode()


def read(content: bytes) -> dict[str, Any]:
    """Raises BadMessage."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise BadMessage("content") from None
    if not isinstance(said, dict):
        raise BadMessage("content")
    return said


def wrong_in_offer(case: Any, sheet: Mapping[str, Any], log_key: Key) -> str:
    """'' where an offered case proves itself as far as its parts can: else why not, in one word.

    Whoever asks has checked that the parts of the case file fit together (`manifest.wrongs`) and that the log
    key signed its head. Every step has to stand under that head, the transfer with the rest; and the author's
    receipt has to be about the first of them.
    """
    try:
        proofs = case["proofs"]
        shown = set(case["paths"])
        if not proofs or any(str(proof["number"]) not in shown for proof in proofs):
            return "steps"
        first, last = proofs[0], proofs[-1]
        if first["seq"] != 1 or last["opening"]["event"] not in {"transferred", "assigned"}:
            return "transfer"
        # By the receipt key that the log key vouches for today: a receipt can be older than that word.
        named = receipts.certified(case["certificate"], [log_key])
        note = notes.parse(sheet["receipt"])
        notes.check(note, [notes.parse_key(named.receipt_key)] if named else [])
        receipt = receipts.parse(note.text)
        public = base64.b64decode(first["public"], validate=True)
        if receipt.digest != ledger.digest(public) or receipt.ref != case["ref"]:
            return "receipt"
    except (BadNote, BadReceipt, KeyError, TypeError, ValueError, IndexError):
        return "form"
    return ""


def commitment(case: Any) -> str:
    """What the first entry there commits to its petition by: base64 SHA-256 of its public bytes."""
    return ledger.digest(base64.b64decode(case["proofs"][0]["public"], validate=True))


# ---- how installations introduce themselves


@dataclass(frozen=True, slots=True)
class Card:
    """What those who keep an installation give to those who keep another, by a safe way: nobody signs it."""

    origin: str
    url: str
    log_key: str
    box_key: str  # X25519, hex

    @property
    def text(self) -> str:
        lines = ("huiyin-partner/1", f"url {self.url}", f"log {self.log_key}", f"box {self.box_key}")
        return "\n".join(lines) + "\n"


def read_card(text: str) -> Card:
    """Raises BadMessage with `card`, `url`, `log` or `box`."""
    head, *rest = [line.strip() for line in text.strip().splitlines() if line.strip()] or [""]
    said = dict(line.split(" ", 1) for line in rest if " " in line)
    if head != "huiyin-partner/1" or not {"url", "log", "box"} <= said.keys():
        raise BadMessage("card")
    if not said["url"].startswith(("https://", "http://")) or len(said["url"]) > 300:
        raise BadMessage("url")
    try:
        key = notes.parse_key(said["log"])
    except BadNote:
        raise BadMessage("log") from None
    if key.kind != notes.ED25519 or len(said["log"]) > 300:
        raise BadMessage("log")
    if len(said["box"]) != 64 or any(c not in "0123456789abcdef" for c in said["box"]):
        raise BadMessage("box")
    return Card(key.name, said["url"].rstrip("/"), str(key), said["box"])
