"""About who acts and where a petition goes: nobody judges their own case."""

from __future__ import annotations

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def different_person(asked: Asked) -> Refusal | None:
    """Review and re-review are by other people (arts. 35, 36; charter 6)."""
    if asked.case.holder.external:
        return None  # who enters the letter of a body outside decides nothing, and may be the only one here
    earlier = {officer for officer, part in asked.case.took_part if part != asked.case.part}
    return (
        refuse("took-part-before", asked.row.article)
        if asked.actor.id and asked.actor.id in earlier
        else None
    )


def next_higher_body(asked: Asked) -> Refusal | None:
    """There is a body above on record, in this house or outside: there is never "nobody above".

    A body has two lines upward, its government's and its sector's (art. 35): whoever may name one names the
    next of either.
    """
    above = asked.situation.above(asked.case)
    if not above:
        return refuse("accused-body" if _only_the_accused(asked) else "no-higher-body", asked.row.article)
    named = asked.said is not None and asked.said.get("body")
    if named and asked.situation.target not in above:
        return refuse("not-next-higher", asked.row.article, fields={"body": "next-higher"})
    return None


def _only_the_accused(asked: Asked) -> bool:
    """Whether all that stands above is what the report is about, or answers to it."""
    above = asked.situation.superiors
    return bool(above) and all(body.touched_by(asked.case.accused) for body in above)


def not_the_accused(asked: Asked) -> Refusal | None:
    """A report never goes to whom it is about, nor to one that answers to them (art. 30, charter 6)."""
    accused = asked.case.accused
    if "make-report" in asked.row.effects:  # it becomes a report by this very move
        accused |= asked.situation.about | frozenset((asked.said or {}).get("reported", ()))
    receiver = asked.situation.target
    touched = receiver and receiver.touched_by(accused) if asked.row.target else _only_the_accused(asked)
    return refuse("accused-body", asked.row.article) if touched else None


def inside(asked: Asked) -> Refusal | None:
    """The body it goes to is served by this installation."""
    return (
        refuse("outside", asked.row.article)
        if asked.situation.target and asked.situation.target.external
        else None
    )


def not_itself(asked: Asked) -> Refusal | None:
    """The body it goes to is not the one that has it."""
    same = asked.situation.target is not None and asked.situation.target.code == asked.case.holder.code
    return refuse("same-body", asked.row.article) if same else None


def officer_of_holder(asked: Asked) -> Refusal | None:
    """The officer who is named serves at the body that holds it."""
    elsewhere = asked.said is not None and asked.case.holder.code not in asked.situation.officer_bodies
    return refuse("officer-elsewhere", asked.row.article) if elsewhere else None


GUARDS: dict[str, Guard] = {
    "different-person": different_person,
    "next-higher-body": next_higher_body,
    "not-the-accused": not_the_accused,
    "inside": inside,
    "not-itself": not_itself,
    "officer-of-holder": officer_of_holder,
}
