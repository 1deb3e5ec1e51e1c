"""About the steps so far: service, hearing, withdrawal."""

from __future__ import annotations

from datetime import date

from huiyin.core.conditions import POSTING
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def service_day_possible(asked: Asked) -> Refusal | None:
    """It was served after it was issued, and not in days to come."""
    if asked.said is None:
        return None
    served, issued = date.fromisoformat(asked.said["served_on"]), asked.case.issued_on or asked.today
    if issued <= served <= asked.today:
        return None
    return refuse("service-day", asked.row.article, issued=issued, today=asked.today)


def letter_there(asked: Asked) -> Refusal | None:
    """A letter is handed over that was written, not before it was written and not in days to come."""
    letters = asked.situation.letters
    if asked.said is None:
        return None if letters else refuse("no-letter", asked.row.article)
    written = letters.get(asked.said["letter"])
    if written is None:
        return refuse("contents", asked.row.article, fields={"letter": "letter"})
    if written <= date.fromisoformat(asked.said["delivered_on"]) <= asked.today:
        return None
    return refuse("service-day", asked.row.article, issued=written, today=asked.today)


def posting_day(asked: Asked) -> Refusal | None:
    """What was posted counts as served on the last day of its term, for nobody knows when it was read."""
    clock = asked.case.live(POSTING)
    if asked.said is None or clock is None or date.fromisoformat(asked.said["served_on"]) == clock.due:
        return None
    return refuse("posting-day", asked.row.article, due=clock.due)


def hearing_open(asked: Asked) -> Refusal | None:
    """A hearing is open, and can be closed."""
    return None if asked.case.hearing_since else refuse("no-hearing", asked.row.article)


def no_hearing_open(asked: Asked) -> Refusal | None:
    """No hearing is open: none is opened twice, and nobody decides while one lasts."""
    return refuse("hearing-open", asked.row.article) if asked.case.hearing_since else None


def withdrawing(asked: Asked) -> Refusal | None:
    """The author has asked to withdraw, and may still take it back."""
    return None if asked.case.withdrawing else refuse("not-withdrawing", asked.row.article)


def not_withdrawing(asked: Asked) -> Refusal | None:
    """No withdrawal is pending."""
    return refuse("withdrawing", asked.row.article) if asked.case.withdrawing else None


def imported(asked: Asked) -> Refusal | None:
    """The petition came from an imported data set; nobody else is spared the required contents."""
    return None if asked.case.imported else refuse("not-imported", asked.row.article)


GUARDS: dict[str, Guard] = {
    "service-day-possible": service_day_possible,
    "letter-there": letter_there,
    "posting-day": posting_day,
    "hearing-open": hearing_open,
    "no-hearing-open": no_hearing_open,
    "withdrawing": withdrawing,
    "not-withdrawing": not_withdrawing,
    "imported": imported,
}
