"""What the law says: reads a rulebook, refuses a broken one, answers with article and version in force.

A rulebook is one TOML file for one version of one law (`rulebooks/<jurisdiction>/<id>.toml`); the words
that its versions share (names of states, contents and choices) stand beside it in `words.toml`.
Nothing here decides anything: `case.py` does, with the rows read here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyin.core import vocabulary as words
from huiyin.core.clock import Term
from huiyin.core.vocabulary import Text

FOLDER = Path(__file__).resolve().parent.parent / "rulebooks"
ANY = "*"
OPEN = "open"


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
    follows: str  # starts at the unrolled end of this clock ('' = at the act)
    reminders: tuple[int, ...]  # days before due on which the officer is reminded

    def term(self, days: int | None = None) -> Term:
        """The term, or a shorter one where the law gives only a maximum (art. 34 extension)."""
        return Term(self.unit, days or self.days, self.roll)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    text: Text
    article: str


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
    target: frozenset[str]  # kinds of body it may go to; empty = the move names no body
    contents: tuple[Content, ...]
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    starts: tuple[str, ...]
    meets: tuple[str, ...]
    ends: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    clock_from: str  # the content that dates the clocks; '' = the day of the move
    stage: str  # the stage that the petition is in afterwards; '' = unchanged
    notice: str  # the notice that goes to the author; '' = none
    at: str  # where the role is held: 'holder', or 'handled' = the body that took it up
    text: Text
    past: Text


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
    articles: Mapping[str, Text] = field(default_factory=dict)  # what each cited article says, in our words

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

    def rows_of(self, verb: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verb == verb)

    def covers(self, state: str, row: Row) -> bool:
        """Whether the row applies in that state; `*` is every state, `open` every state with no end."""
        if state in row.sources or ANY in row.sources:
            return True
        rule = self.states.get(state)
        return OPEN in row.sources and rule is not None and rule.open


def legal_day(moment: Any, rulebook: Rulebook) -> date:
    """The day that a moment (aware datetime) falls on where the law is in force."""
    day: date = moment.astimezone(ZoneInfo(rulebook.zone)).date()
    return day


# ---- finding a rulebook


@lru_cache(maxsize=64)
def load(path: Path) -> Rulebook:
    """Read one rulebook file. Raises BrokenRulebook with file, key and what is wrong."""
    shared = path.parent / "words.toml"
    common = _toml(shared) if shared.exists() else {}
    return _Reader(path.name, _toml(path), common).rulebook()


@lru_cache(maxsize=1)
def all_rulebooks() -> tuple[Rulebook, ...]:
    """Every rulebook that is shipped, oldest first."""
    files = sorted(p for p in FOLDER.glob("*/*.toml") if p.name != "words.toml")
    return tuple(sorted((load(p) for p in files), key=lambda r: (r.jurisdiction, r.in_force_from)))


def by_id(name: str) -> Rulebook:
    """The rulebook of that id. Raises NoSuchRule naming those there are."""
    for rulebook in all_rulebooks():
        if rulebook.id == name:
            return rulebook
    known = ", ".join(r.id for r in all_rulebooks())
    raise NoSuchRule(Text(f"没有规则“{name}”；已有：{known}", f"no rulebook {name!r}; there are: {known}"))


@lru_cache(maxsize=4096)
def in_force(jurisdiction: str, day: date) -> Rulebook:
    """The version in force on that day (decision 0003). Raises NoSuchRule before the first version."""
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


# ---- reading and checking


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenRulebook(path.name, "(file)", f"not valid TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenRulebook(path.name, "(file)", f"cannot be read: {error}") from error


_TOP = {"rulebook", "clocks", "absent", "moves", "articles", "states", "contents", "choices", "verbs"}
_HEAD = {"id", "jurisdiction", "title", "in_force_from", "in_force_until", "zone", "calendar", "roll"}
_HEAD |= {"evidence", "source"}
_CLOCK = {"article", "unit", "days", "zh", "en", "duty", "on_due", "kind", "evidence", "follows", "reminders"}
_LISTS = ("from", "by", "held_by", "kinds", "target", "contents", "guards", "effects")
_CLOCK_LISTS = ("starts", "meets", "ends", "pauses", "resumes")
_MOVE = {"verb", "article", "to", "clock_from", "stage", "notice", "at", "zh", "en"} | {
    *_LISTS,
    *_CLOCK_LISTS,
}


class _Reader:
    """Turns the tables of one file (and the shared words) into a Rulebook, or says what is wrong."""

    def __init__(self, file: str, law: dict[str, Any], common: dict[str, Any]) -> None:
        self.file = file
        self.law = law
        self.words = {
            name: {**common.get(name, {}), **law.get(name, {})}
            for name in ("states", "contents", "choices", "verbs")
        }

    def fail(self, key: str, what: str) -> NoReturn:
        raise BrokenRulebook(self.file, key, what)

    def rulebook(self) -> Rulebook:
        self._known("(top)", self.law, _TOP)
        head = self._table("rulebook", self.law)
        self._known("rulebook", head, _HEAD)
        self.roll = self._one_of("rulebook.roll", head.get("roll"), ("next-workday", "none"))
        self.choices = {n: self._choices(n, c) for n, c in self.words["choices"].items()}
        self.clocks = {n: self._clock(n, c) for n, c in self._table("clocks", self.law).items()}
        self.states = self._states()
        rows = tuple(self._row(i, m) for i, m in enumerate(self.law.get("moves", []), start=1))
        book = Rulebook(
            id=self._str("rulebook.id", head.get("id")),
            jurisdiction=self._str("rulebook.jurisdiction", head.get("jurisdiction")),
            title=self._text("rulebook.title", head.get("title")),
            in_force_from=self._day("rulebook.in_force_from", head.get("in_force_from")),
            in_force_until=self._day("rulebook.in_force_until", head["in_force_until"])
            if "in_force_until" in head
            else None,
            zone=self._zone(head.get("zone")),
            calendar=self._str("rulebook.calendar", head.get("calendar")),
            evidence=self._one_of("rulebook.evidence", head.get("evidence"), words.EVIDENCE),
            source=self._str("rulebook.source", head.get("source")),
            states=self.states,
            clocks=self.clocks,
            absent={n: self._text(f"absent.{n}", t) for n, t in self.law.get("absent", {}).items()},
            rows=rows,
            choices=self.choices,
            articles={n: self._text(f"articles.{n}", t) for n, t in self.law.get("articles", {}).items()},
        )
        self._check_whole(book)
        return book

    # -- parts

    def _states(self) -> dict[str, StateRule]:
        used = {s for m in self.law.get("moves", []) for s in [*m.get("from", []), m.get("to", "")]}
        used -= {ANY, OPEN, ""}
        for name in used:
            if name not in self.words["states"]:
                self.fail(f"states.{name}", "used by a move but not described")
        return {n: self._state(n, t) for n, t in self.words["states"].items() if n in used}

    def _state(self, name: str, table: Any) -> StateRule:
        key = f"states.{name}"
        self._known(key, table, {"zh", "en", "explain", "open"})
        explain = self._text(f"{key}.explain", table.get("explain"))
        return StateRule(name, self._text(key, table), explain, bool(table.get("open", True)))

    def _choices(self, name: str, rows: Any) -> tuple[Choice, ...]:
        if not isinstance(rows, list) or not rows:
            self.fail(f"choices.{name}", "must be a list of {code, zh, en}, with at least one entry")
        made = []
        for i, row in enumerate(rows, start=1):
            key = f"choices.{name}[{i}]"
            self._known(key, row, {"code", "zh", "en", "article"})
            made.append(
                Choice(
                    self._str(f"{key}.code", row.get("code")), self._text(key, row), row.get("article", "")
                )
            )
        return tuple(made)

    def _clock(self, name: str, table: Any) -> ClockRule:
        key = f"clocks.{name}"
        self._known(key, table, _CLOCK)
        unit = self._one_of(f"{key}.unit", table.get("unit"), ("day", "workday", "set"))
        days = table.get("days", 0)
        if not isinstance(days, int) or isinstance(days, bool) or (unit != "set") == (days < 1):
            self.fail(
                f"{key}.days", f"must be a whole number of at least 1 (none for unit 'set'), not {days!r}"
            )
        follows = table.get("follows", "")
        if follows and follows not in self.law["clocks"]:
            self.fail(f"{key}.follows", f"no clock named {follows!r}")
        return ClockRule(
            name=name,
            article=self._str(f"{key}.article", table.get("article")),
            unit=unit,
            days=days,
            roll=self.roll,
            text=self._text(key, table),
            duty=self._one_of(f"{key}.duty", table.get("duty"), ("body", "author", "house")),
            on_due=self._one_of(f"{key}.on_due", table.get("on_due"), words.ON_DUE),
            kind=self._one_of(f"{key}.kind", table.get("kind", "law"), words.CLOCK_KINDS),
            evidence=self._one_of(f"{key}.evidence", table.get("evidence"), words.EVIDENCE),
            follows=follows,
            reminders=tuple(table.get("reminders", ())),
        )

    def _content(self, where: str, name: str) -> Content:
        required = not name.endswith("?")
        name = name.rstrip("?")
        table = self.words["contents"].get(name)
        key = f"contents.{name}"
        if table is None:
            self.fail(where, f"no content named {name!r}; describe it under [contents.{name}]")
        self._known(key, table, {"type", "zh", "en", "hint", "choices", "columns", "most"})
        kind: Any = self._one_of(f"{key}.type", table.get("type"), words.CONTENT_TYPES)
        choices = table.get("choices", "")
        if (kind == "choice") != bool(choices) or (choices and choices not in self.choices):
            self.fail(f"{key}.choices", f"a choice names one list of [choices]; {choices!r} is none")
        columns = table.get("columns", [])
        if (kind == "rows") != bool(columns):
            self.fail(f"{key}.columns", "rows, and only rows, have columns")
        hint = self._text(f"{key}.hint", table["hint"]) if "hint" in table else Text("", "")
        most = table.get("most", 20_000)
        if not isinstance(most, int) or most < 1:
            self.fail(f"{key}.most", f"must be a whole number of at least 1, not {most!r}")
        return Content(
            name=name,
            type=kind,
            text=self._text(key, table),
            hint=hint,
            choices=self.choices.get(choices, ()),
            columns=tuple(self._content(f"{key}.columns", c) for c in columns),
            most=most,
            required=required,
        )

    def _row(self, number: int, table: Any) -> Row:
        key = f"moves[{number}]"
        self._known(key, table, _MOVE)
        verb = self._one_of(f"{key}.verb", table.get("verb"), words.VERBS)
        key = f"{key} ({verb})"
        lists = {n: self._list(f"{key}.{n}", table.get(n, [])) for n in _LISTS}
        clocks = {n: self._list(f"{key}.{n}", table.get(n, [])) for n in _CLOCK_LISTS}
        self._all_in(f"{key}.by", lists["by"], words.ROLES)
        self._all_in(f"{key}.held_by", lists["held_by"], words.BODY_KINDS)
        self._all_in(f"{key}.kinds", lists["kinds"], words.PETITION_KINDS)
        self._all_in(f"{key}.target", lists["target"], words.BODY_KINDS)
        self._all_in(f"{key}.effects", lists["effects"], words.EFFECTS)
        for guard in lists["guards"]:
            self._guard(f"{key}.guards", guard)
        for name, used in clocks.items():
            self._all_in(f"{key}.{name}", used, self.clocks)
        if not lists["by"]:
            self.fail(f"{key}.by", "a move that nobody may make: name at least one role")
        if verb not in self.words["verbs"]:
            self.fail(f"verbs.{verb}", "used by a move but not described")
        described = self.words["verbs"][verb]
        self._known(f"verbs.{verb}", described, {"zh", "en", "past"})
        stage = table.get("stage", "")
        if stage:
            self._one_of(f"{key}.stage", stage, words.STAGES)
        contents = tuple(self._content(f"{key}.contents", c) for c in lists["contents"])
        clock_from = table.get("clock_from", "")
        if clock_from and clock_from not in {c.name for c in contents if c.type == "date"}:
            self.fail(f"{key}.clock_from", f"{clock_from!r} is no date among this move's contents")
        return Row(
            verb=verb,
            article=self._str(f"{key}.article", table.get("article")),
            sources=frozenset(lists["from"]),
            to=table.get("to", ""),
            by=frozenset(lists["by"]),
            held_by=frozenset(lists["held_by"]),
            kinds=frozenset(lists["kinds"]),
            target=frozenset(lists["target"]),
            contents=contents,
            guards=tuple(lists["guards"]),
            effects=tuple(lists["effects"]),
            starts=tuple(clocks["starts"]),
            meets=tuple(clocks["meets"]),
            ends=tuple(clocks["ends"]),
            pauses=tuple(clocks["pauses"]),
            resumes=tuple(clocks["resumes"]),
            clock_from=clock_from,
            stage=stage,
            notice=table.get("notice", ""),
            at=self._one_of(f"{key}.at", table.get("at", "holder"), ("holder", "handled")),
            text=self._text(f"{key}", table) if "zh" in table else self._text(f"verbs.{verb}", described),
            past=self._text(f"verbs.{verb}.past", described.get("past")),
        )

    def _guard(self, key: str, guard: str) -> None:
        name, _, clock = guard.partition(":")
        if name not in words.GUARDS:
            self.fail(key, f"no guard named {name!r}; there are: {', '.join(sorted(words.GUARDS))}")
        if (name in {"in-time", "is-due", "running"}) != bool(clock) or (clock and clock not in self.clocks):
            self.fail(key, f"{guard!r} must name one clock of this rulebook as 'guard:clock'")

    # -- the whole

    def _check_whole(self, book: Rulebook) -> None:
        """A way in, a way out of every state, and no state that cannot be reached."""
        firsts = {row.to for row in book.rows_of("lodge")}
        if not firsts:
            self.fail("moves", "no 'lodge' row: nothing can ever be lodged")
        after = {name: self._next(book, name) for name in book.states}
        unreachable = set(book.states) - self._closure(firsts, after)
        if unreachable:
            self.fail(f"states.{min(unreachable)}", "cannot be reached from 'lodge'")
        # Withdrawing is open from everywhere and so proves nothing: each state needs an end of its own.
        own = {name: self._next(book, name, general=False) for name in book.states}
        for name, state in book.states.items():
            if state.open and all(book.states[s].open for s in self._closure({name}, own)):
                self.fail(f"states.{name}", "no end can be reached from here")

    @staticmethod
    def _next(book: Rulebook, state: str, *, general: bool = True) -> set[str]:
        rows = [r for r in book.rows if general or state in r.sources]
        return {r.to for r in rows if r.to and r.verb != "lodge" and book.covers(state, r)}

    @staticmethod
    def _closure(firsts: set[str], after: Mapping[str, set[str]]) -> set[str]:
        seen: set[str] = set()
        todo = list(firsts)
        while todo:
            state = todo.pop()
            if state not in seen:
                seen.add(state)
                todo.extend(after.get(state, ()))
        return seen

    # -- single values

    def _known(self, key: str, table: Any, allowed: set[str]) -> None:
        if not isinstance(table, dict):
            self.fail(key, f"must be a table, not {table!r}")
        for name in table:
            if name not in allowed:
                self.fail(f"{key}.{name}", f"unknown key; allowed here: {', '.join(sorted(allowed))}")

    def _table(self, key: str, within: Mapping[str, Any]) -> dict[str, Any]:
        table = within.get(key)
        if not isinstance(table, dict) or not table:
            self.fail(key, "this table is missing")
        return table

    def _text(self, key: str, value: Any) -> Text:
        if not isinstance(value, dict) or not all(isinstance(value.get(n), str) for n in ("zh", "en")):
            self.fail(key, 'needs both zh = "…" and en = "…"')
        if not value["zh"].strip() or not value["en"].strip():
            self.fail(key, "zh and en must not be empty")
        return Text(value["zh"], value["en"])

    def _str(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            self.fail(key, "must be a text that is not empty")
        return value

    def _day(self, key: str, value: Any) -> date:
        if type(value) is not date:
            self.fail(key, f"must be a date like 2022-05-01, not {value!r}")
        return value

    def _zone(self, value: Any) -> str:
        name = self._str("rulebook.zone", value)
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise BrokenRulebook(self.file, "rulebook.zone", f"no time zone named {name!r}") from error
        return name

    def _list(self, key: str, value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fail(key, f"must be a list of words, not {value!r}")
        return value

    def _one_of(self, key: str, value: Any, allowed: Iterable[str]) -> str:
        if not isinstance(value, str) or value not in allowed:
            self.fail(key, f"must be one of {', '.join(allowed)}; not {value!r}")
        return value

    def _all_in(self, key: str, values: list[str], allowed: Iterable[str]) -> None:
        for value in values:
            self._one_of(key, value, allowed)
