"""Does the answer answer? True replies told from others, generic ones flagged, missing parts noticed."""

from __future__ import annotations

import argparse
import csv
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import report
from bench.reading import opinions, replies
from bench.reading.replies import Pair
from huiyin.reading.answers import is_generic
from huiyin.reading.overlap import Terms, compared, terms

JUDGED = Path(__file__).with_name("judged_replies.csv")  # ids and a verdict, no text
SEEDS = range(5)
DRAWN = 500  # bootstrap samples
SAME_REPLY = 0.8  # of the three-character pieces of the shorter reply: then both got one answer
Scores = NDArray[np.float64]
Score = Callable[[int, int], float]
"""How well the reply of row j fits the petition of row i."""


def add(words: argparse.ArgumentParser) -> None:
    words.add_argument("--opinions", type=int, default=1000, help="how many made-up opinions are cut")


def run(said: argparse.Namespace) -> int:
    pairs = replies.read(said.data)
    print(f"measured on: {report.machine()}")
    print(f"{len(pairs)} replies of at least 60 characters; nothing is learnt, so there is no split")
    whole, stripped = [p.reply for p in pairs], [p.stripped for p in pairs]
    nearest = _nearest(_tf_idf([p.petition for p in pairs]))
    rows = []
    for name, texts, dated in (
        ("replies as they are", whole, True),
        ("  by their words alone", whole, False),
        ("  without salutation, quoted subject, dates", stripped, False),
    ):
        rows.append(_row(name, _fits(pairs, texts, dated=dated), pairs, nearest))
    for name, texts in (("floor: TF-IDF cosine", whole), ("  floor, stripped", stripped)):
        rows.append(_row(name, _cosines(pairs, texts), pairs, nearest))
    report.table(("AUC", "shuffled (5 seeds)", "95 %", "nearest", "95 %", "another answer"), rows)
    same = sum(_same_reply(pairs[i].reply, pairs[j].reply) for i, j in enumerate(nearest))
    print(f"nearest other petition got the same answer: {same}; left out in the last column")
    _generic(replies.read(said.data, 1, 59), pairs)
    opinions.measure(said.opinions, pairs)
    return 0


# ---- telling the true reply


def _row(name: str, score: Score, pairs: Sequence[Pair], nearest: Sequence[int]) -> tuple[str, ...]:
    count = len(pairs)
    true = np.array([score(i, i) for i in range(count)])
    others = []
    for seed in SEEDS:
        order = _shuffled(count, seed)
        others.append(np.array([score(i, j) for i, j in enumerate(order)]))
    near = np.array([score(i, j) for i, j in enumerate(nearest)])
    kept = np.array([not _same_reply(pairs[i].reply, pairs[j].reply) for i, j in enumerate(nearest)])
    return (
        name,
        " ".join(f"{auc(true, other):.4f}" for other in others),
        _interval(true, others[0]),
        f"{auc(true, near):.4f}",
        _interval(true, near),
        f"{auc(true, near[kept]):.4f}",
    )


def auc(true: Scores, other: Scores) -> float:
    """How often a true one lies above another one, ties counted half (Mann and Whitney)."""
    ordered = np.sort(other)
    below = np.searchsorted(ordered, true, "left")
    upto = np.searchsorted(ordered, true, "right")
    return float((below + upto).sum() / 2 / len(true) / len(other))


def _interval(true: Scores, other: Scores) -> str:
    chance = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWN):
        one, two = (chance.integers(0, len(each), len(each)) for each in (true, other))
        drawn.append(auc(true[one], other[two]))
    low, high = np.percentile(drawn, (2.5, 97.5))
    return f"{low:.3f}-{high:.3f}"


def _shuffled(count: int, seed: int) -> list[int]:
    """An order in which no row keeps its own reply."""
    order = list(range(count))
    random.Random(seed).shuffle(order)
    moved = {order[i]: order[i - 1] for i in range(count)}  # each to the one before it in a random round
    return [moved[i] for i in range(count)]


def _fits(pairs: Sequence[Pair], texts: Sequence[str], *, dated: bool) -> Score:
    names = replies.areas(list(pairs))
    asked = [terms(p.petition, names) for p in pairs]
    subjects = [terms(p.subject) for p in pairs]
    said: list[Terms] = [terms(text, names) for text in texts]
    return lambda i, j: compared(asked[i], subjects[i], said[j], pairs[i].lodged if dated else None)


def _same_reply(one: str, other: str) -> bool:
    a, b = ({text[i : i + 3] for i in range(len(text) - 2)} for text in (one, other))
    return len(a & b) > SAME_REPLY * max(1, min(len(a), len(b)))


# ---- the floor: TF-IDF of one to three characters


def _tf_idf(texts: Sequence[str]) -> list[dict[str, float]]:
    counted = [Counter(t[i : i + n] for n in (1, 2, 3) for i in range(len(t) - n + 1)) for t in texts]
    found: Counter[str] = Counter()
    for each in counted:
        found.update(each.keys())
    made = []
    for each in counted:
        weighed = {
            k: (1 + math.log(c)) * (math.log((1 + len(texts)) / (1 + found[k])) + 1) for k, c in each.items()
        }
        length = math.sqrt(sum(w * w for w in weighed.values())) or 1.0
        made.append({k: w / length for k, w in weighed.items()})
    return made


def _cosines(pairs: Sequence[Pair], texts: Sequence[str]) -> Score:
    made = _tf_idf([*(p.petition for p in pairs), *texts])
    return lambda i, j: _dot(made[i], made[len(pairs) + j])


def _dot(one: dict[str, float], other: dict[str, float]) -> float:
    few, many = sorted((one, other), key=len)
    return sum(w * many[k] for k, w in few.items() if k in many)


def _nearest(vectors: Sequence[dict[str, float]]) -> list[int]:
    """For each petition the other one that is most alike."""
    where: dict[str, list[int]] = {}
    for i, vector in enumerate(vectors):
        for key in vector:
            where.setdefault(key, []).append(i)
    held = {k: (np.array(v), np.array([vectors[i][k] for i in v])) for k, v in where.items() if len(v) > 1}
    found = []
    for i, vector in enumerate(vectors):
        alike = np.zeros(len(vectors))
        for key, weight in vector.items():
            if key in held:
                rows, weights = held[key]
                alike[rows] += weight * weights
        alike[i] = -1
        found.append(int(alike.argmax()))
    return found


# ---- replies that would fit any petition


def _judged() -> dict[str, bool]:
    """What reading found: the reply would fit any petition with no more than the name of a body changed."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["generic"] == "yes" for row in csv.DictReader(file)}


def _generic(short: Sequence[Pair], longer: Sequence[Pair]) -> None:
    for name, pairs in (("shorter than 60 characters", short), ("60 characters and more", longer)):
        count = sum(is_generic(p.reply) for p in pairs)
        print(f"flagged as generic: {count} of {len(pairs)} {name} ({count / max(1, len(pairs)):.1%})")
    read = _judged()
    by_id = {p.id: p for p in (*short, *longer)}
    known = [(is_generic(by_id[i].reply), generic) for i, generic in read.items() if i in by_id]
    flagged = [truth for flag, truth in known if flag]
    missed = [flag for flag, truth in known if truth]
    if flagged and missed:
        print(
            f"of {len(known)} replies read by hand: {sum(flagged)} of {len(flagged)} flagged are generic "
            f"(precision {sum(flagged) / len(flagged):.2f}), {sum(missed)} of {len(missed)} generic ones "
            f"are flagged (recall {sum(missed) / len(missed):.2f})"
        )
