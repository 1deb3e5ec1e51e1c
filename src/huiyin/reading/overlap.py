"""How much an answer speaks of what a petition speaks of: by shared words alone.

No model and no statistic: a word weighs something unless it stands in a short list of words that every
petition and answer is full of. Chinese is read in pairs of characters, for it has no spaces; English by word.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("answers.toml")
NOUGHT = (
    7.0  # moves 0 to where of a hundred true replies some five lie below, of a hundred shuffled three above
)
FULL, HALF, LITTLE = 1.0, 0.4, 0.05  # of a pair: of two words of its own, with a particle in it, common

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_ENGLISH_ENDING = re.compile(r"(?:ing|ed|es|s|ly)$")
_DAY = re.compile(r"(20\d\d) ?[年./-] ?(\d{1,2}) ?[月./-] ?(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Common:
    """Words that weigh little, and how names of places end."""

    pairs: frozenset[str]
    particles: frozenset[str]
    whole: re.Pattern[str]  # common words and particles, to be taken out
    words: frozenset[str]  # English, without their endings
    places: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a text speaks of: its pairs of characters and English words, each with what it weighs."""

    pairs: Mapping[str, float]
    mass: float  # what all of them weigh
    characters: Mapping[str, int]  # how often each stands there
    areas: frozenset[str]
    places: frozenset[str]
    newest: date | None  # the latest day that it names


def terms(text: str, areas: Iterable[str] = ()) -> Terms:
    """`areas`: names of counties, cities and districts to look for; no rule tells them from other words."""
    plain = unicodedata.normalize("NFKC", text)
    pairs: set[str] = set()
    characters: Counter[str] = Counter()
    for run in _RUNS.findall(plain.casefold()):
        if run[0].isascii():
            pairs.add(_stem(run))
            continue
        characters.update(run)
        pairs.update(run[i : i + 2] for i in range(len(run) - 1))
    weighed = {pair: weight(pair) for pair in sorted(pairs)}  # sorted: sums must not depend on the run
    return Terms(
        weighed,
        sum(weighed.values()),
        characters,
        frozenset(area for area in areas if area in plain),
        frozenset(m[1] for m in _common().places.finditer(plain) if weight(m[1][:2]) == FULL),
        _newest(plain),
    )


def weight(term: str) -> float:
    """What one pair of characters or one English word weighs, from 0 to 1."""
    known = _common()
    if term[0].isascii():
        return LITTLE if term in known.words or len(term) < 2 else FULL
    if term in known.pairs:
        return LITTLE
    return HALF if known.particles & set(term) else FULL


def own_words(text: str) -> int:
    """How much a text says besides common words: Chinese characters, or English words."""
    plain, known = unicodedata.normalize("NFKC", text).casefold(), _common()
    left = _RUNS.findall(known.whole.sub(" ", plain))
    return sum(_stem(run) not in known.words if run[0].isascii() else len(run) for run in left)


def shared(one: Terms, other: Terms) -> float:
    """What the words weigh that stand in both."""
    few, many = sorted((one.pairs, other.pairs), key=len)
    return sum(held for pair, held in few.items() if pair in many)


def coverage(asked: Terms, said: Terms) -> float:
    """The share of what is asked that is also said, from 0 to 1."""
    return shared(asked, said) / (asked.mass or 1.0)


def relevance(
    subject: str, text: str, reply: str, lodged: date | None = None, areas: Collection[str] = ()
) -> float:
    """How far a reply speaks of a petition: below 0 hardly at all. For comparing, never shown as a number.

    `lodged`: a reply whose last day lies before it answers something else. The weights are round numbers,
    near to what a logistic regression finds in any fifth of the replies they were tried on (decision 0058).
    """
    return compared(terms(f"{subject}\n{text}", areas), terms(subject), terms(reply, areas), lodged)


def compared(asked: Terms, subject: Terms, said: Terms, lodged: date | None = None) -> float:
    """The same of texts whose terms are known."""
    score = (
        1.5 * math.log1p(shared(asked, said)) - 0.75 * math.log1p(asked.mass) - 1.5 * math.log1p(said.mass)
    )
    score += 4 * coverage(subject, said) + 3 * _likeness(asked.characters, said.characters)
    if said.areas and not said.areas & asked.areas:
        score -= 1.5  # it speaks of another town
    if said.places and asked.places and not said.places & asked.places:
        score -= 0.5
    if lodged and said.newest and said.newest < lodged:
        score -= 3
    return score + NOUGHT


def _likeness(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """The cosine of two texts by their characters, from 0 to 1."""
    particles = _common().particles

    def weighed(found: Mapping[str, int]) -> dict[str, float]:
        return {c: (1 + math.log(n)) for c, n in found.items() if c not in particles}

    a, b = weighed(one), weighed(other)
    length = math.sqrt(sum(x * x for x in a.values()) * sum(x * x for x in b.values()))
    return sum(a[c] * b[c] for c in a.keys() & b.keys()) / length if length else 0.0


def _newest(plain: str) -> date | None:
    found = []
    for year, month, day in _DAY.findall(plain):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue  # 2月30日: a slip of the pen is no day
    return max(found, default=None)


def _stem(word: str) -> str:
    return _ENGLISH_ENDING.sub("", word) if len(word) > 4 else word


@cache
def _common() -> Common:
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    pairs = (word[i : i + 2] for word in data["common"] for i in range(len(word) - 1))
    return Common(
        frozenset(pairs),
        frozenset(data["particles"]),
        re.compile("|".join([*sorted(data["common"], key=len, reverse=True), f"[{data['particles']}]"])),
        frozenset(map(_stem, data["common_en"].split())),
        re.compile(rf"(?=([\u3400-\u9fff]{{2}}(?:{data['places']})))"),
    )
