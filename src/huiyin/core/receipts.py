"""What a receipt says, and whose word it is: read, and checked against the keys that one trusts.

A receipt is a signed note by the receipt key of an installation. It carries the certificate in which the log
key names that key for a limited term, so that whoever trusts the log key needs no other.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from huiyin.core import certificate, ledger, merkle, notes
from huiyin.core.certificate import BadCertificate, Certificate
from huiyin.core.notes import BadNote, Key
from huiyin.core.text import Text

LONGEST_DAY = timedelta(
    hours=36
)  # a day has ended everywhere on earth 36 hours after its first minute in UTC

LAST_YEAR = 9000  # what comes after it can still be reckoned
LONGEST_PROMISE = 366 * 24 * 3600  # seconds


class BadReceipt(ValueError):
    """Signed, but not what a receipt must say; or signed by a key that nobody vouches for."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt whose parts fit together. `signed` one: of somebody who signed a petition with others.

    digest: base64 SHA-256 of the public bytes of the entry that it is about. public: these bytes; opening:
    what they commit to; empty in the receipt of a signature, which does not open the entry. clocks: the lines
    as they stand. acknowledged: from when on the operator owes the entry to the log.
    """

    signed: bool
    origin: str
    ref: str
    acknowledged: datetime
    digest: str
    content: str
    body: str = ""
    signed_on: str = ""
    claimed_at: datetime | None = None
    clocks: tuple[str, ...] = ()
    public: bytes = b""
    opening: Mapping[str, Any] | None = None
    include_within: int | None = None
    certificate: str = ""

    @property
    def leaf(self) -> bytes | None:
        """The hash of the entry as a leaf of the log, where the receipt opens the entry."""
        return merkle.leaf_hash(self.public) if self.public else None


@dataclass(frozen=True, slots=True)
class Vouched:
    """A receipt, and who stands for it. certificate: where a log key was given, which vouches for the other.

    promised: when a published head has to hold the entry; None where nothing that is signed says so.
    """

    receipt: Receipt
    receipt_key: Key
    certificate: Certificate | None = None

    @property
    def promised(self) -> datetime | None:
        within = self.receipt.include_within
        if within is None and self.certificate:
            within = self.certificate.include_within
        return None if within is None else self.receipt.acknowledged + timedelta(seconds=within)


# ---- whose word it is


def check(note: str, keys: Sequence[Key]) -> Vouched:
    """Check the signature over a receipt, and the certificate where the log key was given. Then read it.

    Raises BadNote where a signature does not hold; BadReceipt for what it says, or if no key stands for it.
    """
    receipt = parse(notes.parse(note).text)
    direct = [key for key in keys if key.kind == notes.ED25519 and key.name == f"{receipt.origin}/receipt"]
    logs = [key for key in keys if key.kind == notes.ED25519 and key.name == receipt.origin]
    named = certified(receipt.certificate, logs) if logs else None
    if logs and named is None:
        raise BadReceipt(
            Text(
                "回执里没有证书，不能用日志公钥检验；请改用回执公钥",
                "it carries no certificate, so the log key cannot check it; give the receipt key",
            )
        )
    if named:
        _must_cover(named, receipt)
        direct = [notes.parse_key(named.receipt_key)]
    if not direct:
        raise BadReceipt(
            Text(
                f"这是 {receipt.origin} 的回执，没有给出它的公钥",
                f"it is a receipt of {receipt.origin}, and no key of that name was given",
            )
        )
    signer = notes.check(notes.parse(note), direct)[0]
    return Vouched(receipt, signer, named)


def certified(note: str, logs: Sequence[Key]) -> Certificate | None:
    """The certificate by one of the keys of a log; None where there is none. Raises BadNote or BadReceipt."""
    if not note:
        return None
    try:
        parsed = notes.parse(note)
        log = notes.check(parsed, logs)[0]
        named = certificate.read(parsed.text)
        receipt_key = notes.parse_key(named.receipt_key)
    except BadCertificate as error:
        raise BadReceipt(Text("证书的格式不对", f"its certificate is none: {error}")) from error
    except BadNote as error:
        raise BadNote(f"the certificate is not by the log key: {error}") from error
    if not 0 <= named.include_within <= LONGEST_PROMISE:
        raise BadReceipt(
            Text("证书的收录承诺不合理", "its certificate promises inclusion at no sensible time")
        )
    if named.origin != log.name or receipt_key.name != f"{log.name}/receipt":
        raise BadReceipt(Text("证书是另一个日志的", "its certificate is of another log"))
    return named


def _must_cover(named: Certificate, receipt: Receipt) -> None:
    if not named.covers(receipt.acknowledged) and not (receipt.signed and _touches(named, receipt)):
        since, until, at = map(ledger.second, (named.since, named.until, receipt.acknowledged))
        raise BadReceipt(
            Text(
                f"证书从 {since} 到 {until} 有效，不包括 {at}：当时没有人为这把回执公钥作证",
                f"its certificate holds from {since} until {until}, and {at} is outside of that: nobody "
                "vouched for the receipt key then",
            )
        )


def _touches(named: Certificate, receipt: Receipt) -> bool:
    """Whether a certificate covers any of the day on which somebody signed, wherever that was."""
    return named.since <= receipt.acknowledged and receipt.acknowledged - 2 * LONGEST_DAY <= named.until


# ---- what it says


def parse(text: str) -> Receipt:
    """Read the text of a receipt, of whichever of the two kinds. Raises BadReceipt."""
    head, *rest = text.removesuffix("\n").split("\n")
    said: dict[str, list[str]] = {}
    for line in rest:
        name, _, value = line.partition(" ")
        said.setdefault(name, []).append(value)
    readers = {ledger.RECEIPT: _lodged, ledger.SIGNERS_RECEIPT: _signed}
    if head not in readers:
        raise BadReceipt(
            Text("这不是本程序认识的回执", "this is no receipt of a version known here"),
        )
    repeated = [name for name, values in said.items() if len(values) > 1 and name != "clock"]
    try:
        if repeated:
            raise BadReceipt(Text("回执里有重复的行", f"it says {repeated[0]} twice"))
        return readers[head](said)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, BadReceipt):
            raise
        raise BadReceipt(Text("回执缺少内容", "it lacks something that a receipt says")) from error


def is_receipt(text: str) -> bool:
    return text.split("\n", 1)[0] in {ledger.RECEIPT, ledger.SIGNERS_RECEIPT}


def _lodged(said: Mapping[str, list[str]]) -> Receipt:
    opening = json.loads(_one(said, "opening"))
    salt = base64.b64decode(_one(said, "salt"), validate=True)
    recorded = _moment(_one(said, "recorded_at"))
    claimed = _moment(_one(said, "claimed_at")) if "claimed_at" in said else None
    public = ledger.Entry(recorded, ledger.commit(opening, salt), claimed).to_bytes()
    fits = (
        ledger.digest(public) == _one(said, "entry")
        and opening["ref"] == _one(said, "ref")
        and opening["recorded_at"] == ledger.second(recorded)
        and opening["claimed_at"] == (ledger.second(claimed) if claimed else None)
    )
    if not fits:
        raise BadReceipt(Text("回执各部分不一致", "its parts do not fit together"))
    return Receipt(
        signed=False,
        origin=_one(said, "origin"),
        ref=_one(said, "ref"),
        acknowledged=recorded,
        digest=_one(said, "entry"),
        content=_one(said, "content_sha256"),
        body=_one(said, "body"),
        claimed_at=claimed,
        clocks=tuple(said["clock"]),
        public=public,
        opening=opening,
        include_within=_within(said),
        certificate=_certificate(said),
    )


def _signed(said: Mapping[str, list[str]]) -> Receipt:
    day = date.fromisoformat(_one(said, "signed_on"))
    return Receipt(
        signed=True,
        origin=_one(said, "origin"),
        ref=_one(said, "ref"),
        # The entry was there before anybody signed under it. Which minute it was is not said.
        acknowledged=datetime(day.year, day.month, day.day, tzinfo=UTC) + LONGEST_DAY,
        digest=_one(said, "entry"),
        content=_one(said, "content_sha256"),
        signed_on=day.isoformat(),
        include_within=_within(said),
        certificate=_certificate(said),
    )


def _one(said: Mapping[str, list[str]], name: str) -> str:
    value = said[name][0]
    if not value:
        raise ValueError(f"the line {name} says nothing")
    return value


def _within(said: Mapping[str, list[str]]) -> int | None:
    if "include_within" not in said:
        return None
    seconds = int(_one(said, "include_within"))
    if not 0 <= seconds <= LONGEST_PROMISE:
        raise ValueError("no sensible time")
    return seconds


def _certificate(said: Mapping[str, list[str]]) -> str:
    return base64.b64decode(said["certificate"][0], validate=True).decode() if "certificate" in said else ""


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if ledger.second(moment) != text or moment.year > LAST_YEAR:
        raise ValueError("a moment is written in UTC, to the second")
    return moment


def keys_of(lines: Iterable[str]) -> list[Key]:
    """Verifier keys, one a line; empty lines and those that begin with # are passed over. Raises BadNote."""
    return [notes.parse_key(line) for line in map(str.strip, lines) if line and not line.startswith("#")]
