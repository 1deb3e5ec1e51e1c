"""How a document reached its author: on the petition's page, by word to their mailbox, by service.

A notice stands on the page from the move that made it, with nothing more for an officer to do: whoever holds
the key can read it, and nobody knows whether they did. A document that the law has served is there once it
was posted or served. Each is read from the record; nothing of it is kept twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huiyin.core.vocabulary import VERBS
from huiyin.registry import sealing, story
from huiyin.registry.disclosure import SERVED
from huiyin.registry.facts import Fact, document_of, told_of
from huiyin.registry.models import Entry, Outbox, Petition

SENT, BY_MAIL, DELIVERED = VERBS["dispatch"], "e-mail", VERBS["deliver-notice"]


@dataclass(frozen=True, slots=True)
class Service:
    """How one document reached its author; moments with their zone."""

    on_page: datetime | None  # None: it is a draft to its author until it is posted or served
    mailed: datetime | None  # when word of it went to the author's mailbox
    wanted: str  # how the author wants to be served: one of models.SERVICE
    delivered: tuple[tuple[Fact, ...], ...] = ()  # each handing over or posting that was put on record


def of(petition: Petition, entry: Entry) -> Service:
    """What the record says of the document that an entry left."""
    telling = entry
    rule = document_of(entry)
    later = petition.entries.filter(seq__gt=entry.seq)
    if rule is not None and rule.served:
        served = later.filter(event__in=SERVED).first()
        if served is None:
            return Service(None, None, petition.service)
        telling = served
    at, mailed = telling.claimed_at or telling.recorded_at, _mailed(petition, telling)
    return Service(at, mailed, petition.service, _delivered(petition, entry.seq))


def letters_of(ref: str) -> dict[int, Entry]:
    """The notices to its author that a petition has, by the entry that left each: told, not served by law."""
    found = Entry.objects.filter(petition__ref=ref).exclude(event__in=(SENT, DELIVERED)).order_by("seq")
    rules = ((entry, document_of(entry)) for entry in found)
    return {e.seq: e for e, rule in rules if rule is not None and rule.to == "author" and not rule.served}


def _delivered(petition: Petition, seq: int) -> tuple[tuple[Fact, ...], ...]:
    found = petition.entries.filter(event=DELIVERED, contents__letter=seq).order_by("seq")
    told = sealing.tell_steps(petition, found)
    return tuple(tuple(f for f in told_of(e) if f.name != story.LETTER) for e in told)


def _mailed(petition: Petition, telling: Entry) -> datetime | None:
    """When the courier sent word of it; its own entry says whether a mailbox was reached."""
    told = Outbox.objects.filter(entry=telling, audience="author", sent_at__isnull=False)
    sent = told.values_list("sent_at", flat=True).first()
    if sent is None:
        return None
    reached = petition.entries.filter(event=SENT, recorded_at=sent, contents__channel=BY_MAIL)
    return sent if reached.exists() else None
