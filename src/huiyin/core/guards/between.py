"""About several bodies: who decides between them, and whom the lead called in (art. 24.1)."""

from __future__ import annotations

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse

TWICE = 2


def has_arbiter(asked: Asked) -> Refusal | None:
    """There is a body above both, or a joint conference, that can decide."""
    if asked.said is None or asked.situation.arbiter is not None:
        return None
    return refuse("no-arbiter", asked.row.article)


def is_successor(asked: Asked) -> Refusal | None:
    """The body that is named takes over from one that this petition is with (art. 24.2)."""
    if asked.said is None or asked.situation.succeeded:
        return None
    return refuse("no-successor", asked.row.article)


def bounced(asked: Asked) -> Refusal | None:
    """It was sent back twice: nobody takes it, and whoever is above decides."""
    returned = asked.case.marks.get("returned", 0)
    return None if returned >= TWICE else refuse("not-bounced", asked.row.article)


def above_both(asked: Asked) -> Refusal | None:
    """Whoever decides serves at a body that stands above the holder and above the body they name."""
    target = asked.situation.target
    if asked.said is None or target is None:
        return None
    both = set(asked.case.holder.chain) & set(target.chain)
    mine = {body for body, roles in asked.actor.at.items() if roles & asked.row.by}
    here = bool(asked.row.by & asked.actor.roles) or bool(mine & both)
    return None if here else refuse("not-above-both", asked.row.article)


def not_called_in(asked: Asked) -> Refusal | None:
    """Nobody is called in twice: the first term stands."""
    target = asked.situation.target
    known = target is not None and any(code == target.code for code, _ in asked.case.called)
    return refuse("called-in", asked.row.article) if known else None


def owes_contribution(asked: Asked) -> Refusal | None:
    """The actor's body was called in and has not given its part."""
    owing = asked.case.owing(asked.situation.called_at)
    return None if owing else refuse("owes-nothing", asked.row.article)


def contribution_late(asked: Asked) -> Refusal | None:
    """A contribution is past its day; before that the lead waits for it."""
    late = any(c.state == "missed" or c.is_past_due(asked.today) for c in asked.case.contributions)
    return None if late else refuse("no-contribution-late", asked.row.article)


def contributions_in(asked: Asked) -> Refusal | None:
    """Every body that was called in gave its part, or the lead said why it goes on without."""
    return refuse("contribution-owed", asked.row.article) if asked.case.contributions else None


def not_left(asked: Asked) -> Refusal | None:
    """Nothing of it can be with the other installation: else both might go on with it."""
    return refuse("has-left", asked.row.article) if asked.situation.has_left else None


def left_unanswered(asked: Asked) -> Refusal | None:
    """It left days ago and nothing came back: whoever answers does so within minutes."""
    return None if asked.situation.unanswered else refuse("may-answer", asked.row.article)


GUARDS: dict[str, Guard] = {
    "is-successor": is_successor,
    "has-arbiter": has_arbiter,
    "bounced": bounced,
    "above-both": above_both,
    "not-called-in": not_called_in,
    "owes-contribution": owes_contribution,
    "contribution-late": contribution_late,
    "contributions-in": contributions_in,
    "not-left": not_left,
    "left-unanswered": left_unanswered,
}
