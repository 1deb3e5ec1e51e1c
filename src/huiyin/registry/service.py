"""How a document reached its author: on the petition's page, by word to their mailbox, by service.

A notice stands on the page from the move that made it, with nothing more for an officer to do: whoever holds
the key can read it, and nobody knows whether they did. A document that the law has served is there once it
was posted or served. Each is read from the record; nothing of it is kept twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huiyin.core.vocabulary import VERBS
from huiyin.registry import story
from huiyin.registry.models import Entry, Outbox, Petition

SENT, BY_MAIL = VERBS["dispatch"], "e-mail"


@dataclass(frozen=True, slots=True)
class Service:
    """How one document reached its author; moments with their zone."""

    on_page: datetime | None  # None: it is a draft to its author until it is posted or served
    mailed: datetime | None  # when word of it went to the author's mailbox
    wanted: str  # how the author wants to be served: one of models.SERVICE


def of(petition: Petition, entry: Entry) -> Service:
    """What the record says of the document that an entry left."""
    telling = entry
    rule = story.document_of(entry)
    later = petition.entries.filter(seq__gt=entry.seq)
    if rule is not None and rule.served:
        served = later.filter(event__in=story.SERVED).first()
        if served is None:
            return Service(None, None, petition.service)
        telling = served
    return Service(telling.claimed_at or telling.recorded_at, _mailed(petition, telling), petition.service)


def _mailed(petition: Petition, telling: Entry) -> datetime | None:
    """When the courier sent word of it; its own entry says whether a mailbox was reached."""
    sent = Outbox.objects.filter(entry=telling, audience="author").values_list("sent_at", flat=True).first()
    if sent is None:
        return None
    reached = petition.entries.filter(event=SENT, recorded_at=sent, contents__channel=BY_MAIL)
    return sent if reached.exists() else None
