"""About opening the identity seal (charter 5): what it is for, and who has to agree."""

from __future__ import annotations

from huiyin.core import clauses
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def purpose_serves(asked: Asked) -> Refusal | None:
    """The words name no purpose of stability or of holding somebody back, whatever purpose was chosen."""
    found = clauses.no_purpose(str(asked.said["words"])) if asked.said is not None else ""
    if not found:
        return None
    return refuse("no-purpose", asked.row.article, fields={"words": "no-purpose"}, words=found)


GUARDS: dict[str, Guard] = {"purpose-serves": purpose_serves}
