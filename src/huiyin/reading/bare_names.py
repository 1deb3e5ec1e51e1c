"""Finds Chinese names that nothing marks: letters that are likelier a name than the words of the language.

A surname and one or two letters of given names are weighed against the likeliest way to read the same
letters, with a few around them, as ordinary words. All weights are natural logarithms of shares, from printed
tables: the same text gives the same answer everywhere, and each weight can be read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from math import log
from pathlib import Path

DATA = Path(__file__).with_name("bare_names.toml")
WORDS = Path(__file__).with_name("words.txt")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_AROUND = 3  # letters to either side of a name that are weighed with it
_LONGEST_WORD = 4
_UNKNOWN = -18.0  # a letter that no table knows

# How much likelier than words the letters must be, and what speaks for and against a name. Set by reading
# what was found in public messages: of a thousand letters, one or two words are hidden that are no name,
# most of them names of places and firms.
_NAMES = -3.5
_BEGINS, _ENDS = 2.0, 1.0  # it stands at the beginning or the end of a clause
_RARE = -11.0  # a letter of a given name that no table knows
_COMMON = 0.25
_SINGLE = -1.5  # of the given name, one letter instead of two
_PLACE, _PLACE_MAYBE = -9.0, -3.5  # what follows makes it the name of a place or a firm
_IN_PLACE = -2.5  # what comes before names one
_PERSON, _TITLE = 2.0, 3.0  # what follows often follows a person
_WORD = -9.0  # a word that is a given name as well
_DOUBLE = -3.0  # two surnames together, a wife's after her husband's
_CALLED = 4.5  # what comes before often comes before a person
_BOTH = 3.5  # both sides speak for a name, and it is no word
_ODD_BEFORE, _ODD_AFTER = -3.0, -2.0  # what is beside it is no word: it is cut out of one

_LEVELS = "区"  # a surname, but not in A2区
_BESIDE = {
    "place_after": _PLACE,
    "place_maybe_after": _PLACE_MAYBE,
    "person_after": _PERSON,
    "title_after": _TITLE,
}


def found(plain: str) -> Iterator[tuple[int, int]]:
    """Where such names stand, from and to, in their order."""
    weights = _weights()
    for run in _HAN.finditer(plain):
        at = run.start()
        for match in weights.candidate.finditer(plain, run.start(), run.end()):
            if match.start() >= at and (end := _name(plain, match, at, run, weights)):
                yield match.start(), end
                at = end


def _name(plain: str, match: re.Match[str], at: int, run: re.Match[str], weights: _Weights) -> int:
    """Where the name ends that starts here; 0 if none does. Nothing before `at` belongs to it."""
    start, given = match.span()
    best, end = 0.0, 0
    for stop in (given + 3, given + 2, given + 1):
        if stop > run.end() or (stop == given + 3 and plain[given] not in weights.surnames):
            continue
        weight = weights.of_name(plain, start, given, stop)
        weight += (_BEGINS if start == run.start() else 0) + (_ENDS if stop == run.end() else 0)
        if weight + _TITLE + _CALLED + _BOTH <= weights.at_least(plain, start, stop) + best:
            continue
        weight += weights.beside(plain, start, stop)
        low, high = max(at, start - _AROUND), min(run.end(), stop + _AROUND)
        weight += weights.read(plain[low:start]) + weights.read(plain[stop:high])
        weight -= weights.read(plain[low:high])
        if weight > best:
            best, end = weight, stop
    return end


class _Weights:
    """The tables, read once a process."""

    def __init__(self) -> None:
        data = {
            name: words.split() for name, words in tomllib.loads(DATA.read_text(encoding="utf-8")).items()
        }
        letters = {name: "".join(words) for name, words in data.items()}
        self.words = _words()
        self.words |= {word: max(self.words.get(word, -99.0), -9.0) for word in data["ordinary"]}
        self.surnames = dict.fromkeys(letters["rarely"], log(1e-4))  # as likely as any that few bear
        # Zipf's law, near enough: the first has 7.5 in a hundred, the hundredth one in a thousand.
        self.surnames |= {
            c: log(max(0.075 / (1 + n * 0.45), 2e-4)) for n, c in reversed([*enumerate(letters["often"])])
        }
        self.surnames |= dict.fromkeys(data["compound"], log(5e-4))
        self.given_words = frozenset(data["given_words"])
        self.given = dict.fromkeys(letters["given_sometimes"], log(6e-4))
        self.given |= dict.fromkeys(letters["given_often"], log(3e-3))
        self.given |= dict.fromkeys(letters["never_given"], -99.0)
        single = "".join(c for c in self.surnames if len(c) == 1 and c not in _LEVELS)
        self.candidate = re.compile(
            f"(?:{'|'.join(data['compound'])}|[{single}]|(?<![A-Za-z0-9])[{_LEVELS}])(?=[^{letters['never_given']}\\W\\da-zA-Z_])"
        )
        # The first that matches says what follows; nothing matches nothing.
        self.after = re.compile("|".join(f"(?P<{name}>{'|'.join(data[name])})" for name in _BESIDE))
        self.place_before = frozenset(letters["place_before"])
        self.place_ends = frozenset(letters["place_ends"])
        self.place_maybe_ends = frozenset(letters["place_maybe_ends"])
        self.person_before = frozenset(data["person_before"])

    def beside(self, plain: str, start: int, stop: int) -> float:
        """What the words before and after say for a name, or against it."""
        before, after = self._before(plain, start), self._after(plain, stop)
        both = before > 0 < after and plain[start:stop] not in self.words
        return before + after + (_BOTH if both else 0)

    def _before(self, plain: str, start: int) -> float:
        if not start or not _HAN.match(plain, start - 1):
            return 0.0
        if plain[start - 1] in self.place_before:
            return _IN_PLACE
        if any(plain[max(0, start - n) : start] in self.person_before for n in (4, 3, 2, 1)):
            return _CALLED
        return 0.0 if any(plain[max(0, start - n) : start] in self.words for n in (2, 3)) else _ODD_BEFORE

    def _after(self, plain: str, stop: int) -> float:
        match = self.after.match(plain, stop)
        if match:
            return _BESIDE[match.lastgroup or ""]
        if not _HAN.match(plain, stop):
            return 0.0
        return 0.0 if any(plain[stop : stop + n] in self.words for n in (2, 3)) else _ODD_AFTER

    def of_name(self, plain: str, start: int, given: int, stop: int) -> float:
        """How likely the letters are as a name: surname, given name."""
        weight = self.surnames[plain[start:given]] + _NAMES
        if stop - given == 3:
            weight += self.surnames[plain[given]] + _DOUBLE
            given += 1
        letters = sum(self._given(letter) for letter in plain[given:stop])
        if stop - given == 1:
            letters += _SINGLE
        elif plain[given:stop] in self.given_words:
            letters = max(letters, _WORD)
        last = plain[stop - 1]
        letters += _PLACE if last in self.place_ends else _PLACE_MAYBE if last in self.place_maybe_ends else 0
        return weight + letters

    def _given(self, letter: str) -> float:
        """How likely a letter is in a given name; of those that no table knows, common words hardly are."""
        known = self.given.get(letter)
        if known is not None:
            return known
        return _RARE - _COMMON * max(0.0, self.words.get(letter, _UNKNOWN) - _RARE)

    def at_least(self, plain: str, start: int, stop: int) -> float:
        """What the letters weigh as words at the least; quick to reckon."""
        word = self.words.get
        letters = plain[start:stop]
        weights = [word(letter, _UNKNOWN) for letter in letters]
        pairs = [
            word(letters[at : at + 2], -99.0) - weights[at] - weights[at + 1]
            for at in range(len(letters) - 1)
        ]
        return sum(weights) + max(0.0, *pairs)

    def read(self, letters: str) -> float:
        """How likely the letters are as words, in the likeliest way to cut them."""
        words, size = self.words, len(letters)
        best = [0.0] + [-1e9] * size
        for at in range(size):
            here = best[at]
            alone = here + words.get(letters[at], _UNKNOWN)
            best[at + 1] = max(best[at + 1], alone)
            for stop in range(at + 2, min(size, at + _LONGEST_WORD) + 1):
                weight = words.get(letters[at:stop])
                if weight is not None and here + weight > best[stop]:
                    best[stop] = here + weight
        return best[size]


def _words() -> dict[str, float]:
    """Each ordinary word with its weight."""
    words: dict[str, float] = {}
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line[0] != "#":
            size, weight, row = line.split()
            length, share = int(size), -int(weight) / 2
            words |= {row[at : at + length]: share for at in range(0, len(row), length)}
    return words


@cache
def _weights() -> _Weights:
    return _Weights()
