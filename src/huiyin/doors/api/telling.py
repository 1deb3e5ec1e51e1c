"""Tell a petition to its author as JSON: the same story that the page tells, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from huiyin.core.rulebook import Content, Row
from huiyin.core.text import Text
from huiyin.doors.api import shapes
from huiyin.doors.api.shapes import Words
from huiyin.registry import own, routing
from huiyin.registry.access import SPLIT, Author, family_of
from huiyin.registry.facts import Fact
from huiyin.registry.models import Attachment, Body, Petition
from huiyin.registry.prospects import open_moves
from huiyin.registry.story import Told, story_of
from huiyin.site import typed


def tell(
    petition: Petition, author: Author, now: datetime, reading: bytes | None = None
) -> shapes.PetitionOut:
    """Everything that the author may know: opinions as soon as they are served.

    `reading` opens what lies under seal of a report (`own.reading_of`).
    """
    own.show(petition, reading)
    story = story_of(petition, served_only=True)
    files = [file for step in story.timeline for file in step.attachments]
    own.show_files(files, reading)
    return shapes.PetitionOut(
        ref=petition.ref,
        kind=petition.kind,
        subject=petition.subject,
        text=petition.text,
        state=shapes.StateOut(
            code=petition.state, zh=story.state.text.zh, en=story.state.text.en, open=story.state.open
        ),
        holder=_body(petition.holder),
        lodged_at=moment(petition.lodged_at),
        service=petition.service,
        signatures=petition.marks.get("signatures", msgspec.UNSET),
        clocks=typed.convert([clock.json for clock in story.clocks], list[shapes.ClockOut]),
        timeline=[_step(told) for told in story.timeline],
        attachments=[_attachment(file) for file in files],
        moves=[_move(petition, row) for row in open_moves(petition, author, now)],
        part_of=petition.part_of.ref if petition.part_of else msgspec.UNSET,
        parts=_parts(petition) if petition.state == SPLIT else msgspec.UNSET,
    )


def _parts(petition: Petition) -> list[shapes.PartOut]:
    return [
        shapes.PartOut(ref=part.ref, kind=part.kind, subject=part.subject, state=part.state)
        for part in family_of(petition)
    ]


def moment(at: datetime) -> str:
    """UTC to the second, e.g. 2026-11-22T08:00:00Z."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _words(text: Text | str) -> Words:
    return Words(zh=text.zh, en=text.en) if isinstance(text, Text) else Words(zh=text, en=text)


def _step(told: Told) -> shapes.StepOut:
    return shapes.StepOut(
        seq=told.seq,
        at=moment(told.at),
        event=told.event,
        title=_words(told.title),
        by=_words(told.by),
        body=_words(told.body),
        rulebook=told.rulebook,
        article=told.article,
        facts=[_fact(fact) for fact in told.facts],
        late=told.late,
        claimed=told.claimed,
    )


def _fact(fact: Fact) -> shapes.FactOut:
    return shapes.FactOut(name=fact.name, label=_words(fact.label), value=_words(fact.value))


def _attachment(file: Attachment) -> shapes.AttachmentOut:
    return shapes.AttachmentOut(
        name=file.name, media_type=file.media_type, size=file.size, sha256=file.digest, step=file.entry_seq
    )


def _move(petition: Petition, row: Row) -> shapes.MoveOut:
    above = routing.above(petition) if "to-superior" in row.effects else ()
    return shapes.MoveOut(
        move=row.verb,
        text=_words(row.text),
        article=row.article,
        contents=[_content(content, above) for content in row.contents],
        decides=_decides(row, above) if above else msgspec.UNSET,
    )


def _decides(row: Row, above: Sequence[Body]) -> list[shapes.BodyOut]:
    """Who would look at it: the one it goes to first, and what may be named instead where the law allows."""
    may_name = any(content.type == "body" for content in row.contents)
    return [_body(body) for body in (above if may_name else above[:1])]


def _body(body: Body) -> shapes.BodyOut:
    return shapes.BodyOut(code=body.code, zh=body.name.zh, en=body.name.en)


def _content(content: Content, above: Sequence[Body] = ()) -> shapes.ContentOut:
    codes = [choice.code for choice in content.choices]
    if content.type == "body":
        codes = [body.code for body in above]
    return shapes.ContentOut(
        name=content.name,
        type=str(content.type),
        text=_words(content.text),
        required=content.required,
        choices=codes or msgspec.UNSET,
    )
