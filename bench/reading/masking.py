"""Names and numbers put into real texts, how many masking finds, and what it hides that nobody planted.

Names are put together from the surnames of China by their frequency, rare and compound ones, and from given
names of all generations, whole or with their letters mixed: lists of its own, but of the same language, and
the rules were mended after reading what it missed. Each stands at the end of a sentence of a real message:
alone, beside a title, or in half a sentence of ours. A plant is found when every letter of it is hidden.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

from bench import report
from bench.reading import messages, plants
from huiyin.reading import mask

CATEGORIES = "cpgrams_categories.csv"
FILES = ("answered.csv", "unlabelled.csv", "labelled.csv")
_STOPS = re.compile(r"[，。；！？,;!?\n]")


@dataclass
class Kind:
    """One kind of plants: how many, how many found, and some that were not."""

    planted: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        low, high = interval(self.found, self.planted)
        return [name, f"{self.planted}", f"{self.found / self.planted:.4f}", f"{low:.4f} to {high:.4f}"]


def interval(found: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share, 95 in 100."""
    share = found / of
    middle, half = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def add(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--each", type=int, default=1500, help="plants of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, help="so many masks of untouched texts, to be read")


def run(said: argparse.Namespace) -> int:
    """Plant, mask and count; print recall by kind, false masks and speed."""
    texts = [row.text for row in messages.read(said.data, *FILES)]
    chance = random.Random(said.seed)
    print(f"measured on: {report.machine()}", flush=True)
    kinds = {name: _planted(make, texts, said.each, chance) for name, make in plants.CHINESE.items()}
    kinds |= {
        name: _planted(make, plants.ENGLISH_TEXTS, said.each, chance) for name, make in plants.ENGLISH.items()
    }
    for title, wanted in GROUPS.items():
        chosen = [kind for name, kind in kinds.items() if name.startswith(wanted)]
        kinds[title] = Kind(sum(k.planted for k in chosen), sum(k.found for k in chosen))
    report.table(
        ["kind", "planted", "recall", "95 % interval"], [kind.row(name) for name, kind in kinds.items()]
    )
    for name, kind in kinds.items():
        if kind.missed:
            print(f"missed, {name}: {'  '.join(kind.missed[:8])}")
    print("\nMasks in the texts as they are (names of officials and others are in them):")
    _untouched(texts, said.show, chance)
    print(
        "\nMasks in English, in the names of an office's categories: words with a capital nearly all of them"
    )
    _untouched(_categories(said.data), said.show // 4, chance)
    began = time.process_time()
    for text in texts:
        mask.certain(text)
    print(f"\nat filing: {sum(map(len, texts)) / (time.process_time() - began):,.0f} letters a second")
    return 0


GROUPS = {"ALL NAMES": ("name", "person"), "ALL NUMBERS": ("number", "digits")}


def _planted(
    make: Callable[[random.Random], plants.Plant], texts: list[str], count: int, chance: random.Random
) -> Kind:
    kind = Kind()
    for _ in range(count):
        text, plant = chance.choice(texts), make(chance)
        at = chance.choice([0, *(stop.end() for stop in _STOPS.finditer(text))])
        before, after = text[:at] + plant.before, plant.after + text[at:]
        spans = mask.found(before + plant.it + after)
        hidden = {n for span in spans for n in range(span.start, span.end)}
        kind.planted += 1
        start = len(before)
        if all(n in hidden for n in range(start, start + len(plant.it)) if (before + plant.it)[n].strip()):
            kind.found += 1
        else:
            kind.missed.append(f"{before[-5:]}[{plant.it}]{after[:5]}".replace("\n", " "))
    return kind


def _categories(folder: Path) -> list[str]:
    """Each category once; there is no public data set of petitions in English that holds their words."""
    with (folder / CATEGORIES).open(encoding="utf-8", newline="") as file:
        return sorted({row["Description"] for row in csv.DictReader(file)})


def _untouched(texts: list[str], show: int, chance: random.Random) -> None:
    letters = sum(map(len, texts))
    mask.found(texts[0])
    began = time.process_time()
    every = [mask.found(text) for text in texts]
    took = time.process_time() - began
    counted: dict[str, int] = {}
    for spans in every:
        for span in spans:
            counted[span.kind] = counted.get(span.kind, 0) + 1
    report.table(
        ["kind", "masks", "for each 1,000"],
        [[k, f"{n}", f"{n / letters * 1000:.3f}"] for k, n in counted.items()],
    )
    print(f"{letters:,} letters, {letters / took:,.0f} a second of processor time")
    _show(zip(texts, every, strict=True), show, chance)


def _show(read: Iterable[tuple[str, tuple[mask.Span, ...]]], show: int, chance: random.Random) -> None:
    shown = [(text, span) for text, spans in read for span in spans]
    for text, span in chance.sample(shown, min(show, len(shown))):
        before, after = text[max(0, span.start - 8) : span.start], text[span.end : span.end + 8]
        print(span.kind, f"{before}[{text[span.start : span.end]}]{after}".replace("\n", " "))
