"""What may be done on a petition now: by whoever looks, by them later, and by somebody else of their body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from huiyin.core import case, procedure
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Row
from huiyin.registry import access, record
from huiyin.registry.access import HANDLING_ROLES, Acting, Actor
from huiyin.registry.models import Petition
from huiyin.registry.situation import situation_of


@dataclass(frozen=True, slots=True)
class Prospects:
    open: tuple[Row, ...] = ()  # what this officer may make now
    waiting: tuple[tuple[Row, Refusal], ...] = ()  # what would lead on and is theirs, and why it must wait
    others: tuple[tuple[str, Row], ...] = ()  # (role, what it may make now at the holder and they may not)


def open_moves(petition: Petition, actor: Actor, now: datetime) -> list[Row]:
    """The moves that this actor may make on this petition now: what a page offers as buttons."""
    if access.refusal(actor, petition):
        return []
    before = record.case_of(petition, petition.clocks.all())
    situation = situation_of(before, None, actor, now)
    if isinstance(situation, Refusal):
        return []
    return list(procedure.open_rows(before, access.as_core(actor), situation))


def prospects_of(petition: Petition, acting: Acting, now: datetime, *, seen: bool = False) -> Prospects:
    """Answer all three from one look at the petition; empty for whoever may not see it.

    `seen`: it was just read through `access.visible_to`, and need not be asked for again.
    """
    if not seen and access.refusal(acting, petition):
        return Prospects()
    before = record.case_of(petition, petition.clocks.all())
    situation = situation_of(before, None, acting, now)
    if isinstance(situation, Refusal):
        return Prospects()
    actor = access.as_core(acting)
    made = tuple(procedure.open_rows(before, actor, situation))
    verbs = {row.verb for row in made}
    waiting = _one_each(procedure.waiting_rows(before, actor, situation), verbs)
    here = acting.roles.get(before.holder.code, frozenset()) & HANDLING_ROLES
    others = _others(before, replace(situation, actor=""), here, verbs) if here else ()
    return Prospects(made, tuple(waiting), tuple(others))


def _one_each(found: Iterable[tuple[Row, Refusal]], known: set[str]) -> Iterator[tuple[Row, Refusal]]:
    seen = set(known)
    for row, why in found:
        if row.verb not in seen:
            seen.add(row.verb)
            yield row, why


def _others(
    before: case.Case, situation: case.Situation, mine: frozenset[str], known: set[str]
) -> Iterator[tuple[str, Row]]:
    """What the other roles of the holder may do: each verb once, for the first role that has it."""
    seen, code = set(known), before.holder.code
    for role in sorted(HANDLING_ROLES - mine):
        somebody = case.Actor("", at={code: frozenset({role})}, bodies={code: before.holder})
        for row in procedure.open_rows(before, somebody, situation):
            if row.verb not in seen:
                seen.add(row.verb)
                yield role, row
