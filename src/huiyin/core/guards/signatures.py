"""About those who sign together: none of them ends the petition for the others."""

from __future__ import annotations

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse

SETTLED = frozenset({"agreement", "settled"})  # results of a mediation that bind those who complained


def alone(asked: Asked) -> Refusal | None:
    """Nobody else signs it: whoever withdraws a joint petition takes back their own signature alone."""
    return refuse("others-signed", asked.row.article) if asked.situation.signatures > 1 else None


def one_author(asked: Asked) -> Refusal | None:
    """Each who signs has a key and a seal of their own: what is handed over is the petition of one."""
    return refuse("joint-stays", asked.row.article) if asked.situation.signatures > 1 else None


def counted(asked: Asked) -> Refusal | None:
    """The number that is put on record is the number of signatures that there are."""
    right = asked.said is None or asked.said["signatures"] == asked.situation.signatures
    return None if right else refuse("number-differs", asked.row.article)


def others_agreed(asked: Asked) -> Refusal | None:
    """Nobody settles for others who sign it too: each who is represented has agreed (SAMR art. 11.2)."""
    if asked.said is None or asked.situation.signatures < 2 or asked.said["result"] not in SETTLED:
        return None
    return None if asked.said.get("others_agreed") else refuse("others-not-asked", asked.row.article)


GUARDS: dict[str, Guard] = {
    "alone": alone,
    "one-author": one_author,
    "counted": counted,
    "others-agreed": others_agreed,
}
