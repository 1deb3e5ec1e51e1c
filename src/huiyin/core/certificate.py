"""The log's word for the keys that this installation uses beside it, for a limited term.

The log key signs heads and certificates, and lies where the clerk runs; the receipt key signs what is
acknowledged, and lies where people file. Whoever trusts the log key needs no other: each receipt carries the
certificate of the key that signed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huiyin.core.ledger import second

FORMAT = "huiyin-certificate/1"
NAMES = ("origin", "receipt_key", "time_key", "include_within", "cohort", "from", "until")


class BadCertificate(ValueError):
    """A text that is no certificate of a version known here."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """include_within: seconds from being recorded to standing in a published head. cohort: the least k.

    receipt_key, time_key: verifier keys; the second signs heads with the moment. Moments with time zone.
    """

    origin: str
    receipt_key: str
    time_key: str
    include_within: int
    cohort: int
    since: datetime
    until: datetime

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment <= self.until

    @property
    def text(self) -> str:
        """What the log key signs."""
        values = (
            self.origin,
            self.receipt_key,
            self.time_key,
            self.include_within,
            self.cohort,
            second(self.since),
            second(self.until),
        )
        lines = [FORMAT, *(f"{name} {value}" for name, value in zip(NAMES, values, strict=True))]
        return "\n".join(lines) + "\n"


def read(text: str) -> Certificate:
    """Read the text of a certificate. Raises BadCertificate for whatever would not be written so."""
    head, *lines = text.removesuffix("\n").split("\n")
    said = dict(line.partition(" ")[::2] for line in lines)
    try:
        made = Certificate(
            said["origin"],
            said["receipt_key"],
            said["time_key"],
            int(said["include_within"]),
            int(said["cohort"]),
            datetime.fromisoformat(said["from"]),
            datetime.fromisoformat(said["until"]),
        )
        same = head == FORMAT and made.text == text
    except (KeyError, ValueError) as error:
        raise BadCertificate("it lacks something that a certificate says") from error
    if not same:
        raise BadCertificate("this is no certificate of a version known here")
    return made
