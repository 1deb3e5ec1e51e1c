"""The clerk compares petitions, a moment after they were filed and never while they are: words into vectors,
and of each what is most like it. What is shown of it stands in `resembling`; no web process loads this.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import inf
from typing import Any

import numpy as np
from django.db import transaction

from huiyin.reading import mask, places, problems, similar
from huiyin.reading.similar import Background, Index, Ints
from huiyin.registry import masking
from huiyin.registry.models import CommonWords, Petition, Resemblance
from huiyin.registry.resembling import is_behind, readable, unread

KEPT = 20  # petitions that are remembered as alike one
AT_ONCE = 100  # petitions read in one transaction
ENOUGH = 20_000  # texts; a background of so many is not made anew


class Reader:
    """What the clerk remembers between two rounds; it may be lost."""

    def __init__(self) -> None:
        self._memory: _Memory | None = None

    def read(self, now: datetime, seconds: float = inf) -> int:
        """Read what was filed since; answer how many petitions that was.

        `seconds`: after so many it stops, and the rest is for the next time.
        """
        until = time.monotonic() + seconds
        if not is_behind():
            return 0
        waiting = unread().order_by("pk")
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
