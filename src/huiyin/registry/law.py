"""The law as this installation knows it: which version is in force on a day, and which days are worked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from huiyin.core import calendar, rulebook
from huiyin.core.calendar import Calendar
from huiyin.core.rulebook import Rulebook

if TYPE_CHECKING:
    from huiyin.registry.models import Petition


def in_force(day: date, jurisdiction: str = "") -> Rulebook:
    """The version in force on that day. Raises rulebook.NoSuchRule before the first version."""
    return rulebook.in_force(jurisdiction or settings.JURISDICTION, day)


def at(moment: datetime, jurisdiction: str = "") -> tuple[Rulebook, date]:
    """The version in force at a moment, and the legal day that the moment falls on."""
    known = rulebook.in_force(jurisdiction or settings.JURISDICTION, moment.date())
    day = rulebook.legal_day(moment, known)
    return in_force(day, jurisdiction), day


def start_of(day: date) -> datetime:
    """The moment at which a legal day begins."""
    return datetime.combine(day, time(), ZoneInfo(in_force(day).zone))


def deciding(jurisdiction: str, lodged: date | None, day: date) -> tuple[Rulebook, ...]:
    """The versions that decide about a petition lodged then, the last of them on `day` (decision 0003)."""
    return rulebook.deciding(jurisdiction or settings.JURISDICTION, lodged or day, day)


def of(petition: Petition, day: date) -> Rulebook:
    """The version that decides about this petition on a day."""
    known = rulebook.in_force(petition.jurisdiction, petition.lodged_at.date())
    return deciding(petition.jurisdiction, rulebook.legal_day(petition.lodged_at, known), day)[-1]


def calendar_for(name: str) -> Calendar:
    """The calendar of that name with every official notice entered here."""
    folder: Path = settings.NOTICES_DIR
    return _calendar(name, folder, _stamp(folder))


def calendars_for(ids: Iterable[str]) -> dict[str, Calendar]:
    """Rulebook id -> its calendar, for clocks that start or started under another version."""
    return {name: calendar_for(rulebook.by_id(name).calendar) for name in set(ids)}


def _stamp(folder: Path) -> float:
    # A notice entered by another process is seen at once: the folder's time changes with its files.
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@lru_cache(maxsize=16)
def _calendar(name: str, folder: Path, stamp: float) -> Calendar:
    return calendar.load(name, folder if stamp else None)
