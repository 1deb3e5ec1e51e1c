"""Who looked at a sealed identity, or wanted to: what its author is shown (charter 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from huiyin.core.text import Text, labelled
from huiyin.core.vocabulary import VERBS
from huiyin.registry import sealing
from huiyin.registry.access import OPENING_EVENTS, READ_LOG
from huiyin.registry.facts import NOBODY, ROLES, Fact, bodies_named, facts_of, row_of
from huiyin.registry.models import Body, Entry, Officer, Petition

ASKED_TO_OPEN = VERBS["ask-opening"]
FREE = frozenset({"words", "reasons"})  # which speak for themselves
LINES = Text("\n", "\n")


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody looked at the sealed identity, or wanted to: what the author is shown (charter 5)."""

    at: datetime
    role: Text
    body: Text
    purpose: Text
    words: Text
    title: Text = NOBODY


def openings_of(petition: Petition, entries: list[Entry], bodies: Mapping[str, Body]) -> Iterator[Opening]:
    """Every look at the author's seal. A mixed petition and its parts have one seal, and so one list."""
    found = [e for e in entries if e.event in READ_LOG]
    if petition.part_of_id is None and petition.state != "split":
        yield from (_opening(e, bodies) for e in found)
        return
    same = Q(petition=petition.sealed_under) | Q(petition__part_of=petition.sealed_under)
    others = sealing.tell_steps(
        petition, Entry.objects.filter(same, event__in=OPENING_EVENTS).exclude(petition=petition)
    )
    found = sorted([*found, *others], key=lambda e: (e.claimed_at or e.recorded_at, e.pk))
    known = {**bodies, **bodies_named(found)}
    yield from (_opening(e, known) for e in found)


def asked_by(petition: Petition, officer: Officer) -> list[Opening]:
    """What this officer asked to open, and what became of that: nobody else's requests."""
    entries, mine, asker = [], [], None
    for entry in sealing.tell_steps(petition, petition.entries.filter(event__in=OPENING_EVENTS)):
        asker = entry.officer_id if entry.event == ASKED_TO_OPEN else asker
        entries.append((entry, asker))
    mine = [entry for entry, asker in entries if asker == officer.pk]
    known = bodies_named(mine) if mine else {}
    return [_opening(entry, known) for entry in mine]


def _opening(entry: Entry, bodies: Mapping[str, Body]) -> Opening:
    row = row_of(entry)
    told = facts_of(row, entry, bodies) if row else ()
    facts = {f.name: f.value for f in told}
    purpose = facts.get("purpose", "")
    return Opening(
        at=entry.claimed_at or entry.recorded_at,
        role=ROLES.get(entry.role, NOBODY),
        body=bodies[entry.body].name if entry.body in bodies else NOBODY,
        purpose=purpose if isinstance(purpose, Text) else Text(purpose, purpose),
        words=in_words([fact for fact in told if fact.name != "purpose"]),
        title=row.past if row else NOBODY,
    )


def in_words(told: Sequence[Fact]) -> Text:
    """What was said, a line each; several things each with its label."""
    if len(told) == 1 and told[0].name in FREE:
        return LINES.join([told[0].value])
    return LINES.join(labelled(fact.label, fact.value) for fact in told)
