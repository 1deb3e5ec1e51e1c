"""Problems that recur in unlabelled messages: the largest groups, and pairs to be judged by reading."""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.reading import messages
from bench.reading.messages import Message
from huiyin.reading import mask, places, problems, similar
from huiyin.reading.similar import Background, Index

FILE = "unlabelled.csv"
JUDGED = Path(__file__).with_name("judged_pairs.csv")
NEAREST = 40  # texts that each is compared with
SHOWN, WORDINGS, PAIRS = 10, 3, 200


@dataclass(frozen=True, slots=True)
class Pair:
    """Two messages, by their places in the list, and how alike they are."""

    one: int
    other: int
    likeness: float


def add(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--pairs", type=Path, help="write the pairs to be judged there, outside the repository"
    )


def run(said: argparse.Namespace) -> int:
    rows = [
        Message(each.id, mask.masked(each.subject), mask.masked(each.text))
        for each in messages.read(said.data, FILE)
    ]
    background = Background.of(_read(each) for each in rows)
    pairs = _pairs(rows, background)
    _show(rows, pairs, background)
    copies, apart = _apart(rows, pairs)
    print(f"\n{copies} pairs set aside as copies (three characters, cosine > {similar.COPY})")
    if said.pairs:
        _write(said.pairs, rows, apart)
    return _judge(rows, apart)


def _read(message: Message) -> str:
    """What the registry reads as well: the subject counts twice, for it says the most."""
    return similar.read_as(message.subject, message.text)


def _pairs(rows: list[Message], background: Background) -> list[Pair]:
    """Each pair once, the likest first."""
    vectors = [similar.vector(_read(each), background) for each in rows]
    named = [places.places(each.whole) for each in rows]
    index = Index(background)
    index.add(range(len(rows)), vectors)
    found: dict[tuple[int, int], float] = {}
    for one, made in enumerate(vectors):
        for each in index.search(made, NEAREST, problems.WORTH):
            if each.number != one:
                pair = (min(one, each.number), max(one, each.number))
                found[pair] = problems.weighed(each.likeness, named[one], named[each.number])
    return sorted((Pair(*pair, likeness) for pair, likeness in found.items()), key=_order)


def _order(pair: Pair) -> tuple[float, int, int]:
    return -pair.likeness, pair.one, pair.other


def _show(rows: list[Message], pairs: list[Pair], background: Background) -> None:
    found = problems.groups((each.one, each.other, each.likeness) for each in pairs)
    print(f"{len(rows)} messages, {len(found)} groups of one cause; the {SHOWN} largest:")
    for number, group in enumerate(found[:SHOWN], 1):
        members = [rows[at] for at in group]
        where = Counter(place for each in members for place in places.places(each.whole)).most_common(2)
        words = problems.words_of([each.whole for each in members], background)
        subjects = list(dict.fromkeys(each.subject.strip() for each in members))
        told = f"{len(group)} messages, {len(subjects)} wordings"
        print(f"\n{number}. {told}, at {'、'.join(place for place, _ in where)}")
        print(f"   words: {'、'.join(words)}")
        for subject in subjects[: max(WORDINGS, 4)]:
            print(f"   - {subject}")
        if len(subjects) < WORDINGS:
            print(f"   fewer than {WORDINGS} wordings")


def _apart(rows: list[Message], pairs: list[Pair]) -> tuple[int, list[Pair]]:
    """How many copies came before, and the pairs that follow without being copies."""
    copies = 0
    apart: list[Pair] = []
    for each in pairs:
        if similar.shingles_alike(rows[each.one].whole, rows[each.other].whole) > similar.COPY:
            copies += 1
        else:
            apart.append(each)
        if len(apart) == PAIRS:
            break
    return copies, apart


def _write(path: Path, rows: list[Message], pairs: list[Pair]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("one", "other", "likeness", "subject", "other subject", "text", "other text"))
        for each in pairs:
            one, other = rows[each.one], rows[each.other]
            out.writerow(
                (one.id, other.id, f"{each.likeness:.3f}", one.subject, other.subject, one.text, other.text)
            )
    print(f"{len(pairs)} pairs to be judged are in {path}")


def _judge(rows: list[Message], pairs: list[Pair]) -> int:
    """Precision of these pairs by the verdicts that were reached by reading them."""
    if not JUDGED.is_file():
        print("no pair was judged yet")
        return 1
    with JUDGED.open(encoding="utf-8", newline="") as file:
        verdicts = {frozenset((row["one"], row["other"])): row["same"] for row in csv.DictReader(file)}
    told = [verdicts.get(frozenset((rows[each.one].id, rows[each.other].id))) for each in pairs]
    judged = [verdict for verdict in told if verdict is not None]
    right = judged.count("yes")
    print(f"of the next {len(pairs)} pairs {len(judged)} were judged by reading: {right} are about one cause")
    if len(judged) < len(pairs):
        print(
            f"{len(pairs) - len(judged)} pairs are new since: precision is at least {right / len(pairs):.3f}"
        )
    else:
        print(f"precision: {right / len(pairs):.3f}")
    return 0
