"""What a reader may see of the steps of a petition: an officer, masked; the author, documents once served."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from huiyin.core import rulebook
from huiyin.registry.access import DEMAND_STEPS
from huiyin.registry.facts import document_of, row_of
from huiyin.registry.masking import Reader
from huiyin.registry.models import Entry, Petition

# What hands a document over: from then on its author reads it.
SERVED = {"served", "posted"}
# What was written on the way to it goes with it: drafts, and the words of who signed or sent them back.
ON_THE_WAY = frozenset({"opinion-submitted", "opinion-countersigned", "opinion-sent-back"})
REMARKED = "remarked"
DEMANDED = frozenset({"identity-demanded", "identity-demanded-kept"})
DEMAND_CLOCKS = frozenset({"demand", "demand-granted", "demand-told", "demand-kept"})


def for_reader(entry: Entry, reader: Reader) -> Entry:
    """The entry with what it says as this reader may see it; changed here alone, and written nowhere."""
    entry.contents = reader.contents(row_of(entry), entry.contents, entry.role)
    return entry


def kept_from_author(entries: Iterable[Entry], today: date) -> set[int]:
    """The steps of a demand that its author is not told of yet: they are in seven days, or as an order ends.

    The last one of a demand, which says that it was told, is never among them.
    """
    kept: set[int] = set()
    until = None
    for entry in entries:
        if entry.event in DEMANDED:
            until = told_on(entry)
        if until is not None and entry.event in DEMAND_STEPS and today < until:
            kept.add(entry.seq)
    return kept


def told_on(entry: Entry) -> date:
    """The legal day from which the author sees a demand."""
    if said := entry.contents.get("kept_until"):
        return date.fromisoformat(said)
    book = rulebook.by_id(entry.rulebook)
    day = rulebook.legal_day(entry.claimed_at or entry.recorded_at, book)
    return day + timedelta(days=book.clocks["demand-told"].days)


def is_told(petition: Petition, entry: Entry, entries: list[Entry]) -> bool:
    """Whether the author may read what the step says: a note on a report once that has ended."""
    if entry.event == REMARKED and petition.kind == "report" and petition.is_open:
        return False
    return is_served(entry, entries)


def is_served(entry: Entry, entries: list[Entry]) -> bool:
    """A document that the law has served is a draft to its author until then (art. 35)."""
    rule = document_of(entry)
    if entry.event not in ON_THE_WAY and (rule is None or not rule.served):
        return True
    return any(later.event in SERVED and later.seq > entry.seq for later in entries)
