"""Reads one rulebook, a file or a folder of chapters, into a `Rulebook`, and believes none of it unseen.

Whatever is wrong is refused with the file, the key and what is wrong there, before anybody's petition is
decided by it. Single values are taken in `lawvalues.py`, the rows of moves in `lawrows.py`; what the rows say
together is checked in `lawcheck.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from huiyin.core import lawassess, lawbetween, lawcheck, lawletters, lawrows
from huiyin.core import vocabulary as words
from huiyin.core.aid import Aid, Proposal, Question
from huiyin.core.chapters import laid_out
from huiyin.core.lawvalues import SHARED, Values
from huiyin.core.marks import MARKS
from huiyin.core.rulebook import (
    ANY,
    OPEN,
    WORDS,
    BrokenRulebook,
    Choice,
    Clause,
    ClockRule,
    Kind,
    Retention,
    Rulebook,
    Source,
    StateRule,
    Step,
    Trigger,
)
from huiyin.core.text import Text

WAY = "way"  # a list that they may share as well
TOP = {"rulebook", "clocks", "absent", "moves", "articles", "sources", "regulation", "triggers"}
TOP |= {"aid", "assessment", "proposals", "retention", "correspondence", WAY, *SHARED}
HEAD = {
    *("id", "jurisdiction", "title", "in_force_from", "in_force_until", "zone", "calendar", "roll"),
    *("evidence", "source", "pending", "representatives", "publishes", "cohort"),
}
CLOCK = {"article", "unit", "days", "zh", "en", "duty", "on_due", "kind", "evidence", "follows", "reminders"}
CLOCK |= {"days_from", "beside", "when", "set_by"}
TRIGGER = {"article", "zh", "en", "clocks", "kind", "states", "mark", "times", "remedies", "event"}


def read(path: Path) -> Rulebook:
    """Read one rulebook (a file, or a folder of chapters) and the words beside it. Raises BrokenRulebook."""
    law, common = laid_out(path)
    try:
        book = _Reader(path.name, law.tables, common.tables).rulebook()
        lawcheck.check(book, path.name)
    except BrokenRulebook as error:
        raise (common if error.file == WORDS else law).placed(error) from error
    return book


class _Reader(Values):
    """The tables of one file, and the words it shares with other versions, as a Rulebook."""

    def rulebook(self) -> Rulebook:
        self.known("(top)", self.law, TOP)
        for name in self.common:
            if name not in {*SHARED, WAY}:
                allowed = ", ".join((*SHARED, WAY))
                raise BrokenRulebook(WORDS, name, f"unknown table; allowed here: {allowed}")
        head = self.table("rulebook")
        self.known("rulebook", head, HEAD)
        self.words = {name: self._shared(name) for name in SHARED}
        self.roll = self.one_of("rulebook.roll", head.get("roll"), ("next-workday", "none"))
        self.sources = {n: self._source(n, s) for n, s in self.law.get("sources", {}).items()}
        self.choices = {n: self._choices(n, c) for n, c in self.words["choices"].items()}
        self.clocks = {n: self._clock(n, c) for n, c in self.table("clocks").items()}
        moves = self._moves()
        each = lawrows.Rows(self, self.words, self.choices, self.clocks)
        rows = tuple(each.row(i, move) for i, move in enumerate(moves, start=1))
        return Rulebook(
            id=self.said("rulebook.id", head.get("id")),
            jurisdiction=self.said("rulebook.jurisdiction", head.get("jurisdiction")),
            title=self.text("rulebook.title", head.get("title")),
            in_force_from=self.day("rulebook.in_force_from", head.get("in_force_from")),
            in_force_until=self._until(head),
            zone=self.zone(head.get("zone")),
            calendar=self.said("rulebook.calendar", head.get("calendar")),
            evidence=self.one_of("rulebook.evidence", head.get("evidence"), words.EVIDENCE),
            source=self.said("rulebook.source", head.get("source")),
            states=self._states(moves),
            clocks=self.clocks,
            absent=self.texts("absent"),
            rows=rows,
            choices=self.choices,
            aid=self._aid(),
            assessment=lawassess.formula(self, self.law.get("assessment")),
            retention=self._retention(),
            articles=self.texts("articles"),
            triggers=tuple(self._trigger(n, t) for n, t in self.law.get("triggers", {}).items()),
            documents=lawletters.documents(self, self.words["documents"], rows),
            letters=lawletters.letter_words(self, self.words["letters"]),
            correspondence=lawbetween.correspondence(self, self.law.get("correspondence", {})),
            spans=lawbetween.spans(self, self.words["spans"]),
            sources=self.sources,
            kinds={n: self._kind(n, k) for n, k in self.words["kinds"].items()},
            way=tuple(self._step(i, step) for i, step in enumerate(self._way(), start=1)),
            regulation=self._regulation(),
            representatives=self.whole("rulebook.representatives", head.get("representatives", 5)),
            cohort=self.whole("rulebook.cohort", head.get("cohort", 20)),
            publishes=self.is_true("rulebook.publishes", head.get("publishes", False)),
            pending=self.one_of("rulebook.pending", head.get("pending", "keep"), words.PENDING),
        )

    def _until(self, head: Mapping[str, Any]) -> date | None:
        return (
            self.day("rulebook.in_force_until", head["in_force_until"]) if "in_force_until" in head else None
        )

    def _shared(self, name: str) -> dict[str, Any]:
        common, own = self.common.get(name, {}), self.law.get(name, {})
        if not isinstance(common, dict) or not isinstance(own, dict):
            self.fail(name, "must be a table")
        return {**common, **own}

    def _way(self) -> list[Any]:
        way = self.law.get(WAY) or self.common.get(WAY) or []
        if not isinstance(way, list):
            self.fail(WAY, "must be a list of [[way]] tables")
        return way

    def _step(self, number: int, step: Any) -> Step:
        key = f"{WAY}[{number}]"
        self.known(key, step, {"zh", "en", "reached", "kinds", "only", "unless"})
        events = {*words.VERBS.values(), *(f"={state}" for state in self.words["states"])}
        said = {"reached": step.get("reached")} | {name: step.get(name, []) for name in ("only", "unless")}
        names = {name: self.names(f"{key}.{name}", told) for name, told in said.items()}
        for name, told in names.items():
            self.all_in(f"{key}.{name}", told, events)
        kinds = self.names(f"{key}.kinds", step.get("kinds", []))
        self.all_in(f"{key}.kinds", kinds, words.PETITION_KINDS)
        where = {name: frozenset(told) for name, told in names.items()}
        return Step(self.text(key, step), kinds=frozenset(kinds), **where)

    def _regulation(self) -> tuple[Clause, ...]:
        clauses = self.law.get("regulation", [])
        if not isinstance(clauses, list):
            self.fail("regulation", "must be a list of clauses")
        made = tuple(self._clause(i, clause) for i, clause in enumerate(clauses, start=1))
        self.names("regulation", [clause.name for clause in made])
        return made

    def _clause(self, number: int, table: Any) -> Clause:
        key = f"regulation[{number}]"
        self.known(key, table, {"clause", "zh", "en", "by", "left_out", "why"})
        by = self.names(f"{key}.by", table.get("by", []))
        self.all_in(f"{key}.by", (said.partition(":")[0] for said in by), words.CARRIED_BY)
        out = table.get("left_out", "")
        if not (by or out):
            self.fail(key, "says neither by what it is carried out nor why it is left out")
        return Clause(
            name=self.said(f"{key}.clause", table.get("clause")),
            text=self.text(key, table),
            by=tuple(by),
            left_out=self.one_of(f"{key}.left_out", out, words.LEFT_OUT) if out else "",
            why=self.text(f"{key}.why", table.get("why")) if out else Text("", ""),
        )

    def _kind(self, name: str, table: Any) -> Kind:
        key = f"kinds.{self.one_of(f'kinds.{name}', name, words.PETITION_KINDS)}"
        self.known(key, table, {"zh", "en", "hint", "name"})
        return Kind(
            self.text(key, table),
            self.text(f"{key}.hint", table.get("hint")),
            self.text(f"{key}.name", table["name"]) if "name" in table else None,
        )

    def _source(self, name: str, table: Any) -> Source:
        key = f"sources.{name}"
        self.known(key, table, {"zh", "en", "basis", "check"})
        basis = self.one_of(f"{key}.basis", table.get("basis"), words.BASES)
        check = self.text(f"{key}.check", table["check"]) if "check" in table else Text("", "")
        return Source(self.name(key, name), self.text(key, table), basis, check)

    def _moves(self) -> list[dict[str, Any]]:
        moves = self.law.get("moves")
        if not isinstance(moves, list) or not moves:
            self.fail("moves", "there is no [[moves]] table: nothing can ever be done")
        for number, move in enumerate(moves, start=1):
            self.known(f"moves[{number}]", move, lawrows.MOVE)
            for name in lawrows.ALL_LISTS:
                self.names(f"moves[{number}].{name}", move.get(name, []))
        return moves

    # -- states, choices, clocks

    def _states(self, moves: list[dict[str, Any]]) -> dict[str, StateRule]:
        used = {state for move in moves for state in [*move.get("from", []), move.get("to", "")]}
        for name in sorted(used - {ANY, OPEN, ""}, key=str):
            if name not in self.words["states"]:
                self.fail(f"states.{name}", "used by a move but not described")
        return {n: self._state(n, table) for n, table in self.words["states"].items() if n in used}

    def _state(self, name: str, table: Any) -> StateRule:
        key = f"states.{name}"
        self.known(key, table, {"zh", "en", "explain", "open"})
        self.name(key, name)
        is_open = self.is_true(f"{key}.open", table.get("open", True))
        explain = self.text(f"{key}.explain", table.get("explain"))
        return StateRule(name, self.text(key, table), explain, is_open)

    def _choices(self, name: str, rows: Any) -> tuple[Choice, ...]:
        if not isinstance(rows, list) or not rows:
            self.fail(f"choices.{name}", "must be a list of {code, zh, en}, with at least one entry")
        made = [self._choice(f"choices.{name}[{i}]", row) for i, row in enumerate(rows, start=1)]
        self.names(f"choices.{name}", [choice.code for choice in made])
        return tuple(made)

    def _choice(self, key: str, row: Any) -> Choice:
        self.known(key, row, {"code", "zh", "en", "article", "ending"})
        article = self.said(f"{key}.article", row["article"]) if "article" in row else ""
        ending = self.text(f"{key}.ending", row["ending"]) if "ending" in row else None
        return Choice(self.said(f"{key}.code", row.get("code")), self.text(key, row), article, ending)

    def _clock(self, name: str, table: Any) -> ClockRule:
        key = f"clocks.{name}"
        self.known(key, table, CLOCK)
        unit = self.one_of(f"{key}.unit", table.get("unit"), ("day", "workday", "set"))
        if unit == "set" and "days" in table:
            self.fail(f"{key}.days", "a term that an office sets has no days of its own")
        follows = table.get("follows", "")
        if follows and (follows == name or follows not in self.law["clocks"]):
            self.fail(f"{key}.follows", f"{follows!r} is no other clock of this rulebook")
        reminders = table.get("reminders", [])
        if not isinstance(reminders, list):
            self.fail(f"{key}.reminders", f"must be a list of days before the due date, not {reminders!r}")
        return ClockRule(
            name=self.name(key, name),
            article=self.said(f"{key}.article", table.get("article")),
            unit=unit,
            days=0 if unit == "set" else self.whole(f"{key}.days", table.get("days")),
            roll=self.roll,
            text=self.text(key, table),
            duty=self.one_of(f"{key}.duty", table.get("duty"), ("body", "author", "house")),
            on_due=self.one_of(f"{key}.on_due", table.get("on_due"), words.ON_DUE),
            kind=self.one_of(f"{key}.kind", table.get("kind", "law"), words.CLOCK_KINDS),
            evidence=self.one_of(f"{key}.evidence", table.get("evidence"), words.EVIDENCE),
            set_by=self.said(f"{key}.set_by", table.get("set_by", "term")),
            follows=follows,
            reminders=tuple(self.whole(f"{key}.reminders", days) for days in reminders),
            days_from=table.get("days_from", ""),
            **self._beside(key, table),
        )

    def _beside(self, key: str, table: Mapping[str, Any]) -> dict[str, str]:
        """The clock that this one runs beside, and the mark that a case must have for it."""
        if "beside" not in table:
            return {}
        return {
            "beside": self.one_of(f"{key}.beside", table["beside"], self.law["clocks"]),
            "when": self.one_of(f"{key}.when", table.get("when"), MARKS),
        }

    # -- how long it is kept

    def _retention(self) -> dict[str, Retention]:
        made = {}
        for kind, table in self.law.get("retention", {}).items():
            key = f"retention.{kind}"
            if kind not in words.PETITION_KINDS:
                self.fail(key, f"unknown class; known: {', '.join(words.PETITION_KINDS)}")
            self.known(key, table, {"years", "article", "evidence", "zh", "en"})
            made[kind] = Retention(
                years=self.whole(f"{key}.years", table.get("years")),
                article=self.said(f"{key}.article", table.get("article")),
                text=self.text(key, table),
                evidence=self.one_of(f"{key}.evidence", table.get("evidence"), words.EVIDENCE),
            )
        return made

    # -- the decision aid

    def _aid(self) -> Aid:
        asked = self.law.get("aid", [])
        if not isinstance(asked, list):
            self.fail("aid", "must be a list of [[aid]] questions")
        proposals = {n: self._proposal(n, p) for n, p in self._proposals().items()}
        return Aid(tuple(self._question(i, q) for i, q in enumerate(asked, start=1)), proposals)

    def _proposals(self) -> dict[str, Any]:
        return self.table("proposals") if "proposals" in self.law else {}

    def _question(self, number: int, table: Any) -> Question:
        key = f"aid[{number}]"
        self.known(key, table, {"name", "zh", "en", "hint", "yes", "no"})
        return Question(
            self.name(f"{key}.name", self.said(f"{key}.name", table.get("name"))),
            self.text(key, table),
            self.text(f"{key}.hint", table["hint"]) if "hint" in table else Text("", ""),
            self.said(f"{key}.yes", table.get("yes")),
            self.said(f"{key}.no", table.get("no")),
        )

    def _proposal(self, name: str, table: Any) -> Proposal:
        key = f"proposals.{name}"
        self.known(key, table, {"verb", "article", "zh", "en", "explain"})
        return Proposal(
            self.name(key, name),
            self.one_of(f"{key}.verb", table.get("verb"), words.VERBS),
            self.said(f"{key}.article", table.get("article")),
            self.text(key, table),
            self.text(f"{key}.explain", table.get("explain")),
        )

    # -- what a supervisor acts on

    def _trigger(self, name: str, table: Any) -> Trigger:
        key = f"triggers.{self.name('triggers', name)}"
        self.known(key, table, TRIGGER)
        lists = {n: self.names(f"{key}.{n}", table.get(n, [])) for n in ("clocks", "states", "remedies")}
        self.all_in(f"{key}.clocks", lists["clocks"], {ANY, *self.clocks})
        self.all_in(f"{key}.states", lists["states"], self.words["states"])
        self.all_in(f"{key}.remedies", lists["remedies"], words.REMEDIES)
        mark, event = table.get("mark", ""), table.get("event", "")
        if mark:
            self.one_of(f"{key}.mark", mark, MARKS)
        if sum(map(bool, (lists["clocks"], mark, lists["remedies"]))) != 1:
            self.fail(key, "names exactly one of clocks, mark and remedies")
        if bool(event) == bool(lists["clocks"]):
            self.fail(f"{key}.event", "a clock dates itself; a mark or a remedy is dated by an event")
        return Trigger(
            name=name,
            article=self.said(f"{key}.article", table.get("article")),
            text=self.text(key, table),
            clocks=frozenset(lists["clocks"]),
            kind=self.one_of(f"{key}.kind", table.get("kind", "law"), ("law", "order")),
            states=frozenset(lists["states"]),
            mark=mark,
            times=self.whole(f"{key}.times", table.get("times", 1)),
            remedies=frozenset(lists["remedies"]),
            event=self.one_of(f"{key}.event", event, words.VERBS.values()) if event else "",
        )
