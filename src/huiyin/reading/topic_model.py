"""What a text is about, by what officers decided on others: proposes a topic, how sure it is, and why.

A trained model is one file of plain arrays and JSON; nothing in it runs. It holds terms that many texts
share, a weight of each for each topic, and what turns a sum of weights into a probability. Inference needs
numpy alone. Whatever it says is a proposal: an officer decides.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.core.text import Text
from huiyin.reading.reasons import whole_words
from huiyin.reading.terms import OPENING, of_opening, terms

FORMAT = 3
DIGITS = 6  # behind the point, of what is no array
VERSION = 16  # letters of its name
MANY = 40  # terms looked at for its reasons
# Characters that join words and are part of few: a pair with one of them is no word that says anything.
_SMALL = re.compile(
    "[的了在是和我你他她您们有不也就都被把对到这那为与及又还很更最吗呢吧啊等之其各每个位名年月日]"
)
_NEVER = (1980, 1, 1, 0, 0, 0)  # the date of every member: the same data gives the same file
_PARTS = ("about.json", "terms.txt", "rarity.npy", "weights.npy")
MOST_BYTES = 64 << 20  # of one member: what is larger was not written here

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Weighed = tuple[Ints, Floats]  # terms of a message by their numbers, and how much each counts in it


class NoModel(ValueError):
    """A file that is no model, or one of another format: `said` tells what to do."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a text is probably about. `confidence`: the share of such proposals that are right, 0 to 1."""

    topic: str
    confidence: float
    abstain: bool  # too unsure to be offered as an answer
    reasons: tuple[str, ...]  # words of the text that spoke for it, the strongest first

    @property
    def percent(self) -> int:
        """How sure it is, never more than it can know."""
        return min(99, round(self.confidence * 100))


@dataclass(frozen=True)
class Model:
    """A trained model. Shapes: `rarity` (terms,), `weights` (terms, topics), `bias` (topics,)."""

    topics: tuple[str, ...]
    terms: tuple[str, ...]
    rarity: Floats
    weights: Floats
    bias: tuple[float, ...]  # of the probabilities, not of the sums
    slope: float
    sure: tuple[float, ...]  # weights of the signs that it is right
    threshold: float  # below this confidence it abstains
    about: Mapping[str, Any] = field(
        default_factory=dict
    )  # how it was made: rows, digest of the data, scores
    version: str = ""  # of the file that it was read from: how its SHA-256 begins

    @property
    def vocabulary(self) -> str:
        """Digest of the terms, in their order."""
        return hashlib.sha256("\n".join(self.terms).encode()).hexdigest()[:16]

    @cached_property
    def _number(self) -> dict[str, int]:
        return {term: number for number, term in enumerate(self.terms)}

    @cached_property
    def _towards(self) -> Floats:
        """How much more each term speaks for each topic than for all on average."""
        return np.asarray(self.weights - self.weights.mean(axis=1, keepdims=True), np.float32)

    def weighed(self, message: str) -> Weighed:
        """The numbers of the terms that are known, and how much each counts in this message."""
        led, share = of_opening(message)
        whole, opening = self._counted(terms(message)), self._counted(led)
        at = np.concatenate((whole[0], opening[0]))
        return at, np.concatenate((whole[1], opening[1] * np.float32(share**0.5)))

    def _counted(self, found: Iterable[str]) -> Weighed:
        """The same for some terms, of length one."""
        counted = Counter(map(self._number.get, found))
        counted.pop(None, None)
        at = np.fromiter(counted, np.int64, len(counted))
        count = np.fromiter(counted.values(), np.float32, len(counted))
        value = (1 + np.log(count)) * self.rarity[at]
        return at, value / max(float(np.sqrt(value @ value)), 1e-9)

    def judged(self, weighed: Sequence[Weighed]) -> tuple[Floats, NDArray[np.float64]]:
        """Probabilities of the topics (texts, topics), and how surely the likeliest is right (texts,)."""
        sums = np.array([value @ self.weights[at] for at, value in weighed], np.float32)
        chances = chances_of(sums, self.slope, np.asarray(self.bias, np.float32))
        signs = signs_of(sums, chances, np.array([len(at) for at, _value in weighed]))
        return chances, sure_by(signs, np.asarray(self.sure))

    def propose(self, subject: str, text: str) -> Proposal:
        """The topic of one message."""
        return self.propose_all([(subject, text)])[0]

    def propose_all(self, messages: Sequence[tuple[str, str]]) -> list[Proposal]:
        """The topic of each of some messages: subject and text. Quicker than one by one."""
        if not messages:
            return []
        words = [f"{subject}\n{text}" for subject, text in messages]
        weighed = [self.weighed(each) for each in words]
        chances, sure = self.judged(weighed)
        return [
            Proposal(
                self.topics[best],
                confidence,
                confidence < self.threshold or not len(at),
                self._reasons(said, at, value, best),
            )
            for said, (at, value), best, confidence in zip(
                words, weighed, chances.argmax(axis=1).tolist(), sure.tolist(), strict=True
            )
        ]

    def _reasons(self, words: str, at: Ints, value: Floats, best: int) -> tuple[str, ...]:
        """The words that moved it towards this topic and away from the others."""
        spoke = value * self._towards[at, best]
        said: dict[str, float] = {}
        first = np.argsort(-spoke, kind="stable")[:MANY]
        for number, much in zip(at[first].tolist(), spoke[first].tolist(), strict=True):
            term = self.terms[number].removeprefix(OPENING)
            if much > 0 and len(term) > 1 and not _SMALL.search(term):
                said[term] = said.get(term, 0.0) + much
        return whole_words(words, said)


# ---- how sure


def chances_of(sums: Floats, slope: float, bias: Floats) -> Floats:
    """Probabilities of topics (texts, topics)."""
    powers = slope * sums + bias
    powers = np.exp(powers - powers.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def signs_of(sums: Floats, chances: Floats, known: NDArray[np.int64]) -> NDArray[np.float64]:
    """What tells whether the likeliest topic is right (texts, signs).

    Its odds, how far ahead of the second it is, how the rest is spread, how much spoke for it and how much
    more than for the second, and how many known terms the text has (`known`).
    """
    first = np.sort(chances.astype(np.float64), axis=1)[:, ::-1]
    most = np.sort(sums.astype(np.float64), axis=1)[:, ::-1]
    top = np.clip(first[:, 0], 1e-6, 1 - 1e-6)
    return np.column_stack(
        (
            np.ones(len(sums)),
            np.log(top / (1 - top)),
            np.log(top / np.maximum(first[:, 1], 1e-9)),
            -(first * np.log(first + 1e-9)).sum(axis=1),
            most[:, 0],
            most[:, 0] - most[:, 1],
            np.log1p(known),
        )
    )


def sure_by(signs: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities out of signs and their weights."""
    return np.asarray(1 / (1 + np.exp(-np.clip(signs @ weights, -30, 30))))


# ---- the file


def dump(model: Model) -> bytes:
    """The file of a model: the same model gives the same bytes."""
    about = {
        "format": FORMAT,
        "topics": model.topics,
        "bias": [round(b, DIGITS) for b in model.bias],
        "slope": round(model.slope, DIGITS),
        "sure": [round(s, DIGITS) for s in model.sure],
        "threshold": round(model.threshold, DIGITS),
        "vocabulary": model.vocabulary,
        "about": model.about,
    }
    parts = (
        json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1).encode(),
        "\n".join(model.terms).encode(),
        _array(model.rarity),
        _array(model.weights),
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in zip(_PARTS, parts, strict=True):
            info = zipfile.ZipInfo(name, _NEVER)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            file.writestr(info, content)
    return made.getvalue()


def _array(values: Floats) -> bytes:
    made = io.BytesIO()
    np.save(made, values.astype("<f2"), allow_pickle=False)
    return made.getvalue()


def read(path: Path) -> Model:
    """The model in a file. Raises NoModel, and OSError where it cannot be opened."""
    try:
        content = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if any(file.getinfo(name).file_size > MOST_BYTES for name in _PARTS):
                raise ValueError("a part is too large")
            about, listed, rarity, weights = (file.read(name) for name in _PARTS)
        model = _model(json.loads(about), listed.decode().split("\n"), _floats(rarity), _floats(weights))
        return replace(model, version=version_of(content))
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise NoModel(
            Text(
                f"{path}：不是这一版本的主题模型（{error}）；请用 huiyin learn 重新训练",
                f"{path}: is no topic model of this version ({error}); train one with huiyin learn",
            )
        ) from error


def version_of(content: bytes) -> str:
    """What a file of a model is called."""
    return hashlib.sha256(content).hexdigest()[:VERSION]


def _floats(content: bytes) -> Floats:
    loaded: Floats = np.load(io.BytesIO(content), allow_pickle=False).astype(np.float32)
    return loaded


def _model(about: Mapping[str, Any], listed: Sequence[str], rarity: Floats, weights: Floats) -> Model:
    if about["format"] != FORMAT:
        raise ValueError(f"format {about['format']}")
    model = Model(
        topics=tuple(about["topics"]),
        terms=tuple(listed),
        rarity=rarity,
        weights=weights,
        bias=tuple(about["bias"]),
        slope=about["slope"],
        sure=tuple(about["sure"]),
        threshold=about["threshold"],
        about=about["about"],
    )
    size = (len(model.terms), len(model.topics))
    if weights.shape != size or rarity.shape != size[:1] or len(model.bias) != size[1]:
        raise ValueError("its parts do not fit together")
    if about["vocabulary"] != model.vocabulary:
        raise ValueError("its terms were changed")
    return model
