"""Reading what was filed, once a round; looking for problems in it, once a week."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.conf import settings

from huiyin.registry import law, resembling, solving

# Reading may take this part of the time between two rounds. It can wait; whoever files cannot, nor can terms
# and log, which come before it in the next round: while people file all the time it would never end.
SHARE = 0.2


class Reading:
    """What the clerk remembers of it between two rounds; all of it may be lost."""

    def __init__(self) -> None:
        self._reader = resembling.Reader()
        self._looked: date | None = None

    def look(self, now: datetime) -> Counter[str]:
        """Read what is new; on the first round of a day, see whether a week has gone."""
        done = Counter(read=self._reader.read(now, SHARE * settings.LOG_EVERY))
        today = law.at(now)[1]
        if self._looked != today and solving.is_due(today):
            done += Counter(problems=solving.refresh(today))
        self._looked = today
        return +done
