"""About publishing a re-review opinion (art. 36.2): off by default, masked, approved by somebody else."""

from __future__ import annotations

import re

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse

# What an officer puts in place of words that are to be hidden besides those that were found.
HIDDEN = ("〔隐去〕", "[hidden]")
_HIDDEN = re.compile("|".join(map(re.escape, HIDDEN)))


def publishes(asked: Asked) -> Refusal | None:
    """The law in force here turns publication on; no law does unless it says so."""
    return None if asked.situation.rulebook.publishes else refuse("not-published-here", asked.row.article)


def hides_enough(asked: Asked) -> Refusal | None:
    """The text is the masked one, letter by letter, but for what was hidden besides."""
    ours = asked.situation.publishable
    if not ours:
        return refuse("nothing-to-publish", asked.row.article)
    fits = asked.said is None or only_hides_more(ours, asked.said["publication_text"])
    return None if fits else refuse("not-the-masked-text", asked.row.article)


def only_hides_more(ours: str, theirs: str) -> bool:
    """Whether `theirs` is `ours` with some stretches replaced by a word of HIDDEN; spaces do not count."""
    whole, *pieces = _squeezed(ours), *_HIDDEN.split(theirs)
    first, *rest = map(_squeezed, pieces)
    if not rest:
        return first == whole
    *middle, last = rest
    if not whole.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        found = whole.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return whole.endswith(last) and len(whole) - len(last) >= at


def _squeezed(text: str) -> str:
    return "".join(text.split())


def not_the_proposer(asked: Asked) -> Refusal | None:
    """Whoever approves did not propose it."""
    own = asked.actor.id and asked.actor.id == asked.situation.proposer
    return refuse("own-proposal", asked.row.article) if own else None


GUARDS: dict[str, Guard] = {
    "publishes": publishes,
    "hides-enough": hides_enough,
    "not-the-proposer": not_the_proposer,
}
