"""Who steps back from a petition (art. 28.3), and is in charge of it no longer."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.case import Case, Situation
from huiyin.core.effects.shape import Effect, Said


def _step_back(case: Case, login: str) -> Case:
    if not login:
        return case
    return replace(
        case, recused=case.recused | {login}, officer="" if case.officer == login else case.officer
    )


def _ask_recusal(case: Case, said: Said, situation: Situation) -> Case:
    # On staff their head decides, on a head the body above.
    mark = "recusal-upward" if situation.head_in_charge else "recusal-asked"
    return replace(case, marks={**case.marks, mark: True})


def _recuse_actor(case: Case, said: Said, situation: Situation) -> Case:
    return _step_back(case, situation.actor)


def _recuse_in_charge(case: Case, said: Said, situation: Situation) -> Case:
    return _step_back(case, case.officer)


def _hand_up(case: Case, said: Said, situation: Situation) -> Case:
    """The body above stands where the old one stood, and nothing else changes: no clock, no sender, no stage.

    What the old one had taken up, the one above carries out; in a review it is still whoever handled it.
    """
    old, new = case.holder.code, situation.next_higher(case)
    if new is None:
        return case
    took_it_up = case.handled_by == old
    owed = tuple(replace(task, body=new.code) if task.body == old else task for task in case.tasks)
    return replace(
        case,
        holder=new,
        officer="",
        handled_by=new.code if took_it_up else case.handled_by,
        tasks=owed if took_it_up else case.tasks,
    )


EFFECTS: dict[str, Effect] = {
    "ask-recusal": _ask_recusal,
    "recuse-actor": _recuse_actor,
    "recuse-in-charge": _recuse_in_charge,
    "hand-up": _hand_up,
}
