"""The signed receipt: proves offline what was lodged, when, and which clock runs.

A C2SP signed note. The text holds the opening of the first ledger entry, so that whoever has the words that
were lodged can show that these were acknowledged; without them it tells nobody what they were. It promises
when the entry will stand in the public log: held against the log's heads, it proves a broken promise itself.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

from django.conf import settings

from huiyin.core import case, ledger, notes
from huiyin.registry.models import Entry, Petition
from huiyin.registry.record import clock_of, opening_of
from huiyin.vault import certificate, keys


def key_name() -> str:
    return certificate.receipt_key_name()


def receipt_key() -> str:
    """The key that this installation's receipts are signed by, as one line."""
    return notes.verifier_key(key_name(), keys.receipt_public())


def log_key() -> str:
    """The one key that whoever checks anything of this installation needs: the log's, as one line."""
    return certificate.log_key()


def receipt_of(petition: Petition, entry: Entry, clocks: tuple[case.Clock, ...], *, holder: str = "") -> str:
    """The receipt of a lodging as a signed note."""
    lines = [
        ledger.RECEIPT,
        f"origin {settings.ORIGIN}",
        f"ref {petition.ref}",
        f"recorded_at {ledger.second(entry.recorded_at)}",
    ]
    if entry.claimed_at:
        lines.append(f"claimed_at {ledger.second(entry.claimed_at)}")
    lines.append(f"body {holder or petition.holder.code}")
    lines += [_clock_line(clock) for clock in clocks] or ["clock none"]
    lines += [
        f"include_within {settings.INCLUDE_WITHIN}",
        f"entry {ledger.digest(bytes(entry.public))}",
        f"content_sha256 {entry.contents['content_sha256']}",
        f"salt {base64.b64encode(bytes(entry.salt)).decode()}",
        f"opening {ledger.canonical(opening_of(petition, entry)).decode()}",
    ]
    return _signed(lines)


def signers_receipt_of(petition: Petition, lodged: Entry, day: date) -> str:
    """The receipt of one who signed with others: what was signed and on which day, and nothing of the rest.

    Two signers of one day hold the very same words.
    """
    lines = [
        ledger.SIGNERS_RECEIPT,
        f"origin {settings.ORIGIN}",
        f"ref {petition.ref}",
        f"signed_on {day.isoformat()}",
        f"entry {ledger.digest(bytes(lodged.public))}",
        f"content_sha256 {lodged.contents['content_sha256']}",
    ]
    return _signed(lines)


def receipt_again(petition: Petition) -> str:
    """The receipt of a petition, or of a part of a mixed one, with the clock that it was filed under.

    It says what the first one said; only the certificate in it may be a later one.
    """
    entry = petition.entries.get(seq=1)
    began = {seq: (start, due) for seq, _name, _state, start, due, _ended in entry.clocks}
    rows = [row for row in petition.clocks.all() if row.seq in began]
    clocks = tuple(_as_begun(clock_of(row), *began[row.seq]) for row in rows)
    return receipt_of(petition, entry, clocks, holder=entry.body)


def _as_begun(clock: case.Clock, start: str, due: str) -> case.Clock:
    """The term as it stood in the entry: its day may have moved since."""
    then = replace(clock.reckoning, due=date.fromisoformat(due))
    return replace(clock, start=date.fromisoformat(start), reckoning=then)


def _signed(lines: list[str]) -> str:
    """With the log's word for the key that signs it, so that nobody needs any other key than the log's."""
    seed, word = certificate.signing()
    certified = f"certificate {base64.b64encode(word.encode()).decode()}"
    return notes.sign("\n".join([*lines, certified]) + "\n", key_name(), seed)


def _clock_line(clock: case.Clock) -> str:
    certain = "provisional" if clock.reckoning.provisional else "final"
    term = f"{clock.days} {clock.unit}"
    return f"clock {clock.name} {clock.rulebook} {clock.article} {term} {clock.start} {clock.due} {certain}"
