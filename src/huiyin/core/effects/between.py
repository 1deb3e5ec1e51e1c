"""Between bodies: to whoever decides, and whom the lead calls in."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.case import Case, Clock, Situation
from huiyin.core.effects.shape import Effect, Said


def _to_arbiter(case: Case, said: Said, situation: Situation) -> Case:
    # The guard has-arbiter has refused where there is none. The other body is kept, so that both can be told.
    return replace(
        case,
        holder=situation.arbiter or case.holder,
        senders=(*case.senders, case.holder),
        other=situation.target,
        officer="",
    )


def _to_successor(case: Case, said: Said, situation: Situation) -> Case:
    """Wherever the old body stood, the new one stands; nothing else changes, and no clock stops."""
    old, new = situation.succeeded, situation.target
    if new is None:
        return case
    held = case.holder.code == old
    return replace(
        case,
        holder=new if held else case.holder,
        officer="" if held else case.officer,
        handled_by=new.code if case.handled_by == old else case.handled_by,
        senders=tuple(new if body.code == old else body for body in case.senders),
        called=tuple((new.code if body == old else body, seq) for body, seq in case.called),
        tasks=tuple(replace(t, body=new.code) if t.body == old else t for t in case.tasks),
    )


def _settle_dispute(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, other=None)


def _call_in(case: Case, said: Said, situation: Situation) -> Case:
    # Effects come before the clocks that a row starts: its contribution is the next one.
    code = situation.target.code if situation.target else ""
    return replace(case, called=(*case.called, (code, len(case.clocks) + 1)))


def _contribute(case: Case, said: Said, situation: Situation) -> Case:
    owing = {clock.seq for clock in case.owing(situation.called_at)}
    return _ended(case, owing, situation)


def _go_on_without(case: Case, said: Said, situation: Situation) -> Case:
    late = {c.seq for c in case.contributions if c.state == "missed" or c.is_past_due(situation.today)}
    return _ended(case, late, situation)


def _ended(case: Case, seqs: set[int], situation: Situation) -> Case:
    def end(clock: Clock) -> Clock:
        return clock.met(situation.today) if clock.seq in seqs else clock

    return replace(case, clocks=tuple(end(clock) for clock in case.clocks))


EFFECTS: dict[str, Effect] = {
    "to-successor": _to_successor,
    "to-arbiter": _to_arbiter,
    "settle-dispute": _settle_dispute,
    "call-in": _call_in,
    "contribute": _contribute,
    "go-on-without": _go_on_without,
}
