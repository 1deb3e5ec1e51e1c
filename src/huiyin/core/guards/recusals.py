"""About recusal (art. 28.3): who is asked to step back, and who decides: never the officer themself.

Whoever is in charge is asked to step back. Nobody else is put in charge before that is decided, so that a
decision never meets another officer than the request did.
"""

from __future__ import annotations

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.marks import WAITING
from huiyin.core.refusal import Refusal, refuse


def somebody_in_charge(asked: Asked) -> Refusal | None:
    """An officer is in charge, who could step back or leave it; an author names no person."""
    return None if asked.case.officer else refuse("nobody-in-charge", asked.row.article)


def not_oneself(asked: Asked) -> Refusal | None:
    """Whoever is asked to step back does not decide whether they must (charter 6)."""
    oneself = asked.actor.id and asked.actor.id == asked.case.officer
    return refuse("on-oneself", asked.row.article) if oneself else None


def recusal_decided(asked: Asked) -> Refusal | None:
    """No request waits about whoever is in charge; one about somebody who was in charge is without object."""
    waits = asked.case.officer and any(asked.case.marks.get(mark) for mark in WAITING)
    return refuse("recusal-waits", asked.row.article) if waits else None


def not_recused(asked: Asked) -> Refusal | None:
    """Nobody is put in charge who has stepped back from this petition."""
    stepped_back = asked.said is not None and asked.said["officer"] in asked.case.recused
    return refuse("stepped-back", asked.row.article) if stepped_back else None


def without_object(asked: Asked) -> Refusal | None:
    """A request waits, and whoever it was about is in charge no longer: there is nothing left to decide."""
    waits = any(asked.case.marks.get(mark) for mark in WAITING)
    return None if waits and not asked.case.officer else refuse("not-without-object", asked.row.article)


def nobody_left(asked: Asked) -> Refusal | None:
    """Whoever could decide it, or name somebody who could, has stepped back from it."""
    return None if asked.situation.nobody_left else refuse("somebody-left", asked.row.article)


GUARDS: dict[str, Guard] = {
    "somebody-in-charge": somebody_in_charge,
    "not-oneself": not_oneself,
    "recusal-decided": recusal_decided,
    "not-recused": not_recused,
    "without-object": without_object,
    "nobody-left": nobody_left,
}
