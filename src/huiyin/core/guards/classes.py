"""About the class and route that a petition was sorted into (arts. 29, 31)."""

from __future__ import annotations

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.text import Text

# The sorting that each move carries out; `divert` says its own.
SORTED = {"accept": "opinion", "accept-duty": "duty"}


def as_sorted(asked: Asked) -> Refusal | None:
    """What was sorted one way is not handled another way in silence: it is sorted anew, with reasons."""
    sorting = asked.case.marks.get("sorting")
    wanted = SORTED.get(asked.row.verb) or (asked.said or {}).get("route")
    if not sorting or not wanted or wanted == sorting:
        return None
    choices = asked.situation.rulebook.choices.get("class-routes", ())
    words = next((choice.text for choice in choices if choice.code == sorting), Text(sorting, sorting))
    return refuse("sorted-otherwise", asked.row.article, sorted_as=words)


def sorted_first(asked: Asked) -> Refusal | None:
    """Nothing that may turn out to be a report is sent to a body that it may be about (charter 6)."""
    return refuse("unsure", asked.row.article) if asked.case.marks.get("unsure") else None


GUARDS: dict[str, Guard] = {"as-sorted": as_sorted, "sorted-first": sorted_first}
