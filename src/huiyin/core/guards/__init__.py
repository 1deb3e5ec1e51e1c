"""The conditions that a row of a rulebook may name. One guard, one function, one test; one module a subject.

A guard answers None ("nothing against it") or the refusal. Before the contents of a move are known (`said`
is None: a page asks what may be done next) a guard that depends on them answers None.
"""

from __future__ import annotations

from collections.abc import Callable

from huiyin.core.case import Actor, Case, Situation
from huiyin.core.guards import (
    agreeing,
    between,
    bodies,
    classes,
    clocks,
    hearings,
    leading,
    matters,
    opening,
    opinions,
    parts,
    publishing,
    recusals,
    signatures,
    steps,
    supervision,
    tasks,
)
from huiyin.core.guards.asked import Asked, Guard, Said
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Row

__all__ = ["CLOCK_GUARDS", "GUARDS", "Asked", "Guard", "first_refusal"]

# Asked about one clock of the rulebook, named after a colon.
CLOCK_GUARDS: dict[str, Callable[[str], Guard]] = clocks.CLOCK_GUARDS

GUARDS: dict[str, Guard] = {
    **clocks.GUARDS,
    **bodies.GUARDS,
    **between.GUARDS,
    **matters.GUARDS,
    **signatures.GUARDS,
    **steps.GUARDS,
    **supervision.GUARDS,
    **opinions.GUARDS,
    **leading.GUARDS,
    **tasks.GUARDS,
    **hearings.GUARDS,
    **agreeing.GUARDS,
    **parts.GUARDS,
    **publishing.GUARDS,
    **recusals.GUARDS,
    **classes.GUARDS,
    **opening.GUARDS,
}


def first_refusal(case: Case, row: Row, said: Said, actor: Actor, situation: Situation) -> Refusal | None:
    """The first guard of the row that refuses, or None."""
    asked = Asked(case, row, said, actor, situation)
    for name in row.guards:
        guard, _, clock = name.partition(":")
        check = CLOCK_GUARDS[guard](clock) if clock else GUARDS[guard]
        if refused := check(asked):
            return refused
    return None
