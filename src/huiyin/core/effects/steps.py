"""The steps so far: withdrawal and hearing."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.case import Case, Situation
from huiyin.core.effects.shape import Effect, Said, setting


def _open_hearing(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, hearing_since=situation.today)


EFFECTS: dict[str, Effect] = {
    "start-withdrawal": setting(withdrawing=True),
    "stop-withdrawal": setting(withdrawing=False),
    "open-hearing": _open_hearing,
    "close-hearing": setting(hearing_since=None),
}
