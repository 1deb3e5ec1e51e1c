"""Reads the `[[moves]]` of a rulebook: each row, and what it asks to be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from huiyin.core import vocabulary as words
from huiyin.core.conditions import CLOCK_GUARDS, EFFECTS, GUARDS, MARK_EFFECTS
from huiyin.core.lawvalues import Values
from huiyin.core.marks import MARKS
from huiyin.core.rulebook import ANY, OPEN, Choice, ClockRule, Content, Row
from huiyin.core.text import Text

LISTS = ("from", "by", "held_by", "kinds", "when", "target", "contents", "guards", "effects")
CLOCK_LISTS = ("starts", "meets", "ends", "pauses", "resumes")
ALL_LISTS = (*LISTS, *CLOCK_LISTS)
PLACES = ("holder", "handled", "above", "supervised", "called")
TEXTS = {"zh", "en", "past"}
MOVE = {"verb", "article", "to", "clock_from", "stage", "notice", "at", *TEXTS, *LISTS, *CLOCK_LISTS}


class Rows(Values):
    """The rows of one law, in the words, choices and clocks that it has already been read to have."""

    def __init__(
        self,
        read: Values,
        words: Mapping[str, dict[str, Any]],
        choices: Mapping[str, tuple[Choice, ...]],
        clocks: Mapping[str, ClockRule],
    ) -> None:
        super().__init__(read.file, read.law, read.common)
        self.words, self.choices, self.clocks = words, choices, clocks

    def row(self, number: int, table: dict[str, Any]) -> Row:
        verb = self.one_of(f"moves[{number}].verb", table.get("verb"), words.VERBS)
        key = f"moves[{number}] ({verb})"
        lists: dict[str, list[str]] = {name: table.get(name, []) for name in ALL_LISTS}
        self._only_words(key, verb, lists)
        contents = tuple(self._capped(self._content(f"{key}.contents", s), lists) for s in lists["contents"])
        clock_from = table.get("clock_from", "")
        self._clock_from(key, clock_from, contents)
        stage = table.get("stage", "")
        text, past = self._verb(key, verb, table)
        return Row(
            verb=verb,
            article=self.said(f"{key}.article", table.get("article")),
            sources=frozenset(lists["from"]),
            to=self._to(key, table.get("to", "")),
            by=frozenset(lists["by"]),
            held_by=frozenset(lists["held_by"]),
            kinds=frozenset(lists["kinds"]),
            when=tuple(lists["when"]),
            target=frozenset(lists["target"]),
            contents=contents,
            guards=tuple(lists["guards"]),
            effects=tuple(lists["effects"]),
            starts=tuple(lists["starts"]),
            meets=tuple(lists["meets"]),
            ends=tuple(lists["ends"]),
            pauses=tuple(lists["pauses"]),
            resumes=tuple(lists["resumes"]),
            clock_from=clock_from,
            stage=self.one_of(f"{key}.stage", stage, words.STAGES) if stage else "",
            notice=self.name(f"{key}.notice", table["notice"]) if "notice" in table else "",
            at=self._at(key, table.get("at", "holder")),
            text=text,
            past=past,
        )

    def _only_words(self, key: str, verb: str, lists: Mapping[str, list[str]]) -> None:
        """Each word of a row means something: it is of the vocabulary, or a clock of this law."""
        self.all_in(f"{key}.by", lists["by"], words.ROLES)
        self.all_in(f"{key}.held_by", lists["held_by"], words.BODY_KINDS)
        self.all_in(f"{key}.kinds", lists["kinds"], words.PETITION_KINDS)
        self.all_in(f"{key}.target", lists["target"], (*words.BODY_KINDS, words.PARTNER))
        self.all_in(f"{key}.when", (name.removeprefix("!") for name in lists["when"]), MARKS)
        for effect in lists["effects"]:
            self._effect(f"{key}.effects", effect)
        for name in CLOCK_LISTS:
            self.all_in(f"{key}.{name}", lists[name], self.clocks)
        if lists["pauses"] and verb not in words.PAUSES:
            self.fail(f"{key}.pauses", f"only these stop a clock: {', '.join(sorted(words.PAUSES))}")
        for guard in lists["guards"]:
            self._guard(f"{key}.guards", guard)
        if not lists["by"]:
            self.fail(f"{key}.by", "a move that nobody may make: name at least one role")

    def _verb(self, key: str, verb: str, table: Mapping[str, Any]) -> tuple[Text, Text]:
        described = self.words["verbs"].get(verb)
        if described is None:
            self.fail(f"verbs.{verb}", "used by a move but not described")
        self.known(f"verbs.{verb}", described, {"zh", "en", "past"})
        own = "zh" in table or "en" in table
        text = self.text(key, table) if own else self.text(f"verbs.{verb}", described)
        if "past" in table:
            return text, self.text(f"{key}.past", table["past"])
        return text, self.text(f"verbs.{verb}.past", described.get("past"))

    def _to(self, key: str, to: Any) -> str:
        if not isinstance(to, str) or to in {ANY, OPEN}:
            self.fail(f"{key}.to", f"must be one state, not {to!r}")
        return to

    def _at(self, key: str, said: Any) -> str:
        if isinstance(said, str) and said.startswith("@"):
            return "@" + self.one_of(f"{key}.at", said[1:], MARKS)
        return self.one_of(f"{key}.at", said, PLACES)

    def _clock_from(self, key: str, said: Any, contents: tuple[Content, ...]) -> None:
        if isinstance(said, str) and said.startswith("@"):
            self.one_of(f"{key}.clock_from", said[1:], MARKS)
        elif said and said not in {c.name for c in contents if c.type == "date" and c.required}:
            self.fail(f"{key}.clock_from", f"{said!r} is no required date among this move's contents")

    def _effect(self, key: str, effect: str) -> None:
        name, _, mark = effect.partition(":")
        if name in MARK_EFFECTS:
            self.one_of(key, mark, MARKS)
        else:
            self.one_of(key, effect, EFFECTS)

    def _guard(self, key: str, guard: str) -> None:
        name, _, clock = guard.partition(":")
        if name not in GUARDS:
            self.fail(key, f"no guard named {name!r}; there are: {', '.join(sorted(GUARDS))}")
        if (name in CLOCK_GUARDS) != bool(clock) or (clock and clock not in self.clocks):
            self.fail(key, f"{guard!r} must name one clock of this rulebook as 'guard:clock'")

    # -- contents: "name", "name?" (may be left out), "name=a|b" (only these of its choices)

    def _content(self, where: str, said: str) -> Content:
        name, _, only = said.rstrip("?").partition("=")
        table = self.words["contents"].get(name)
        key = f"contents.{name}"
        if table is None:
            self.fail(where, f"no content named {name!r}; describe it under [contents.{name}]")
        self.known(key, table, {"type", "zh", "en", "hint", "choices", "columns", "most", "least", "apart"})
        kind: Any = self.one_of(f"{key}.type", table.get("type"), words.CONTENT_TYPES)
        choices = table.get("choices", "")
        if (kind == "choice") != bool(choices) or (choices and choices not in self.choices):
            self.fail(f"{key}.choices", f"a choice names one list of [choices]; {choices!r} is none")
        columns = self.names(f"{key}.columns", table.get("columns", []))
        if (kind == "rows") != bool(columns):
            self.fail(f"{key}.columns", "rows, and only rows, have columns")
        return Content(
            name=name,
            type=kind,
            text=self.text(key, table),
            hint=self.text(f"{key}.hint", table["hint"]) if "hint" in table else Text("", ""),
            choices=self._only(where, self.choices.get(choices, ()), only),
            columns=tuple(self._content(f"{key}.columns", column) for column in columns),
            most=self.whole(f"{key}.most", table.get("most", 20_000)),
            required=not said.endswith("?"),
            least=self._least(key, kind, table),
            apart=self.is_true(f"{key}.apart", table.get("apart", False)),
        )

    def _least(self, key: str, kind: str, table: Mapping[str, Any]) -> int:
        if "least" in table and kind != "rows":
            self.fail(f"{key}.least", "only rows have a least number")
        return self.whole(f"{key}.least", table.get("least", 1))

    def _capped(self, content: Content, lists: Mapping[str, list[str]]) -> Content:
        """Days of an extension: at most as many as the clock that the row starts may have."""
        extends = [self.clocks[n] for n in lists["starts"] if n in self.clocks and self.clocks[n].follows]
        if content.type != "days" or not extends:
            return content
        most = min(content.most, *(clock.days for clock in extends))
        return replace(content, most=most, hint=content.hint.format(most=most))

    def _only(self, where: str, choices: tuple[Choice, ...], only: str) -> tuple[Choice, ...]:
        if not only:
            return choices
        codes = only.split("|")
        self.all_in(where, codes, {choice.code for choice in choices})
        return tuple(choice for choice in choices if choice.code in codes)
