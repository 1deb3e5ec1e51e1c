"""What each petition adds to the figures on a day, and until when: the same as the live board asks.

A figure is a word and, of what is asked for by day, a day:

    stands/late  nobody  age/2/late  hands/3  due@day                     of what is open or owes something
    why/CLOCK/KIND/STATE  mark/TRIGGER                                    reasons to act
    missed/KIND/BODY@first of the month                                   terms that passed unmet, on record
    taken@day  no-longer@day                                              the last time that it was
    year/…@first of the year                                              the measures (`year_shares.py`)
    week/LAW/CLOCK/BODY@day  week-nobody/…  week-handed/…  answered@day   no reports against persons

Everything is read in a fixed number of questions, however many petitions there are.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from huiyin.core import rulebook, standings, tasks
from huiyin.core.rulebook import Rulebook, Trigger
from huiyin.core.standings import Today
from huiyin.core.vocabulary import VERBS
from huiyin.registry import law, takeovers, year_shares
from huiyin.registry.access import SPLIT
from huiyin.registry.board_figures import NO_DAY
from huiyin.registry.models import Accused, Clock, Entry, Holding, Petition, Task

COUNTED = 2  # goes up when a petition adds other figures: then all is counted anew
KEPT = 30  # days for which what happened stays in a figure: more than any board looks back on
MOST_HANDS = 4  # bodies that had it: so many, or more
ACCEPTED, MISSED = VERBS["accept"], VERBS["breach"]
ANSWERED = tuple(VERBS[verb] for verb in ("serve", "answer-suggestion", "issue-duty-answer"))
UNDONE = (tasks.DUE, tasks.DISPUTED, tasks.PARTLY)
REPORT = "report"

Figure = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a petition is kept from, and who has to look at it beside its holder."""

    accused: tuple[str, ...] = ()
    auditor: str = ""
    waiting: bool = False
    owing: tuple[str, ...] = ()
    supervised: str = ""

    @property
    def digest(self) -> str:
        said = [self.accused, self.auditor, self.waiting, self.owing, self.supervised]
        return sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Share:
    """What one petition adds. until: the day on which it adds something else, if nothing happens before."""

    holder: int
    reach: Reach
    figures: Mapping[Figure, int]
    until: date | None

    @property
    def as_kept(self) -> list[list[Any]]:
        """The figures as a row holds them, in one order."""
        return [[name, _written(day), n] for (name, day), n in sorted(self.figures.items())]


def _written(day: date) -> str:
    return "" if day == NO_DAY else day.isoformat()


def figures_of(kept: Iterable[Sequence[Any]]) -> Counter[Figure]:
    """The other way round."""
    return Counter({(name, date.fromisoformat(day) if day else NO_DAY): n for name, day, n in kept})


@dataclass(frozen=True)
class Now:
    """The day for which it is counted, with the law of that day."""

    today: Today
    book: Rulebook

    @classmethod
    def of(cls, day: date) -> Now:
        book = law.in_force(day)
        return cls(Today(day, law.calendar_for(book.calendar)), book)

    @property
    def day(self) -> date:
        return self.today.day

    @property
    def month(self) -> date:
        return self.day.replace(day=1)

    @property
    def next_month(self) -> date:
        return (self.month + timedelta(days=32)).replace(day=1)

    @property
    def since(self) -> date:
        """The first day of which anything is kept."""
        return self.day - timedelta(days=KEPT)

    @cached_property
    def on_record(self) -> tuple[Trigger, ...]:
        return tuple(trigger for trigger in self.book.triggers if not trigger.clocks)

    @cached_property
    def law(self) -> str:
        """What figures depend on, beside the day: another law or calendar, or other figures, count anew."""
        calendar = self.today.calendar
        days = [sorted(map(str, calendar.off)), sorted(map(str, calendar.work))]
        return f"{self.book.id} {sha256(json.dumps(days).encode()).hexdigest()[:16]} {COUNTED}"


def concerned(now: Now) -> Q:
    """The petitions that may add anything: claims and suggestions; and reports that are open, owing, to be
    supervised, or moved of late."""
    owing = ~Q(kind=REPORT) | Q(is_open=True) | Q(next_due__isnull=False)
    # An imported step is put on record long after it happened.
    missed = Entry.objects.filter(event=MISSED, recorded_at__gte=law.start_of(now.month))
    recent = Q(moved_at__gte=law.start_of(now.since)) | Q(pk__in=missed.values("petition"))
    return owing | Q(to_supervise=True) | recent


@dataclass
class _Read:
    """What was read of some petitions, by their numbers."""

    clocks: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    hands: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    had: dict[int, dict[str, bool]] = field(default_factory=lambda: defaultdict(dict))
    told: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    accused: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    tasks: dict[int, list[tuple[str, str, date | None]]] = field(default_factory=lambda: defaultdict(list))
    entries: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


PETITION = (
    *("pk", "kind", "state", "is_open", "holder", "holder__code", "officer", "officer__is_active", "marks"),
    *("remedy", "next_due", "lodged_at", "to_supervise", "for_auditor_at"),
    "handled_by",
)
CLOCK = ("petition", "name", "kind", "body", "start", "due", "state", "ended", "carried_by")
ENTRY = ("petition", "event", "body", "rulebook", "clock", "at", "recorded_at")


def shares(pks: Iterable[int], now: Now) -> dict[int, Share]:
    """What each of these adds; one that adds nothing is left out."""
    rows = list(Petition.objects.filter(pk__in=list(pks), erased_on=None).order_by("pk").values(*PETITION))
    read = _read([row["pk"] for row in rows], now)
    made = {row["pk"]: _share(row, read, now) for row in rows}
    return {pk: share for pk, share in made.items() if share.figures}


def _read(pks: list[int], now: Now) -> _Read:
    read = _Read()
    clocks = Clock.objects.filter(petition__in=pks, on_due="breach", claimed=False).exclude(kind="house")
    for row in clocks.order_by("seq").values(*CLOCK):
        read.clocks[row["petition"]].append(row)
    held = Holding.objects.filter(petition__in=pks).order_by("pk")
    for petition, code, owes_by in held.values_list("petition", "body__code", "owes_by"):
        read.had[petition][code] = owes_by is None
        if owes_by is None:
            read.hands[petition].add(code)
    for petition, code in Accused.objects.filter(petition__in=pks).values_list("petition", "body__code"):
        read.accused[petition].add(code)
    undone = Task.objects.filter(petition__in=pks, state__in=UNDONE).order_by("seq")
    for petition, *task in undone.values_list("petition", "body", "state", "due"):
        read.tasks[petition].append(tuple(task))  # type: ignore[arg-type]
    wanted = Entry.objects.filter(petition__in=pks, event__in=(ACCEPTED, MISSED, *ANSWERED))
    wanted = wanted.exclude(takeovers.TOLD)
    dated = wanted.annotate(at=Coalesce("claimed_at", "recorded_at"), clock=KT("contents__clock"))
    recent = Q(at__gte=law.start_of(now.since)) | Q(event=MISSED, recorded_at__gte=law.start_of(now.month))
    for row in dated.filter(recent).order_by("seq").values(*ENTRY):
        read.entries[row["petition"]].append(row)
    for row in year_shares.entries(pks):
        read.told[row["petition"]].append(row)
    return read


def _share(row: dict[str, Any], read: _Read, now: Now) -> Share:
    pk = row["pk"]
    figures: Counter[Figure] = Counter()
    turns: list[date | None] = []
    for part in (_owing, _reasons, _happened, _measured):
        for name, day, n, until in part(row, read, now):
            if name:
                figures[name, day or NO_DAY] += n
            turns.append(until)
    turns += [clock["due"] + timedelta(days=1) for clock in read.clocks[pk] if clock["state"] == "running"]
    turns += [due + timedelta(days=1) for _, state, due in read.tasks[pk] if state == tasks.DUE and due]
    return Share(row["holder"], _reach(row, read, now), figures, now.today.next_turn(turns))


Added = Iterator[tuple[str, date | None, int, date | None]]  # figure, its day, how many, when it turns


def _owing(row: dict[str, Any], read: _Read, now: Now) -> Added:
    """Of what is open or still owes something."""
    due = row["next_due"]
    if not row["is_open"] and due is None:
        return
    today, lodged = now.today, rulebook.legal_day(row["lodged_at"], now.book)
    by_law = any(clock["kind"] == "law" and _is_late(clock, now.day) for clock in read.clocks[row["pk"]])
    stands, age = today.stands(due, late_by_law=by_law), standings.age_group(lodged, now.day)
    yield f"stands/{stands}", None, 1, None
    yield f"age/{age}/{stands}", None, 1, today.next_turn(standings.birthdays(lodged))
    yield f"hands/{min(len(read.hands[row['pk']]) or 1, MOST_HANDS)}", None, 1, None
    if row["officer"] is None or not row["officer__is_active"]:
        yield "nobody", None, 1, None
    if due is not None:
        yield "due", due, 1, today.next_turn([today.near_from(due), due + timedelta(days=1)])


def _reasons(row: dict[str, Any], read: _Read, now: Now) -> Added:
    """Why somebody has to act: a late term, or what the record itself tells."""
    due = row["next_due"]
    if row["to_supervise"] or (due is not None and due < now.day):
        late = {(c["name"], c["kind"]) for c in read.clocks[row["pk"]] if _is_late(c, now.day)}
        for name, kind in late:
            yield f"why/{name}/{kind}/{row['state']}", None, 1, None
    if row["to_supervise"]:
        for trigger in now.on_record:
            if _is_marked(trigger, row):
                yield f"mark/{trigger.name}", None, 1, None


def _is_late(clock: dict[str, Any], day: date) -> bool:
    """Over, and what it waits for has not come."""
    if clock["carried_by"] or clock["ended"] is not None:
        return False
    return bool(clock["state"] == "missed" or (clock["state"] == "running" and clock["due"] < day))


def _is_marked(trigger: Trigger, row: dict[str, Any]) -> bool:
    if trigger.states and row["state"] not in trigger.states:
        return False
    if trigger.remedies:
        return row["remedy"] in trigger.remedies
    marks = row["marks"]
    return marks.get(trigger.mark, 0) >= trigger.times if trigger.times > 1 else trigger.mark in marks


def _happened(row: dict[str, Any], read: _Read, now: Now) -> Added:
    """What happened of late."""
    ended = [
        clock["ended"]
        for clock in read.clocks[row["pk"]]
        if clock["state"] == "missed" and clock["kind"] == "law" and clock["ended"]
    ]
    taken = []
    for entry in read.entries[row["pk"]]:
        day = rulebook.legal_day(entry["at"], now.book)
        if entry["event"] == ACCEPTED:
            taken.append(day)
        elif entry["event"] == MISSED:
            yield from _passed(entry, day, row, read, now)
        elif row["kind"] != REPORT:
            yield "answered", day, 1, _gone(day)
    for name, days in (("taken", taken), ("no-longer", ended)):
        if days and max(days) >= now.since:
            yield name, max(days), 1, _gone(max(days))


def _measured(row: dict[str, Any], read: _Read, now: Now) -> Added:
    """What the measures of the years tell; it turns with no day."""
    if row["kind"] == REPORT:
        return
    pk = row["pk"]
    for name, day in year_shares.figures(row, read.clocks[pk], read.told[pk], read.had[pk], now.book):
        yield name, day, 1, None


def _passed(entry: dict[str, Any], day: date, row: dict[str, Any], read: _Read, now: Now) -> Added:
    """A term that passed unmet: in the month's numbers, and in the week's with why."""
    clock, body, book = str(entry["clock"]).partition("/")[0], entry["body"], entry["rulebook"]
    rule = rulebook.by_id(book).clocks.get(clock)
    kind = rule.kind if rule else "law"
    if rulebook.legal_day(entry["recorded_at"], now.book) >= now.month:
        yield f"missed/{kind}/{body}", now.month, 1, now.next_month
    if row["kind"] == REPORT or rule is None or kind == "house" or day < now.since:
        return
    which = f"{book}/{clock}/{body}"
    yield f"week/{which}", day, 1, _gone(day)
    if row["officer"] is None:
        yield f"week-nobody/{which}", day, 1, _gone(day)
    if read.hands[row["pk"]] - {body}:
        yield f"week-handed/{which}", day, 1, _gone(day)


def _gone(day: date) -> date:
    return day + timedelta(days=KEPT + 1)


def _reach(row: dict[str, Any], read: _Read, now: Now) -> Reach:
    """As `access` has it: whom it is hidden from, and whom it is found by beside its holder."""
    hidden = row["kind"] == REPORT or row["state"] == SPLIT or "unsure" in row["marks"]
    accused = tuple(sorted(read.accused[row["pk"]])) if hidden else ()
    auditor, holder = row["for_auditor_at"], row["holder__code"]
    owing: set[str] = set()
    if row["to_supervise"]:
        owing = {
            body
            for body, state, due in read.tasks[row["pk"]]
            if state != tasks.DUE or (due is not None and due < now.day)
        } - {holder}
    supervised = str(row["marks"].get("supervised", "")) if row["to_supervise"] else ""
    return Reach(accused, auditor, bool(auditor) and auditor == holder, tuple(sorted(owing)), supervised)
