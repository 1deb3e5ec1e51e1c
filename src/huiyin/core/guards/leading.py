"""About meetings, and about when a matter is hard: by its age and its stage, and by nothing else."""

from __future__ import annotations

from datetime import date

from huiyin.core import visits
from huiyin.core.case import Case
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse

# The longest that handling may take (art. 34: 60 days and 30 more). Huiyin's own measure; the law names none.
HARD_AFTER = 90


def meeting_ahead(asked: Asked) -> Refusal | None:
    """Somebody is invited to a day that is still to come."""
    if asked.said is None or date.fromisoformat(asked.said["meet_on"]) > asked.today:
        return None
    return refuse("meeting-over", asked.row.article)


def meeting_past(asked: Asked) -> Refusal | None:
    """What is recorded of a meeting has happened."""
    if asked.said is None or date.fromisoformat(asked.said["met_on"]) <= asked.today:
        return None
    return refuse("meeting-to-come", asked.row.article)


def no_home(asked: Asked) -> Refusal | None:
    """The meeting is at a place open to everybody: nobody is called on at home (charter 4)."""
    if asked.said is None or not visits.is_home(asked.said["meet_place"]):
        return None
    return refuse("meeting-at-home", asked.row.article)


def act_by_ahead(asked: Asked) -> Refusal | None:
    """Where a day is set, it can still be kept."""
    day = (asked.said or {}).get("act_by")
    late = day and day <= asked.today.isoformat()
    return refuse("term-past", asked.row.article, fields={"act_by": "ahead"}) if late else None


def hard_matter(asked: Asked) -> Refusal | None:
    """Open for longer than handling may take, or answered in the last instance and still not carried out."""
    book, case = asked.situation.rulebook, asked.case
    is_open = case.state in book.states and book.states[case.state].open
    if is_open and age(case, asked.today) >= HARD_AFTER:
        return None
    if case.stage == "rereview" and case.remedy in {"due", "disputed"}:
        return None
    return refuse("not-hard", asked.row.article, days=HARD_AFTER)


def age(case: Case, today: date) -> int:
    """Days since its first clock started; 0 where none ever did."""
    return max(((today - clock.start).days for clock in case.clocks), default=0)


GUARDS: dict[str, Guard] = {
    "meeting-ahead": meeting_ahead,
    "meeting-past": meeting_past,
    "no-home": no_home,
    "act-by-ahead": act_by_ahead,
    "hard-matter": hard_matter,
}
