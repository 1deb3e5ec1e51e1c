"""About opening the identity seal (charter 5): what it is for, and who has to agree.

And about whom a report turns out to be about (charter 6).
"""

from __future__ import annotations

from datetime import date, timedelta

from huiyin.core import clauses
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def purpose_serves(asked: Asked) -> Refusal | None:
    """The words name no purpose of stability or of holding somebody back, whatever purpose was chosen."""
    found = clauses.no_purpose(str(asked.said["words"])) if asked.said is not None else ""
    if not found:
        return None
    return refuse("no-purpose", asked.row.article, fields={"words": "no-purpose"}, words=found)


def another_hand(asked: Asked) -> Refusal | None:
    """Whoever asked, or has decided already, does not decide: nobody is their own second person."""
    mine = asked.actor.id and asked.actor.id in asked.case.marks.get("hands", ())
    return refuse("own-second-person", asked.row.article) if mine else None


def own_opening(asked: Asked) -> Refusal | None:
    """What was allowed to one officer opens for nobody else."""
    first = next(iter(asked.case.marks.get("hands", ())), "")
    return None if asked.actor.id == first else refuse("not-your-opening", asked.row.article)


def as_allowed(asked: Asked) -> Refusal | None:
    """It opens for the purpose that was allowed."""
    if asked.said is None or asked.said["purpose"] == asked.case.marks.get("purpose"):
        return None
    return refuse("another-purpose", asked.row.article, fields={"purpose": "no-purpose"})


def custodian_there(asked: Asked) -> Refusal | None:
    """A body of another line has a custodian who can be the second person."""
    if asked.said is None or asked.situation.custodian:
        return None
    return refuse("no-custodian", asked.row.article)


def auditor_there(asked: Asked) -> Refusal | None:
    """An auditor looks at the body that has it."""
    if asked.said is None or asked.situation.auditing:
        return None
    return refuse("no-auditor", asked.row.article)


def kept_for_a_time(asked: Asked) -> Refusal | None:
    """An order that keeps a demand from the author ends, on a day ahead that is not too far."""
    if asked.said is None:
        return None
    until, most = date.fromisoformat(asked.said["kept_until"]), asked.situation.rulebook.spans["demand-kept"]
    if asked.today < until <= asked.today + timedelta(days=most.days):
        return None
    return refuse("kept-too-long", asked.row.article, days=most.days)


def somewhere_else(asked: Asked) -> Refusal | None:
    """Where the report turns out to be about whoever has it, another body can take it."""
    if asked.said is None:
        return None
    touched = asked.case.holder.touched_by(asked.case.accused | frozenset(asked.said["reported"]))
    return refuse("no-body", asked.row.article) if touched and asked.situation.elsewhere is None else None


GUARDS: dict[str, Guard] = {
    "purpose-serves": purpose_serves,
    "another-hand": another_hand,
    "own-opening": own_opening,
    "as-allowed": as_allowed,
    "custodian-there": custodian_there,
    "auditor-there": auditor_there,
    "kept-for-a-time": kept_for_a_time,
    "somewhere-else": somewhere_else,
}
