"""The words of a text that spoke for something, out of terms that did: whole ones, as its reader sees them.

A term is a pair of characters wherever it stands, so it may be the end of one word and the beginning of the
next. A dictionary cuts the sentences in which terms stand into words; neighbours are told as one
phrase where the pair across their border spoke as well (拖欠 and 工资: 拖欠工资).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from huiyin.reading import unmarked
from huiyin.reading.terms import HAN, MASKED, PAIR

MOST = 5  # words shown
LONGEST = 6  # characters of a phrase
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


def whole_words(text: str, said: Mapping[str, float], most: int = MOST) -> tuple[str, ...]:
    """At most so many words of the text, the strongest first. `said`: terms, and how much each spoke."""
    plain = MASKED.sub(lambda masked: "." * len(masked[0]), text)
    found: dict[str, float] = {}
    seen: set[str] = set()
    for run in _HAN_RUN.findall(plain):
        if run in seen or not any(run[i : i + 2] in said for i in range(len(run) - 1)):
            continue
        seen.add(run)
        for words in _phrases(unmarked.dictionary().cut(run), said):
            found["".join(words)] = _weight("".join(words), said)
    found |= _of_letters(plain, said)
    kept: list[str] = []
    for word in sorted(found, key=lambda word: (-found[word], word)):
        small = word.casefold()
        if not any(small in other.casefold() or other.casefold() in small for other in kept):
            kept.append(word)
    return tuple(kept[:most])


def _phrases(words: list[str], said: Mapping[str, float]) -> Iterator[list[str]]:
    """Words that spoke, with those beside them to which a pair that spoke leads."""
    phrase: list[str] = []
    for word in words:
        joined = bool(phrase) and phrase[-1][-1] + word[0] in said
        if joined and sum(map(len, phrase)) + len(word) <= LONGEST:
            phrase.append(word)
            continue
        if _says(phrase, said):
            yield phrase
        phrase = [word]
    if _says(phrase, said):
        yield phrase


def _says(phrase: list[str], said: Mapping[str, float]) -> bool:
    """Whether it is more than a single character, and any of it spoke."""
    whole = "".join(phrase)
    return len(whole) > 1 and _weight(whole, said) > 0


def _weight(word: str, said: Mapping[str, float]) -> float:
    return sum(said.get(word[i : i + 2], 0.0) for i in range(len(word) - 1))


def _of_letters(plain: str, said: Mapping[str, float]) -> dict[str, float]:
    """Terms of letters are whole words already: as the text writes them."""
    found: dict[str, float] = {}
    for term, weight in said.items():
        if term[0] < HAN:
            at = re.search(r"\W+".join(map(re.escape, term.split(PAIR))), plain, re.IGNORECASE)
            if at:
                found[at[0]] = weight
    return found
