"""Who wrote the draft that waits for a signature, and whether anybody else can sign it."""

from __future__ import annotations

from datetime import date
from typing import Any

from huiyin.core import case
from huiyin.core.vocabulary import VERBS
from huiyin.registry.models import Entry, Officer, Petition

SUBMITTED = VERBS["submit-opinion"]
ISSUED = VERBS["issue-opinion"]
REDOING = "redo-ordered"  # the state in which an opinion is made anew


def of(before: case.Case, day: date) -> tuple[str, bool]:
    """The drafter's sign-in name, and whether another officer can sign for the body on that day."""
    if not before.marks.get("submitted"):
        return "", True
    entries = Entry.objects.filter(petition__ref=before.ref, event=SUBMITTED).select_related("officer")
    drafter = entries.latest("seq").officer
    return (drafter.login, _another(before.holder.code, drafter, day)) if drafter else ("", True)


def quashed(before: case.Case) -> tuple[dict[str, Any], ...]:
    """The answers of the opinion that a higher body ordered to be made anew; none in any other state."""
    if before.state != REDOING:
        return ()
    last = Entry.objects.filter(petition__ref=before.ref, event=ISSUED).order_by("-seq").first()
    said = last.contents if last else {}
    # An opinion of the older law answers all at once.
    return tuple(said.get("answers", [said]))


def submitted(petition: Petition) -> Entry | None:
    """The latest draft that was submitted, with who wrote it; None where none was."""
    found = petition.entries.filter(event=SUBMITTED).select_related("officer")
    return found.order_by("-seq").first()


def _another(body: str, drafter: Officer, day: date) -> bool:
    heads = Officer.objects.filter(is_active=True, roles__role="head", roles__body__code=body)
    signing = (head.stands_in if head.is_away(day) else head for head in heads.select_related("stands_in"))
    return any(officer and officer.is_active and officer != drafter for officer in signing)
