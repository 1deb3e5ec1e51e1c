"""About those who sign together: none of them ends the petition for the others."""

from __future__ import annotations

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def alone(asked: Asked) -> Refusal | None:
    """Nobody else signs it: whoever withdraws a joint petition takes back their own signature alone."""
    return refuse("others-signed", asked.row.article) if asked.situation.signatures > 1 else None


def counted(asked: Asked) -> Refusal | None:
    """The number that is put on record is the number of signatures that there are."""
    right = asked.said is None or asked.said["signatures"] == asked.situation.signatures
    return None if right else refuse("number-differs", asked.row.article)


GUARDS: dict[str, Guard] = {"alone": alone, "counted": counted}
