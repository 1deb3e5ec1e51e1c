"""What a text is about, by the words people use for it: offered to its author, who may take something else.

It looks at the problem and at nobody: no word here is about a person (charter 2).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("topics.toml")


@dataclass(frozen=True, slots=True)
class Topic:
    """One field of life. `code` is its place in the list, or the competence that no list knows."""

    code: str
    zh: str
    en: str
    subjects: tuple[str, ...]
    words: re.Pattern[str]
    said: tuple[str, ...] = ()  # the same words, one by one

    def has(self, subject: str) -> bool:
        """Whether a competence of this name belongs to it."""
        return any(part in subject.casefold() for part in self.subjects)


def topics_of(subjects: Iterable[str]) -> list[Topic]:
    """The topics that some body is competent for; a competence that no topic knows is one by itself."""
    named = sorted(set(subjects))
    known = [topic for topic in _known() if any(topic.has(subject) for subject in named)]
    alone = [subject for subject in named if not any(topic.has(subject) for topic in known)]
    return known + [
        Topic(subject, subject, subject, (subject.casefold(),), _pattern([subject], []), (subject,))
        for subject in alone
    ]


def is_about(topic: str, subjects: Iterable[str]) -> bool:
    """Whether a topic, by its name, is what competences of these names are for."""
    called = topic.casefold()
    listed = [subject.casefold() for subject in subjects]
    fields = [field for field in _known() if field.has(topic) or topic in {field.zh, field.en}]
    return any(
        subject in called or called in subject or any(field.has(subject) for field in fields)
        for subject in listed
    )


def topics_in(text: str, among: Iterable[Topic], most: int = 2) -> list[Topic]:
    """Those that the text speaks of, the one with the most different words first."""
    plain = text.casefold()
    counted = [(len(set(topic.words.findall(plain))), topic) for topic in among]
    spoken = sorted((pair for pair in counted if pair[0]), key=lambda pair: -pair[0])
    return [topic for _count, topic in spoken[:most]]


@cache
def _known() -> tuple[Topic, ...]:
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["topics"]
    return tuple(
        Topic(
            str(number),
            row["text"]["zh"],
            row["text"]["en"],
            tuple(part.casefold() for part in row["subjects"]),
            _pattern(row["zh"], row["en"]),
            (*row["zh"], *row["en"]),
        )
        for number, row in enumerate(rows, 1)
    )


def _pattern(zh: Iterable[str], en: Iterable[str]) -> re.Pattern[str]:
    # Chinese has no spaces between words, English has; the longest first, so that 安置房 is one word.
    chinese = sorted(map(re.escape, zh), key=len, reverse=True)
    english = sorted((re.escape(word.casefold()) for word in en), key=len, reverse=True)
    return re.compile("|".join([*chinese, *(rf"\b{word}\b" for word in english)]).casefold())
