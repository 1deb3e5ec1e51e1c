"""Petitions on the same problem find each other: read by the clerk a moment after filing, never while filing.

Words are read masked. A report against persons is never read, nor what may turn out to be one, nor a mixed
petition that was split: of these nothing is in a vector, a count or a suggestion (charter 6).
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet

from huiyin.core.rulebook import Row
from huiyin.core.vocabulary import VERBS
from huiyin.reading import mask, places, problems, similar
from huiyin.reading.similar import Background, Index, Ints
from huiyin.registry import access, facts, masking
from huiyin.registry.access import SPLIT, Acting
from huiyin.registry.facts import Fact
from huiyin.registry.models import CommonWords, Entry, Petition, Resemblance

KEPT = 20  # petitions that are remembered as alike one
SHOWN = 5
AT_ONCE = 100  # petitions read in one transaction
ENOUGH = 20_000  # texts; a background of so many is not made anew
# What answers a petition; the latest of these stands.
ANSWERS = ("answer-suggestion", "issue-opinion", "issue-review-opinion", "issue-rereview-opinion")


def readable() -> QuerySet[Petition]:
    """Petitions whose words may be compared with others."""
    hidden = Q(kind="report") | Q(state=SPLIT) | Q(marks__has_key="unsure") | Q(marks__has_key="pressure")
    return Petition.objects.filter(erased_on=None).exclude(hidden).exclude(text="")


# ---- kept by the clerk


class Reader:
    """What the clerk remembers between two rounds; it may be lost."""

    def __init__(self) -> None:
        self._memory: _Memory | None = None

    def read(self, now: datetime, seconds: float = inf) -> int:
        """Read what was filed since; answer how many petitions that was.

        `seconds`: after so many it stops, and the rest is for the next time.
        """
        until = time.monotonic() + seconds
        _forget()
        waiting = readable().filter(resemblance=None).order_by("pk")
        if not waiting.exists() and not CommonWords.objects.exclude(mask_version=mask.VERSION).exists():
            return 0
        common = _common(now)
        if self._memory is None or self._memory.made_at != common.made_at:
            self._memory = _Memory(common)
        done = 0
        while (not done or time.monotonic() < until) and (some := list(waiting[:AT_ONCE])):
            self._memory.take(some)
            done += len(some)
        return done


class _Memory:
    """An index over every vector, and the places that each text names."""

    def __init__(self, common: CommonWords) -> None:
        self.made_at = common.made_at
        self.index = Index(common.background)
        self.places: dict[int, Sequence[int]] = {}
        rows = list(Resemblance.objects.order_by("pk").values_list("pk", "vector", "places"))
        self.index.add([pk for pk, _, _ in rows], [_numbers(bytes(made)) for _, made, _ in rows])
        self.places = {pk: named for pk, _, named in rows}

    def take(self, some: list[Petition]) -> None:
        """Put these in, and find for each, and for what it is alike, what is nearest."""
        vectors = []
        for petition in some:
            subject, text = masking.words_of(petition)
            vectors.append(similar.vector(similar.read_as(subject, text), self.index.background))
            self.places[petition.pk] = _hashed(places.places(f"{subject}。{text}"))
        self.index.add([petition.pk for petition in some], vectors)
        near = {p.pk: self._near(p.pk, made) for p, made in zip(some, vectors, strict=True)}
        rows = [
            Resemblance(
                petition=petition,
                vector=made.astype("<u4").tobytes(),
                places=self.places[petition.pk],
                alike=near[petition.pk],
            )
            for petition, made in zip(some, vectors, strict=True)
        ]
        with transaction.atomic():
            Resemblance.objects.bulk_create(rows, ignore_conflicts=True)
            _tell_the_others(near)

    def _near(self, number: int, made: Ints) -> list[list[Any]]:
        found = [
            [each.number, round(self._weighed(number, each.number, each.likeness), 3)]
            for each in self.index.search(made, 2 * KEPT, problems.WORTH)
            if each.number != number
        ]
        return _best(found)

    def _weighed(self, one: int, other: int, likeness: float) -> float:
        return problems.weighed(likeness, self.places.get(one, ()), self.places.get(other, ()))


def _common(now: datetime) -> CommonWords:
    """The background; made anew, and with it every vector, when there are twice as many texts as it read,
    or when masking hides more than it did.
    """
    kept = CommonWords.objects.first()
    texts = min(readable().count(), ENOUGH)
    if kept is not None and kept.mask_version == mask.VERSION and texts < 2 * max(kept.texts, 1):
        return kept
    read = (
        similar.read_as(*masking.words_of(each))
        for each in readable().order_by("-pk")[:ENOUGH].iterator(chunk_size=500)
    )
    made = CommonWords.of(Background.of(read), now)
    with transaction.atomic():
        # In one statement: two clerks that begin together both found none.
        CommonWords.objects.bulk_create(
            [made],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["made_at", "texts", "counts", "mask_version"],
        )
        Resemblance.objects.all().delete()
    return made


def _forget() -> None:
    """Leave out what may not be compared any more: it became a report, was split, or was erased."""
    Resemblance.objects.exclude(petition__in=readable()).delete()


def _tell_the_others(near: Mapping[int, list[list[Any]]]) -> None:
    """Whoever is alike a new one has it among its own as well."""
    added: dict[int, list[list[Any]]] = {}
    for number, found in near.items():
        for other, likeness in found:
            added.setdefault(other, []).append([number, likeness])
    rows = list(Resemblance.objects.filter(pk__in=added).defer("vector"))
    for row in rows:
        told = {number for number, _ in row.alike}
        row.alike = _best([*row.alike, *(each for each in added[row.pk] if each[0] not in told)])
    Resemblance.objects.bulk_update(rows, ["alike"])


def _best(found: Iterable[list[Any]]) -> list[list[Any]]:
    return sorted(found, key=lambda each: (-each[1], each[0]))[:KEPT]


def _numbers(made: bytes) -> Ints:
    return np.frombuffer(made, dtype="<u4").astype(np.uint32)


def _hashed(named: Iterable[str]) -> list[int]:
    return sorted({zlib.crc32(name.encode()) for name in named})


# ---- shown at the desk


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
