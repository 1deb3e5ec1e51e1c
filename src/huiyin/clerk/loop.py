"""The clerk's round, every minute: what ran out, whom to remind, what to throw away, which dates moved.

At its end, it numbers what was put on record and publishes the head of the log.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import date, datetime

from django.conf import settings

from huiyin.clerk import (
    calendars,
    counting,
    digests,
    handing_over,
    hooks,
    left_behind,
    letter_folder,
    lost_keys,
    pace,
    publishing,
    purge,
    reminders,
    resembling,
    retention,
    signatures,
    standing,
    successions,
    sweep,
    web_certificate,
)
from huiyin.core.calendar import Calendar
from huiyin.registry import answers, board_round, indexing, law
from huiyin.site import metrics

log = logging.getLogger("huiyin.clerk")

DECEMBER = 12
# What the boards show may take this part of the time between two rounds; it goes on in the next one.
BOARDS = 0.3


def run(*, once: bool = False, stop: threading.Event | None = None) -> None:
    """Keep house until told to stop."""
    pace.keep("clerk", Clerk().look, every=settings.LOG_EVERY, once=once, stop=stop)


class Clerk:
    """What a clerk remembers between two rounds. All of it may be lost: it only saves work."""

    def __init__(self) -> None:
        self._stuck: sweep.Stuck = {}
        self._reckoned_with: Calendar | None = None
        self._warned: date | None = None
        self._erased: date | None = None
        self._digested: date | None = None
        self._counted: date | None = None
        self._reading = resembling.Reading()
        self._indexed: date | None = None  # the day on which nothing was left to index
        self._index_below: int | None = None

    def look(self, now: datetime) -> Counter[str]:
        """One round. The calendar first: a term must not be found missed on a date that no longer holds."""
        done = self._calendar(now)
        done += sweep.sweep(now, self._stuck)
        done += Counter(succeeded=successions.succeed(now))
        done += Counter(unanswered=left_behind.find(now))
        done += Counter(lost_keys=lost_keys.look(now))
        done += Counter(signatures=signatures.count(now))
        done += Counter(reminders=reminders.remind(now))
        done += self._digests(now)
        done += purge.purge(now)
        done += self._retention(now)
        done += self._index(now)
        done += Counter(certificate_ends=web_certificate.look(now))
        done += self._log(now)
        done += Counter(boards=board_round.count(now, BOARDS * settings.LOG_EVERY))  # by the lines of the log
        done += handing_over.look(now)  # once the head holds what is proved by it
        done += hooks.look(now)
        done += letter_folder.look(now)
        done += self._reading.look(now, recorded=done["published"])  # behind all that a term depends on
        if metrics.switched_on():
            metrics.stands(standing.waiting(now))
        return done

    def _log(self, now: datetime) -> Counter[str]:
        """Last, so that what this round did stands in its head. What is counted is counted once a day."""
        day = law.at(now)[1]
        counted = counting.count(now) if self._counted != day else 0
        self._counted = day
        return +Counter(counted=counted, published=publishing.publish(now))

    def _retention(self, now: datetime) -> Counter[str]:
        """Once a day, and at the start."""
        day = law.at(now)[1]
        if self._erased == day:
            return Counter()
        self._erased = day
        return +Counter(erased=retention.erase_due(now))

    def _digests(self, now: datetime) -> Counter[str]:
        """Once a day, and at the start."""
        day = law.at(now)[1]
        if self._digested == day:
            return Counter()
        self._digested = day
        return +Counter(digests=digests.write(now), digests_forgotten=digests.sweep(now))

    def _index(self, now: datetime) -> Counter[str]:
        """What is from before there was an index, some in each round; afterwards a look a day."""
        day = law.at(now)[1]
        if self._indexed == day:
            return Counter()
        n, self._index_below = indexing.catch_up(self._index_below)
        n += answers.catch_up()
        self._indexed = None if n else day
        return +Counter(indexed=n)

    def _calendar(self, now: datetime) -> Counter[str]:
        """Reckon anew only when the calendar differs from the one of the last round, or at the start."""
        rules, day = law.at(now)
        known = law.calendar_for(rules.calendar)
        self._warn(known, day)
        if known is self._reckoned_with:
            return Counter()
        made = calendars.recompute(now)
        self._reckoned_with = known
        return +Counter(recomputed=made.recomputed, moved=made.moved)

    def _warn(self, known: Calendar, day: date) -> None:
        """Once a day: without the next year's notice, dates rest on weekends alone."""
        needed = day.year + (day.month == DECEMBER)
        if known.last_year < needed and self._warned != day:
            self._warned = day
            log.warning("the holidays of %s are not entered: huiyin calendar add FILE", needed)
