"""Tell a petition to its author as JSON: the same story that the page tells, in both languages."""

from __future__ import annotations

from datetime import datetime

import msgspec

from huiyin.core.rulebook import Row
from huiyin.doors.api import shapes
from huiyin.registry import own, routing
from huiyin.registry.access import SPLIT, Author, family_of
from huiyin.registry.models import Petition
from huiyin.registry.prospects import open_moves
from huiyin.registry.story import story_of
from huiyin.site import json_told as told


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
        state=told.StateOut(
            code=petition.state, zh=story.state.text.zh, en=story.state.text.en, open=story.state.open
        ),
        holder=told.body(petition.holder),
        lodged_at=told.moment(petition.lodged_at),
        service=petition.service,
        signatures=petition.marks.get("signatures", msgspec.UNSET),
        clocks=told.clocks(clock.json for clock in story.clocks),
        timeline=[told.step(step) for step in story.timeline],
        attachments=[told.attachment(file) for file in files],
        moves=[_move(petition, row) for row in open_moves(petition, author, now)],
        part_of=petition.part_of.ref if petition.part_of else msgspec.UNSET,
        parts=_parts(petition) if petition.state == SPLIT else msgspec.UNSET,
    )


def _parts(petition: Petition) -> list[shapes.PartOut]:
    return [
        shapes.PartOut(ref=part.ref, kind=part.kind, subject=part.subject, state=part.state)
        for part in family_of(petition)
    ]


def _move(petition: Petition, row: Row) -> told.MoveOut:
    return told.move(row, routing.above(petition) if "to-superior" in row.effects else ())
