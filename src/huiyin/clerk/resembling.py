"""Reading what was filed, once a round; looking for problems in it, once a week."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from huiyin.registry import law, resembling, solving


class Reading:
    """What the clerk remembers of it between two rounds; all of it may be lost."""

    def __init__(self) -> None:
        self._reader = resembling.Reader()
        self._looked: date | None = None

    def look(self, now: datetime) -> Counter[str]:
        """Read what is new; on the first round of a day, see whether a week has gone."""
        done = Counter(read=self._reader.read(now))
        today = law.at(now)[1]
        if self._looked != today and solving.is_due(today):
            done += Counter(problems=solving.refresh(today))
        self._looked = today
        return +done
