"""Of when the numbers of a board are, for its page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, ngettext

FRESH = timedelta(hours=1)
HOUR, DAY = 60, 60 * 24  # in minutes


def told(counted_at: datetime | None, now: datetime) -> dict[str, Any]:
    """What `desk/_counted.html` reads; None: they were asked just now, and the page says nothing of it."""
    if counted_at is None:
        return {"counted_at": None}
    return {"counted_at": counted_at, "ago": _ago(now - counted_at), "stale": now - counted_at > FRESH}


def _ago(passed: timedelta) -> str:
    minutes = int(passed.total_seconds()) // 60
    if minutes < 1:
        return gettext("less than a minute ago")
    if minutes < HOUR:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if minutes < DAY:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", minutes // HOUR) % {"n": minutes // HOUR}
    return ngettext("%(n)d day ago", "%(n)d days ago", minutes // DAY) % {"n": minutes // DAY}
