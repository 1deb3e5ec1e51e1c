"""Reads the times that lists of messages carry, as people write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

_MOMENT = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-/.年])(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[ T]*(?P<hour>\d{1,2})[:时](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})?(?:\.\d+)?秒?)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


class Unreadable(ValueError):
    """What stands there is no time that everybody would read alike."""


@dataclass(frozen=True, slots=True)
class When:
    """A moment in the zone of the law; `whole_day`: the source named no time of day."""

    at: datetime
    whole_day: bool = False

    @property
    def day(self) -> date:
        return self.at.date()

    def not_before(self, earlier: When) -> datetime:
        """The moment, or on a day without time the earlier moment of that same day."""
        same_day = self.whole_day and self.day == earlier.day
        return max(self.at, earlier.at) if same_day else self.at


def read(typed: str, zone: ZoneInfo) -> When:
    """Read 2019/4/24 16:03:40, 2019-04-24T16:03:40+08:00, 2019年4月24日 and the like. Raises Unreadable.

    Year first, always: 4/5/2019 is two different days, depending on who reads it.
    """
    found = _MOMENT.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    if not found:
        raise Unreadable(typed)
    part = {name: int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")}
    try:
        day = date(part["year"], part["month"], part["day"])
        clock = time(part["hour"], part["minute"], part["second"])
        at = datetime.combine(day, clock, _zone(found["zone"], zone)).astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise Unreadable(typed) from error
    return When(at, whole_day=found["hour"] is None)


def _zone(written: str | None, zone: ZoneInfo) -> ZoneInfo | timezone:
    if not written:
        return zone
    if written == "Z":
        return timezone.utc  # noqa: UP017 - beside other offsets the same name reads better
    sign = -1 if written[0] == "-" else 1
    hours, minutes = int(written[1:3]), int(written[-2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
