"""The hearing of a petition as both sides see it: when and where, in public or not, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from huiyin.core.text import Text
from huiyin.registry.facts import Fact
from huiyin.registry.models import Petition
from huiyin.registry.story import Story, Told

CALLED = frozenset({"hearing-announced", "hearing-adjourned"})
WHEN = ("hearing_on", "hour", "hearing_place", "openness")
STANDS = {
    "asked": Text("已申请听证，等待答复", "Asked for; the answer is awaited"),
    "open": Text("正在举行", "It is being held"),
    "left": Text("已开始，尚未结束；期限照算", "Opened and not closed; the term runs"),
    "called": Text("已公告", "Announced"),
    "held": Text("已举行，等待作出结论", "Held; its conclusion is awaited"),
    "concluded": Text("已作出结论", "Concluded"),
}


@dataclass(frozen=True, slots=True)
class Hearing:
    """How far the latest hearing of a petition is, and what was announced of it."""

    stands: Text
    facts: tuple[Fact, ...]  # day, hour, place, in public or not: the latest that was said of each
    seats: tuple[Fact, ...]  # who takes part, by function


def told(petition: Petition, story: Story) -> Hearing | None:
    """The latest hearing, or None where none was asked for or announced."""
    said = [entry for entry in story.timeline if entry.event in CALLED]
    stands = _stands(petition, story.timeline)
    if stands is None:
        return None
    facts = {fact.name: fact for entry in said for fact in entry.facts}
    seats = [f for entry in said[-1:] for f in entry.facts if f.name == "seats"]
    shown = () if stands is STANDS["asked"] else tuple(facts[name] for name in WHEN if name in facts)
    return Hearing(stands, shown, tuple(seats))


def announced_seats(petition: Petition) -> list[dict[str, Any]]:
    """Who was announced to take part, as the rows of a form begin; none without a hearing that is called."""
    if not petition.marks.get("hearing-called"):
        return []
    latest = petition.entries.filter(event__in=CALLED).order_by("-seq")
    seats = (entry.contents["seats"] for entry in latest if entry.contents.get("seats"))
    return list(next(seats, []))


def _stands(petition: Petition, timeline: Iterable[Told]) -> Text | None:
    marks = petition.marks
    if petition.hearing_since:
        latest = [entry.event for entry in timeline if entry.event in {"hearing-opened", "sitting-ended"}]
        return STANDS["left" if latest[-1:] == ["sitting-ended"] else "open"]
    for mark, name in (("hearing-called", "called"), ("hearing-held", "held"), ("hearing-asked", "asked")):
        if marks.get(mark):
            return STANDS[name]
    return STANDS["concluded"] if any(e.event == "hearing-concluded" for e in timeline) else None
