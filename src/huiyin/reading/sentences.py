"""Cuts a text into its sentences and clauses, Chinese and English, and tells the items of a numbered list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_ENDS = re.compile(r"[。！？!?；;\n]+[”’」』）)]*|(?<=[a-z0-9)”\"’'])\.(?=\s|$)")
_COMMAS = re.compile(r"[，,、：:]")
_ITEM = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]|[（(][一二三四五六七八九十\d]{1,2}[）)]、?"
    r"|\d{1,2}(?:[、．)）:：]|[，,.](?!\d))|[①-⑳]|其[一二三四五六][，,、：:]?|第[一二三四五六](?:点|个问题)?[，,、：:])\s*"
)
_INLINE = re.compile(
    r"(?<=[。！？!?；;：:，,.])(?=(?:[（(]?\d{1,2}[、）)]|[①-⑳]|[一二三四五六七八九十]、))"
    r"|(?<=[\u3400-\u9fff])(?=\d、[\u3400-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """From one character of a text to before another, and what stands there, trimmed."""

    start: int
    end: int
    words: str
    number: str = ""  # of an item of a list: its number as written

    @property
    def is_question(self) -> bool:
        return self.words.endswith(("？", "?"))


def sentences(text: str) -> list[Sentence]:
    """The sentences in their order; a list's number is taken off the sentence that it stands before."""
    return [found for start, end in _spans(text) if (found := _sentence(text, start, end)).words]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in _ENDS.finditer(text):
        yield from _items(text, at, match.end())
        at = match.end()
    yield from _items(text, at, len(text))


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence in which a list is written in line: 1、…，2、…"""
    cuts = [start, *(m.start() for m in _INLINE.finditer(text, start, end)), end]
    yield from pairwise(cuts)


def _sentence(text: str, start: int, end: int) -> Sentence:
    match = _ITEM.match(text, start, end)
    number = match[0].strip() if match else ""
    at = match.end() if match else start
    return Sentence(at, end, text[at:end].strip(), number)


def clauses(words: str) -> list[str]:
    """The clauses of a sentence, without their commas."""
    return [clause.strip() for clause in _COMMAS.split(words)]
