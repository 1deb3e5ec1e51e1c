"""Once a day: erase what the law no longer keeps."""

from __future__ import annotations

from datetime import datetime

from huiyin.registry import erasing, indexing, law


def erase_due(now: datetime) -> int:
    """Erase all whose time is over and that nothing keeps; answer how many."""
    today = law.at(now)[1]
    done = erasing.again(now)
    for found in erasing.due(today):
        if not found.kept_by:
            erasing.erase(found, now, batch=f"{today:%Y-%m-%d}")
            done += 1
    if done:
        indexing.compact()
    return done
