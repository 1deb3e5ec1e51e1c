"""The steps of a yearly assessment in the public log: each an entry, written in the transaction of the step.

The log tells outsiders when, and nothing of what: not whose assessment it is, nor that it is one. What opens
an entry is shown to those who see the assessment, and can be checked without this installation.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings

from huiyin.core import assessment_proof, ledger, notes
from huiyin.core.assessment_proof import DECIDED, ISSUED, OBJECTED, AssessmentProof, Step
from huiyin.core.text import Text
from huiyin.registry import inclusion
from huiyin.registry.assessments import Assessment, AssessmentEntry

NO_ENTRY = Text("不在公开日志的记录中", "has no entry for the public log")
UNLIKE = Text("不是登记的那样：被改动", "is not what was put on record: it was changed")


def openings(kept: Assessment) -> Iterator[tuple[str, datetime, dict[str, Any]]]:
    """Each step that was made: its name, when, and in full. No officer: it is about the work of bodies."""

    def made(step: str, at: datetime, **said: Any) -> tuple[str, datetime, dict[str, Any]]:
        of = {"body": kept.body.code, "year": kept.year, "step": step, "at": ledger.second(at)}
        return step, at, of | said

    yield made(
        ISSUED,
        kept.issued_at,
        rulebook=kept.rulebook,
        formula=kept.formula,
        record=kept.record,
        points=f"{kept.points:.2f}",
        log_size=kept.log_size,
        log_root=kept.log_root,
        object_by=kept.object_by.isoformat(),
    )
    if (objection := getattr(kept, "objection", None)) is None:
        return
    yield made(
        OBJECTED,
        objection.made_at,
        item=objection.item,
        reasons=objection.reasons,
        decide_by=objection.decide_by.isoformat(),
    )
    if (decision := getattr(objection, "decision", None)) is None:
        return
    yield made(
        DECIDED,
        decision.decided_at,
        item=objection.item,
        decided=decision.decided,
        reasons=decision.reasons,
    )


def enter(kept: Assessment, now: datetime) -> None:
    """Put on record each step that has no entry yet: the one just made. Belongs in its transaction."""
    there = set(kept.entries.values_list("step", flat=True))
    for step, at, opening in openings(kept):
        if step in there:
            continue
        salt = secrets.token_bytes(ledger.SALT_BYTES)
        claimed = None if ledger.minute(at) == ledger.minute(now) else at
        line = ledger.Entry(now, assessment_proof.commit(opening, salt), claimed)
        kept.entries.create(step=step, recorded_at=now, public=line.to_bytes(), salt=salt, opening=opening)


def entries_of(kept: Assessment) -> list[AssessmentEntry]:
    return sorted(kept.entries.all(), key=lambda each: assessment_proof.STEPS.index(each.step))


def proof(kept: Assessment) -> AssessmentProof:
    """What opens the entries of an assessment, with the way of each to the head that is published now."""
    rows = entries_of(kept)
    head, ways = inclusion.proofs(rows)
    steps = []
    for row in rows:
        way = ways.get(row.number) if row.number is not None else None
        hashes = tuple(map(notes.unbase64, way or ()))
        number = row.number if way is not None else None
        steps.append(Step(row.opening, bytes(row.salt), bytes(row.public), number, hashes))
    return AssessmentProof(settings.ORIGIN, tuple(steps), head)


def wrongs() -> Iterator[tuple[Assessment, str, Text]]:
    """Steps whose rows say something else than their entries, or that have none. Memory stays flat."""
    rows = Assessment.objects.select_related("body", "objection__decision").prefetch_related("entries")
    for kept in rows.order_by("pk").iterator(chunk_size=500):
        made = {step: opening for step, _at, opening in openings(kept)}
        found = {row.step: row for row in kept.entries.all()}
        for step in made.keys() | found.keys():
            if step not in found:
                yield kept, step, NO_ENTRY
            elif made.get(step) != found[step].opening or not _holds(found[step]):
                yield kept, step, UNLIKE


def _holds(row: AssessmentEntry) -> bool:
    return Step(row.opening, bytes(row.salt), bytes(row.public)).holds
