"""Topics by five-fold cross-validation: what is proposed for messages not seen before, and how fast.

Rows whose text begins with the same sixty letters are in one fold. Learning, calibration and the line below
which it abstains see the other folds alone. What is judged is the text as written.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from bench import report
from bench.reading import messages
from huiyin.reading import topic_model, topic_training
from huiyin.reading.topic_model import Floats, Ints, Model
from huiyin.reading.topic_training import ALIKE, Corpus, Example, corpus_of, f1_of, folds_of

SEED = 0
BINS = 15
FLOORS = {"macro-F1": 0.918, "macro-F1 at 10 % abstention": 0.955, "ECE": 0.03, "messages/s": 1000}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", default="labelled.csv", help="columns subject, text, topic")


def run(said: argparse.Namespace) -> int:
    print(f"measured on: {report.machine()}", flush=True)
    rows = messages.rows(said.data, said.file)
    examples = [Example(row["subject"] or "", row["text"], row["topic"]) for row in rows]
    corpus = corpus_of(examples)
    chances, sure, abstained = _apart(corpus, examples)
    figures = _figures(corpus, chances, sure, abstained) | _noise(corpus, examples, chances)
    figures |= _file(corpus, examples)
    for name, floor in FLOORS.items():
        holds = figures[name] <= floor if name == "ECE" else figures[name] >= floor
        print(f"{name}: {figures[name]:.4g}, asked for {floor}: {'holds' if holds else 'DOES NOT HOLD'}")
    print(f"kept in {report.keep('topics', {'machine': report.machine(), 'topics': figures})}")
    return 0


def _apart(corpus: Corpus, examples: Sequence[Example]) -> tuple[Floats, Floats, Ints]:
    """Probabilities of topics for each message (messages, topics), its confidence, whether it abstained."""
    chances = np.zeros((len(examples), len(corpus.topics)), np.float32)
    sure = np.zeros(len(examples), np.float32)
    abstained = np.zeros(len(examples), bool)
    for number, (others, these) in enumerate(folds_of(corpus, np.arange(len(examples)), SEED), 1):
        began = time.process_time()
        model, _ = topic_training.model_of(corpus, others)
        said = [f"{examples[row].subject}\n{examples[row].text}" for row in these]
        chances[these], sure[these] = model.judged([model.weighed(each) for each in said])
        abstained[these] = sure[these] < model.threshold
        f1 = f1_of(corpus.given[these], chances[these].argmax(axis=1), len(corpus.topics)).mean()
        took = time.process_time() - began
        print(
            f"fold {number}: {len(these)} messages, macro-F1 {f1:.4f} ({took:.0f} s of computing)", flush=True
        )
    return chances, sure, abstained


def _figures(corpus: Corpus, chances: Floats, sure: Floats, abstained: Ints) -> dict[str, Any]:
    given, said = corpus.given, chances.argmax(axis=1)
    many = len(corpus.topics)
    each = f1_of(given, said, many)
    print()
    rows = []
    for number, topic in enumerate(corpus.topics):
        right = int(((given == number) & (said == number)).sum())
        had, named = int((given == number).sum()), int((said == number).sum())
        rows.append((topic, str(had), f"{right / named:.3f}", f"{right / had:.3f}", f"{each[number]:.3f}"))
    report.table(("topic", "messages", "precision", "recall", "F1"), rows)
    print()
    answered = sure >= np.quantile(sure, 0.1)
    own = ~abstained
    figures = {
        "macro-F1": float(each.mean()),
        "accuracy": float((given == said).mean()),
        "macro-F1 at 10 % abstention": float(f1_of(given[answered], said[answered], many).mean()),
        "abstained by its own line": float(abstained.mean()),
        "macro-F1 of the rest": float(f1_of(given[own], said[own], many).mean()),
        "ECE": _ece(given == said, sure),
    }
    for name, value in figures.items():
        print(f"{name}: {value:.4f}")
    return figures | {"F1": dict(zip(corpus.topics, map(float, each), strict=True))}


def _ece(right: np.ndarray[Any, Any], sure: Floats) -> float:
    """Expected calibration error: bins of as many messages each, by how sure it was of the topic it named."""
    parts = np.array_split(np.argsort(sure, kind="stable"), BINS)
    return float(sum(abs(right[p].mean() - sure[p].mean()) * len(p) for p in parts) / len(sure))


def _noise(corpus: Corpus, examples: Sequence[Example], chances: Floats) -> dict[str, float]:
    """How many of the topics given are slips: by texts that came twice, and by confident learning."""
    twins: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in examples:
        twins[one.text.strip()[:ALIKE]][one.topic] += 1
    several = [topics for topics in twins.values() if topics.total() > 1]
    apart = sum(len(topics) > 1 for topics in several)
    given = corpus.given
    usual = np.array([chances[given == n, n].mean() for n in range(len(corpus.topics))])
    confident = np.where(chances >= usual, chances, 0)
    named = confident.argmax(axis=1)
    known = confident.max(axis=1) > 0
    off = float((named[known] != given[known]).mean())
    print(f"texts that came more than once: {len(several)}, with two topics: {apart}")
    print(f"topics given that are probably slips (confident learning, Northcutt 2021): {off:.1%}")
    return {"twins": len(several), "twins with two topics": apart, "probable slips": off}


# ---- the file, and how fast it answers

_MODEL: list[Model] = []


def _start(path: str) -> None:
    _MODEL.append(topic_model.read(Path(path)))


def _propose(rows: Sequence[tuple[str, str]]) -> int:
    return sum(1 for said in _MODEL[0].propose_all(rows) if said.topic)


def _file(corpus: Corpus, examples: Sequence[Example]) -> dict[str, Any]:
    everything = np.arange(len(examples))
    made = topic_model.dump(topic_training.model_of(corpus, everything)[0])
    again = topic_model.dump(topic_training.model_of(corpus_of(examples), everything)[0])
    print(f"learnt twice from the same messages: {'the same' if made == again else 'ANOTHER'} file, ", end="")
    print(f"{len(made) / 1e6:.2f} MB, SHA-256 {hashlib.sha256(made).hexdigest()[:16]}")
    path = report.RESULTS / f"topics-{os.getpid()}.npz"
    report.RESULTS.mkdir(exist_ok=True)
    path.write_bytes(made)
    try:
        speed = _speed(path, [(one.subject, one.text) for one in examples])
    finally:
        path.unlink()
    return {"same file": made == again, "bytes": len(made), **speed}


def _speed(path: Path, rows: list[tuple[str, str]]) -> dict[str, float]:
    """Messages a second, split into terms, weighed, with reasons: one process for each of two cores."""
    parts = [rows[at : at + 200] for at in range(0, len(rows), 200)]
    with get_context("spawn").Pool(2, _start, (str(path),)) as pool:
        pool.map(_propose, parts[:4])
        began = time.perf_counter()
        done = sum(pool.map(_propose, parts, chunksize=1))
        two = done / (time.perf_counter() - began)
    _start(str(path))
    began = time.process_time()
    for part in parts:
        _propose(part)
    one = len(rows) / (time.process_time() - began)
    print(f"messages/s: {two:.0f} with two processes, {one:.0f} for each second of computing")
    return {"messages/s": two, "messages per second of computing": one}
