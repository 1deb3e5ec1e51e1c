"""The certificate that every receipt carries: made by the log key, read by the process that files."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from huiyin.core import certificate, notes, rulebook
from huiyin.core.certificate import Certificate
from huiyin.vault import keys

NAME = "receipt.certificate"
LOG_KEY = "log.vkey"
TERM = timedelta(days=365)
RENEW_WITHIN = timedelta(days=30)
TRIES, A_MOMENT = 100, 0.05  # seconds


def receipt_key_name() -> str:
    return f"{settings.ORIGIN}/receipt"


def time_key_name() -> str:
    return f"{settings.ORIGIN}/time"


def current() -> str:
    """The certificate as a signed note. The process that only files is given one; every other makes it.

    Raises keys.KeyRefused where there is none.
    """
    path = f"{settings.DATA_DIR}/keys/{NAME}"
    if settings.ZONE != "public" and not Path(path).exists():
        renew(datetime.now(UTC))
    try:
        return _read(path, os.stat(path).st_mtime_ns)  # noqa: PTH116 - asked at each filing
    except FileNotFoundError as error:
        raise keys.missing(NAME) from error


def signing() -> tuple[bytes, str]:
    """The seed that signs receipts, and the certificate of its key.

    While an operator changes the key the two do not fit together for a moment: a receipt waits for it.
    Raises keys.KeyRefused where it does not come.
    """
    for _ in range(TRIES):
        seed, note = keys.receipt_seed(), current()
        if _fits(seed, note):
            return seed, note
        time.sleep(A_MOMENT)
    raise keys.KeyRefused("the certificate is of another receipt key: run huiyin setup where the clerk runs")


@lru_cache(maxsize=4)
def _fits(seed: bytes, note: str) -> bool:
    key = str(notes.Key(receipt_key_name(), notes.ED25519, notes.public_of(seed)))
    return certificate.read(notes.parse(note).text).receipt_key == key


def log_key() -> str:
    """The key that checks heads and certificates, as one line. Raises keys.KeyRefused where there is none."""
    current()
    path = f"{settings.DATA_DIR}/keys/{LOG_KEY}"
    return _read(path, os.stat(path).st_mtime_ns)  # noqa: PTH116


@lru_cache(maxsize=4)
def _read(path: str, stamp: int) -> str:  # noqa: ARG001 - the stamp tells one content from another
    return Path(path).read_text(encoding="utf-8")


def renew(now: datetime) -> bool:
    """Make a new certificate where there is none, it ends soon, or it no longer says what holds."""
    saying = known()
    wanted = _wanted(now)
    if saying and not _is_signed():
        saying = None
    if saying and _same(saying, wanted) and saying.since <= now <= saying.until - RENEW_WITHIN:
        return False
    keys.put(LOG_KEY, notes.verifier_key(settings.ORIGIN, notes.public_of(keys.log_seed())).encode())
    seeds = (keys.log_seed(), *keys.older_log_seeds())
    lines = tuple(notes.signature(wanted.text, settings.ORIGIN, seed) for seed in seeds)
    keys.put(NAME, str(notes.Note(wanted.text, lines)).encode())
    return True


def known() -> Certificate | None:
    """What the certificate says, as far as there is one."""
    path = keys.folder() / NAME
    try:
        return certificate.read(notes.parse(path.read_text(encoding="utf-8")).text)
    except (FileNotFoundError, certificate.BadCertificate, notes.BadNote):
        return None


def _is_signed() -> bool:
    """Whether the log key of today signed it."""
    key = notes.Key(settings.ORIGIN, notes.ED25519, notes.public_of(keys.log_seed()))
    note = notes.parse((keys.folder() / NAME).read_text(encoding="utf-8"))
    return bool(note.by(key))


def _wanted(now: datetime) -> Certificate:
    receipt = notes.Key(receipt_key_name(), notes.ED25519, keys.receipt_public())
    clock = notes.Key(time_key_name(), notes.COSIGNATURE, notes.public_of(keys.time_seed()))
    law = rulebook.in_force(settings.JURISDICTION, now.date())
    # What is imported bears the day of the import; a receipt is never older than this.
    since = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return Certificate(
        settings.ORIGIN,
        str(receipt),
        str(clock),
        settings.INCLUDE_WITHIN,
        law.cohort,
        since,
        since + TERM,
    )


def _same(one: Certificate, other: Certificate) -> bool:
    """Whether they say the same but for their term."""
    return (
        one.origin == other.origin
        and (one.receipt_key, one.time_key) == (other.receipt_key, other.time_key)
        and (one.include_within, one.cohort) == (other.include_within, other.cohort)
    )
