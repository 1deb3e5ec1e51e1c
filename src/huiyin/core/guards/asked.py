"""What a guard is asked: the case, the row, what was said and by whom, and all that lies around."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.core.case import Actor, Case, Situation
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Row

Said = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a guard may look at."""

    case: Case
    row: Row
    said: Said  # None while the contents are not known yet
    actor: Actor
    situation: Situation

    @property
    def today(self) -> date:
        return self.situation.today


Guard = Callable[[Asked], Refusal | None]
