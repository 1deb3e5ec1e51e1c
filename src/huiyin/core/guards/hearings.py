"""About hearings: announced in time, and chaired by somebody who had no part in the matter."""

from __future__ import annotations

from datetime import date, timedelta

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse

AHEAD = timedelta(days=7)  # the house's own rule; the regulation sets no number


def hearing_announced(asked: Asked) -> Refusal | None:
    """Whoever is to come learns of it at least a week before."""
    return _not_before(asked, asked.today + AHEAD)


def hearing_ahead(asked: Asked) -> Refusal | None:
    """It goes on on a later day: those who sit there have just been told."""
    return _not_before(asked, asked.today + timedelta(days=1))


def _not_before(asked: Asked, earliest: date) -> Refusal | None:
    soon = asked.said is not None and date.fromisoformat(asked.said["hearing_on"]) < earliest
    return refuse("hearing-too-soon", asked.row.article, earliest=earliest) if soon else None


def seats_in_order(asked: Asked) -> Refusal | None:
    """Exactly one chair, who had no part in handling the matter (charter 6)."""
    if asked.said is None:
        return None
    chairs = [line for line in asked.said["seats"] if line["seat"] == "chair"]
    apart = len(chairs) == 1 and chairs[0].get("stood_apart", False)
    return None if apart else refuse("chair-needed", asked.row.article)


GUARDS: dict[str, Guard] = {
    "hearing-announced": hearing_announced,
    "hearing-ahead": hearing_ahead,
    "seats-in-order": seats_in_order,
}
