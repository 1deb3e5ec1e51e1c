"""A few plain questions that lead to a class and a route. They propose; the officer decides and says why.

The questions and proposals are rulebook data (`[[aid]]`, `[proposals.…]`). Answers are a word of y and n, one
letter a question, so that a page needs nothing but links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from huiyin.core.text import Text

YES, NO = "y", "n"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and where each answer leads: to another question, or with "=" to a proposal."""

    name: str
    text: Text
    hint: Text
    yes: str
    no: str

    def after(self, answer: str) -> str:
        return self.yes if answer == YES else self.no


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the answers lead to: the move that would make it so, with the article it rests on."""

    name: str
    verb: str
    article: str
    text: Text
    explain: Text


@dataclass(frozen=True, slots=True)
class Aid:
    questions: tuple[Question, ...] = ()
    proposals: Mapping[str, Proposal] = field(default_factory=dict)

    def question(self, name: str) -> Question | None:
        return next((q for q in self.questions if q.name == name), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the answers lead: what was asked, and either the next question or the proposal."""

    asked: tuple[tuple[Question, str], ...]
    question: Question | None
    proposal: Proposal | None

    @property
    def answers(self) -> str:
        return "".join(answer for _, answer in self.asked)


def follow(aid: Aid, answers: str) -> Standing:
    """Follow the answers as far as they go; what is neither y nor n, or comes too late, is left out."""
    asked: list[tuple[Question, str]] = []
    here = aid.questions[0] if aid.questions else None
    for answer in answers:
        if here is None or answer not in {YES, NO}:
            break
        asked.append((here, answer))
        led = here.after(answer)
        if led.startswith("="):
            return Standing(tuple(asked), None, aid.proposals[led[1:]])
        here = aid.question(led)
    return Standing(tuple(asked), here, None)


def wrongs(aid: Aid) -> Iterator[tuple[str, str]]:
    """What is wrong with an aid, as (key, what): every path ends, and everything in it can be reached."""
    names = [q.name for q in aid.questions]
    for question in aid.questions:
        for word, led in (("yes", question.yes), ("no", question.no)):
            known = led[1:] in aid.proposals if led.startswith("=") else led in names
            if not known:
                yield f"aid.{question.name}.{word}", f"{led!r} is neither a question nor '=' and a proposal"
            elif not led.startswith("=") and names.index(led) <= names.index(question.name):
                # Only forward: so every path ends, whatever is answered.
                yield f"aid.{question.name}.{word}", f"leads back to {led!r}: a question leads to a later one"
    led_to = {led for q in aid.questions for led in (q.yes, q.no)}
    for name in names[1:]:
        if name not in led_to:
            yield f"aid.{name}", "no answer leads here"
    for name in aid.proposals:
        if f"={name}" not in led_to:
            yield f"proposals.{name}", "no answer leads here"
