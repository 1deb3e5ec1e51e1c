"""What a row of a rulebook may change beside state and clocks. One named effect, one small function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from huiyin.core.case import Case, Clock, Situation, named_clock

Said = Mapping[str, Any]
Effect = Callable[[Case, Said, Situation], Case]

# Outcomes that give the author something, which must then be carried out.
SUPPORTING = frozenset({"support", "support-part", "change", "quash"})


def _to_target(case: Case, said: Said, situation: Situation) -> Case:
    # The row was chosen by its target: without one there is none.
    return replace(
        case, holder=situation.target or case.holder, senders=(*case.senders, case.holder), officer=""
    )


def _to_superior(case: Case, said: Said, situation: Situation) -> Case:
    # The guard next-higher-body has refused where there is none.
    return replace(
        case, holder=situation.superior or case.holder, senders=(*case.senders, case.holder), officer=""
    )


def _back_to_sender(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, holder=case.senders[-1], senders=case.senders[:-1], other=case.holder, officer="")


def _back_to_receiver(case: Case, said: Said, situation: Situation) -> Case:
    # Only from 'objected', where the objecting body is kept.
    return replace(
        case, holder=case.other or case.holder, senders=(*case.senders, case.holder), other=None, officer=""
    )


def _set_issued(case: Case, said: Said, situation: Situation) -> Case:
    promised = said.get("outcome") in SUPPORTING or said.get("review_outcome") in SUPPORTING
    # What was carried out already does not carry out what a later opinion promises.
    new_duty = promised and case.remedy in {"", "confirmed"}
    return replace(case, issued_on=situation.today, remedy="promised" if new_duty else case.remedy)


def _mark(case: Case, **changes: Any) -> Case:
    return replace(case, **changes)


def _miss_named(case: Case, said: Said, situation: Situation) -> Case:
    return _with_clock(case, said, lambda clock: replace(clock, state="missed"))


def _recompute_named(case: Case, said: Said, situation: Situation) -> Case:
    return _with_clock(case, said, lambda c: c.recomputed(situation.calendar_of(c), situation.today))


def _with_clock(case: Case, said: Said, change: Callable[[Clock], Clock]) -> Case:
    seq = named_clock(case, said)
    clocks = tuple(change(c) if c.seq == seq else c for c in case.clocks)
    return replace(case, clocks=clocks)


EFFECTS: dict[str, Effect] = {
    "to-target": _to_target,
    "to-superior": _to_superior,
    "back-to-sender": _back_to_sender,
    "back-to-receiver": _back_to_receiver,
    "take-up": lambda case, said, s: _mark(case, handled_by=case.holder.code),
    "promise": lambda case, said, s: _mark(case, remedy="due" if case.remedy == "promised" else case.remedy),
    "set-issued": _set_issued,
    "mark-remedy-reported": lambda case, said, s: _mark(case, remedy="reported"),
    "mark-remedy-confirmed": lambda case, said, s: _mark(case, remedy="confirmed"),
    "mark-remedy-disputed": lambda case, said, s: _mark(case, remedy="disputed"),
    "start-withdrawal": lambda case, said, s: _mark(case, withdrawing=True),
    "stop-withdrawal": lambda case, said, s: _mark(case, withdrawing=False),
    "mark-rated": lambda case, said, s: _mark(case, rated=True),
    "open-hearing": lambda case, said, s: _mark(case, hearing_since=s.today),
    "close-hearing": lambda case, said, s: _mark(case, hearing_since=None),
    "miss-named-clock": _miss_named,
    "recompute-named-clock": _recompute_named,
    "entrust": lambda case, said, s: _mark(case, officer=said["officer"]),
}
