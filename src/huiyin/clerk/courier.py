"""Send what waits in the outbox. The one process that opens the contact seal, and nothing but that.

An address or a number is opened, used for one message and forgotten: it is never stored, logged or shown.
Each notice to an author that went out, or that waits on the page since there is no address, leaves an entry.

Killed between sending and putting that on record, the courier sends once more: under the same Message-ID, so
that the second copy can be told. The entry is written once.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet

from huiyin.clerk import digests, notices, pace, reminders, texting
from huiyin.clerk.notices import Letter
from huiyin.core import telephone
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.seal import SealBroken
from huiyin.registry import law, losing
from huiyin.registry.access import COURIER
from huiyin.registry.models import Outbox
from huiyin.registry.perform import perform
from huiyin.vault import holders, keys
from huiyin.vault.unseal import NothingSealed, open_contact, open_contacts_of_signers

log = logging.getLogger("huiyin.courier")

BATCH = 50
EVERY = 5.0  # seconds between two looks at the outbox
STALE = timedelta(minutes=10)  # a claim older than this was left by a courier that died
LONGEST_WAIT = timedelta(days=1)
MOST_ATTEMPTS = 10  # about two days; what cannot be sent then stands on the page, and the entry says so
TRIES = 50  # of writing the entry while officers move the same petition
PERMANENT = 500  # SMTP: from here on trying again is useless
WORDS = 200
BY_TEXT = "text"
UNREACHABLE = "unreachable"  # the mail server, not one address


class _Overtaken(Exception):
    """Somebody else took the row over, or moved the petition: nothing of this try stays."""


def run(*, once: bool = False, stop: threading.Event | None = None) -> None:
    """Carry notices until told to stop."""
    pace.keep("courier", deliver, every=EVERY, once=once, stop=stop)


def deliver(now: datetime) -> Counter[str]:
    """Send what may be sent now, and answer how many went which way. Raises KeyRefused without the key."""
    holders.ready(keys.CONTACT)  # before any row is taken: an attempt without the key would be none
    done: Counter[str] = Counter()
    for row in _taken(now):
        went = _carry(row, now)
        done[went] += 1
        if went == UNREACHABLE:
            return done  # the next one would only wait for the same dead server, and lose one of its attempts
    return done + digests.send(now)


# ---- taking rows


def _taken(now: datetime) -> Iterator[Outbox]:
    """Claim rows one at a time by compare-and-set, each when its turn comes."""
    last = 0
    while True:
        batch = list(_waiting(now).filter(pk__gt=last).order_by("pk")[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        for row in batch:
            mine = Outbox.objects.filter(pk=row.pk, sent_at=None, attempts=row.attempts)
            with transaction.atomic():
                won = mine.update(claimed_at=now, attempts=F("attempts") + 1)
            if won:
                row.claimed_at, row.attempts = now, row.attempts + 1
                yield row


def _waiting(now: datetime) -> QuerySet[Outbox]:
    """What was never tried, and what was tried long enough ago: each failure doubles the wait."""
    ready = Q(attempts=0)
    for attempts in range(1, MOST_ATTEMPTS + 1):
        ready |= Q(attempts=attempts, claimed_at__lte=now - wait_after(attempts))
    ready |= Q(attempts__gt=MOST_ATTEMPTS, claimed_at__lte=now - LONGEST_WAIT)
    rows = Outbox.objects.filter(ready, sent_at=None)
    return rows.select_related("entry", "petition__holder__recorded_by", "petition__officer__stands_in")


def wait_after(attempts: int) -> timedelta:
    return min(STALE * (1 << (attempts - 1)), LONGEST_WAIT)


# ---- carrying one


def _carry(row: Outbox, now: datetime) -> str:
    try:
        return _to_author(row, now) if row.audience == "author" else _to_officers(row, now)
    except (OSError, SealBroken) as error:  # what smtplib raises is an OSError too
        # Only the kind of trouble is kept: the mail server's words may quote an address.
        words = _kind_of(error)
        with transaction.atomic():
            Outbox.objects.filter(pk=row.pk, attempts=row.attempts).update(error=words[:WORDS])
        log.warning("notice %s could not be sent (attempt %s): %s", row.pk, row.attempts, words)
        answers = (SealBroken, smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException, texting.NotTaken)
        answered = isinstance(error, answers)
        return "failed" if answered else UNREACHABLE
    except _Overtaken:
        return "overtaken"


def _to_author(row: Outbox, now: datetime) -> str:
    if row.petition.marks.get("signatures"):
        _mail_to_signers(row)
        # The same words whether anybody left an address or nobody did: that is theirs to know.
        channel = "page"
    else:
        channel = _told_author(row)
    _put_on_record(row, channel, now)
    return channel


def _told_author(row: Outbox) -> str:
    """By short message where the author chose that, else by e-mail; what neither takes stands on the page."""
    if _texted_to_author(row):
        return BY_TEXT
    return "e-mail" if _mailed_to_author(row) else "page"


def _texted_to_author(row: Outbox) -> bool:
    """Whether a short message went out. A new key never goes by one."""
    gateway = texting.channel()
    if gateway is None or row.attempts > MOST_ATTEMPTS or _is_new_key(row):
        return False
    try:
        contact = open_contact(row.petition.sealed_under)
    except NothingSealed:
        return False
    number = telephone.plain(contact.phone) if contact.texts else ""
    name = message_id(row).strip("<>").partition("@")[0]
    return bool(number) and gateway.send(number, notices.short(row.petition), name)


def _mailed_to_author(row: Outbox) -> bool:
    """Whether the notice went out by e-mail; without an address that works it stands on the page alone."""
    if row.attempts > MOST_ATTEMPTS or not settings.MAILS:
        return False
    try:
        address = open_contact(row.petition.sealed_under).email
        validate_email(address)
        _send(row, _letter_to_author(row), [address])
    except (NothingSealed, ValidationError):
        return False
    except smtplib.SMTPRecipientsRefused as refused:
        if all(code >= PERMANENT for code, _ in refused.recipients.values()):
            return False
        raise
    return True


def _letter_to_author(row: Outbox) -> Letter:
    """News without a word of what it is; or a new key, drawn now, without a word of what it opens."""
    if not _is_new_key(row):
        return notices.to_author(row.petition)
    key = losing.draw(row.petition)
    if losing.is_first(row.petition):
        return notices.first_key(row.petition, key)
    return notices.new_key(row.petition, key, losing.objection_ends(row.petition))


def _is_new_key(row: Outbox) -> bool:
    way = row.entry.contents.get("key_way", "") if row.entry else ""
    return row.notice == losing.NOTICE and way == losing.MAIL and bool(row.petition.marks.get(losing.COMING))


def _mail_to_signers(row: Outbox) -> None:
    """A message of their own to each who signed and left an address; what counts is what stands on the page.

    Tried again only while nobody was reached: whoever was must not hear the same news ten times over.
    """
    if row.attempts > MOST_ATTEMPTS or not settings.MAILS:
        return
    reached, trouble = False, None
    for address in open_contacts_of_signers(row.petition.sealed_under):
        try:
            validate_email(address)
            _send(row, notices.to_author(row.petition), [address])
            reached = True
        except ValidationError:
            continue
        except smtplib.SMTPRecipientsRefused as refused:
            if any(code < PERMANENT for code, _ in refused.recipients.values()):
                trouble = refused
    if trouble and not reached:
        raise trouble


def _to_officers(row: Outbox, now: datetime) -> str:
    _, day = law.at(now)
    clock = reminders.still_needed(row, day)
    readers = [officer.email for officer in reminders.readers_of(row.petition, day, clock)] if clock else []
    if clock and readers and settings.MAILS and row.attempts <= MOST_ATTEMPTS:
        _send(row, notices.to_officers(row.petition, clock), readers)
    # No entry: no seal was opened, and how a body reminds its people is no step of the petition.
    with transaction.atomic():
        _mark_sent(row, now)
    return "reminder" if readers else "dropped"


def _send(row: Outbox, letter: Letter, to: list[str]) -> None:
    EmailMessage(
        subject=letter.subject,
        body=letter.body,
        to=to,
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={"Message-ID": message_id(row), "Auto-Submitted": "auto-generated"},
    ).send()


def message_id(row: Outbox) -> str:
    """The same for the same notice however often it is sent; says nothing about how many there are."""
    # A new key is drawn for each try, so that each is a message of its own.
    again = f"\n{row.attempts}" if row.notice == losing.NOTICE else ""
    told = hashlib.sha256(
        f"{settings.ORIGIN}\n{row.petition.ref}\n{row.pk}\n{row.created_at}{again}".encode()
    )
    return f"<{told.hexdigest()[:32]}@{settings.ORIGIN}>"


# ---- putting it on record


def _put_on_record(row: Outbox, channel: str, now: datetime) -> None:
    """Write the entry and mark the row, both or neither: however often it is tried, the entry is one."""
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                _mark_sent(row, now)
                made = perform(row.petition.ref, Move("dispatch", {"channel": channel}), COURIER, now)
                if isinstance(made, Refusal):
                    raise _Overtaken
                if row.entry_id is None:
                    # News of no step, as of an hour that was booked: nothing of that stays (receiving.py).
                    Outbox.objects.filter(pk=row.pk).delete()
            return
        except _Overtaken:
            if attempt == TRIES - 1 or not Outbox.objects.filter(pk=row.pk, sent_at=None).exists():
                raise
            time.sleep(0.01)


def _mark_sent(row: Outbox, now: datetime) -> None:
    won = Outbox.objects.filter(pk=row.pk, sent_at=None, attempts=row.attempts).update(sent_at=now, error="")
    if not won:
        raise _Overtaken


def _kind_of(error: Exception) -> str:
    code = getattr(error, "smtp_code", "")
    if isinstance(error, (texting.NotTaken, ConnectionError)):
        code = str(error) if str(error).isalnum() else ""  # a number or the name of a trouble, and no words
    return f"{type(error).__name__} {code}".strip()
