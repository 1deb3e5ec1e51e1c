"""Learns topics from texts that somebody decided on: one table of weights, and how sure it is.

Only a process that ends imports this: it needs SciPy, and all the texts at once. What is learnt from is
masked first, and what could be a name is no term. Nothing is left to chance or the time: the same texts give
the same model, to the byte.

The weights are those of a ridge regression on TF-IDF of a message and of how it begins, which trusts terms
more that tell topics apart. How sure it is, it learns from texts that the weights were not learnt from.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from huiyin.reading import mask
from huiyin.reading.terms import OPENING, OPENING_RUNS, of_opening, terms
from huiyin.reading.topic_model import DIGITS, Floats, Ints, Model, chances_of, signs_of, sure_by

LEAST_TEXTS = 4  # a term stands in so many texts, or it is not kept: what few people wrote might be a person
IN_NAMES = 0.05  # nor one of which more than this share stood inside of names
LEAST_ROWS = 20  # of one topic
FOLDS = 5
STRENGTH = 0.2  # of the ridge
ROUNDS = 30  # of conjugate gradients at most
CLOSE = 1e-2  # how small what is left over may be, beside the start: nearer is not better
ABSTAIN = 0.1  # share of the texts for which no topic is offered
SURE = 0.9  # who is as sure as this always answers, however clear the others were
TELLING = 0.4  # to which power a term is trusted for how much it tells topics apart
EVEN = 0.05  # how far a sign must be spread to be weighed
HELD = 5.0  # as many texts hold the weights of signs back
ALIKE = 60  # texts that begin with the same letters are one for counting


@dataclass(frozen=True, slots=True)
class Example:
    """A message and the topic that somebody decided on."""

    subject: str
    text: str
    topic: str


@dataclass(frozen=True)
class Corpus:
    """Examples, counted: `counts` (examples, terms), `given` (examples,) numbers of topics."""

    topics: tuple[str, ...]
    terms: tuple[str, ...]
    counts: sparse.csr_matrix
    shares: Floats  # (examples,): how much its opening counts beside a whole message
    given: Ints
    alike: Ints  # examples of one number begin alike
    in_names: NDArray[np.int64]  # (terms,): how often it stood inside of a name
    digest: str


def corpus_of(examples: Iterable[Example]) -> Corpus:
    """Mask and count. A second of computing for every 300 texts, nearly all of it masking."""
    number: dict[str, int] = {}
    names: Counter[str] = Counter()
    opening: dict[str, int] = {}
    digest = hashlib.sha256()
    at: list[int] = []
    many: list[int] = []
    shares: list[float] = []
    ends, given, alike = [0], [], []
    for one in examples:
        digest.update(f"{one.subject}\x1f{one.text}\x1f{one.topic}\x1f".encode())
        words = f"{one.subject}\n{one.text}"
        spans = mask.found(words)
        for span in spans:
            if span.kind in {"name", "known"}:
                name = words[span.start : span.end]
                names.update(terms(name))
                names.update(OPENING + term for term in terms(name, OPENING_RUNS))
        masked = mask.put(words, spans)
        led, share = of_opening(masked)
        counted = Counter(terms(masked))
        counted.update(led)
        shares.append(share)
        at += [number.setdefault(term, len(number)) for term in counted]
        many += counted.values()
        ends.append(len(at))
        given.append(one.topic)
        alike.append(opening.setdefault(one.text.strip()[:ALIKE], len(opening)))
    topics = tuple(sorted(set(given)))
    listed = tuple(number)
    return Corpus(
        topics,
        listed,
        sparse.csr_matrix((np.array(many, np.float32), at, ends), shape=(len(given), len(listed))),
        np.array(shares, np.float32),
        np.array([topics.index(topic) for topic in given]),
        np.array(alike),
        np.array([names[term] for term in listed]),
        digest.hexdigest(),
    )


def folds_of(corpus: Corpus, rows: Ints, seed: int, many: int = FOLDS) -> list[tuple[Ints, Ints]]:
    """Parts of the rows, each with the rest: alike texts in one part, every topic dealt out evenly."""
    first = {int(corpus.alike[row]): int(corpus.given[row]) for row in rows[::-1]}
    shuffled = sorted(first, key=lambda group: hashlib.sha256(f"{seed}:{group}".encode()).digest())
    dealt: Counter[int] = Counter()
    part: dict[int, int] = {}
    for group in shuffled:
        topic = first[group]
        part[group] = (dealt[topic] + topic) % many
        dealt[topic] += 1
    where = np.array([part[int(corpus.alike[row])] for row in rows])
    return [(rows[where != n], rows[where == n]) for n in range(many)]


@dataclass(frozen=True)
class Table:
    """Weights for terms, before anything is known of how sure they are."""

    kept: Ints  # numbers of the terms
    rarity: Floats
    weights: Floats

    openings: NDArray[np.bool_]  # (terms,): of openings

    def sums(self, corpus: Corpus, rows: Ints) -> tuple[Floats, Ints]:
        """Of each text what speaks for each topic (texts, topics), and how many of its terms are known."""
        known = corpus.counts[rows][:, self.kept]
        weighed = _weighed(known, self.rarity, self.openings, corpus.shares[rows])
        return np.asarray(weighed @ self.weights, np.float32), np.diff(known.indptr).astype(np.int64)


def _weighed(
    counts: sparse.csr_matrix, rarity: Floats, openings: NDArray[np.bool_], shares: Floats
) -> sparse.csr_matrix:
    """TF-IDF; the terms of a whole text have a length of one, those of its opening one of their own."""
    value = (1 + np.log(counts.data)) * rarity[counts.indices]
    text = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    part = 2 * text + openings[counts.indices]
    length = np.sqrt(np.bincount(part, weights=value * value, minlength=2 * counts.shape[0]))
    length[1::2] /= np.sqrt(shares)
    value = (value / np.maximum(length, 1e-9)[part]).astype(np.float32)
    return sparse.csr_matrix((value, counts.indices, counts.indptr), shape=counts.shape)


def table_of(corpus: Corpus, rows: Ints, wanted: Floats) -> Table:
    """Weights that bring each of the rows near what is `wanted` of it (rows, topics)."""
    counts = corpus.counts[rows]
    texts = np.bincount(counts.indices, minlength=counts.shape[1])
    seen = np.bincount(counts.indices, weights=counts.data, minlength=counts.shape[1])
    kept = np.flatnonzero((texts >= LEAST_TEXTS) & (corpus.in_names <= IN_NAMES * seen))
    rarity = (np.log((1 + len(rows)) / (1 + texts[kept])) + 1).astype(np.float32)
    openings = np.array([corpus.terms[at][0] == OPENING for at in kept], bool)
    counts = counts[:, kept]
    weighed = _weighed(counts, rarity, openings, corpus.shares[rows])
    trust = _telling(counts, wanted) ** TELLING
    weighed.data *= trust[weighed.indices]
    size = np.float32(np.sqrt(max(weighed.data @ weighed.data / len(rows), 1e-9)))
    weighed.data /= size
    learnt = weighed.T @ _ridge(weighed, wanted - wanted.mean(axis=0))
    return Table(kept, rarity, np.asarray((trust / size)[:, None] * learnt, np.float32), openings)


def _telling(counts: sparse.csr_matrix, wanted: Floats) -> Floats:
    """How much each term tells topics apart (Wang and Manning 2012)."""
    there = np.asarray(counts.T @ np.clip(wanted, 0, None)) + 1
    all_of_it = np.asarray(counts.sum(axis=0)).ravel()[:, None] + wanted.shape[1]
    share, rest = there / there.sum(axis=0), (all_of_it - there) / (all_of_it - there).sum(axis=0)
    return np.asarray(np.abs(np.log(share / rest)).max(axis=1), np.float32)


def _ridge(texts: sparse.csr_matrix, wanted: Floats) -> Floats:
    """Ridge regression by conjugate gradients over the texts, every topic at once (Hestenes, Stiefel)."""
    turned = texts.T.tocsr()
    solved = np.zeros(wanted.shape, np.float32)
    left = wanted.astype(np.float32).copy()
    step = left.copy()
    size = (left * left).sum(axis=0)
    enough = size * CLOSE**2
    for _round in range(ROUNDS):
        moved = texts @ (turned @ step) + STRENGTH * step
        far = size / np.maximum((step * moved).sum(axis=0), 1e-30)
        solved += far * step
        left -= far * moved
        new = (left * left).sum(axis=0)
        if (new <= enough).all():
            break
        step = left + new / np.maximum(size, 1e-30) * step
        size = new
    return solved


@dataclass(frozen=True)
class Sureness:
    """What makes probabilities of sums, and out of signs how surely the likeliest topic is right."""

    slope: float
    bias: Floats
    sure: NDArray[np.float64]

    def chances(self, sums: Floats) -> Floats:
        return chances_of(sums, self.slope, self.bias)

    def confidence(self, sums: Floats, known: Ints) -> NDArray[np.float64]:
        return sure_by(signs_of(sums, self.chances(sums), known), self.sure)


def sureness_of(sums: Floats, known: Ints, given: Ints) -> Sureness:
    """Learnt from texts that the weights were not learnt from."""
    slope, bias = _temperature(sums, given)
    chances = chances_of(sums, slope, bias)
    signs = signs_of(sums, chances, known)
    return Sureness(slope, bias, _logistic(signs, chances.argmax(axis=1) == given))


def _logistic(signs: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights of signs by logistic regression, held near what the probability of the topic says by itself."""
    middle, spread = signs.mean(axis=0), signs.std(axis=0)
    middle[0] = 0
    spread = np.maximum(spread, EVEN)
    spread[0] = 1
    even = (signs - middle) / spread
    start = np.zeros(signs.shape[1])
    start[:2] = middle[1], spread[1]  # the first is always one, the second the odds of that topic
    held = np.full(len(start), HELD / len(right))
    held[0] = 0
    many = right.sum()
    aim = np.where(
        right, (many + 1) / (many + 2), 1 / (len(right) - many + 2)
    )  # never quite sure (Platt 1999)

    def wrong(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        power, moved = even @ weights, weights - start
        loss = (np.logaddexp(0, power) - aim * power).mean() + (held * moved * moved).sum()
        off = 1 / (1 + np.exp(-power)) - aim
        return float(loss), even.T @ off / len(even) + 2 * held * moved

    found = optimize.minimize(wrong, start, jac=True, method="L-BFGS-B").x / spread
    found[0] -= float(found[1:] @ middle[1:])
    return np.asarray(found)


def _temperature(sums: Floats, given: Ints) -> tuple[float, Floats]:
    """What makes probabilities of sums (temperature and a bias for each topic; Guo et al. 2017)."""
    one = np.eye(sums.shape[1])[given]

    def wrong(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        powers = values[0] * sums + values[1:]
        top = powers.max(axis=1, keepdims=True)
        chance = np.exp(powers - top)
        total = chance.sum(axis=1, keepdims=True)
        off = chance / total - one
        loss = float((np.log(total) + top - (powers * one).sum(axis=1, keepdims=True)).mean())
        return loss, np.concatenate(([(off * sums).sum() / len(sums)], off.mean(axis=0)))

    start = np.concatenate(([4.0], np.zeros(sums.shape[1])))
    found = optimize.minimize(wrong, start, jac=True, method="L-BFGS-B").x
    return float(found[0]), np.asarray(found[1:], np.float32)


def sums_apart(corpus: Corpus, rows: Ints, wanted: Floats, seed: int = 1) -> tuple[Floats, Ints]:
    """Sums for each row (rows, topics) by weights that were learnt without it and those like it.

    And how many of its terms such weights know (rows,).
    """
    place = np.full(len(corpus.given), -1)
    place[rows] = np.arange(len(rows))
    apart = np.zeros((len(rows), len(corpus.topics)), np.float32)
    known = np.zeros(len(rows), np.int64)
    for others, these in folds_of(corpus, rows, seed):
        table = table_of(corpus, others, wanted[place[others]])
        apart[place[these]], known[place[these]] = table.sums(corpus, these)
    return apart, known


# ---- a model


@dataclass(frozen=True)
class Learned:
    """A model, and what is known of the examples it was learnt from: `apart` (rows, topics), from outside."""

    model: Model
    apart: Floats
    too_few: Mapping[str, int]  # topics that were left out, with how many examples they had


def learn(examples: Sequence[Example], source: str = "") -> Learned:
    """A model of these examples, which came from a `source`.

    Raises TooLittle where fewer than two topics have enough of them.
    """
    often = Counter(one.topic for one in examples)
    too_few = {topic: n for topic, n in sorted(often.items()) if n < LEAST_ROWS}
    corpus = corpus_of(one for one in examples if one.topic not in too_few)
    if len(corpus.topics) < 2:
        raise TooLittle(often)
    model, apart = model_of(corpus, np.arange(len(corpus.given)))
    return Learned(replace(model, about={**model.about, "source": source}), apart, too_few)


class TooLittle(ValueError):
    """Nothing can be learnt: fewer than two topics have enough examples. The argument: how many each has."""


def model_of(corpus: Corpus, rows: Ints) -> tuple[Model, Floats]:
    """The model of some of the examples, and what it would say of each had it not seen it (rows, topics)."""
    given = corpus.given[rows]
    wanted = np.eye(len(corpus.topics), dtype=np.float32)[given] * 2 - 1
    sums, known = sums_apart(corpus, rows, wanted)
    sure = sureness_of(sums, known, given)
    apart, confidence = sure.chances(sums), sure.confidence(sums, known)
    table = table_of(corpus, rows, wanted)
    line = min(float(np.quantile(confidence, ABSTAIN)), SURE)
    threshold = float(np.floor(line * 10**DIGITS) / 10**DIGITS)
    model = Model(
        topics=corpus.topics,
        terms=tuple(corpus.terms[at] for at in table.kept),
        rarity=_as_kept(table.rarity),
        weights=_as_kept(table.weights),
        bias=_rounded(sure.bias),
        slope=round(sure.slope, DIGITS),
        sure=_rounded(sure.sure),
        threshold=threshold,
        about=_about(corpus, given, apart, confidence >= threshold),
    )
    return model, apart


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(value), DIGITS) for value in values)


def _as_kept(values: Floats) -> Floats:
    """As exact as the file is, so that a model says the same before it was kept and after."""
    return values.astype(np.float16).astype(np.float32)


def _about(corpus: Corpus, given: Ints, apart: Floats, sure: NDArray[np.bool_]) -> dict[str, Any]:
    topics, said = corpus.topics, apart.argmax(axis=1)
    counted = np.bincount(given, minlength=len(topics))
    named = np.bincount(said, minlength=len(topics))
    right = np.bincount(given[given == said], minlength=len(topics))
    return {
        "examples": len(given),
        "digest": corpus.digest,
        "of_topic": {topic: int(n) for topic, n in zip(topics, counted, strict=True)},
        "macro_f1": round(float(np.mean(f1_of(given, said, len(topics)))), 3),
        "sure_right": round(float((given == said)[sure].mean()), 3),  # of those that it would answer for
        "precision": {t: _share(right[n], named[n]) for n, t in enumerate(topics)},
        "recall": {t: _share(right[n], counted[n]) for n, t in enumerate(topics)},
    }


def _share(part: Any, whole: Any) -> float:
    return round(float(part / max(whole, 1)), 3)


def f1_of(given: Ints, said: Ints, topics: int) -> NDArray[np.float64]:
    """F1 of each topic: the harmonic mean of precision and recall."""
    right = np.bincount(given[given == said], minlength=topics)
    both = np.bincount(given, minlength=topics) + np.bincount(said, minlength=topics)
    return np.asarray(2 * right / np.maximum(both, 1))
