"""Reception days as an iCalendar object (RFC 5545), for whichever calendar somebody keeps.

Times are in UTC, so that no calendar has to know the zone. What is booked is not among the words of an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from huiyin.registry.models import Reception
from huiyin.site.ical import said, utc, written


def calendar_of(rows: Iterable[Reception], *, zone: str, origin: str, language: str) -> str:
    """The whole calendar."""
    lines = (line for row in rows for line in _event(row, ZoneInfo(zone), origin, language))
    return written(lines, product="reception days")


def _event(row: Reception, zone: ZoneInfo, origin: str, language: str) -> Iterator[str]:
    names = "、" if language.startswith("zh") else ", "
    who = names.join(f"{r.body.name.say(language)} {r.official}" for r in row.receiving.all())
    yield "BEGIN:VEVENT"
    yield f"UID:reception-{row.pk}@{origin}"
    yield f"DTSTAMP:{utc(row.changed_at)}"
    yield f"SEQUENCE:{row.revision}"
    yield f"DTSTART:{utc(_at(row, row.opens, zone))}"
    yield f"DTEND:{utc(_at(row, row.closes, zone))}"
    yield f"SUMMARY:{said(f'{row.host.name.say(language)} · {row.get_kind_display()}')}"
    yield f"LOCATION:{said(row.place)}"
    if told := [words for words in (who, row.subjects, row.called_off) if words]:
        yield f"DESCRIPTION:{said(chr(10).join(told))}"
    if row.called_off:
        yield "STATUS:CANCELLED"
    elif row.published_at is None:
        yield "STATUS:TENTATIVE"
    else:
        yield "STATUS:CONFIRMED"
    yield "END:VEVENT"


def _at(row: Reception, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(row.day, hour, zone)
