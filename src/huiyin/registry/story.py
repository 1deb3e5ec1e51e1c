"""What can be told of a petition: its clocks, its steps, its timeline, in words. The same for every door.

Reads only. Who may hear which part is for access to say; nothing here holds a name under seal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from huiyin.core import case, explain, rulebook
from huiyin.core.clock import Reckoning
from huiyin.core.documents import DocumentRule
from huiyin.core.rulebook import ClockRule, Content, Row, Rulebook, StateRule
from huiyin.core.text import Text
from huiyin.core.vocabulary import CARRY_OUT, VERBS
from huiyin.registry import carrying_out, law, record, sealing
from huiyin.registry.access import DEMAND_STEPS, OPENING_EVENTS, READ_LOG
from huiyin.registry.masking import AS_IT_IS, Reader
from huiyin.registry.models import Attachment, Body, Entry, Officer, Petition

YES, NO = Text("是", "yes"), Text("否", "no")
NOBODY = Text("", "")
ENDING = Text("接下来怎么办", "How it goes on from there")
ROLES: dict[str, Text] = {
    "author": Text("信访人", "the petitioner"),
    "registrar": Text("登记人员", "registrar"),
    "handler": Text("经办人员", "handling officer"),
    "head": Text("单位负责人", "head of the body"),
    "reviewer": Text("复查复核人员", "reviewer"),
    "leader": Text("领导", "leader"),
    "supervisor": Text("督办人员", "supervisor"),
    "custodian": Text("保管员", "custodian"),
    "auditor": Text("审计员", "auditor"),
    "recorder": Text("来函记录人员", "recorder of its letter"),
    "clerk": Text("系统", "Huiyin"),
    "courier": Text("系统", "Huiyin"),
    "importer": Text("数据导入", "import"),
}
# What hands a document over: from then on its author reads it.
SERVED = {"served", "posted"}
# What was written on the way to it goes with it: drafts, and the words of who signed or sent them back.
ON_THE_WAY = frozenset({"opinion-submitted", "opinion-countersigned", "opinion-sent-back"})
REMARKED = "remarked"
DEMANDED = frozenset({"identity-demanded", "identity-demanded-kept"})
ASKED_TO_OPEN = VERBS["ask-opening"]
DEMAND_CLOCKS = frozenset({"demand", "demand-granted", "demand-told", "demand-kept"})
# What author and body say to one another: one thread, whoever began it.
WRITTEN = frozenset(
    VERBS[verb] for verb in ("write-author", "write-back", "ask-author", "answer-question", "add-information")
)
LATE_EVENTS = {"clock-missed", "evasion-found", "unanswered-found"}
TASK, SEATS, LETTER = "task", "seats", "letter"
SUPERVISION = "supervision-answer"  # the clock that the body answers which a letter went to, whoever holds it


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a move said, labelled."""

    label: Text
    value: Text | str
    name: str
    parts: tuple[Fact, ...] = ()  # of one row of several columns; `value` tells them a line each


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the timeline."""

    seq: int
    at: datetime
    event: str
    title: Text
    by: Text  # the role that acted
    body: Text  # the body that held it
    article: str
    rulebook: str
    facts: tuple[Fact, ...] = ()
    document: Text | None = None  # the name of the document that this step left
    served: bool = False  # whether that document waits for its service before its author reads it
    clocks: frozenset[int] = frozenset()  # seq of each clock that this step touched
    attachments: tuple[Attachment, ...] = ()
    late: bool = False
    claimed: bool = False  # happened by an imported source's word
    recorded_at: datetime | None = None

    @property
    def is_authors(self) -> bool:
        return self.by == ROLES["author"]


@dataclass(frozen=True, slots=True)
class ToldClock:
    """A clock with its words."""

    clock: case.Clock
    rule: ClockRule
    article_text: Text
    would_have_ended: Reckoning | None = None
    owed_by: Text | None = None  # the body that must act, where it is not the one that holds the petition
    doubts: tuple[Text, ...] = ()  # what must be said beside the date: a source read in part, a local law

    @property
    def is_owed(self) -> bool:
        """Whether somebody must still act on it: it runs, or it was missed and nothing has come since."""
        clock = self.clock
        return not clock.carried_by and (clock.is_live or (clock.state == "missed" and clock.ended is None))

    @property
    def json(self) -> dict[str, Any]:
        return explain.as_json(self.clock)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way, for the strip at the top of a page."""

    name: Text
    state: str  # done | current | todo | skipped
    at: date | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody looked at the sealed identity, or wanted to: what the author is shown (charter 5)."""

    at: datetime
    role: Text
    body: Text
    purpose: Text
    words: str
    title: Text = NOBODY


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
    kept = sealing.tell_steps(petition, petition.entries.select_related("officer").all())
    entries = [for_reader(entry, reader) for entry in kept]
    # Who looked, or wanted to, is for the author and the auditor: no colleague and no superior reads it.
    withheld = {e.seq for e in entries if e.event in READ_LOG} if desk else set()
    if served_only:
        withheld |= kept_from_author(entries, today or law.at(timezone.now(), petition.jurisdiction)[1])
    whole, entries = entries, [entry for entry in entries if entry.seq not in withheld]
    files = list(petition.attachments.all())
    bodies = _bodies_named(entries)
    timeline = tuple(
        _told(
            petition, e, bodies, files, hidden=served_only and not _is_told(petition, e, entries), apart=apart
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
        openings=tuple(_openings(petition, entries, bodies)),
        bodies=bodies,
    )


def for_reader(entry: Entry, reader: Reader) -> Entry:
    """The entry with what it says as this reader may see it; changed here alone, and written nowhere."""
    entry.contents = reader.contents(row_of(entry), entry.contents, entry.role)
    return entry


def _bodies_named(entries: list[Entry]) -> dict[str, Body]:
    """Every body that held it, or that some step names."""
    codes = {entry.body for entry in entries} | {c for e in entries for c in codes_in(e.contents)}
    return {body.code: body for body in Body.objects.filter(code__in=codes)}


def codes_in(said: Mapping[str, Any]) -> Iterator[str]:
    """Whatever could be the code of a body in what a move says; what is none is simply not found."""
    for name, value in said.items():
        if name == "body":
            yield str(value)
        elif name in {"part_against", "reported"} and isinstance(value, list):
            yield from map(str, value)
        elif isinstance(value, list):
            yield from (code for line in value if isinstance(line, dict) for code in codes_in(line))


def _with_tasks(petition: Petition, timeline: tuple[Told, ...], reader: Reader) -> tuple[Told, ...]:
    """The steps with the words of the tasks that they name by number; asked for only where one does."""
    if not any(fact.name == TASK for told in timeline for fact in told.facts):
        return timeline
    words = {str(task.seq): carrying_out.words_for(reader, task) for task in petition.tasks.all()}

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


def _openings(petition: Petition, entries: list[Entry], bodies: Mapping[str, Body]) -> Iterator[Opening]:
    """Every look at the author's seal. A mixed petition and its parts have one seal, and so one list."""
    found = [e for e in entries if e.event in READ_LOG]
    if petition.part_of_id is None and petition.state != "split":
        yield from (_opening(e, bodies) for e in found)
        return
    same = Q(petition=petition.sealed_under) | Q(petition__part_of=petition.sealed_under)
    others = Entry.objects.filter(same, event__in=OPENING_EVENTS).exclude(petition=petition)
    found = sorted([*found, *others], key=lambda e: (e.claimed_at or e.recorded_at, e.pk))
    known = {**bodies, **_bodies_named(found)}
    yield from (_opening(e, known) for e in found)


def asked_by(petition: Petition, officer: Officer) -> list[Opening]:
    """What this officer asked to open, and what became of that: nobody else's requests."""
    entries, mine, asker = [], [], None
    for entry in sealing.tell_steps(petition, petition.entries.filter(event__in=OPENING_EVENTS)):
        asker = entry.officer_id if entry.event == ASKED_TO_OPEN else asker
        entries.append((entry, asker))
    mine = [entry for entry, asker in entries if asker == officer.pk]
    known = _bodies_named(mine) if mine else {}
    return [_opening(entry, known) for entry in mine]


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


# ---- clocks


def clocks_of(petition: Petition) -> tuple[ToldClock, ...]:
    """Every clock of a petition in order, with its rule and, for a missed notice, what would have been."""
    clocks = [record.clock_of(row) for row in petition.clocks.all()]
    owing = _promised(petition) if any(clock.name == CARRY_OUT for clock in clocks) else {}
    answers = _supervised(petition)
    owing |= {clock.seq: answers for clock in clocks if answers and clock.name == SUPERVISION}
    return tuple(_told_clock(clock, owing.get(clock.seq)) for clock in clocks)


def _promised(petition: Petition) -> dict[int, Text]:
    """The body that carries out what was promised, by the seq of the clock that runs for it."""
    codes = dict(petition.tasks.filter(clock__gt=0).values_list("clock", "body"))
    bodies = {body.code: body.name for body in Body.objects.filter(code__in=set(codes.values()))}
    return {seq: bodies[code] for seq, code in codes.items() if code in bodies}


def _supervised(petition: Petition) -> Text | None:
    """The body that an open letter of supervision went to."""
    code = str(petition.marks.get("supervised", "")).rpartition("/")[2]
    body = Body.objects.filter(code=code).first() if code else None
    return body.name if body else None


def _told_clock(clock: case.Clock, owed_by: Text | None) -> ToldClock:
    book = rulebook.by_id(clock.rulebook)
    calendar = law.calendar_for(book.calendar)
    return ToldClock(
        clock=clock,
        rule=book.clocks[clock.name],
        article_text=book.articles.get(clock.article, NOBODY),
        would_have_ended=explain.would_have_ended(book, clock, calendar),
        owed_by=owed_by,
        doubts=book.doubts(book.clocks[clock.name]),
    )


# ---- timeline


def _is_told(petition: Petition, entry: Entry, entries: list[Entry]) -> bool:
    """Whether the author may read what the step says: a note on a report once that has ended."""
    if entry.event == REMARKED and petition.kind == "report" and petition.is_open:
        return False
    return _is_served(entry, entries)


def _is_served(entry: Entry, entries: list[Entry]) -> bool:
    """A document that the law has served is a draft to its author until then (art. 35)."""
    rule = document_of(entry)
    if entry.event not in ON_THE_WAY and (rule is None or not rule.served):
        return True
    return any(later.event in SERVED and later.seq > entry.seq for later in entries)


def document_of(entry: Entry) -> DocumentRule | None:
    """The document that an entry left, as its law describes it."""
    row = row_of(entry)
    return rulebook.by_id(entry.rulebook).document_of(row) if row else None


def _when(petition: Petition, entry: Entry) -> datetime:
    """When a step happened. A part was lodged with the petition that it was split off from, not later."""
    return petition.lodged_at if entry.seq == 1 else entry.claimed_at or entry.recorded_at


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
    return Told(
        seq=entry.seq,
        at=_when(petition, entry),
        event=entry.event,
        title=row.past if row else Text(entry.event, entry.event),
        by=ROLES.get(entry.role, NOBODY),
        body=bodies[entry.body].name if entry.body in bodies else Text(entry.body, entry.body),
        article=entry.article,
        rulebook=entry.rulebook,
        facts=() if hidden or row is None else facts_of(row, entry, bodies, apart=apart),
        document=document.title if document and not hidden else None,
        served=bool(document and document.served),
        clocks=frozenset(seq for seq, _name, _state in entry.clocks),
        attachments=tuple(f for f in files if f.entry_seq == entry.seq),
        late=entry.event in LATE_EVENTS,
        claimed=entry.claimed_at is not None,
        recorded_at=entry.recorded_at,
    )


def row_of(entry: Entry) -> Row | None:
    """The row that an entry was made under: same event, same article, and able to lead to its state."""
    rows = [
        row
        for row in rulebook.by_id(entry.rulebook).rows
        if VERBS[row.verb] == entry.event and row.to in {"", entry.state}
    ]
    alike = [row for row in rows if row.article == entry.article] or rows
    # Rows that differ by class alone may ask differently: it is the one that asked for what was said.
    said = set(entry.contents) - {"attachments"}
    asking = (row for row in alike if said <= {content.name for content in row.contents})
    return next(asking, alike[0] if alike else None)


def facts_of(row: Row, entry: Entry, bodies: Mapping[str, Body], *, apart: bool = False) -> tuple[Fact, ...]:
    """What a move said, in the order of its row, with labels and with codes turned into words.

    The one place that leaves out what is kept apart (art. 33), unless `apart` asks for it.
    """
    row = row if apart else replace(row, contents=tuple(c for c in row.contents if not c.apart))
    said, book = entry.contents, entry.rulebook
    told = [
        fact
        for content in row.contents
        if content.name in said and content.type != "rows"
        for fact in _facts(content, said[content.name], book, bodies)
    ]
    return (*told, *_rows_facts(row, said, book, bodies))


def _facts(content: Content, value: Any, book: str, bodies: Mapping[str, Body]) -> Iterator[Fact]:
    """What was said, and what follows for the author from the choice that was made."""
    yield Fact(content.text, value_of(content, value, book, bodies), content.name)
    if ending := ending_of(content, value):
        yield Fact(ENDING, ending, f"{content.name}_ending")


def ending_of(content: Content, value: Any) -> Text | None:
    """How it goes on for the author after this choice, where the law's words say so."""
    return next((choice.ending for choice in content.choices if choice.code == value), None)


def told_of(entry: Entry) -> tuple[Fact, ...]:
    """What one entry says, to those who may read it all."""
    row = row_of(entry)
    return facts_of(row, entry, {}) if row else ()


def _rows_facts(row: Row, said: Mapping[str, Any], book: str, bodies: Mapping[str, Body]) -> list[Fact]:
    """One fact for each row, counted where there are several."""
    made = []
    for content in row.contents:
        lines = said.get(content.name, []) if content.type == "rows" else []
        for number, line in enumerate(lines, start=1):
            label = Text(f"{content.text.zh}{number}", f"{content.text.en} {number}")
            told = _row_fact(content, label if len(lines) > 1 else content.text, line, book, bodies)
            made.append(told)
    return made


def _row_fact(
    content: Content, label: Text, line: Mapping[str, Any], book: str, bodies: Mapping[str, Body]
) -> Fact:
    parts = tuple(
        Fact(column.text, value_of(column, line[column.name], book, bodies), column.name)
        for column in content.columns
        if _is_said(column, line.get(column.name))
    )
    if len(content.columns) == 1:
        return Fact(label, parts[0].value if parts else "", content.name)
    if content.name == SEATS:
        return Fact(label, _seat(parts), content.name, parts)
    zh = "\n\n".join(f"{p.label.zh}：{p.value.zh if isinstance(p.value, Text) else p.value}" for p in parts)
    en = "\n\n".join(f"{p.label.en}: {p.value.en if isinstance(p.value, Text) else p.value}" for p in parts)
    return Fact(label, Text(zh, en), content.name, parts)


def _seat(parts: tuple[Fact, ...]) -> Text:
    """One line: the seat, who takes it by function, and of those who must have stood apart that they did."""
    said = {part.name: part for part in parts}
    seat, held = said["seat"].value, said["function_held"].value
    seat = seat if isinstance(seat, Text) else Text(seat, seat)
    apart = said["stood_apart"].label if "stood_apart" in said else None
    zh = f"{seat.zh}：{held}" + (f"（{apart.zh}）" if apart else "")
    en = f"{seat.en}: {held}" + (f" ({apart.en.lower()})" if apart else "")
    return Text(zh, en)


def _is_said(column: Content, value: Any) -> bool:
    """Whether anything was said in this column: a flag that need not be set says nothing when it is not."""
    return value not in (None, "", []) and (value is not False or column.required)


def _bodies(value: Any, known: Mapping[str, Body] | None) -> Mapping[str, Body]:
    """The bodies that a value names: those already read, or else asked for."""
    if known is not None:
        return known
    codes = value if isinstance(value, list) else [value]
    return {body.code: body for body in Body.objects.filter(code__in=codes)}


def value_of(content: Content, value: Any, book: str, bodies: Mapping[str, Body] | None = None) -> Text | str:
    """What a move said of one content, with codes turned into words."""
    if value == sealing.CLOSED:
        return sealing.UNDER_SEAL
    if content.type == "choice":
        return next((c.text for c in content.choices if c.code == value), str(value))
    if content.type == "body":
        known = _bodies(value, bodies)
        return known[value].name if value in known else str(value)
    if content.type == "bodies":
        known = _bodies(value, bodies)
        return _joined([known[code].name if code in known else Text(code, code) for code in value or ()])
    if content.type == "clock":
        rule = rulebook.by_id(book).clocks.get(str(value).partition("/")[0])
        return rule.text if rule else str(value)
    if content.type == "flag":
        return YES if value else NO
    if content.type == "date" and value:
        return Text.of_day(date.fromisoformat(value))
    return "" if value is None else str(value)


def names_of(codes: Iterable[str]) -> Text:
    """The names of these bodies in one line."""
    return _joined([body.name for body in Body.objects.filter(code__in=codes)])


def _joined(names: list[Text]) -> Text:
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _opening(entry: Entry, bodies: Mapping[str, Body]) -> Opening:
    row = row_of(entry)
    told = facts_of(row, entry, bodies) if row else ()
    facts = {f.name: f.value for f in told}
    purpose = facts.pop("purpose", "")
    return Opening(
        at=entry.claimed_at or entry.recorded_at,
        role=ROLES.get(entry.role, NOBODY),
        body=bodies[entry.body].name if entry.body in bodies else NOBODY,
        purpose=purpose if isinstance(purpose, Text) else Text(purpose, purpose),
        words="\n".join(str(value) for value in facts.values()),
        title=row.past if row else NOBODY,
    )


# ---- the strip of steps


def steps_of(petition: Petition, entries: list[Entry]) -> tuple[Step, ...]:
    """Where on the way the petition is. Review and re-review are offered, not owed: left out once closed."""
    way = _books(petition, entries[-1].rulebook if entries else "")[0].way
    reached: list[date | None] = []
    for step in way:
        hit = next((e for e in entries if step.reached & {e.event, f"={e.state}"}), None)
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
