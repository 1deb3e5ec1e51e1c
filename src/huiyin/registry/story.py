"""What can be told of a petition: its state, its steps, its timeline, in words. The same for every door.

Reads only. Who may hear which part is for access to say; nothing here holds a name under seal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from huiyin.core import rulebook
from huiyin.core.rulebook import Rulebook, StateRule
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS
from huiyin.registry import carrying_out, law, sealing
from huiyin.registry.access import RATED, READ_LOG
from huiyin.registry.clocks import ToldClock, clocks_of
from huiyin.registry.disclosure import DEMAND_CLOCKS, for_reader, is_told, kept_from_author
from huiyin.registry.facts import NOBODY, ROLES, Fact, bodies_named, document_of, facts_of, row_of
from huiyin.registry.masking import AS_IT_IS, Reader
from huiyin.registry.models import Attachment, Body, Entry, Petition
from huiyin.registry.openings import Opening, openings_of

# What author and body say to one another: one thread, whoever began it.
WRITTEN = frozenset(
    VERBS[verb] for verb in ("write-author", "write-back", "ask-author", "answer-question", "add-information")
)
LATE_EVENTS = {"clock-missed", "evasion-found", "unanswered-found"}
TASK, LETTER = "task", "letter"


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the timeline."""

    seq: int
    at: datetime
    event: str
    title: Text
    by: Text  # the role that acted
    body: Text  # the body that acted, or held it while its author did
    article: str
    rulebook: str
    facts: tuple[Fact, ...] = ()
    document: Text | None = None  # the name of the document that this step left
    served: bool = False  # whether that document waits for its service before its author reads it
    clocks: frozenset[int] = frozenset()  # seq of each clock that this step touched
    attachments: tuple[Attachment, ...] = ()
    late: bool = False
    claimed: bool = False  # happened by an imported source's word
    told_by: str = ""  # the older system whose word it is, of a case that was taken over open
    recorded_at: datetime | None = None
    state: str = ""  # in which the step left the petition

    @property
    def is_authors(self) -> bool:
        return self.by == ROLES["author"]


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way, for the strip at the top of a page."""

    name: Text
    state: str  # done | current | todo | skipped
    at: date | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Everything told of one petition, read with a constant number of queries."""

    petition: Petition
    state: StateRule
    clocks: tuple[ToldClock, ...]
    timeline: tuple[Told, ...]
    steps: tuple[Step, ...]
    openings: tuple[Opening, ...]
    bodies: Mapping[str, Body] = field(default_factory=dict)

    @property
    def messages(self) -> tuple[Told, ...]:
        """What author and body wrote to one another, the oldest first, as far as its reader may read it."""
        return tuple(told for told in self.timeline if told.event in WRITTEN and told.facts)


def story_of(
    petition: Petition,
    *,
    served_only: bool = False,
    apart: bool = False,
    reader: Reader = AS_IT_IS,
    desk: bool = False,
    today: date | None = None,
) -> Story:
    """Read a petition's story. `served_only`: as its author may see it, opinions once they are served.
    `reader`: how it reads to an officer.

    `desk`: for officers, who do not read the log of openings. `today`: the legal day on which it is read.
    `apart`: with what is kept apart too. That is for the author's own page alone: whatever is handed on, from
    a case file to a letter, goes without it, and so does everything an officer reads.
    """
    kept = sealing.tell_steps(petition, entries_of(petition))
    entries = [for_reader(entry, reader) for entry in kept]
    # Who looked, or wanted to, is for the author and the auditor: no colleague and no superior reads it. Nor
    # that this author rated the handling.
    withheld = {e.seq for e in entries if e.event in READ_LOG | {RATED}} if desk else set()
    if served_only:
        withheld |= kept_from_author(entries, today or law.at(timezone.now(), petition.jurisdiction)[1])
    whole, entries = entries, [entry for entry in entries if entry.seq not in withheld]
    files = list(petition.attachments.all())
    bodies = bodies_named(entries)
    timeline = tuple(
        _told(
            petition, e, bodies, files, hidden=served_only and not is_told(petition, e, entries), apart=apart
        )
        for e in entries
    )
    timeline = _with_letters(_with_tasks(petition, timeline, reader))
    clocks = clocks_of(petition)
    if served_only:  # they would tell of a demand before its author is told of it
        clocks = tuple(told for told in clocks if told.clock.name not in DEMAND_CLOCKS)
    return Story(
        petition=petition,
        state=state_of(petition, whole[-1].rulebook if whole else ""),
        clocks=clocks,
        timeline=timeline,
        steps=steps_of(petition, entries),
        openings=tuple(openings_of(petition, entries, bodies)),
        bodies=bodies,
    )


def entries_of(petition: Petition) -> QuerySet[Entry]:
    """The steps with who made each; asked once, where a page has them read before it begins (`prefetch`)."""
    is_read = "entries" in getattr(petition, "_prefetched_objects_cache", {})
    return petition.entries.all() if is_read else petition.entries.select_related("officer")


def _with_tasks(petition: Petition, timeline: tuple[Told, ...], reader: Reader) -> tuple[Told, ...]:
    """The steps with the words of the tasks that they name by number; asked for only where one does."""
    if not any(fact.name == TASK for told in timeline for fact in told.facts):
        return timeline
    words = carrying_out.words_by_number(petition, reader)

    def worded(fact: Fact) -> Fact:
        return replace(fact, value=words.get(str(fact.value), fact.value)) if fact.name == TASK else fact

    return tuple(replace(told, facts=tuple(map(worded, told.facts))) for told in timeline)


def _with_letters(timeline: tuple[Told, ...]) -> tuple[Told, ...]:
    """The steps with the titles of the letters that they name by number."""
    titles = {told.seq: told.document for told in timeline if told.document is not None}

    def titled(fact: Fact) -> Fact:
        named = fact.name == LETTER and str(fact.value).isdecimal()
        return replace(fact, value=titles.get(int(str(fact.value)), fact.value)) if named else fact

    return tuple(replace(told, facts=tuple(map(titled, told.facts))) for told in timeline)


def state_of(petition: Petition, book: str = "") -> StateRule:
    """The state in the words of the law; a state that the given version lacks is looked up in the others."""
    for candidate in _books(petition, book):
        if petition.state in candidate.states:
            return candidate.states[petition.state]
    name = Text(petition.state, petition.state)
    return StateRule(petition.state, name, NOBODY, petition.is_open)


def _books(petition: Petition, first: str) -> list[Rulebook]:
    same = [b for b in rulebook.all_rulebooks() if b.jurisdiction == petition.jurisdiction]
    return sorted(same, key=lambda b: (b.id != first, -b.in_force_from.toordinal()))


def _when(petition: Petition, entry: Entry) -> datetime:
    """When a step happened. A part was lodged with the petition that it was split off from, not later."""
    if entry.seq == 1 and not petition.key_ref:
        return petition.lodged_at
    return entry.claimed_at or entry.recorded_at


def _told(
    petition: Petition,
    entry: Entry,
    bodies: Mapping[str, Body],
    files: list[Attachment],
    *,
    hidden: bool,
    apart: bool,
) -> Told:
    row, document = row_of(entry), document_of(entry)
    body = petition.handled_by if row and row.at == "handled" and petition.handled_by else entry.body
    return Told(
        seq=entry.seq,
        at=_when(petition, entry),
        event=entry.event,
        title=row.past if row else Text(entry.event, entry.event),
        by=ROLES.get(entry.role, NOBODY),
        body=bodies[body].name if body in bodies else Text(body, body),
        article=entry.article,
        rulebook=entry.rulebook,
        facts=() if hidden or row is None else facts_of(row, entry, bodies, apart=apart),
        document=document.title if document and not hidden else None,
        served=bool(document and document.served),
        clocks=frozenset(seq for seq, *_ in entry.clocks),
        attachments=tuple(f for f in files if f.entry_seq == entry.seq),
        late=entry.event in LATE_EVENTS,
        claimed=entry.claimed_at is not None,
        told_by=petition.source if petition.brought_in_at and entry.claimed_at else "",
        recorded_at=entry.recorded_at,
        state=entry.state,
    )


def steps_of(petition: Petition, entries: list[Entry]) -> tuple[Step, ...]:
    """Where on the way of its class the petition is. Review and re-review are offered, not owed."""
    way: list[rulebook.Step] = []
    reached: list[date | None] = []
    passed = {mark for e in entries for mark in (e.event, f"={e.state}")}
    for step in _books(petition, entries[-1].rulebook if entries else "")[0].way:
        if step.unless & passed or (step.only and not step.only & passed):
            continue
        hit = next((e for e in entries if step.reached & {e.event, f"={e.state}"}), None)
        # A class can be found out on the way: what was reached before stays.
        if hit or not step.kinds or petition.kind in step.kinds:
            way.append(step)
            reached.append(_legal_day(petition, hit) if hit else None)
    last = max((i for i, at in enumerate(reached) if at), default=0)
    steps = []
    for i, (step, at) in enumerate(zip(way, reached, strict=True)):
        state = "done" if at else ("skipped" if i < last or not petition.is_open else "todo")
        if i == last and petition.is_open:
            state = "current"
        steps.append(Step(step.text, state, at))
    return tuple(steps)


def _legal_day(petition: Petition, entry: Entry) -> date:
    return rulebook.legal_day(_when(petition, entry), rulebook.by_id(entry.rulebook))
