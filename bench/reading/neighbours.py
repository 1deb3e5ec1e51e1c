"""Finding what is most alike among many texts: time and recall against brute force, in one run."""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator

import numpy as np

from bench import report
from bench.reading import messages
from huiyin.reading import similar
from huiyin.reading.similar import Background, Index, Ints

FILES = ("unlabelled.csv", "labelled.csv", "answered.csv")
READ_FOR_BACKGROUND = 5000
NEIGHBOURS = 10
BLOCK = 5000  # texts that brute force holds at once
_SENTENCE = re.compile(r"(?<=[。！？；!?])")


def add(words: argparse.ArgumentParser) -> None:
    words.add_argument("--texts", type=int, default=200_000, help="how many are searched")
    words.add_argument("--asked", type=int, default=1000, help="how many searches are timed")
    words.add_argument("--checked", type=int, default=100, help="how many are compared with brute force")


def run(said: argparse.Namespace) -> int:
    real = [each.whole for each in messages.read(said.data, *FILES)]
    chance = random.Random(0)  # the same texts each time
    print(f"measured on: {report.machine()}")
    background = Background.of(chance.sample(real, min(READ_FOR_BACKGROUND, len(real))))
    texts = _made_up(real, chance)
    begun = time.process_time()
    vectors = [similar.vector(next(texts), background) for _ in range(said.texts)]
    print(f"vectors: {said.texts / (time.process_time() - begun):,.0f} texts/s of processor time")
    index = Index(background)
    begun = time.process_time()
    index.add(range(said.texts), vectors)
    print(f"index of {said.texts:,} texts: {time.process_time() - begun:.1f} s")
    asked = [similar.vector(next(texts), background) for _ in range(max(said.asked, said.checked))]
    _times("index", lambda made: index.search(made, NEIGHBOURS), asked[: said.asked])
    brute = _Brute(vectors, background)
    _times("brute force", brute.search, asked[: min(20, said.checked)])
    recalls = [_recall(index, brute, made) for made in asked[: said.checked]]
    print(f"recall@{NEIGHBOURS} of {said.checked} searches against brute force: {np.mean(recalls):.4f}")
    return 0


def _made_up(real: list[str], chance: random.Random) -> Iterator[str]:
    """Texts as people write them: sentences of one message, mixed with some of others."""
    sentences = [[s for s in _SENTENCE.split(text) if len(s) > 5] or [text] for text in real]
    while True:
        own = chance.choice(sentences)
        yield "".join(
            chance.choice(own if chance.random() < 0.6 else chance.choice(sentences))
            for _ in range(chance.randint(2, 6))
        )


def _times(name: str, search: Callable[[Ints], object], asked: list[Ints]) -> None:
    wall, own = [], []
    for made in asked:
        begun, worked = time.perf_counter(), time.process_time()
        search(made)
        wall.append(time.perf_counter() - begun)
        own.append(time.process_time() - worked)
    told = " · ".join(
        f"{what} p50 {np.percentile(times, 50) * 1000:.1f} ms, p99 {np.percentile(times, 99) * 1000:.1f} ms"
        for what, times in (("wall", wall), ("processor", own))
    )
    print(f"{name}, {len(asked)} searches: {told}")


class _Brute:
    """Each vector compared with the one that is asked, by a sum over all its numbers: no index, no cut."""

    def __init__(self, vectors: list[Ints], background: Background) -> None:
        both = [similar.unpacked(made, background) for made in vectors]
        self.buckets = np.concatenate([b for b, _ in both])
        self.weights = np.concatenate([w for _, w in both])
        self.ends = np.cumsum([len(b) for b, _ in both])
        self.starts = self.ends - [len(b) for b, _ in both]
        self.background = background

    def search(self, made: Ints) -> dict[int, float]:
        asked = np.zeros(similar.BUCKETS, np.float32)
        buckets, weights = similar.unpacked(made, self.background)
        asked[buckets] = weights
        sums = np.zeros(len(self.ends))
        for first in range(0, len(self.ends), BLOCK):
            last = min(first + BLOCK, len(self.ends))
            here = slice(self.starts[first], self.ends[last - 1])
            shared = np.append((asked[self.buckets[here]] * self.weights[here]).astype(np.float64), 0)
            found = np.add.reduceat(shared, self.starts[first:last] - self.starts[first])
            full = self.ends[first:last] > self.starts[first:last]
            sums[first:last] = np.where(full, found, 0)
        best = np.argpartition(-sums, NEIGHBOURS)[:NEIGHBOURS]
        return {int(at): float(sums[at]) for at in best}


def _recall(index: Index, brute: _Brute, made: Ints) -> float:
    """How many of the true neighbours were found; one exactly as near as the last of them counts as well."""
    true = brute.search(made)
    least = min(true.values()) - 1e-6
    found = [each for each in index.search(made, NEIGHBOURS) if each.likeness >= least]
    return len(found) / len(true)
