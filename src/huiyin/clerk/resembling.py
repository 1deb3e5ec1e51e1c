"""Reading what was filed, once a round; looking for problems in it, once a week."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings

from huiyin.registry import law, resembling, solving

if TYPE_CHECKING:
    from huiyin.registry.comparing import Reader

# Reading may take this part of the time between two rounds. It can wait; whoever files cannot, nor can terms
# and log, which come before it in the next round: while people file all the time it would never end.
SHARE = 0.2
# Entries a second from which on the machine is left to those who file, and for how many seconds at most.
BUSY, WAITS = 10, 3600.0


class Reading:
    """What the clerk remembers of it between two rounds; all of it may be lost."""

    def __init__(self) -> None:
        self._reader: Reader | None = None
        self._looked: date | None = None
        # By the clock that never goes back:
        self._rests = 0.0  # until when
        self._waits_since: float | None = None

    def look(self, now: datetime, *, recorded: int = 0) -> Counter[str]:
        """Read what is new; on the first round of a day, see whether a week has gone.

        `recorded`: entries since the last round. While many come in it waits, an hour at most.
        """
        done = Counter() if self._is_busy(recorded) else Counter(read=self._read(now))
        today = law.at(now)[1]
        if self._looked != today and solving.is_due(today):
            done += Counter(problems=solving.refresh(today))
        self._looked = today
        return +done

    def _is_busy(self, recorded: int) -> bool:
        now = time.monotonic()
        if recorded < BUSY * settings.LOG_EVERY:
            self._waits_since = None
            return False
        self._waits_since = now if self._waits_since is None else self._waits_since
        return now - self._waits_since < WAITS

    def _read(self, now: datetime) -> int:
        """What is new, within its share. What takes longer, as new common words do, is followed by a rest."""
        began, share = time.monotonic(), SHARE * settings.LOG_EVERY
        if began < self._rests or not resembling.is_behind():
            return 0
        if self._reader is None:
            from huiyin.registry.comparing import Reader  # numpy is for who compares; many a day nobody does

            self._reader = Reader()
        read = self._reader.read(now, share)
        took = time.monotonic() - began
        self._rests = began + took / SHARE if took > 2 * share else 0.0
        return read
