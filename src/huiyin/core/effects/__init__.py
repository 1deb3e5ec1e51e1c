"""What a row of a rulebook may change beside state and clocks. One named effect, one small function."""

from __future__ import annotations

from huiyin.core.effects import (
    between,
    bodies,
    classes,
    clocks,
    matters,
    parts,
    recusals,
    requests,
    steps,
    tasks,
)
from huiyin.core.effects.marks import MARK_EFFECTS
from huiyin.core.effects.shape import Effect
from huiyin.core.effects.tasks import SUPPORTING

__all__ = ["EFFECTS", "MARK_EFFECTS", "SUPPORTING", "Effect", "effect_of"]

EFFECTS: dict[str, Effect] = {
    **bodies.EFFECTS,
    **between.EFFECTS,
    **steps.EFFECTS,
    **clocks.EFFECTS,
    **requests.EFFECTS,
    **tasks.EFFECTS,
    **parts.EFFECTS,
    **recusals.EFFECTS,
    **classes.EFFECTS,
    **matters.EFFECTS,
}


def effect_of(word: str) -> Effect:
    """The effect of that name; `mark:rated` and its like are about one mark."""
    name, _, mark = word.partition(":")
    return MARK_EFFECTS[name](mark) if mark else EFFECTS[name]
