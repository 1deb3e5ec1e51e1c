"""What the record shows of a responsible leader: who, and the days of the meeting, the plan, the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huiyin.core.vocabulary import VERBS
from huiyin.registry.models import Entry, Petition

STEPS = ("leader-met", "plan-adopted", "leader-reported")


@dataclass(frozen=True, slots=True)
class Led:
    """The three steps that art. 18.2 comes down to, each with its last day, or None while it is missing."""

    leader: str
    met: date | None
    planned: date | None
    reported: date | None


def led_of(petition: Petition) -> Led | None:
    """None while no responsible leader is named."""
    if not petition.marks.get("led"):
        return None
    named = Entry.objects.filter(petition=petition, event=VERBS["name-leader"]).order_by("-seq").first()
    met, planned, reported = (_day(petition, mark) for mark in STEPS)
    return Led(named.contents.get("leader", "") if named else "", met, planned, reported)


def _day(petition: Petition, mark: str) -> date | None:
    said = petition.marks.get(mark)
    return date.fromisoformat(said) if said else None
