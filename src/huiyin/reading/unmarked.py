"""Finds what looks like a person's name though nothing beside it says so, for the index and its queries.

A text that somebody reads is masked by marks (`mask`), for a word too many hidden there is a loss. An index
must rather lose a word than hold a name, so here a surname that stands alone, as a dictionary cuts the
sentence, takes along what follows it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate, compress
from operator import itemgetter
from pathlib import Path
from typing import Any

from huiyin.reading.mask import Span

DATA = Path(__file__).with_name("mask.toml")
LONGEST_GIVEN = 2  # characters of a given name
APART = "\n"  # between two runs of Chinese characters: the dictionary leaves it a word by itself
_TWO_HAN = re.compile(r"[\u3400-\u9fff]{2}")
_NO_HAN = re.compile(r"[^\u3400-\u9fff]+")
_CAPITAL = re.compile(r"\b[A-Z][A-Za-z'’-]+\b")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?。！？\n:：;；]['\"”’)]*)\s*$")


def found(text: str) -> tuple[Span, ...]:
    """Everything that looks like a name, in order, without overlap."""
    return (*_chinese(text), *_english(text))


def _chinese(text: str) -> Iterator[Span]:
    rules = _rules()
    firsts = rules.firsts
    if _TWO_HAN.search(text) is None:
        return
    # By a dictionary, guessing no word that is not in it. All at once: to ask costs as much as to cut.
    words = dictionary().cut(_NO_HAN.sub(_apart, text), hmm=False)
    places = enumerate(accumulate(map(len, words), initial=0))
    begin = compress(places, map(firsts.__contains__, map(itemgetter(0), words)))
    until = free = 0
    for n, at in begin:
        if n >= free and at >= until:
            no_name = rules.no_name_at(text, at)
            until = at + len(no_name)
            if not no_name and (taken := rules.taken(words, n)):
                free = n + taken
                yield Span(at, at + sum(map(len, words[n:free])), "name")


def _apart(other: re.Match[str]) -> str:
    """As long as what is no Chinese character, so that each word keeps its place."""
    return APART * (other.end() - other.start())


def _english(text: str) -> Iterator[Span]:
    """Words with a capital inside a sentence, and two in a row anywhere: a name as likely as a place."""
    rules = _rules()
    capitals = list(_CAPITAL.finditer(text)) if _CAPITAL.search(text) else []
    for n, match in enumerate(capitals):
        after = capitals[n + 1] if n + 1 < len(capitals) else None
        begins = _SENTENCE_BEGINS.search(text, max(0, match.start() - 8), match.start()) is not None
        followed = after is not None and text[match.end() : after.start()].isspace()
        if match[0].casefold() not in rules.english and (followed or not (begins or match.start() == 0)):
            yield Span(match.start(), match.end(), "name")


class _Rules:
    """Surnames and words, from the data that masking has."""

    def __init__(self) -> None:
        data = tomllib.loads(DATA.read_text(encoding="utf-8"))
        self._doubtful = frozenset("".join(data["doubtful"].split()) + data["also"])
        self._certain = frozenset("".join(data["surnames"].split())) - self._doubtful
        self._compound = frozenset(data["compound"].split())
        self._never: dict[str, tuple[str, ...]] = {}
        for word in [*data["never"].split(), *data["no_name"].split()]:
            self._never[word[0]] = (*self._never.get(word[0], ()), word)
        self.firsts = self._doubtful | self._certain | {each[0] for each in self._compound}
        self._ends = frozenset(each for each in data["ends"].split() if len(each) == 1) | {APART}
        self.english = frozenset(word.casefold() for word in data["not_names_en"].split())

    def no_name_at(self, text: str, at: int) -> str:
        """The first of the words that are never a name's beginning to stand there, or nothing."""
        # One pattern of all of them would try each of them each time.
        words = self._never.get(text[at], ())
        if not text.startswith(words, at):
            return ""
        return next(word for word in words if text.startswith(word, at))

    def taken(self, words: list[str], n: int) -> int:
        """How many words, from the n-th on, make up a name; 0: none begins here."""
        first = words[n]
        if len(first) > 1 and first not in self._compound:
            return self._known(words, n)
        if not (first in self._certain or first in self._doubtful or first in self._compound):
            return 0
        given = ""
        count = 1
        for word in words[n + 1 : n + 1 + LONGEST_GIVEN]:
            if word in self._ends or len(given + word) > LONGEST_GIVEN:
                break
            given += word
            count += 1
        # An everyday word that is a surname too takes along only what is no word either.
        if first in self._doubtful and any(len(word) > 1 for word in words[n + 1 : n + count]):
            return 0
        return count if given else 0

    def _known(self, words: list[str], n: int) -> int:
        """A name that the dictionary has as one, or as a place to which a given name is joined (秦建, 峰)."""
        first, after = words[n], words[n + 1] if n + 1 < len(words) else ""
        if first[:2] in self._compound:
            return 1
        if first[0] not in self._certain or len(first) > 1 + LONGEST_GIVEN:
            return 0
        if _is_name(first):
            return 1
        return 2 if len(first) == LONGEST_GIVEN and len(after) == 1 and _is_name(after) else 0


@lru_cache(maxsize=4096)
def _is_name(word: str) -> bool:
    """Whether the dictionary has this word as that of a person; it has some words so that are none."""
    return str(dictionary().tag(word, hmm=False)[0][1]).startswith("nr")


@cache
def dictionary() -> Any:
    """What cuts Chinese into words: its functions `cut` and `tag`."""
    import rjieba  # half a second: only for who reads

    return rjieba


@cache
def _rules() -> _Rules:
    return _Rules()
