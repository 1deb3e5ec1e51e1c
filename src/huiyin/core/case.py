"""A petition as the law sees it: its state, bodies, clocks; no name, and no text but what it asks for.

Only shapes and what can be said of them alone. `procedure.py` decides what may happen to a case.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from huiyin.core.apart import Passages
from huiyin.core.calendar import Calendar
from huiyin.core.clock import Exclusion, Reckoning, Skip, Term, reckon
from huiyin.core.conditions import CARRY_OUT
from huiyin.core.rulebook import Row, Rulebook
from huiyin.core.tasks import DUE, REPORTED, Task, standing
from huiyin.core.vocabulary import PARTNER, VERBS

HIGHEST = 99  # above every level that a body can stand on
KEPT = "kept"  # why a day is skipped: the later date that was told before stands
ClockState = Literal["running", "paused", "met", "missed", "lapsed"]


@dataclass(frozen=True, slots=True)
class Body:
    """What the core needs to know of a body."""

    code: str
    kind: str  # one of vocabulary.BODY_KINDS
    chain: tuple[str, ...] = ()  # codes of all bodies above it, nearest first
    external: bool = False  # not served by this installation: reached by letter
    beside: tuple[str, ...] = ()  # codes of those above it by way of a sector line alone (decision 0029)
    partner: bool = False  # kept by another installation, which takes over what is sent there

    @property
    def answers_to(self) -> tuple[str, ...]:
        """Codes of all bodies above it, on either line: its government's first."""
        return (*self.chain, *self.beside)

    @property
    def aimed_at(self) -> str:
        """What a row calls it as a target: its kind, or that another installation keeps it."""
        return PARTNER if self.partner else self.kind

    def touched_by(self, accused: Collection[str]) -> bool:
        """Whether a report about these bodies is about it, or about one that it answers to (charter 6)."""
        return not {self.code, *self.answers_to}.isdisjoint(accused)

    def levels_above(self, below: Body) -> int:
        """How many levels it stands above another body, 0 for not at all.

        A petition office and a joint conference act for the government they belong to (arts. 13, 14, 40).
        They stand as high as it does, above every other body below it, and never above that government.
        """
        seat = self.chain[0] if self.kind in {"office", "conference"} and self.chain else self.code
        above = self.code if self.code in below.chain else seat
        if self.code == below.code or above not in below.chain:
            return 0
        return below.chain.index(above) + 1


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a move, and which roles they hold where."""

    id: str  # the officer's sign-in name; '' for the author and for the house itself
    roles: frozenset[str] = frozenset()  # held everywhere: author, clerk, courier, importer
    at: Mapping[str, frozenset[str]] = field(default_factory=dict)  # body code -> roles held there
    bodies: Mapping[str, Body] = field(default_factory=dict)  # those bodies, by code

    def may_make(self, row: Row, case: Case) -> bool:
        """Whether one of their roles, at a body where this row is made, is named by the row."""
        return bool(row.by & self.roles) or bool(self.place(row, case))

    def place(self, row: Row, case: Case) -> str:
        """The body at which they hold a role that this row is for: of several the highest; '' for none."""
        held = [code for code in self._places(row, case) if row.by & self.at.get(code, frozenset())]
        return max(held, key=lambda code: (self._above(code, case), code), default="")

    def level(self, row: Row, case: Case) -> int:
        """How many levels above the body that is supervised they act; a house of its own is above all."""
        if row.by & self.roles:
            return HIGHEST
        return self._above(self.place(row, case), case)

    def stands_above(self, row: Row, body: Body) -> bool:
        """Whether they hold a role that this row is for at a body above that one."""
        if row.by & self.roles:
            return True
        mine = (
            self.bodies[code] for code, roles in self.at.items() if row.by & roles and code in self.bodies
        )
        return any(own.levels_above(body) for own in mine)

    def _places(self, row: Row, case: Case) -> list[str]:
        """The bodies where a row is made: the holder, or what its `at` says instead."""
        if row.at.startswith("@"):  # where a mark says
            return [str(case.marks.get(row.at[1:], ""))]
        if row.at == "above":
            return [code for code in self.bodies if self._above(code, case)]
        if row.at == "called":
            return [code for code, _ in case.called]
        if row.at == "supervised":
            return [case.supervised.code] if case.supervised else []
        return [case.handled_by if row.at == "handled" else case.holder.code]

    def _above(self, code: str, case: Case) -> int:
        own = self.bodies.get(code)
        if own is None:
            return 0
        answerable = (case.supervised,) if case.supervised else (case.holder, case.carrier)
        return max(own.levels_above(body) for body in answerable)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that somebody wants to do: the verb, and what it says."""

    verb: str
    contents: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clock:
    """One running (or ended) term of one case."""

    seq: int  # the nth clock of its case, from 1
    name: str
    rulebook: str
    article: str
    unit: str  # 'day' | 'workday' | 'set'
    days: int
    roll: str
    on_due: str
    kind: str
    start: date
    reckoning: Reckoning
    state: ClockState = "running"
    ended: date | None = None  # the legal day on which the act came, or the term fell away
    carried_by: int = 0  # seq of the extension that carries it on
    exclusions: tuple[Exclusion, ...] = ()
    body: str = ""  # code of the body whose term it is, or was when it ended

    @property
    def due(self) -> date:
        return self.reckoning.due

    @property
    def is_live(self) -> bool:
        return self.state in {"running", "paused"}

    def is_past_due(self, today: date) -> bool:
        """Whether the last day is over. The last day itself is in time until it ends (民法典 art. 203)."""
        return self.state == "running" and today > self.due

    def is_late(self, today: date) -> bool:
        """Whether a body's last day is over and what the clock waits for has not come.

        One of kind `house` never makes a body late: it is the operator's own promise.
        """
        if self.on_due != "breach" or self.kind == "house" or self.carried_by or self.ended is not None:
            return False
        return self.state == "missed" or self.is_past_due(today)

    def met(self, day: date) -> Clock:
        """End it by the act it waits for, on the day that act took place; late is late, and says how late."""
        if self.ended is not None:
            return self
        if not self.is_live and self.state != "missed":
            return self
        # A clock that an extension carries is judged by the extension, which ends on the same day.
        # A service by post is recorded when the slip comes back: what took place in time was in time, even if
        # the clerk has put a breach on record meanwhile. That entry stays, and shows when this one came.
        # What waits for its own end (a withdrawal) comes after it, and is never late.
        in_time = day <= self.due or bool(self.carried_by) or self.on_due == "effect"
        return replace(self, state="met" if in_time else "missed", ended=day)

    def reckoned(self, calendar: Calendar, today: date) -> Clock:
        """Reckon the due date anew, from the same start and the same excluded time."""
        if self.unit == "set":
            return self
        term = Term(self.unit, self.days, self.roll)  # type: ignore[arg-type]
        made = reckon(term, self.start, calendar, self.exclusions, today=today)
        return replace(self, reckoning=made)

    def recomputed(self, calendar: Calendar, today: date) -> Clock:
        """Reckon anew after a calendar changed. Only a body's duty may fall due earlier than was told.

        Whoever was told until when they may act, or take something back, relies on it: a term whose passing
        ends somebody's remedy keeps the later date, and its reckoning says so.
        """
        anew = self.reckoned(calendar, today)
        if self.on_due == "breach" or anew.due >= self.due:
            return anew
        days = range(anew.due.toordinal(), self.due.toordinal())
        kept = tuple(Skip(date.fromordinal(day), KEPT) for day in days)
        made = anew.reckoning
        return replace(self, reckoning=replace(made, due=self.due, skipped=(*made.skipped, *kept)))


@dataclass(frozen=True, slots=True)
class Case:
    """One petition as the law sees it: no name, and of its text only the requests that must be answered."""

    ref: str
    jurisdiction: str
    kind: str
    state: str
    holder: Body
    stage: str = "handling"
    senders: tuple[Body, ...] = ()  # the bodies it came through, the last one nearest
    handled_by: str = ""  # the body that took it up: whoever holds it later, it carries out
    other: Body | None = None  # who objected, while the sender checks
    accused: frozenset[str] = frozenset()  # bodies a report is about
    clocks: tuple[Clock, ...] = ()
    took_part: frozenset[tuple[str, str]] = frozenset()  # (officer, stage)
    recused: frozenset[str] = frozenset()  # officers who stepped back from it (art. 28.3)
    withdrawing: bool = False
    tasks: tuple[Task, ...] = ()  # what is to be carried out
    issued_on: date | None = None  # the day of the last opinion
    hearing_since: date | None = None
    called: tuple[tuple[str, int], ...] = ()  # bodies that the lead called in, and the clock of each
    officer: str = ""  # who is in charge
    lodged: date | None = None  # the legal day; None: it is being lodged now
    imported: bool = False
    lodged_before: bool = False  # the author named an earlier lodging of the same matter
    is_part: bool = False  # split off from a mixed petition
    marks: Mapping[str, Any] = field(default_factory=dict)  # name in marks.MARKS -> true, date, number, code
    requests: tuple[str, ...] = ()  # what the author asks for, one by one, as it was listed

    @property
    def part(self) -> str:
        """What people take part in now: a stage, or the look at a refusal, which is by other people too."""
        return "challenge" if self.state == "challenged" else self.stage

    @property
    def carrier(self) -> Body:
        """The body that took it up and carries it out, wherever it is by now."""
        came_through = (self.holder, *self.senders)
        return next((body for body in came_through if body.code == self.handled_by), self.holder)

    def whose(self, clock: Clock) -> str:
        """Code of the body whose term it is: of a part, who was called in; of a promise, who keeps it."""
        called = {seq: body for body, seq in self.called}
        carries = clock.name == CARRY_OUT
        return called.get(clock.seq, self.carrier.code if carries else self.holder.code)

    def may_go_up_to(self, body: Body) -> bool:
        """Whether that body may look at it: never the one that has it or handled it; at a report never whom
        it is about, nor one that answers to them (art. 30, charter 6).
        """
        return body.code not in {self.holder.code, self.handled_by} and not body.touched_by(self.accused)

    @property
    def supervised(self) -> Body | None:
        """The body that an open letter of supervision is addressed to; kept as the path of codes to it."""
        path = str(self.marks.get("supervised", "")).split("/")
        return Body(path[-1], "", tuple(reversed(path[:-1]))) if path[-1] else None

    @property
    def remedy(self) -> str:
        """How carrying out stands: '' | promised | due | reported | disputed | confirmed."""
        return standing(self.tasks)

    def live(self, name: str) -> Clock | None:
        """The latest clock of that name that has not ended."""
        return next((c for c in reversed(self.clocks) if c.name == name and c.is_live), None)

    @property
    def contributions(self) -> tuple[Clock, ...]:
        """The clocks of what bodies that were called in still owe."""
        return self.owing({body for body, _ in self.called})

    def owing(self, bodies: Collection[str]) -> tuple[Clock, ...]:
        """What these bodies, called in by the lead, still owe."""
        owed = (self.clocks[seq - 1] for body, seq in self.called if body in bodies)
        return tuple(clock for clock in owed if clock.ended is None)

    def latest(self, name: str) -> Clock | None:
        return next((c for c in reversed(self.clocks) if c.name == name), None)


@dataclass(frozen=True, slots=True)
class Prior:
    """What a move may know of an earlier petition that it names."""

    state: str
    handling_missed: bool
    handling_live: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """All that `apply` may look at beside the case, gathered by the registry. Today is the legal day."""

    rulebook: Rulebook
    calendar: Calendar
    today: date
    target: Body | None = None  # the body that the contents name
    superiors: tuple[Body, ...] = ()  # the next higher bodies: of its government's line, of its sector's
    prior: Prior | None = None  # the earlier petition that the contents name
    succeeded: str = ""  # code of the body that the one named takes over from
    arbiter: Body | None = None  # who decides between the holder and the body that is named
    called_at: frozenset[str] = frozenset()  # bodies of the actor that were called in
    about: frozenset[str] = frozenset()  # bodies that the author named, where a class is changed
    part_answered: bool = False  # another part of the same mixed petition was answered and closed
    signatures: int = 0  # how many sign a joint petition now; 0 for one that is not joint
    kept_apart: Passages = frozenset()  # of what was said in mediation and nowhere else
    officer_bodies: frozenset[str] = frozenset()  # bodies where the named officer serves
    versions: tuple[Rulebook, ...] = ()  # those that decide about this petition, one after the other
    calendars: Mapping[str, Calendar] = field(default_factory=dict)  # by rulebook, for other versions
    letters: Mapping[int, date] = field(default_factory=dict)  # notices to the author so far: entry -> day
    drafter: str = ""  # sign-in name of who submitted the draft that waits for a signature
    publishable: str = ""  # the masked opinion, or what was proposed of it; '' where nothing can be published
    proposer: str = ""  # sign-in name of who proposed to publish it
    actor: str = ""  # sign-in name of who makes the move; '' for the author and the house
    head_in_charge: bool = False  # whoever is in charge of it heads the holder
    custodian: str = ""  # code of the body of another line whose custodian is the second person; '' for none
    auditing: str = ""  # code of the body whose auditor looks at the holder; '' for none
    elsewhere: Body | None = (
        None  # a body that a report, with who else it turns out to be about, does not touch
    )
    nobody_left: bool = False  # at the holder, who has not stepped back from it and could decide it
    quashed: tuple[Mapping[str, Any], ...] = ()  # the answers of the opinion that must be made anew
    has_left: bool = False  # it may be with the other installation already that it was sent to
    unanswered: bool = False  # that one has had it for days, and nothing came from there
    another_signs: bool = True  # somebody other than the drafter can sign for the holder
    acting: Body | None = (
        None  # the body at which the move is made; set by `apply`, None for the house itself
    )

    def above(self, case: Case) -> tuple[Body, ...]:
        """The next higher bodies that it can go to, the one it goes to unless another is named first."""
        return tuple(body for body in self.superiors if case.may_go_up_to(body))

    def next_higher(self, case: Case) -> Body | None:
        """The one of these that the contents name, else the first of them."""
        above = self.above(case)
        return self.target if self.target in above else next(iter(above), None)

    def rulebook_on(self, day: date, clock: str) -> Rulebook:
        """The version that decides on the day the clock starts, if it knows that clock (decision 0003)."""
        then = [book for book in self.versions if book.in_force_from <= day and clock in book.clocks]
        return then[-1] if then else self.rulebook

    def calendar_of(self, clock: Clock) -> Calendar:
        """A clock keeps the version it started under, whose calendar may be another one (decision 0003)."""
        return self.calendars.get(clock.rulebook, self.calendar)


@dataclass(frozen=True, slots=True)
class After:
    """What a move leads to: the case afterwards, and the row and contents that led there."""

    case: Case
    row: Row
    contents: Mapping[str, Any]
    rulebook: str

    @property
    def event(self) -> str:
        return VERBS[self.row.verb]


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same: spaces, case, full or half width and punctuation apart."""
    return plain_words(one) == plain_words(other)


def plain_words(text: str) -> str:
    """A text reduced to what is said: letters, digits and characters, in one width and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def named_clock(case: Case, said: Mapping[str, Any]) -> int:
    """The seq of the clock that is named ('handling', or 'handling/2' for the second one), 0 for none."""
    name, _, nth = str(said.get("clock", "")).partition("/")
    same = [c.seq for c in case.clocks if c.name == name]
    if nth and not nth.isdecimal():
        return 0
    wanted = int(nth) - 1 if nth else len(same) - 1
    return same[wanted] if 0 <= wanted < len(same) else 0


# Which tasks a move about carrying out can be about, by the guard that its row names.
_ABOUT: dict[str, Callable[[Task], bool]] = {
    "remedy-due": lambda task: task.is_owed,
    "remedy-reported": lambda task: task.state == REPORTED,
    "remedy-unsettled": lambda task: task.state in {DUE, REPORTED},
}


def named_tasks(case: Case, said: Mapping[str, Any], asked: str) -> tuple[Task, ...]:
    """The tasks that a move is about: the one it names, or all that stand so; none that stands otherwise."""
    named = said.get("task")
    return tuple(t for t in case.tasks if _ABOUT[asked](t) and named in {None, t.seq})
