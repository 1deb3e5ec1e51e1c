"""What was answered before, for whoever is about to lodge: published words on the same problem, and no other.

What is typed is compared in memory and kept nowhere. Nothing waits for it and nothing is asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from huiyin.core.text import Text
from huiyin.reading import mask, similar
from huiyin.reading.similar import Ints
from huiyin.registry import answers, law, publishing, solving
from huiyin.registry.answers import OPINION, PROBLEM, QUESTION
from huiyin.registry.models import CommonWords, Question

LATEST = 200  # of each kind that are looked at
SHOWN = 3
ALIKE = 0.2  # likeness; one side is a page of an office, so less is shared than between two petitions


@dataclass(frozen=True, slots=True)
class Answered:
    """Something published: what kind it is, the number or code of its page, what it says, and when."""

    kind: str
    page: str
    title: Text | str
    body: Text
    on: date


def before(subject: str, text: str, *, publishes: bool) -> list[Answered]:
    """What was published on the same problem, the likest first. `publishes`: whether the law has opinions
    published.
    """
    read = _latest() if text.strip() else None
    if read is None:
        return []
    asked = similar.vector(mask.masked(similar.read_as(subject, text)), read.background)
    found = [
        (similar.likeness(asked, read.vector(words), read.background), each)
        for words, each in _published(publishes=publishes)
    ]
    near = sorted((pair for pair in found if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1].page))
    return [each for _, each in near[:SHOWN]]


def _published(*, publishes: bool) -> Iterator[tuple[str, Answered]]:
    for problem in solving.public().order_by("-decided_on", "-id")[:LATEST]:
        words = similar.read_as(
            f"{problem.place}{problem.title}", f"{problem.broken}{problem.plan}{problem.outcome}"
        )
        on = answers.day_of(problem)
        yield (
            words,
            Answered(PROBLEM, str(problem.pk), f"{problem.place} · {problem.title}", problem.body.name, on),
        )
    for question in (
        Question.objects.exclude(answered_at=None).select_related("body").order_by("-answered_at")[:LATEST]
    ):
        words = similar.read_as(question.asks, f"{question.why}{question.outcome}")
        if question.answered_at:
            yield (
                words,
                Answered(
                    QUESTION,
                    question.code,
                    question.asks,
                    question.body.name,
                    law.at(question.answered_at)[1],
                ),
            )
    for opinion in publishing.public().filter(withdrawn_on=None)[:LATEST] if publishes else ():
        title = publishing.outcome_of(opinion)
        yield opinion.text, Answered(OPINION, str(opinion.pk), title, opinion.body.name, opinion.published_on)


class _Read:
    """What a process remembers: the background as it was made last, and the vectors of what was published."""

    def __init__(self, common: CommonWords) -> None:
        self.made_at = common.made_at
        self.background = common.background
        self.vector = lru_cache(maxsize=3 * LATEST)(self._vector)

    def _vector(self, words: str) -> Ints:
        return similar.vector(words, self.background)


_read: list[_Read] = []


def _latest() -> _Read | None:
    """As the clerk made it last; what it counted is fetched only when that is new."""
    made_at = CommonWords.objects.values_list("made_at", flat=True).first()
    if made_at is None:
        return None
    if not _read or _read[0].made_at != made_at:
        common = CommonWords.objects.first()
        _read[:] = [_Read(common)] if common else []
    return _read[0] if _read else None
