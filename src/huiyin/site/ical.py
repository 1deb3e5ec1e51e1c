"""How iCalendar (RFC 5545) is written: escaped words, and long lines folded between letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets of one line before it is folded (RFC 5545, 3.1)
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def written(lines: Iterable[str], *, product: str) -> str:
    """A whole calendar of these lines, folded and ended as the standard asks."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Huiyin//{product}//EN", "METHOD:PUBLISH")
    every = (*head, *lines, "END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in every for folded in _folded(line))


def of_days(days: Iterable[tuple[str, date]], *, origin: str, now: datetime) -> Iterator[str]:
    """Whole days, each with the words that it is called by."""
    for words, day in days:
        yield "BEGIN:VEVENT"
        yield f"UID:{said(words)}-{day:%Y%m%d}@{origin}"
        yield f"DTSTAMP:{utc(now)}"
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{said(words)}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def said(text: str) -> str:
    return text.translate(_ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """A long line in pieces, cut between letters and never within one."""
    piece, lead = "", ""
    for letter in line:
        if len((lead + piece + letter).encode()) > LONGEST:
            yield lead + piece
            piece, lead = "", " "
        piece += letter
    yield lead + piece
