"""A name for other systems, by which they ask how one petition stands: drawn at random, kept as a hash.

It stands in addresses, where a key must not stand; so it opens the course of the petition and nothing else:
no word of it, no file, no move (decision 0075).
"""

from __future__ import annotations

import hashlib

from huiyin.registry import keys
from huiyin.registry.models import FollowId, Petition

PREFIX = "HF"
LETTERS = 20  # 100 bits: nobody guesses it, so a plain hash keeps it


def give(petition: Petition) -> str:
    """A name for this petition, said once; called in the transaction that files it."""
    letters = keys.draw(LETTERS)
    FollowId.objects.create(petition=petition, digest=_digest(letters))
    return "-".join([PREFIX, *(letters[i : i + 5] for i in range(0, LETTERS, 5))])


def petition_of(named: str) -> Petition | None:
    """The petition that somebody names so; None for none, and for one that the law keeps no longer."""
    letters = keys.as_typed(named.removeprefix(PREFIX))
    if not named.startswith(PREFIX) or len(letters) != LETTERS:
        return None
    rows = Petition.objects.select_related("holder").filter(erased_on=None)
    return rows.filter(follow_id__digest=_digest(letters)).first()


def _digest(letters: str) -> str:
    return hashlib.sha256(f"huiyin-follow\n{letters}".encode()).hexdigest()
