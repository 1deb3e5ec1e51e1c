"""Which parts of an opinion a text has: facts, legal basis, outcome, notice of remedies with its term, date.

Each part is told by words that only it has. The rulebook says which are required; here they are noticed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache

from huiyin.reading.overlap import DATA
from huiyin.reading.sentences import sentences

PARTS = ("facts", "basis", "outcome", "remedy", "term", "date")
LAST = 60  # characters at the end of a text in which its date stands


def parts_in(text: str) -> frozenset[str]:
    """The parts that the text has, of PARTS. `term`: that of the remedy, told in the same breath."""
    patterns, found = _patterns(), set()
    for sentence in sentences(text):
        words = sentence.words
        if patterns["remedy"].search(words):
            found.add("remedy")  # it speaks of laws and decisions of others
            continue
        found |= {part for part in ("facts", "basis", "outcome") if patterns[part].search(words)}
        if not patterns["basis"].search(words) and patterns["done"].search(words):
            found.add("outcome")
    if any(patterns["term"].search(near) for near in _around_remedy(text)):
        found.add("term")
    if any(match.end() > len(text.rstrip()) - LAST for match in _patterns()["date"].finditer(text)):
        found.add("date")
    return frozenset(found)


def missing(text: str, added: Iterable[str] = ()) -> tuple[str, ...]:
    """The parts that are not there, in the order of an opinion. `added`: what the letter adds itself."""
    there = parts_in(text) | frozenset(added)
    if "remedy" not in there:
        there |= {"term"}  # told once: who misses the notice misses its term too
    return tuple(part for part in PARTS if part not in there)


def _around_remedy(text: str) -> list[str]:
    """The words just before and after each notice of a remedy, where its term is."""
    return [text[max(0, m.start() - 60) : m.end() + 60] for m in _patterns()["remedy"].finditer(text)]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))["parts"]
    return {part: re.compile("|".join(_both(data, part))) for part in (*PARTS, "done")}


def _both(data: dict[str, str], part: str) -> Iterator[str]:
    """The Chinese pattern, and the English one, in which case matters only for the name of a law."""
    yield data[part]
    if english := data.get(f"{part}_en"):
        yield english if part == "basis" else f"(?i:{english})"
