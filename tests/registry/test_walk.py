"""The whole way of a claim, and the date that its holder is measured by at each step."""

from __future__ import annotations

from datetime import date

from tests.cast import Walk

WAY = (
    # state, holder, next due: the earliest day on which a body must have acted
    ("lodged", "xf", date(2026, 3, 17)),
    ("registered", "xf", date(2026, 3, 17)),
    ("transferred", "zj", date(2026, 3, 17)),
    ("accepted", "zj", date(2026, 5, 6)),  # day 60 falls on a May holiday and rolls
    ("opinion-issued", "zj", date(2026, 5, 6)),
    ("opinion-served", "zj", None),
    ("review-requested", "xian", date(2026, 4, 1)),
    ("review-issued", "xian", date(2026, 4, 1)),
    ("review-served", "xian", None),
    ("rereview-requested", "shi", date(2026, 4, 1)),
    ("rereview-issued", "shi", date(2026, 4, 1)),
    ("closed-final", "shi", None),
)


def test_the_next_due_date_is_right_through_the_whole_walk(walk: Walk) -> None:
    found = []
    for state, _, _ in WAY:
        petition = walk.to(state).petition
        found.append((petition.state, petition.holder.code, petition.next_due))
    assert tuple(found) == WAY
