"""Enter an official notice of holidays, and reckon anew every running clock that it changes.

A notice for one year may also move days of the December before, so every running clock is looked at, not only
those marked provisional. A paused clock is reckoned anew by the move that resumes it.

A body's term follows the calendar in both directions. A term whose passing ends somebody's remedy never
becomes shorter: whoever was told a date relies on it (`core.case.Clock.recomputed`).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from huiyin.clerk import batches
from huiyin.core import calendar, rulebook
from huiyin.core.calendar import BrokenCalendar, Year
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import law, record
from huiyin.registry.access import CLERK
from huiyin.registry.models import CalendarNotice, Clock
from huiyin.registry.perform import perform

TRIES = 5  # against officers who move the same petition meanwhile


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many clocks were reckoned anew, and how many of them fall due on another day."""

    recomputed: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Added:
    """What entering a notice did."""

    calendar: str
    years: tuple[int, ...]
    recomputed: int
    moved: int


def add(path: Path, *, now: datetime) -> Added:
    """Enter a notice. Raises BrokenCalendar, saying what to correct, before anything is kept.

    Killed half-way, the same command finishes the work; so does the clerk at its next look.
    """
    text = _read(path)
    years = calendar.parse_notice(text, file=str(path))
    name = years[0].calendar
    _try_out(name, text)
    _keep(name, text)
    _put_on_record(years, text, now)
    done = recompute(now, name)
    _count(years, text, done)
    return Added(name, tuple(year.year for year in years), done.recomputed, done.moved)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BrokenCalendar(
            str(path), f"byte {error.start}", "is not UTF-8; save the file as UTF-8"
        ) from error


# ---- keeping the notice


def _kept_name(name: str, text: str) -> str:
    return f"{name}-{_digest(text)[:16]}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _try_out(name: str, text: str) -> None:
    """Load the calendar as it will be, with all notices: one that leaves a gap of a year is refused here."""
    with tempfile.TemporaryDirectory() as folder:
        for kept in _folder().glob(f"{name}-*.json"):
            shutil.copy(kept, folder)
        Path(folder, _kept_name(name, text)).write_text(text, encoding="utf-8")
        calendar.load(name, Path(folder))


def _keep(name: str, text: str) -> None:
    """Whole or not at all, and still there after a power cut."""
    path = _folder() / _kept_name(name, text)
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    # Other processes see a new notice by the folder's time, which a file system ticks on only coarsely.
    os.utime(path.parent, ns=(time.time_ns(), time.time_ns()))


def _folder() -> Path:
    folder: Path = settings.NOTICES_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _put_on_record(years: list[Year], text: str, now: datetime) -> None:
    with transaction.atomic():
        for year in years:
            CalendarNotice.objects.get_or_create(
                calendar=year.calendar,
                year=year.year,
                sha256=_digest(text),
                defaults={"source": year.source[:300], "issued_on": year.issued_on, "added_at": now},
            )


def _count(years: list[Year], text: str, done: Recomputed) -> None:
    rows = CalendarNotice.objects.filter(calendar=years[0].calendar, sha256=_digest(text))
    for row in rows.filter(recomputed__lt=done.recomputed):
        row.recomputed = done.recomputed
        row.save(update_fields=["recomputed"])


# ---- reckoning anew


def recompute(now: datetime, name: str = "") -> Recomputed:
    """Reckon anew each running clock whose dates its calendar now gives otherwise; '' = every calendar."""
    done, moved = 0, 0
    books = [b.id for b in rulebook.all_rulebooks() if name in {"", b.calendar}]
    running = Clock.objects.filter(state="running", rulebook__in=books).exclude(unit="set")
    for batch in batches.by_id(running):
        for clock in batch:
            days = _recompute(clock, now)
            if days is not None:
                done, moved = done + 1, moved + (days != 0)
    return Recomputed(done, moved)


def _recompute(clock: Clock, now: datetime) -> int | None:
    """By how many days the clock moved; None when the calendar changes nothing."""
    said = record.clock_of(clock)
    _, day = law.at(now, clock.petition.jurisdiction)
    anew = said.recomputed(law.calendar_for(rulebook.by_id(clock.rulebook).calendar), day)
    if anew == said:
        return None
    move = Move("recompute", {"clock": batches.nth(clock)})
    for _ in range(TRIES):
        made = perform(clock.petition.ref, move, CLERK, now)
        if not isinstance(made, Refusal):
            return (anew.due - said.due).days
        if made.code != "moved-meanwhile":
            return None
    return None
