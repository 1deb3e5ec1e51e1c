"""The words of a text that spoke for something, out of terms that did: whole ones, as its reader sees them.

A term is a pair of characters wherever it stands, so it may be the end of one word and the beginning of the
next. A dictionary cuts the sentences in which terms stand into words; neighbours are told as one
phrase where the pair across their border spoke as well (拖欠 and 工资: 拖欠工资).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from huiyin.reading import unmarked
from huiyin.reading.terms import HAN, MASKED, OPENING_RUNS, PAIR

MOST = 5  # words shown
CUT = 16  # terms whose sentences are cut into words
LONGEST = 6  # characters of a phrase
LAST_HAN = "\u9fff"
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


def whole_words(text: str, said: Mapping[str, float], most: int = MOST) -> tuple[str, ...]:
    """At most so many words of the text, the strongest first.

    `said`: terms, and how much each spoke, the strongest first.
    """
    plain = MASKED.sub(lambda masked: "." * len(masked[0]), text)
    found: dict[str, float] = {}
    for run in _runs(plain, islice(said, CUT)):
        for phrase in _phrases(unmarked.dictionary().cut(run), said):
            # More than a single character, of which something spoke.
            if len(phrase) > 1 and (weight := _weight(phrase, said)) > 0:
                found[phrase] = weight
    found |= _of_letters(plain, said)
    kept: list[str] = []
    for word in sorted(found, key=lambda word: (-found[word], word)):
        if len(kept) == most:
            break
        small = word.casefold()
        if not any(small in other.casefold() or other.casefold() in small for other in kept):
            kept.append(word)
    return tuple(kept)


def _runs(plain: str, said: Iterable[str]) -> Iterator[str]:
    """The runs of characters in which terms stand first, each once; the rest of a text is not cut."""
    at = sorted({place for term in said if term[0] >= HAN and (place := plain.find(term)) >= 0})
    end = 0
    for place in at:
        if place >= end:
            start = place
            while start > end and plain[start - 1] >= HAN and plain[start - 1] <= LAST_HAN:
                start -= 1
            run = _HAN_RUN.match(plain, start)
            if run:
                end = run.end()
                yield run[0]


def _phrases(words: Iterable[str], said: Mapping[str, float]) -> Iterator[str]:
    """Words, joined to those before them to which a pair that spoke leads."""
    phrase = ""
    for word in words:
        if phrase and phrase[-1] + word[0] in said and len(phrase) + len(word) <= LONGEST:
            phrase += word
            continue
        yield phrase
        phrase = word
    yield phrase


def _weight(word: str, said: Mapping[str, float]) -> float:
    return sum(
        said.get(word[i : i + n], 0.0) for n in range(2, OPENING_RUNS + 1) for i in range(len(word) - n + 1)
    )


def _of_letters(plain: str, said: Mapping[str, float]) -> dict[str, float]:
    """Terms of letters are whole words already: as the text writes them."""
    found: dict[str, float] = {}
    for term, weight in said.items():
        if term[0] < HAN:
            at = re.search(r"\W+".join(map(re.escape, term.split(PAIR))), plain, re.IGNORECASE)
            if at:
                found[at[0]] = weight
    return found
