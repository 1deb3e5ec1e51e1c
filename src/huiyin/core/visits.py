"""Where outreach may not be held: at somebody's home."""

from __future__ import annotations

import re

# What the address of a home looks like: a flat, a staircase, a house number, or the word itself.
_HOME = re.compile(
    r"家中|家里|住所|住处|住宅|宿舍|户主|单元|[\d一二三四五六七八九十]+\s*(?:室|号楼|栋|幢|户)"
    r"|\b(?:home|flat|apartment|residence|apt)\b",
    re.IGNORECASE,
)


def is_home(place: str) -> bool:
    """Whether a place reads like somebody's home, where nobody goes uninvited (charter 4)."""
    return bool(_HOME.search(place))
