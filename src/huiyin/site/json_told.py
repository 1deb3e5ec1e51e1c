"""Tell what any door tells of a petition as JSON: words in both languages, clocks, steps, moves, bodies.

Shapes beside what fills them. What is told to whom is each door's; here it is only written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from huiyin.core.rulebook import Content, Row
from huiyin.core.text import Text
from huiyin.registry.facts import Fact
from huiyin.registry.models import Attachment, Body
from huiyin.registry.story import Told as ToldStep
from huiyin.site import typed
from huiyin.site.problem import Told


class Words(Told):
    """The same in both languages."""

    zh: str
    en: str


class SkippedDay(Told):
    date: str
    why: str


class Excluded(Told):
    start: str
    end: str | None
    ground: str


class ClockOut(Told):
    """A clock as `huiyin due` prints it, with where it stands."""

    rulebook: str
    clock: str
    article: str
    unit: Literal["day", "workday", "set"]
    days: int
    start: str
    due: str
    provisional: bool
    skipped: list[SkippedDay]
    state: Literal["running", "paused", "met", "missed", "lapsed"]
    kind: str
    ended: str | UnsetType = UNSET
    excluded: list[Excluded] | UnsetType = UNSET
    extended: bool | UnsetType = UNSET


class StateOut(Told):
    code: str
    zh: str
    en: str
    open: bool


class BodyOut(Told):
    code: str
    zh: str
    en: str


class FactOut(Told):
    """One thing that a step said."""

    name: str
    label: Words
    value: Words


class AttachmentOut(Told):
    number: Annotated[int, Meta(description="of its address: attachments/{number}")]
    name: str
    media_type: str
    size: int
    sha256: str
    step: Annotated[int, Meta(description="seq of the step that it came with")]


class StepOut(Told):
    """One line of the timeline."""

    seq: int
    at: str
    event: str
    title: Words
    by: Words
    body: Words
    rulebook: str
    article: str
    facts: list[FactOut]
    late: bool
    claimed: Annotated[bool, Meta(description="happened at that time by the word of an imported source")]
    document: Annotated[
        Words | UnsetType, Meta(description="the letter that this step left: letters/{seq}")
    ] = UNSET


class ContentOut(Told):
    """Something that a move must or may say."""

    name: str
    type: str
    text: Words
    required: bool
    choices: list[str] | UnsetType = UNSET
    columns: Annotated[list[ContentOut] | UnsetType, Meta(description="of rows: what each says")] = UNSET


class MoveOut(Told):
    """A move that is open now."""

    move: str
    text: Words
    article: str
    contents: list[ContentOut]
    decides: Annotated[
        list[BodyOut] | UnsetType,
        Meta(description="who would look at it: the first unless the content `body` names another of them"),
    ] = UNSET


def moment(at: datetime) -> str:
    """UTC to the second, e.g. 2026-11-22T08:00:00Z."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def words(text: Text | str) -> Words:
    return Words(zh=text.zh, en=text.en) if isinstance(text, Text) else Words(zh=text, en=text)


def body(told: Body) -> BodyOut:
    return BodyOut(code=told.code, zh=told.name.zh, en=told.name.en)


def clocks(told: Iterable[dict[str, Any]]) -> list[ClockOut]:
    """From what `explain.as_json` makes of each."""
    return typed.convert(list(told), list[ClockOut])


def step(told: ToldStep) -> StepOut:
    return StepOut(
        seq=told.seq,
        at=moment(told.at),
        event=told.event,
        title=words(told.title),
        by=words(told.by),
        body=words(told.body),
        rulebook=told.rulebook,
        article=told.article,
        facts=[fact(each) for each in told.facts],
        late=told.late,
        claimed=told.claimed,
        document=words(told.document) if told.document else UNSET,
    )


def fact(told: Fact) -> FactOut:
    return FactOut(name=told.name, label=words(told.label), value=words(told.value))


def attachment(file: Attachment) -> AttachmentOut:
    return AttachmentOut(
        number=file.pk,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.digest,
        step=file.entry_seq,
    )


def move(row: Row, decides: Sequence[Body] = ()) -> MoveOut:
    """A row of the rulebook as it is offered. `decides`: where it goes to a superior, who that may be."""
    may_name = any(content.type == "body" for content in row.contents)
    above = decides if may_name else decides[:1]
    return MoveOut(
        move=row.verb,
        text=words(row.text),
        article=row.article,
        contents=[content(each, decides) for each in row.contents],
        decides=[body(each) for each in above] if decides else UNSET,
    )


def content(asked: Content, decides: Sequence[Body] = ()) -> ContentOut:
    codes = [choice.code for choice in asked.choices]
    if asked.type == "body" and decides:
        codes = [each.code for each in decides]
    return ContentOut(
        name=asked.name,
        type=str(asked.type),
        text=words(asked.text),
        required=asked.required,
        choices=codes or UNSET,
        columns=[content(each) for each in asked.columns] or UNSET,
    )
