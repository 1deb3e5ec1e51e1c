"""The steps so far: opinion, remedy, withdrawal, hearing."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.case import Case, Situation
from huiyin.core.effects.shape import Effect, Said, setting

# Outcomes that give the author something, which must then be carried out.
SUPPORTING = frozenset({"support", "support-part", "change", "quash"})


def _set_issued(case: Case, said: Said, situation: Situation) -> Case:
    promised = said.get("outcome") in SUPPORTING or said.get("review_outcome") in SUPPORTING
    # What was carried out already does not carry out what a later opinion promises.
    new_duty = promised and case.remedy in {"", "confirmed"}
    return replace(case, issued_on=situation.today, remedy="promised" if new_duty else case.remedy)


def _promise(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, remedy="due" if case.remedy == "promised" else case.remedy)


def _open_hearing(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, hearing_since=situation.today)


EFFECTS: dict[str, Effect] = {
    "set-issued": _set_issued,
    "promise": _promise,
    "mark-remedy-reported": setting(remedy="reported"),
    "mark-remedy-confirmed": setting(remedy="confirmed"),
    "mark-remedy-disputed": setting(remedy="disputed"),
    "start-withdrawal": setting(withdrawing=True),
    "stop-withdrawal": setting(withdrawing=False),
    "open-hearing": _open_hearing,
    "close-hearing": setting(hearing_since=None),
}
