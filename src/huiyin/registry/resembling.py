"""Petitions on the same problem find each other: what the desk shows of it. The clerk finds it (`comparing`).

Words are read masked. A report against persons is never read, nor what may turn out to be one, nor a mixed
petition that was split: of these nothing is in a vector, a count or a suggestion (charter 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from huiyin.core.rulebook import Row
from huiyin.core.vocabulary import VERBS
from huiyin.reading import mask, problems
from huiyin.registry import access, facts, masking
from huiyin.registry.access import SPLIT, Acting
from huiyin.registry.facts import Fact
from huiyin.registry.models import CommonWords, Entry, Petition, Resemblance

SHOWN = 5
# What answers a petition; the latest of these stands.
ANSWERS = ("answer-suggestion", "issue-opinion", "issue-review-opinion", "issue-rereview-opinion")


def readable() -> QuerySet[Petition]:
    """Petitions whose words may be compared with others."""
    hidden = Q(kind="report") | Q(state=SPLIT) | Q(marks__has_key="unsure") | Q(marks__has_key="pressure")
    return Petition.objects.filter(erased_on=None).exclude(hidden).exclude(text="")


def unread() -> QuerySet[Petition]:
    """Those that were not compared yet."""
    return readable().filter(resemblance=None)


def is_behind() -> bool:
    """Whether there is anything to compare, once what may not be compared any more is left out: it became a
    report, was split, or was erased.
    """
    Resemblance.objects.exclude(petition__in=readable()).delete()
    return unread().exists() or CommonWords.objects.exclude(mask_version=mask.VERSION).exists()


@dataclass(frozen=True, slots=True)
class Similar:
    """A petition that resembles another, and what was answered to it, masked for whoever looks."""

    petition: Petition
    likeness: float
    answer: tuple[Fact, ...] = ()


def similar_to(petition: Petition, acting: Acting, *, answers: bool = False) -> list[Similar]:
    """The petitions most like this one that this officer may see; of others not even a number is said.

    Three statements at most, whatever is found.
    """
    if petition.kind == "report":
        return []
    row = Resemblance.objects.filter(pk=petition.pk).defer("vector").first()
    near = {number: likeness for number, likeness in row.alike if likeness >= problems.WORTH} if row else {}
    if not near:
        return []
    seen = access.visible_to(acting).filter(pk__in=near).exclude(kind="report").exclude(state=SPLIT)
    found = sorted(seen.select_related("holder"), key=lambda each: (-near[each.pk], each.pk))[:SHOWN]
    told = dict(_answers(found, acting)) if answers else {}
    return [Similar(each, near[each.pk], told.get(each.pk, ())) for each in found]


def is_answered(petition: Petition) -> bool:
    """Whether it got an answer that another may begin from."""
    return bool(_latest([petition]))


def answer_of(petition: Petition, acting: Acting, row: Row) -> dict[str, Any]:
    """The words of the answer that a petition got: those that this row asks for, as they may be read."""
    entry = _latest([petition]).get(petition.pk)
    if entry is None:
        return {}
    asked = {content.name for content in row.contents if content.type in ("text", "rows")}
    reader = masking.reader_of(acting, petition)
    said = reader.contents(facts.row_of(entry), entry.contents, entry.role)
    return {name: value for name, value in said.items() if name in asked}


def _answers(found: Sequence[Petition], acting: Acting) -> Iterator[tuple[int, tuple[Fact, ...]]]:
    latest = _latest(found)
    for petition in found:
        entry = latest.get(petition.pk)
        row = facts.row_of(entry) if entry else None
        if entry is not None and row is not None:
            entry.contents = masking.reader_of(acting, petition).contents(row, entry.contents, entry.role)
            yield petition.pk, facts.facts_of(row, entry, {})


def _latest(found: Sequence[Petition]) -> dict[int, Entry]:
    events = [VERBS[verb] for verb in ANSWERS]
    rows = Entry.objects.filter(petition__in=found, event__in=events).order_by("petition", "seq")
    return {entry.petition_id: entry for entry in rows}
