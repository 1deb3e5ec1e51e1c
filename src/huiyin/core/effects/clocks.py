"""What happens to a clock that the contents name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from huiyin.core.case import Case, Clock, Situation, named_clock
from huiyin.core.effects.shape import Effect, Said


def _miss_named(case: Case, said: Said, situation: Situation) -> Case:
    return _with_clock(case, said, lambda clock: replace(clock, state="missed"))


def _recompute_named(case: Case, said: Said, situation: Situation) -> Case:
    return _with_clock(case, said, lambda c: c.recomputed(situation.calendar_of(c), situation.today))


def _with_clock(case: Case, said: Said, change: Callable[[Clock], Clock]) -> Case:
    seq = named_clock(case, said)
    clocks = tuple(change(c) if c.seq == seq else c for c in case.clocks)
    return replace(case, clocks=clocks)


EFFECTS: dict[str, Effect] = {
    "miss-named-clock": _miss_named,
    "recompute-named-clock": _recompute_named,
}
