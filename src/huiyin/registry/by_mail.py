"""Messages on their way into the registry: each is acted upon once, whatever is killed in between.

What became of a message, and the answer to it, are put on record in the same transaction as the petition. The
mailbox lets go of it only afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from nacl.secret import SecretBox

from huiyin.core.refusal import Refusal
from huiyin.reading import mask
from huiyin.registry import keeping, routing
from huiyin.registry.access import Acting
from huiyin.registry.letterbox import CLOSE, CLOSED_FOR, FILE
from huiyin.registry.models import MailAside, MailTaken, Officer

TRIES = 5
NEW, UNANSWERED, DONE = "new", "unanswered", "done"
REMEMBERED = timedelta(days=90)  # a copy of a message that comes later than that is a new one
ANSWER_FOR = timedelta(days=2)  # as long as the courier tries
CLOSED_KEPT = timedelta(days=30)  # what was closed lies in the mailbox for so long, and can be filed yet
SHOWN = 2_000  # characters of what was set aside
CANNOT_BE_FILED = frozenset({"large", "encrypted", "unreadable", "files"})


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """How one message is known again. `words`: all of it that does not change on its way."""

    words: bytes

    @property
    def digest(self) -> str:
        return hmac.new(settings.MAIL_SECRET.encode(), b"message\n" + self.words, hashlib.sha256).hexdigest()

    @property
    def box(self) -> SecretBox:
        made = hashlib.blake2b(self.words, digest_size=32, salt=b"answer", person=b"mail").digest()
        return SecretBox(made)


def mark_of(head: bytes) -> str:
    """By which a message is found in a folder without fetching it: reckoned from its head."""
    return hmac.new(settings.MAIL_SECRET.encode(), b"mark\n" + head, hashlib.sha256).hexdigest()


def state_of(known: Known) -> str:
    """`new`, `unanswered`: acted upon, and the answer waits; or `done`."""
    row = MailTaken.objects.filter(digest=known.digest).first()
    if row is None:
        return NEW
    return UNANSWERED if row.answered_at is None else DONE


def once(known: Known, make: Callable[[], bytes | Refusal], now: datetime) -> bytes | Refusal | None:
    """Act upon a message and keep the answer, or hand out the one that was made before; None: it is done.

    No refusal is kept.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                # Locked, as in `registry.once`: nothing is acknowledged by a read alone.
                row = MailTaken.objects.select_for_update().filter(digest=known.digest).first()
                if row is not None:
                    return known.box.decrypt(bytes(row.answer)) if row.answer is not None else None
                made = make()
                if not isinstance(made, Refusal):
                    answer = bytes(known.box.encrypt(made))
                    MailTaken(digest=known.digest, at=now, answer=answer).save(force_insert=True)
                return made
        except IntegrityError:
            continue  # a twin was faster: its answer is next
    raise RuntimeError("an answer to a message is neither kept nor can be kept")


def answered(known: Known, now: datetime) -> None:
    """The answer went out, or can reach nobody: it is kept no longer, and the message may go."""
    with transaction.atomic():
        MailTaken.objects.filter(digest=known.digest).update(answer=None, answered_at=now)


def is_tried_long_enough(known: Known, now: datetime) -> bool:
    """Whether the answer was refused for so long that it is left at that."""
    return MailTaken.objects.filter(digest=known.digest, at__lt=now - ANSWER_FOR).exists()


# ---- what is set aside


def office() -> str:
    """Code of the office that sorts what nobody has sorted yet; '' where none takes anything in."""
    routed = routing.receiver("claim", "", (), unsure=True)
    return "" if isinstance(routed, Refusal) else routed.body.code


def set_aside(
    known: Known,
    now: datetime,
    *,
    mark: str,
    why: str,
    subject: str = "",
    text: str = "",
    own: Collection[str] = (),
    files: int = 0,
    size: int = 0,
) -> MailAside:
    """Put on record that a message waits for an officer. `own`: what names its sender, masked as the rest is.

    Of one that waits already, or was to be filed, the reason becomes this one; what was closed stays closed.
    """
    certain = mask.certain(text, tuple(word for word in own if word.strip()))
    said = {
        "mark": mark,
        "at": now,
        "why": why,
        "body": office(),
        "subject": mask.masked(subject, certain)[:200],
        "text": mask.masked(text[: 2 * SHOWN], certain)[:SHOWN],
        "files": min(files, 1_000),
        "size": min(size, 2**31 - 1),
    }
    with transaction.atomic():
        row, new = MailAside.objects.get_or_create(digest=known.digest, defaults=said)
        if not new and row.decision != CLOSE and (row.why != why or row.decision):
            MailAside.objects.filter(pk=row.pk).update(why=why, decision="", decided_at=None, decided_by=None)
            row.refresh_from_db()
    return row


def aside_of(known: Known) -> MailAside | None:
    return MailAside.objects.filter(digest=known.digest).first()


def taken_up(known: Known) -> None:
    """It is on record as a petition now: nothing of it waits for an officer."""
    with transaction.atomic():
        MailAside.objects.filter(digest=known.digest).delete()


def reopen(row: MailAside) -> None:
    """It cannot be filed: an officer has to look again."""
    with transaction.atomic():
        MailAside.objects.filter(pk=row.pk).update(why="unreadable", decision="", decided_at=None)


def is_gone(row: MailAside) -> None:
    """The mailbox let go of it, as was decided."""
    with transaction.atomic():
        MailAside.objects.filter(pk=row.pk).exclude(decision="").delete()


def told(row: MailAside) -> None:
    with transaction.atomic():
        MailAside.objects.filter(pk=row.pk).update(told=True)


def waiting_for(acting: Acting) -> QuerySet[MailAside]:
    """What this officer may look at: a registrar of the office that sorts."""
    return MailAside.objects.filter(body__in=acting.codes({"registrar"}))


def decide(
    rows: QuerySet[MailAside], decision: str, *, closed_for: str = "", by: Officer, now: datetime
) -> int:
    """File them with the next look into the mailbox, or close them with a reason; answers how many."""
    if decision == FILE:
        rows = rows.exclude(why__in=CANNOT_BE_FILED)  # there is nothing in it that could be filed
    elif decision != CLOSE or closed_for not in dict(CLOSED_FOR):
        raise ValueError("a message is filed, or closed with a reason of the list")
    with transaction.atomic():
        n = rows.exclude(decision=FILE).update(
            decision=decision, closed_for=closed_for, decided_at=now, decided_by=by
        )
        if n:
            did = "mail-filed" if decision == FILE else "mail-closed"
            more = {"reason": closed_for} if decision == CLOSE else {}
            keeping.write_down(did, by, now, messages=n, **more)
    return n


def decided(now: datetime) -> list[MailAside]:
    """What the mailbox still has to follow: what is to be filed, and what was closed long enough ago."""
    to_file = MailAside.objects.filter(decision=FILE)
    over = MailAside.objects.filter(decision=CLOSE, decided_at__lt=now - CLOSED_KEPT)
    return list((to_file | over).order_by("at")[:200])


def forget(now: datetime) -> None:
    """Rows of messages that are long gone."""
    MailTaken.objects.filter(answered_at__lt=now - REMEMBERED).delete()
