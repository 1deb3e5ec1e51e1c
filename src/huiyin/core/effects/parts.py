"""What splitting changes on the mixed petition itself: nothing but its state, which its row names.

The parts are petitions of their own. `core/parts.py` reads them out of the move, and the registry files them
in the same transaction.
"""

from __future__ import annotations

from huiyin.core.case import Case, Situation
from huiyin.core.effects.shape import Effect, Said


def _file_parts(case: Case, said: Said, situation: Situation) -> Case:
    return case


EFFECTS: dict[str, Effect] = {"file-parts": _file_parts}
