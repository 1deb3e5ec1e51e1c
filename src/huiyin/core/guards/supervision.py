"""About supervision: who stands above whom, and which level may close what another one opened (art. 40)."""

from __future__ import annotations

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def above_addressee(asked: Asked) -> Refusal | None:
    """The letter goes down: to a body below the one that writes, never to itself or to one beside it."""
    if asked.said is None:
        return None
    case = asked.case
    body = case.carrier if asked.said["addressee"] == "carrier" else case.holder
    return None if asked.actor.stands_above(asked.row, body) else refuse("not-above", asked.row.article)


def supervises(asked: Asked) -> Refusal | None:
    """Closed by the level that supervises now, or by one above it: no lower one ends what was taken over."""
    level = asked.case.marks.get("supervision-level", 0)
    lower = asked.actor.level(asked.row, asked.case) < level
    return refuse("higher-supervises", asked.row.article) if lower else None


def above_supervisor(asked: Asked) -> Refusal | None:
    """Taken over from above: up the tree, never sideways or down."""
    level = asked.case.marks.get("supervision-level", 0)
    higher = asked.actor.level(asked.row, asked.case) > level
    return None if higher else refuse("not-higher", asked.row.article)


GUARDS: dict[str, Guard] = {
    "above-addressee": above_addressee,
    "supervises": supervises,
    "above-supervisor": above_supervisor,
}
