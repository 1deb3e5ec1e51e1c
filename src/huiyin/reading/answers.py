"""Does this draft answer what was asked? Advice for whoever writes it, and for whoever reviews it.

Everything is read from the two texts as they stand and kept nowhere. It blocks nothing: what an opinion must
contain the rulebook says. It looks at the words about the matter and at nobody.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from huiyin.reading import plain
from huiyin.reading.overlap import DATA, FULL, LITTLE, Terms, compared, own_words, shared, terms
from huiyin.reading.parts import missing
from huiyin.reading.requests import Request, requests_in
from huiyin.reading.sentences import Sentence, sentences

SHORT = 60  # characters: below, a reply has no room for reasons
OWN = 9  # words of its own about the matter, without which a reply could answer anything
ENOUGH = 3.0  # shared words that make a sentence an answer, whatever the length of the request
LEAST = 1.5  # shared with the petition by any answer to it, however short both are
SHARE = 0.25  # of a short request
BRIEF = 3  # characters or words of its own: a request with fewer is read with the subject
TOLD = 4  # sentences shown for one request


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and the sentences of the draft that speak of it; none where it is not answered."""

    words: str
    by: tuple[str, ...]
    listed: bool = False  # in the list that officer and petitioner settled


@dataclass(frozen=True, slots=True)
class Checked:
    """What was noticed about a draft."""

    asked: tuple[Asked, ...]
    missing: tuple[str, ...]  # parts, of reading.parts.PARTS
    reading: plain.Reading
    generic: bool  # it would fit any petition
    astray: bool  # it hardly speaks of what this petition speaks of
    newest: date | None  # the last day it names, where that lies before the petition

    @property
    def unanswered(self) -> tuple[Asked, ...]:
        return tuple(each for each in self.asked if not each.by)


def check(
    subject: str,
    text: str,
    draft: str,
    *,
    listed: Sequence[str] = (),
    lodged: date | None = None,
    areas: Collection[str] = (),
    added: Iterable[str] = (),
) -> Checked:
    """Hold a draft against a petition.

    `listed`: the requests that were settled; what else is found in the text is told after them. `lodged`: the
    day of lodging. `areas`: names of counties and cities. `added`: parts that the letter adds by itself.
    """
    asked, title, said = terms(f"{subject}\n{text}", areas), terms(subject), terms(draft, areas)
    told = sentences(draft)
    return Checked(
        tuple(_answered(request, title, told, listed) for request in wanted(subject, text, listed)),
        missing(draft, added),
        plain.read(draft),
        is_generic(draft),
        bool(told) and (compared(asked, title, said, lodged) < 0 or shared(asked, said) < LEAST),
        said.newest if lodged and said.newest and said.newest < lodged else None,
    )


def wanted(subject: str, text: str, listed: Sequence[str] = ()) -> list[Request]:
    """What was settled, then what else the text asks for, in its own words."""
    settled = [Request(words, terms(words)) for words in listed]
    found = requests_in(subject, text)
    if settled:
        found = tuple(r for r in found if not r.plain and not any(_same(r, other) for other in settled))
    return [*settled, *found]


def _same(found: Request, settled: Request) -> bool:
    """A settled request is a short form of what was written: most of the short one stands in the long one."""
    return shared(found.about, settled.about) >= 0.4 * min(found.about.mass, settled.about.mass)


def _answered(request: Request, title: Terms, told: list[Sentence], listed: Sequence[str]) -> Asked:
    settled = request.words in listed
    brief = not settled and own_words(request.words) < BRIEF
    found = [s.words for s in _speaking(request.about, told)]
    if brief and not found:  # "is that lawful?": of what, the subject says
        found = [s.words for s in _speaking(title, told)]
    if request.when:
        found = [words for words in found if _patterns().a_time.search(words)]
    return Asked(request.words, tuple(found[:TOLD]), settled)


def _speaking(about: Terms, told: list[Sentence]) -> list[Sentence]:
    """The sentences that say something on it: what only repeats the question hands on to those after it."""
    need = min(ENOUGH, max(1.0, SHARE * about.mass))
    found, follows = [], False
    for sentence in told:
        fits = shared(about, terms(sentence.words)) >= need
        if is_restating(sentence.words):
            follows = fits
        elif (fits or follows) and says_something(sentence.words):
            found.append(sentence)
    return found


def is_restating(words: str) -> bool:
    """Whether a sentence says again what was asked, and nothing else."""
    return _patterns().restating.search(words) is not None


def says_something(words: str) -> bool:
    """Whether a sentence holds anything besides stock phrases."""
    held = terms(plain.without_stock(words)).pairs.values()
    return sum(weight for weight in held if weight > LITTLE) >= 1.5


def is_generic(reply: str) -> bool:
    """Whether a reply would fit any petition: nothing is left without greetings and stock phrases."""
    body = "".join(s.words for s in sentences(plain.without_stock(reply)) if not is_restating(s.words))
    return sum(weight == FULL for weight in terms(body).pairs.values()) < OWN


@dataclass(frozen=True, slots=True)
class _Patterns:
    restating: re.Pattern[str]
    a_time: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    both = (f"{data[name]}|{data[f'{name}_en']}" for name in ("restating", "a_time"))
    return _Patterns(*(re.compile(pattern, re.IGNORECASE) for pattern in both))
