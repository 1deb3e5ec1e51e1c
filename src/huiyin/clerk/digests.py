"""Digests go out: the clerk writes one row for each who wants one, the courier sends it, once.

A row is unique by officer, kind and period, so two clerks, or one that was killed, write it once. Killed
between sending and noting it, the courier sends again under the same Message-ID, as with any notice.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections import Counter
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q

from huiyin.core import digests as core
from huiyin.registry import digests, law
from huiyin.registry.access import Acting
from huiyin.registry.digests import Digest, DigestWish
from huiyin.site.digests import told

log = logging.getLogger("huiyin.courier")

MOST_ATTEMPTS = 5
STALE = timedelta(minutes=10)  # longer than a message takes; a claim older than this was left behind
WORDS = 200
KEPT = timedelta(days=62)  # a row only says that it went out


def write(now: datetime) -> int:
    """Put into the outbox what is due today and was not written yet; answer how many are new."""
    if not settings.MAILS:
        return 0
    book, today = law.at(now)
    calendar = law.calendar_for(book.calendar)
    made = 0
    for kind in core.KINDS:
        first = core.goes_out(kind, today, calendar)
        if first is None or today < first:
            continue
        made += _write(kind, core.period(kind, today), first, today, now)
    return made


def _write(kind: str, period: str, first: date, today: date, now: datetime) -> int:
    """To whoever wanted it by the day on which it goes out; later too, after the clerk stood still."""
    wishes = DigestWish.objects.filter(**{kind: True}, since__lte=first, officer__is_active=True)
    wishes = wishes.exclude(officer__email="").exclude(
        officer__in=Digest.objects.filter(kind=kind, period=period).values("officer")
    )
    rows = [
        Digest(officer_id=pk, kind=kind, period=period, day=today, created_at=now)
        for pk in wishes.values_list("officer", flat=True)
    ]
    Digest.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def sweep(now: datetime) -> int:
    """Forget what went out long ago."""
    return Digest.objects.filter(sent_at__lt=now - KEPT).delete()[0]


def send(now: datetime) -> Counter[str]:
    """Send what waits; answer how many went which way."""
    done: Counter[str] = Counter()
    ready = Q(attempts=0) | Q(claimed_at__lte=now - STALE)
    for row in Digest.objects.filter(ready, sent_at=None).select_related("officer").order_by("pk"):
        mine = Digest.objects.filter(pk=row.pk, sent_at=None, attempts=row.attempts)
        if not mine.update(claimed_at=now, attempts=F("attempts") + 1):
            continue  # another courier was faster
        row.attempts += 1
        done[_carry(row, now)] += 1
    return done


def _carry(row: Digest, now: datetime) -> str:
    wish = digests.wish_of(row.officer)
    acting = Acting(row.officer, row.day)
    wanted = wish is not None and getattr(wish, row.kind) and row.officer.email
    if (
        not wanted
        or wish is None
        or not any(map(acting.has, digests.READING))
        or row.attempts > MOST_ATTEMPTS
    ):
        _sent(
            row, now
        )  # wanted no more, serves there no more, or cannot be reached: it waits for no other week
        return "digest-dropped"
    made = told(digests.of(acting, row.kind), wish.language)
    message = EmailMultiAlternatives(
        subject=made.subject,
        body=made.text,
        to=[row.officer.email],
        headers={"Message-ID": message_id(row), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(made.html, "text/html")
    try:
        message.send()
    except OSError as error:  # what smtplib raises is an OSError too; its words may quote an address
        words = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
        Digest.objects.filter(pk=row.pk).update(error=words[:WORDS])
        log.warning("digest %s could not be sent (attempt %s): %s", row.pk, row.attempts, words)
        return "digest-failed" if isinstance(error, smtplib.SMTPException) else "unreachable"
    _sent(row, now)
    return "digest"


def _sent(row: Digest, now: datetime) -> None:
    Digest.objects.filter(pk=row.pk, sent_at=None).update(sent_at=now, error="")


def message_id(row: Digest) -> str:
    """The same however often it is sent."""
    told_of = hashlib.sha256(f"{settings.ORIGIN}\n{row.officer_id}\n{row.kind}\n{row.period}".encode())
    return f"<{told_of.hexdigest()[:32]}@{settings.ORIGIN}>"
