"""Reception days as an iCalendar object (RFC 5545), for whichever calendar somebody keeps.

Times are in UTC, so that no calendar has to know the zone. What is booked is not among the words of an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from huiyin.registry.models import Reception

LONGEST = 75  # octets of one line before it is folded (RFC 5545, 3.1)
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def calendar_of(rows: Iterable[Reception], *, zone: str, origin: str, language: str) -> str:
    """The whole calendar, its lines folded and ended as the standard asks."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Huiyin//reception days//EN", "METHOD:PUBLISH"]
    for row in rows:
        lines += _event(row, ZoneInfo(zone), origin, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(row: Reception, zone: ZoneInfo, origin: str, language: str) -> Iterator[str]:
    names = "、" if language.startswith("zh") else ", "
    who = names.join(f"{r.body.name.say(language)} {r.official}" for r in row.receiving.all())
    yield "BEGIN:VEVENT"
    yield f"UID:reception-{row.pk}@{origin}"
    yield f"DTSTAMP:{_utc(row.changed_at)}"
    yield f"SEQUENCE:{row.revision}"
    yield f"DTSTART:{_utc(_at(row, row.opens, zone))}"
    yield f"DTEND:{_utc(_at(row, row.closes, zone))}"
    yield f"SUMMARY:{_said(f'{row.host.name.say(language)} · {row.get_kind_display()}')}"
    yield f"LOCATION:{_said(row.place)}"
    if told := [words for words in (who, row.subjects, row.called_off) if words]:
        yield f"DESCRIPTION:{_said(chr(10).join(told))}"
    if row.called_off:
        yield "STATUS:CANCELLED"
    elif row.published_at is None:
        yield "STATUS:TENTATIVE"
    else:
        yield "STATUS:CONFIRMED"
    yield "END:VEVENT"


def _at(row: Reception, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(row.day, hour, zone)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _said(text: str) -> str:
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
