"""How alike two texts are: by the rare pairs and triples of characters that they share (TF-IDF, cosine).

A text becomes a vector of its most telling n-grams, each known by a hash alone: no word stands in a vector,
and a place or a thing that few texts name weighs most. Whoever calls gives masked text, never a report.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

BITS = 20
BUCKETS = 1 << BITS  # that n-grams are hashed into
KEPT = 128  # n-grams of a text, the most telling ones
MOST = 255  # of one n-gram in a text; more are counted as so many
RARE = 3  # an n-gram that fewer texts have is not counted: the counts tell of nobody's text
COMMON, FEW = 0.1, 10  # an n-gram in more than a tenth of all texts, and in more than a few, tells nothing
UNREAD = 200  # texts about other things, as if read beforehand: in a new house, nothing is common yet
SHINGLE = 3  # characters, by which copies are told from other words for the same
COPY = 0.6  # cosine of two texts' shingles, above which one is a copy of the other, more or less

Ints = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]

# What stands for something masked is no word of the text.
_MASK = re.compile(r"〔[^〔〕]{1,6}〕|\[[a-z -]{4,16}\]")
# Odd constants of a multiplicative hash (Knuth, TAOCP 3, 6.4; the golden ratio as 64 bits).
_PLANE = 0x10000
_SPREAD, _STIR = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


def read_as(subject: str, text: str) -> str:
    """A petition as one text; its subject counts twice, for it says the most in the fewest words."""
    return f"{subject}。{subject}。{text}"


def grams(text: str) -> tuple[Ints, Ints]:
    """The n-grams of a text as buckets, ascending, and how often each stands in it.

    Two and three characters where one is Chinese; four and five of any other word, for letters say less.
    """
    plain = unicodedata.normalize("NFKC", _MASK.sub(" ", text)).casefold()
    signs = np.frombuffer(plain.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    chinese = (signs >= 0x3400) & (signs <= 0x9FFF)
    other = _of_words()[np.minimum(signs, _PLANE)] & ~chinese
    found = [_hashed(signs, chinese | other, chinese, n) for n in (2, 3)]
    found += [_hashed(signs, other, other, n) for n in (4, 5)]
    buckets, times = np.unique(np.concatenate(found), return_counts=True)
    return buckets.astype(np.uint32), np.minimum(times, MOST).astype(np.uint32)


@cache
def _of_words() -> npt.NDArray[np.bool_]:
    """Of each character of the basic plane, whether it is a letter or a digit; of what lies beyond: no."""
    return np.array([chr(sign).isalnum() for sign in range(_PLANE)] + [False])


def _hashed(
    signs: npt.NDArray[np.uint64], fits: npt.NDArray[np.bool_], one_of: npt.NDArray[np.bool_], n: int
) -> npt.NDArray[np.uint64]:
    """The bucket of each run of n signs that all fit and of which at least one is one of those."""
    count = len(signs) - n + 1
    if count < 1:
        return np.zeros(0, np.uint64)
    whole, some = np.ones(count, bool), np.zeros(count, bool)
    made = np.full(count, n, np.uint64)
    for at in range(n):
        here = slice(at, at + count)
        whole &= fits[here]
        some |= one_of[here]
        made = (made ^ signs[here]) * _SPREAD
        made ^= made >> np.uint64(29)
    made *= _STIR
    return (made >> np.uint64(64 - BITS))[whole & some]


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of the texts that were read each n-gram stands: what is rare there, says much."""

    counts: Ints  # (BUCKETS,)
    texts: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        counts, read = np.zeros(BUCKETS, np.uint32), 0
        for text in texts:
            counts[grams(text)[0]] += 1
            read += 1
        counts[counts < RARE] = 0
        return cls(counts, read)

    def weights(self, buckets: Ints) -> Floats:
        """Inverse document frequency of each, in nats: ln((UNREAD + texts) / (1 + texts that have it))."""
        return np.log(np.float32(UNREAD + self.texts) / (1 + self.counts[buckets])).astype(np.float32)

    def rarity(self, phrase: str) -> float:
        """How rare its n-grams are on average, in nats; 0 for what has none."""
        buckets, _ = grams(phrase)
        return float(self.weights(buckets).mean()) if len(buckets) else 0.0

    def telling(self, buckets: Ints) -> npt.NDArray[np.bool_]:
        """Which of these are not in every other text."""
        return self.counts[buckets] <= max(FEW, COMMON * self.texts)

    def to_bytes(self) -> bytes:
        return self.texts.to_bytes(8, "big") + zlib.compress(self.counts.astype("<u4").tobytes(), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        counts = np.frombuffer(zlib.decompress(data[8:]), dtype="<u4")
        if len(counts) != BUCKETS:
            raise ValueError(f"{len(counts)} counts, expected {BUCKETS}")
        return cls(counts, int.from_bytes(data[:8], "big"))


def vector(text: str, background: Background) -> Ints:
    """A text as its most telling n-grams, each one number: bucket above, how often it stands there below."""
    buckets, times = grams(text)
    telling = background.telling(buckets)
    buckets, times = buckets[telling], times[telling]
    if len(buckets) > KEPT:
        weighed = _weighed(background, buckets, times)
        best = np.sort(np.argsort(-weighed, kind="stable")[:KEPT])
        buckets, times = buckets[best], times[best]
    return (buckets << np.uint32(8)) | times


def _weighed(background: Background, buckets: Ints, times: Ints) -> Floats:
    return ((1 + np.log(times, dtype=np.float32)) * background.weights(buckets)).astype(np.float32)


def unpacked(made: Ints, background: Background) -> tuple[Ints, Floats]:
    """The buckets of a vector and their weights; the squares of the weights add up to one."""
    buckets = made >> np.uint32(8)
    weighed = _weighed(background, buckets, made & np.uint32(0xFF))
    length = float(np.linalg.norm(weighed))
    return buckets, weighed / np.float32(length or 1)


def likeness(one: Ints, other: Ints, background: Background) -> float:
    """How alike two vectors are: from 0, nothing shared, to 1."""
    mine, weights = unpacked(one, background)
    theirs, others = unpacked(other, background)
    _, here, there = np.intersect1d(mine, theirs, assume_unique=True, return_indices=True)
    return float(weights[here] @ others[there])


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that was found, by the number it was put in with; likeness from 0 (nothing shared) to 1."""

    number: int
    likeness: float


@dataclass
class Index:
    """Finds what is most like a text among many, exactly: nothing is left out that shares an n-gram with it.

    Postings by bucket, as in any search engine (Zobel and Moffat 2006). What came last is kept apart until
    it is worth sorting in.
    """

    background: Background
    _numbers: list[int] = field(default_factory=list)
    _gone: set[int] = field(default_factory=set)
    _sorted: _Postings | None = None
    _late: list[Ints] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._numbers) - len(self._gone)

    def add(self, numbers: Sequence[int], vectors: Sequence[Ints]) -> None:
        """Put texts in, each under a number of its own."""
        self._numbers += numbers
        self._late += vectors
        self.__dict__.pop("_late_postings", None)
        if len(self._late) * 4 > len(self._numbers):
            self._settle()

    def remove(self, number: int) -> None:
        """Never find that text again."""
        self._gone.add(number)

    def search(self, made: Ints, most: int, least: float = 0.0) -> list[Alike]:
        """What is most like this vector, the likest first; never more than so many, none less alike."""
        if not self._numbers:
            return []
        buckets, weighed = unpacked(made, self.background)
        parts = [part for part in (self._sorted, self._late_postings) if part]
        sums = np.concatenate([part.sums(buckets, weighed) for part in parts])
        wanted = min(len(sums), most + len(self._gone))
        found = np.argpartition(-sums, wanted - 1)[:wanted]
        ranked = found[np.lexsort((found, -sums[found]))]
        alike = [Alike(self._numbers[at], float(sums[at])) for at in ranked if sums[at] > least]
        return [each for each in alike if each.number not in self._gone][:most]

    @cached_property
    def _late_postings(self) -> _Postings | None:
        return _Postings.of(self._late, self.background) if self._late else None

    def _settle(self) -> None:
        late = self._late_postings
        if late is not None:
            self._sorted = late if self._sorted is None else self._sorted.and_then(late)
        self._late = []
        self.__dict__.pop("_late_postings", None)


@dataclass(frozen=True, slots=True)
class _Postings:
    """For each bucket the texts that have it, by their place, and the weight it has there."""

    starts: npt.NDArray[np.int64]  # (BUCKETS + 1,)
    places: npt.NDArray[np.int32]
    weights: Floats
    texts: int

    @classmethod
    def of(cls, vectors: Sequence[Ints], background: Background) -> Self:
        both = [unpacked(made, background) for made in vectors]
        places = np.repeat(np.arange(len(both), dtype=np.int32), [len(buckets) for buckets, _ in both])
        return cls._from(
            np.concatenate([b for b, _ in both]), places, np.concatenate([w for _, w in both]), len(both)
        )

    @classmethod
    def _from(cls, buckets: Ints, places: npt.NDArray[np.int32], weights: Floats, texts: int) -> Self:
        order = np.argsort(buckets, kind="stable")
        starts = np.zeros(BUCKETS + 1, np.int64)
        np.cumsum(np.bincount(buckets, minlength=BUCKETS), out=starts[1:])
        return cls(starts, places[order], weights[order], texts)

    def and_then(self, later: _Postings) -> _Postings:
        """Both as one; the places of the later ones come after."""
        buckets = np.concatenate([part.buckets() for part in (self, later)])
        places = np.concatenate([self.places, later.places + np.int32(self.texts)])
        weights = np.concatenate([self.weights, later.weights])
        return self._from(buckets, places, weights, self.texts + later.texts)

    def buckets(self) -> Ints:
        return np.repeat(np.arange(BUCKETS, dtype=np.uint32), np.diff(self.starts))

    def sums(self, buckets: Ints, weighed: Floats) -> npt.NDArray[np.float64]:
        """How much each text shares with these: the cosine, since all vectors have the length one."""
        spans = [slice(*self.starts[[b, b + 1]]) for b in buckets]
        places = np.concatenate([self.places[s] for s in spans]) if spans else self.places[:0]
        weights = [self.weights[s] * w for s, w in zip(spans, weighed, strict=True)]
        shared = np.concatenate(weights) if weights else self.weights[:0]
        return np.bincount(places, shared, minlength=self.texts).astype(np.float64, copy=False)


# ---- copies and kinds


def shingles_alike(one: str, other: str) -> float:
    """Cosine of two texts' runs of three characters, counted, spaces left out: 1 for a copy."""
    mine, theirs = _shingles(one), _shingles(other)
    shared = sum(times * theirs.get(each, 0) for each, times in mine.items())
    length = sum(n * n for n in mine.values()) * sum(n * n for n in theirs.values())
    return float(shared / length**0.5) if length else 0.0


def _shingles(text: str) -> dict[str, int]:
    squeezed = "".join(text.split())
    counted: dict[str, int] = {}
    for at in range(len(squeezed) - SHINGLE + 1):
        each = squeezed[at : at + SHINGLE]
        counted[each] = counted.get(each, 0) + 1
    return counted
