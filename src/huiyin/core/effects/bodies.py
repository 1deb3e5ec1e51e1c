"""Where a petition goes, and who holds and handles it."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.case import Case, Situation
from huiyin.core.effects.shape import Effect, Said


def _to_target(case: Case, said: Said, situation: Situation) -> Case:
    # The row was chosen by its target: without one there is none.
    return replace(
        case, holder=situation.target or case.holder, senders=(*case.senders, case.holder), officer=""
    )


def _to_superior(case: Case, said: Said, situation: Situation) -> Case:
    # The guard next-higher-body has refused where there is none.
    return replace(
        case,
        holder=situation.next_higher(case) or case.holder,
        senders=(*case.senders, case.holder),
        officer="",
    )


def _set_out(case: Case, said: Said, situation: Situation) -> Case:
    """On its way to another installation: until that one has it, this body holds it and its terms run."""
    return replace(case, other=situation.target)


def _arrive(case: Case, said: Said, situation: Situation) -> Case:
    return replace(
        case, holder=case.other or case.holder, senders=(*case.senders, case.holder), other=None, officer=""
    )


def _stay(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, other=None)


def _back_to_sender(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, holder=case.senders[-1], senders=case.senders[:-1], other=case.holder, officer="")


def _back_to_receiver(case: Case, said: Said, situation: Situation) -> Case:
    # Only from 'objected', where the objecting body is kept.
    return replace(
        case, holder=case.other or case.holder, senders=(*case.senders, case.holder), other=None, officer=""
    )


def _back_to_handler(case: Case, said: Said, situation: Situation) -> Case:
    """Back to the body that took it up, past those it came through since."""
    codes = [body.code for body in case.senders]
    if case.handled_by not in codes:
        return case
    at = len(codes) - 1 - codes[::-1].index(case.handled_by)
    return replace(case, holder=case.senders[at], senders=case.senders[:at], officer="")


def _take_up(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, handled_by=case.holder.code)


def _entrust(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, officer=said["officer"])


def _unassign(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, officer="")


EFFECTS: dict[str, Effect] = {
    "to-target": _to_target,
    "to-superior": _to_superior,
    "set-out": _set_out,
    "arrive": _arrive,
    "stay": _stay,
    "back-to-sender": _back_to_sender,
    "back-to-receiver": _back_to_receiver,
    "back-to-handler": _back_to_handler,
    "take-up": _take_up,
    "entrust": _entrust,
    "unassign": _unassign,
}
