"""What the law says: its states, clocks and rows, each with its article, and which version is in force.

A rulebook is one version of one law: a TOML file (`rulebooks/<jurisdiction>/<id>.toml`), or a folder of that
name whose files are its chapters. The words that its versions share (names of states, contents and choices)
stand beside it in `words.toml`, or in chapters under `words/`.
`lawfile.py` reads such a file and `lawcheck.py` refuses one that contradicts itself. Nothing here decides
anything: `procedure.py` does, with the rows read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from huiyin.core import vocabulary as words
from huiyin.core.aid import Aid
from huiyin.core.clock import Term
from huiyin.core.correspondence import Kind as LetterKind
from huiyin.core.documents import DocumentRule, LetterWords
from huiyin.core.formula import Formula
from huiyin.core.spans import Span
from huiyin.core.text import Text

FOLDER = Path(__file__).resolve().parent.parent / "rulebooks"
WORDS = "words.toml"
ANY = "*"
OPEN = "open"


DOUBTS = {
    "partial": Text("这一期限的来源只查阅了部分内容。", "The source of this term was read in part only."),
    "memory": Text(
        "这一期限凭记忆写入，未经核实。", "This term is from memory and not verified against a source."
    ),
}
LOCAL = Text("这一期限依据地方规定。", "This term rests on local law.")


class BrokenRulebook(ValueError):
    """A rulebook that cannot be trusted: says the file, the key and what is wrong there."""

    def __init__(self, file: str, key: str, what: str) -> None:
        super().__init__(f"{file}: {key}: {what}")
        self.file, self.key, self.what = file, key, what


class NoSuchRule(LookupError):
    """A rulebook or clock that does not exist; `reason` says why, in both languages."""

    def __init__(self, reason: Text, *, refused: bool = False) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.refused = refused  # True: the law knows no such clock (not a typing error)


@dataclass(frozen=True, slots=True)
class StateRule:
    """A state as the law calls it."""

    name: str
    text: Text
    explain: Text  # what it means for the author, in plain words
    open: bool  # False: an end of the procedure


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A term of the law: how long, from which article, and what passing it means."""

    name: str
    article: str
    unit: str  # 'day' | 'workday' | 'set' (a date that the assigning office sets)
    days: int  # 0 for unit 'set'
    roll: str
    text: Text
    duty: str  # who must act: 'body' | 'author' | 'house'
    on_due: str
    kind: str
    evidence: str
    set_by: str  # for unit 'set': the content that names the date
    follows: str  # starts at the unrolled end of this clock ('' = at the act)
    reminders: tuple[int, ...]  # days before due on which the officer is reminded
    beside: str = ""  # starts, is met and ends with this clock, where the case has the mark `when`
    when: str = ""
    days_from: str = ""  # the content that may say another number of days

    def term(self, days: int | None = None) -> Term:
        """The term, or a shorter one where the law gives only a maximum (art. 34 extension)."""
        return Term(self.unit, days or self.days, self.roll)  # type: ignore[arg-type]

    def remind_on(self, due: date, after: date = date.min) -> date | None:
        """The first day after that one on which the officer is reminded; None: no further."""
        days = (due - timedelta(days=before) for before in self.reminders)
        return min((day for day in days if day > after), default=None)


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    text: Text
    article: str
    ending: Text | None = None  # what follows for the author when this is chosen


@dataclass(frozen=True, slots=True)
class Content:
    """Something a move must or may say."""

    name: str
    type: words.ContentType
    text: Text
    hint: Text
    choices: tuple[Choice, ...] = ()
    columns: tuple[Content, ...] = ()
    most: int = 20_000  # characters, days, or rows, by type
    required: bool = True
    least: int = 1  # rows
    apart: bool = False  # kept apart: told to its author on their page, and to nobody and nowhere else

    @property
    def answers_requests(self) -> bool:
        """Whether its rows answer the author's requests, one each."""
        names = {column.name for column in self.columns}
        return {"request", "view"} <= names


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the transition table: who may make which move where, and what follows."""

    verb: str
    article: str
    sources: frozenset[str]
    to: str  # '' = the state stays
    by: frozenset[str]
    held_by: frozenset[str]
    kinds: frozenset[str]
    when: tuple[str, ...]  # marks that the case must have, or with "!" must not
    target: frozenset[str]  # kinds of body it may go to; empty = the move names no body
    contents: tuple[Content, ...]
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    starts: tuple[str, ...]
    meets: tuple[str, ...]
    ends: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    clock_from: str  # the content (or "@" and the mark) that dates the clocks; '' = the day of the move
    stage: str  # the stage that the petition is in afterwards; '' = unchanged
    notice: str  # the notice that goes to the author; '' = none
    # Where the role is held: 'holder', 'handled' = the body that took it up, 'above' = a body above one of
    # the two (or the petition office or joint conference of its level), 'supervised' = whom a letter went to,
    # 'called' = whom the lead called in; "@" and a mark = the body whose code the mark holds.
    at: str
    text: Text
    past: Text


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a supervisor acts on without being asked: a late clock, or a fact that the case is marked with."""

    name: str
    article: str
    text: Text
    clocks: frozenset[str]  # `*` is every clock of its kind that no trigger before it names
    kind: str  # of the clock: 'law' or 'order'; a house clock makes nobody late
    states: frozenset[str]  # empty = every state
    mark: str  # or a mark of the case …
    times: int  # … that counts at least so many
    remedies: frozenset[str]  # or how carrying out stands
    event: str  # the event that dates it, where no clock does


@dataclass(frozen=True, slots=True)
class Source:
    """Another law that a rulebook cites, as a local one; its articles are written "name-20"."""

    name: str
    text: Text
    basis: str  # 'national' | 'local'
    check: Text  # what has to be checked before anybody relies on it; empty = nothing


@dataclass(frozen=True, slots=True)
class Kind:
    """What this law calls a class of petition to those who lodge one."""

    text: Text
    hint: Text
    name: Text | None = None  # in one word, where it is not that of the house


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way, for the strip at the top of a page: an event, or "=" and a state, reaches it."""

    text: Text
    reached: frozenset[str]
    kinds: frozenset[str] = frozenset()  # the classes that go this way; empty: all of them
    only: frozenset[str] = frozenset()  # it is on the way of those alone that one of these was reached by,
    unless: frozenset[str] = frozenset()  # and of none that one of these was


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the law itself: what in Huiyin carries it out, or why nothing does."""

    name: str  # article.paragraph(item)
    text: Text
    by: tuple[str, ...]  # "move:accept", "clock:sort", "page:desk:inbox" …: words.CARRIED_BY
    left_out: str  # '' | one of words.LEFT_OUT: why it, or a part of it, is not carried out
    why: Text


@dataclass(frozen=True, slots=True)
class Retention:
    """How long petitions of one class are kept after their last step, and by which article (or `house`)."""

    years: int
    article: str
    text: Text
    evidence: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    id: str
    jurisdiction: str
    title: Text
    in_force_from: date
    in_force_until: date | None  # inclusive
    zone: str
    calendar: str
    evidence: str
    source: str
    states: Mapping[str, StateRule]
    clocks: Mapping[str, ClockRule]
    absent: Mapping[str, Text]  # clocks that this law does not know, and why
    rows: tuple[Row, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    aid: Aid = field(default_factory=Aid)  # which questions lead to which class and route
    articles: Mapping[str, Text] = field(default_factory=dict)  # what each cited article says, in our words
    triggers: tuple[Trigger, ...] = ()  # what a supervisor acts on, the most particular first
    documents: Mapping[str, DocumentRule] = field(default_factory=dict)  # what moves leave to be read
    letters: LetterWords | None = None
    correspondence: Mapping[str, LetterKind] = field(default_factory=dict)  # letters between bodies
    spans: Mapping[str, Span] = field(default_factory=dict)  # numbers of days that are no clock
    sources: Mapping[str, Source] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    way: tuple[Step, ...] = ()
    regulation: tuple[Clause, ...] = ()  # clause by clause, where a rulebook tells it
    representatives: int = 5  # how many may speak for all who sign a joint petition
    retention: Mapping[str, Retention] = field(default_factory=dict)  # by class; none: kept for good
    cohort: int = 20  # how many terms it takes to count them together in the public log (decision 0045)
    assessment: Formula | None = None  # of bodies, once a year; None: under this law there is none
    publishes: bool = False  # whether re-review opinions may be published, masked (art. 36.2)
    pending: str = "keep"  # what becomes of petitions lodged before this version: words.PENDING
    apart: frozenset[str] = field(init=False, compare=False)  # the contents that are kept apart (art. 33)
    _by_verb: Mapping[str, tuple[Row, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table: dict[str, tuple[Row, ...]] = {}
        for row in self.rows:
            table[row.verb] = (*table.get(row.verb, ()), row)
        object.__setattr__(self, "_by_verb", table)  # frozen for everybody else
        apart = {content.name for row in self.rows for content in row.contents if content.apart}
        object.__setattr__(self, "apart", frozenset(apart))

    def clock(self, name: str) -> ClockRule:
        """The clock of that name. Raises NoSuchRule, with the reason where the law has none."""
        if name in self.clocks:
            return self.clocks[name]
        if name in self.absent:
            raise NoSuchRule(self.absent[name], refused=True)
        known = ", ".join(self.clocks)
        raise NoSuchRule(
            Text(
                f"{self.id} 没有名为“{name}”的期限；已有：{known}",
                f"{self.id} has no clock named {name!r}; it has: {known}",
            )
        )

    def document_of(self, row: Row) -> DocumentRule | None:
        """The document that a move leaves: that of its notice, else that of its event; None for none."""
        return self.documents.get(row.notice) or self.documents.get(words.VERBS[row.verb])

    def source_of(self, article: str) -> Source | None:
        """The other law that an article stands in, where it is not this one."""
        return self.sources.get(article.partition("-")[0])

    def doubts(self, clock: ClockRule) -> tuple[Text, ...]:
        """What must be said beside a date of this clock: a source not read in full, a local law to check."""
        source = self.source_of(clock.article)
        local = source is not None and source.basis == "local"
        said = (DOUBTS.get(clock.evidence), LOCAL if local else None, source.check if source else None)
        return tuple(text for text in said if text is not None and text.en)

    @property
    def lodged_kinds(self) -> tuple[str, ...]:
        """The classes of petition that can be lodged under this law, in the order of the house."""
        rows = self.rows_of("lodge")
        return tuple(
            kind for kind in words.PETITION_KINDS if any(not r.kinds or kind in r.kinds for r in rows)
        )

    def carries_out(self, by: str) -> bool:
        """Whether some clause of this law is carried out by that page, clock or move."""
        return any(by in clause.by for clause in self.regulation)

    def rows_of(self, verb: str) -> tuple[Row, ...]:
        return self._by_verb.get(verb, ())

    def covers(self, state: str, row: Row) -> bool:
        """Whether the row applies in that state; `*` is every state, `open` every state with no end."""
        if state in row.sources or ANY in row.sources:
            return True
        rule = self.states.get(state)
        return OPEN in row.sources and rule is not None and rule.open


def legal_day(moment: datetime, rulebook: Rulebook) -> date:
    """The day that a moment falls on where the law is in force. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        # Else it would be read in the machine's zone, and a deadline would depend on where that stands.
        raise ValueError("a moment without a time zone falls on no legal day")
    return moment.astimezone(ZoneInfo(rulebook.zone)).date()


# ---- finding a rulebook


def rulebooks_in(folder: Path) -> list[Path]:
    """The rulebooks of all jurisdictions there: files, and folders of chapters; the words are none."""
    named = (path for path in folder.glob("*/*") if path.stem != "words")
    return sorted(path for path in named if path.suffix == ".toml" or any(path.glob("*.toml")))


def files_of(path: Path) -> list[Path]:
    """The files that a rulebook (or its words) is written in, in reading order."""
    return sorted(path.glob("*.toml")) if path.is_dir() else [path]


@lru_cache(maxsize=64)
def load(path: Path) -> Rulebook:
    """Read one rulebook, file or folder. Raises BrokenRulebook with file, key and what is wrong."""
    from huiyin.core import lawfile  # it builds what is defined here

    return lawfile.read(path)


_more: list[Path] = []  # folders of the operator's own rulebooks, beside ours


def also_from(folder: Path | None) -> None:
    """Read the rulebooks of that folder too (None: ours alone). Called once, when the house starts."""
    _more[:] = [folder] if folder else []
    all_rulebooks.cache_clear()
    in_force.cache_clear()
    deciding.cache_clear()


def path_of(name: str, near: Path = FOLDER) -> Path | None:
    """Where the rulebook of that id stands: in the folder nearby, or among those that the house knows."""
    paths = (path for folder in (near, FOLDER, *_more) for path in rulebooks_in(folder))
    return next((path for path in paths if path.stem == name), None)


@lru_cache(maxsize=1)
def all_rulebooks() -> tuple[Rulebook, ...]:
    """Every rulebook there is, shipped or the operator's own, oldest first. Raises BrokenRulebook."""
    found: dict[str, Rulebook] = {}
    for path in (path for folder in (FOLDER, *_more) for path in rulebooks_in(folder)):
        book = load(path)
        if book.id in found:
            raise BrokenRulebook(path.name, "rulebook.id", f"there is another rulebook {book.id!r}")
        found[book.id] = book
    return tuple(sorted(found.values(), key=lambda r: (r.jurisdiction, r.in_force_from)))


def by_id(name: str) -> Rulebook:
    """The rulebook of that id. Raises NoSuchRule naming those there are."""
    for rulebook in all_rulebooks():
        if rulebook.id == name:
            return rulebook
    known = ", ".join(r.id for r in all_rulebooks())
    raise NoSuchRule(Text(f"没有规则“{name}”；已有：{known}", f"no rulebook {name!r}; there are: {known}"))


@lru_cache(maxsize=4096)
def deciding(jurisdiction: str, lodged: date, day: date) -> tuple[Rulebook, ...]:
    """The versions that decide about a petition lodged on a day, the last of them on `day` (decision 0003).

    It keeps the version in force when it was lodged, unless a later one takes over what is pending.
    Raises NoSuchRule for a petition lodged before the first version.
    """
    chain = [in_force(jurisdiction, min(lodged, day))]
    for book in all_rulebooks():
        later = chain[-1].in_force_from < book.in_force_from <= day
        if book.jurisdiction == jurisdiction and later and book.pending == "pass-over":
            chain.append(book)
    return tuple(chain)


@lru_cache(maxsize=4096)
def in_force(jurisdiction: str, day: date) -> Rulebook:
    """The version in force on that day. Raises NoSuchRule before the first version."""
    for rulebook in all_rulebooks():
        until = rulebook.in_force_until or date.max
        if rulebook.jurisdiction == jurisdiction and rulebook.in_force_from <= day <= until:
            return rulebook
    raise NoSuchRule(
        Text(
            f"{day.isoformat()} 时，“{jurisdiction}”尚无生效的规则版本",
            f"no version of {jurisdiction!r} is in force on {day.isoformat()}",
        )
    )
