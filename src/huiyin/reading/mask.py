"""Finds what names or reaches a person in a text, and puts a plain word in its place.

Telephone, identity, passport, bank and plate numbers, e-mail, chat accounts, house numbers and names. Rules
and printed tables, no model: the same text gives the same answer on every machine. It is no guarantee: a
name that reads like ordinary words stays. Who should see a text masked is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from huiyin.core import traditional
from huiyin.reading import bare_names, names, numbers

# Raised when the rules find more. Whatever is made of masked text and kept has this beside it; what has
# another is made anew by the clerk.
VERSION = 4

# What stands in place of what was found, in the language of the text.
WORDS = {
    "telephone": ("〔电话〕", "[telephone]"),
    "identity": ("〔身份证号〕", "[identity number]"),
    "passport": ("〔证件号〕", "[passport number]"),
    "bank": ("〔银行账号〕", "[bank account]"),
    "plate": ("〔车牌号〕", "[number plate]"),
    "email": ("〔电子邮箱〕", "[e-mail]"),
    "account": ("〔网络账号〕", "[chat account]"),
    "address": ("〔门牌〕", "[house number]"),
    "name": ("〔姓名〕", "[name]"),
    "known": ("〔本人信息〕", "[own details]"),
}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one character of a text to before another, and what stands there."""

    start: int
    end: int
    kind: str


def masked(text: str, known: Iterable[str] = ()) -> str:
    """The text with everything that was found replaced. `known`: names and numbers that are certain."""
    return put(text, found(text, known))


def put(text: str, spans: Iterable[Span]) -> str:
    """The text with these spans replaced; they do not overlap."""
    english = not names.is_chinese(text)
    pieces, at, last = [], 0, ""
    for span in sorted(spans):
        if span.start > at or span.kind != last or not at:  # a house and its flat are one address
            pieces += [text[at : span.start], WORDS[span.kind][english]]
        at, last = span.end, span.kind
    return "".join([*pieces, text[at:]])


def found(text: str, known: Iterable[str] = ()) -> tuple[Span, ...]:
    """Everything in a text that names or reaches a person, in its order, without overlap."""
    read = plain(text)
    bare = [Span(start, end, "name") for start, end in bare_names.found(read)]
    # A title marks the last letter of a name as a surname where that is one as well: 夏欣燕医生.
    marked = [m for m in _names(read) if not any(b.start <= m.start and m.end <= b.end for b in bare)]
    return joined(_known(read, known), (Span(*each) for each in numbers.found(read)), marked, bare)


def known(text: str, terms: Iterable[str]) -> tuple[Span, ...]:
    """Where these terms stand in a text, however they are spaced."""
    return joined(_known(plain(text), terms))


def joined(*several: Iterable[Span]) -> tuple[Span, ...]:
    """All of them in order. Where two overlap the first stays: a number in an e-mail address is no phone."""
    taken: list[Span] = []
    for span in chain.from_iterable(several):
        if span.end > span.start and not any(span.start < t.end and t.start < span.end for t in taken):
            taken.append(span)
    return tuple(sorted(taken))


def certain(text: str, own: Iterable[str] = ()) -> tuple[str, ...]:
    """What is certain in other texts of the same matter: what is known anyway, each full name marked here."""
    read = plain(text)
    marked = (read[start:end] for start, end in names.marked(read) if end - start > 1)
    return tuple(dict.fromkeys([*(term for term in own if term.strip()), *marked]))


# ---- the text as rules read it: the same length, one way to write each character

_WIDE: dict[int, int | str] = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_DASHES: dict[int, int | str] = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_SPACES: dict[int, int | str] = dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\t"), " ")


_PLAIN = {chr(odd): chr(to) if isinstance(to, int) else to for odd, to in (_WIDE | _DASHES | _SPACES).items()}
# `translate` asks for every character that it does not know, and in Chinese that is nearly each.
_ODD = re.compile(f"[{''.join(map(re.escape, _PLAIN))}]")


def plain(text: str) -> str:
    """The text as the rules read it: as long, and each character in one way, 繁體 in the letters of 简体.

    In these surnames, titles and everyday words are listed: 路燈 is no name, and 陳科長 is one.
    """
    table, any_of_them = _traditional()
    if any_of_them.search(text) is not None:
        text = "".join([table.get(letter, letter) for letter in text])
    return _ODD.sub(lambda odd: _PLAIN[odd[0]], text)


@cache
def _traditional() -> tuple[dict[str, str], re.Pattern[str]]:
    # A pattern looks through a Chinese text in a tenth of the time in which a set is asked for each letter.
    table = traditional.simplified()
    return table, re.compile(f"[{''.join(map(re.escape, table))}]")


# ---- what is certain


def _known(read: str, known: Iterable[str]) -> Iterator[Span]:
    terms = sorted({plain(t).strip() for t in known}, key=len, reverse=True)
    if not terms:
        return
    there = _folded(read)
    for term in terms:
        for pattern, kind in _ways_to_write(term, there):
            yield from (Span(*match.span(), kind) for match in pattern.finditer(read))


def _ways_to_write(term: str, there: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """How a certain word may stand in a text: with spaces in between; a Western name also word by word.

    `there`: the text, folded. A pattern is made for what stands in it: making one costs more than the rest.
    """
    squeezed = _APART.sub("", term)
    if len(squeezed) < 2:
        return
    kind = "telephone" if re.fullmatch(r"\+?\d{5,}", squeezed) else "known"
    if kind == "known" and not re.search(r"[\d@]", squeezed) and len(squeezed) <= names.LONGEST:
        kind = "name"
    if _folded(squeezed) in there:
        apart = r"[\s-]?".join(map(re.escape, squeezed))
        edge = r"\b" if squeezed.isascii() and squeezed[0].isalnum() and squeezed[-1].isalnum() else ""
        yield re.compile(edge + apart + edge, re.IGNORECASE), kind
    if kind == "name" and squeezed.isascii():
        for word in re.findall(r"[A-Za-z'’]{3,}", term):
            if _folded(word) in there:
                yield re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE), kind


_APART = re.compile(r"[\s-]")


def _folded(words: str) -> str:
    """Without spaces and case. Whatever a pattern that ignores case may find is in it: it takes ı for i."""
    return _APART.sub("", words).casefold().replace("ı", "i").replace("i̇", "i")


# ---- names


def _names(read: str) -> Iterator[Span]:
    marked = list(names.marked(read))
    yield from (Span(start, end, "name") for start, end in marked)
    # Once something marked it as a name, it is one wherever it stands.
    again = {read[start:end] for start, end in marked if end - start > 1}
    yield from (span for span in _known(read, again) if span.kind == "name")
