"""The marks of a case (`marks.MARKS`): small facts of law that rows leave and other rows ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from huiyin.core import ledger
from huiyin.core.case import HIGHEST, Case, Situation
from huiyin.core.effects.shape import Effect, Said


def _marked(case: Case, name: str, value: Any) -> Case:
    return replace(case, marks={**case.marks, name: value})


def _mark(name: str) -> Effect:
    return lambda case, said, situation: _marked(case, name, value=True)


def _unmark(name: str) -> Effect:
    def effect(case: Case, said: Said, situation: Situation) -> Case:
        return replace(case, marks={k: v for k, v in case.marks.items() if k != name})

    return effect


def _date(name: str) -> Effect:
    return lambda case, said, situation: _marked(case, name, situation.today.isoformat())


def _count(name: str) -> Effect:
    return lambda case, said, situation: _marked(case, name, case.marks.get(name, 0) + 1)


def _keep(name: str) -> Effect:
    return lambda case, said, situation: _marked(case, name, said[name])


def _addressee(name: str) -> Effect:
    def effect(case: Case, said: Said, situation: Situation) -> Case:
        body = case.carrier if said["addressee"] == "carrier" else case.holder
        return _marked(case, name, "/".join([*reversed(body.chain), body.code]))

    return effect


def _by(name: str) -> Effect:
    return lambda case, said, situation: _marked(
        case, name, situation.acting.code if situation.acting else ""
    )


def _level(name: str) -> Effect:
    def effect(case: Case, said: Said, situation: Situation) -> Case:
        if situation.acting is None or case.supervised is None:
            return _marked(case, name, HIGHEST)
        return _marked(case, name, situation.acting.levels_above(case.supervised))

    return effect


def said_digest(said: Said) -> str:
    """What tells whether the same was said again, to the letter."""
    return ledger.digest(ledger.canonical(said))


def _digest(name: str) -> Effect:
    return lambda case, said, situation: _marked(case, name, said_digest(said))


def _hand(name: str) -> Effect:
    return lambda case, said, situation: _marked(
        case, name, [*case.marks.get(name, ()), *([situation.actor] if situation.actor else [])]
    )


def _custodian(name: str) -> Effect:
    return lambda case, said, situation: _marked(case, name, situation.custodian)


def _auditing(name: str) -> Effect:
    return lambda case, said, situation: _marked(case, name, situation.auditing)


MARK_EFFECTS: dict[str, Callable[[str], Effect]] = {
    "mark": _mark,
    "unmark": _unmark,
    "date": _date,
    "count": _count,
    "keep": _keep,
    "addressee": _addressee,
    "by": _by,
    "level": _level,
    "digest": _digest,
    "hand": _hand,
    "custodian": _custodian,
    "auditing": _auditing,
}
