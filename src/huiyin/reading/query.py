"""Reads what an officer types into the search field, and marks in a text what it found.

    漏水 电梯          both
    "楼顶 漏水"        in this order, side by side
    漏水 -电梯         the one and not the other

A query about a person is none (charter 1): it is answered with `Unasked`, which says why, and asked nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from huiyin.reading import mask, unmarked
from huiyin.reading.tokens import Token, placed, tokens

Why = Literal["search-empty", "search-too-long", "search-too-short", "search-person", "search-number"]
LONGEST = 100  # characters
MOST = 8  # terms
AROUND = 36  # characters shown before what was found
SHOWN = 120  # characters of a text that are shown
_PART = re.compile(r'(?P<minus>[-－]?)(?:["“”„](?P<phrase>[^"“”„]*)["“”„]?|(?P<plain>[^\s"“”„]+))')
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: each term is tokens in a row."""

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[tuple[str, ...], ...] = ()
    # Of several groups of terms, one of each must be there as well.
    one_of: tuple[tuple[tuple[str, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Unasked:
    """A query that is not asked; the code of the refusal."""

    why: Why


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text; `hit`: it is what was looked for."""

    said: str
    hit: bool = False


def read(said: str) -> Query | Unasked:
    """The query in what somebody typed."""
    said = said.strip()
    if not said:
        return Unasked("search-empty")
    if len(said) > LONGEST:
        return Unasked("search-too-long")
    if names_somebody(said):
        return Unasked("search-person")
    if _DIGIT.search(said):
        return Unasked("search-number")
    wanted: list[tuple[str, ...]] = []
    unwanted: list[tuple[str, ...]] = []
    for minus, terms in _parts(said):
        (unwanted if minus else wanted).extend(terms)
    if any(_is_short(term) for term in (*wanted, *unwanted)) or not wanted:
        return Unasked("search-too-short")
    if len(wanted) + len(unwanted) > MOST:
        return Unasked("search-too-long")
    return Query(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))


def term(word: str) -> tuple[str, ...]:
    """The tokens of one word of ours, such as a topic's."""
    return tuple(tokens(word))


def names_somebody(said: str) -> bool:
    """Whether this names or reaches a person, as far as rules and a dictionary can tell.

    Taken as a whole, and each word by itself: what is typed alone has no mark beside it.
    """
    words = [said, *re.split(r'[\s"“”„,，、-]+', said)]
    # Not at the end of a line: there a word alone would be taken for a signature.
    return any(mask.found(f"。{word}。") or _is_name(word) for word in words if word)


def _is_name(word: str) -> bool:
    return any(_HAN.search(word) for _ in unmarked.found(word)) if word else False


def _parts(said: str) -> Iterator[tuple[bool, list[tuple[str, ...]]]]:
    for part in _PART.finditer(said):
        if part["phrase"] is not None:
            # Chinese knows no space between words: "楼顶 漏水" stands in a text as 楼顶漏水.
            closed = re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", part["phrase"])
            made = [tuple(tokens(closed))]
        else:
            made = list(_runs(part["plain"]))
        yield bool(part["minus"]), [each for each in made if each]


def _runs(plain: str) -> Iterator[tuple[str, ...]]:
    """What stands side by side in one word: Chinese in a row is one term, English another."""
    row: list[Token] = []
    for token in placed(plain):
        follows = row and _HAN.match(token.said) and token.start == row[-1].start + 1
        if row and not follows:
            yield tuple(each.said for each in row)
            row = []
        row.append(token)
    if row:
        yield tuple(each.said for each in row)


def _is_short(found: Sequence[str]) -> bool:
    """One Chinese character alone: pairs are what is kept."""
    return len(found) == 1 and len(found[0]) == 1


# ---- what was found


def pieces(text: str, query: Query, *, shown: int = SHOWN) -> list[Piece]:
    """The part of a text around the first thing that was found, with each of them marked."""
    hits = _joined(_hits(text, query))
    first = hits[0][0] if hits else 0
    start = max(0, first - AROUND) if first > AROUND else 0
    end = min(len(text), start + shown)
    made: list[Piece] = [Piece("…")] if start else []
    at = start
    for begin, stop in hits:
        if begin >= end:
            break
        made += [Piece(text[at:begin])] * (begin > at) + [Piece(text[begin : min(stop, end)], hit=True)]
        at = min(stop, end)
    made += [Piece(text[at:end])] * (end > at)
    return [*made, Piece("…")] if end < len(text) else made


def _hits(text: str, query: Query) -> Iterator[tuple[int, int]]:
    there = list(placed(text))
    terms = [*query.wanted, *(each for group in query.one_of for each in group)]
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for each in terms:
        by_first.setdefault(each[0], []).append(each)
    for n, token in enumerate(there):
        for each in by_first.get(token.said, ()):
            if tuple(t.said for t in there[n : n + len(each)]) == each:
                yield token.start, there[n + len(each) - 1].end


def _joined(found: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made
