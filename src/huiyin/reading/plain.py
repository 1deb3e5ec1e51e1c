"""What makes an answer empty or hard to read: stock phrases, long sentences, noun chains, office words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from huiyin.reading.overlap import DATA
from huiyin.reading.sentences import Sentence, sentences

LONG_ZH, LONG_EN = 90, 30  # characters, words of one sentence
MOST_OF, MOST_OF_EN = 4, 4  # 的 in one clause; "of" in one sentence
NOTED = 6  # of each kind: more is a lecture

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_COMMAS = re.compile(r"[，,、；;：:（）()]")
_DONE_AS_NOUN = re.compile(
    r"(?:进行|予以|加以|作出|做出|给予|开展)了?(?:[\u3400-\u9fff]{0,4}的)?"
    r"(?:调查|核实|处理|解决|整改|答复|回复|研究|检查|办理|修复|拆除|清理|维修|登记|审核|协调|沟通)"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a text from one character to before another, and what one could say instead, if anything."""

    start: int
    end: int
    words: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How plainly a text speaks. Each list is short, and in the order of the text."""

    stock: tuple[Phrase, ...]
    long: tuple[Sentence, ...]
    chains: tuple[Sentence, ...]
    official: tuple[Phrase, ...]
    longest: int  # characters (Chinese) or words (English) of the longest sentence

    @property
    def is_plain(self) -> bool:
        return not (self.stock or self.long or self.chains or self.official)


def read(text: str) -> Reading:
    told = sentences(text)
    lengths = [(length(s.words), s) for s in told]
    return Reading(
        tuple(_once(stock_in(text))),
        tuple(s for n, s in lengths if n > _limit(s.words))[:NOTED],
        tuple(s for s in told if _chained(s.words))[:NOTED],
        tuple(_once(_official(text))),
        max((n for n, _ in lengths), default=0),
    )


def length(words: str) -> int:
    """Characters of a Chinese sentence, words of an English one; punctuation does not count."""
    han = len(_HAN.findall(words))
    english = len(_WORDS.findall(words))
    return han + english if han else english


def stock_in(text: str) -> Iterator[Phrase]:
    """The phrases that take the place of an answer."""
    for match in _lists().stock.finditer(text):
        yield Phrase(match.start(), match.end(), match[0])


def without_stock(text: str) -> str:
    """What a text says besides."""
    return _lists().stock.sub(" ", text)


def _limit(words: str) -> int:
    return LONG_ZH if _HAN.search(words) else LONG_EN


def _chained(words: str) -> bool:
    if not _HAN.search(words):
        return len(re.findall(r"\bof\b", words)) >= MOST_OF_EN
    return any(clause.count("的") >= MOST_OF for clause in _COMMAS.split(words)) or (
        len(_DONE_AS_NOUN.findall(words)) >= 2
    )


def _official(text: str) -> Iterator[Phrase]:
    lists = _lists()
    for match in lists.official.finditer(text):
        yield Phrase(match.start(), match.end(), match[0], lists.plainer[match[0].lower()])


def _once(found: Iterator[Phrase]) -> list[Phrase]:
    """Each wording once, as many as one reads."""
    return list({phrase.words.lower(): phrase for phrase in reversed(list(found))}.values())[::-1][:NOTED]


@dataclass(frozen=True, slots=True)
class _Lists:
    stock: re.Pattern[str]
    official: re.Pattern[str]
    plainer: dict[str, str]


@cache
def _lists() -> _Lists:
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    stock = [*data["stock"], *(rf"\b(?:{phrase})" for phrase in data["stock_en"])]
    plainer = data["plainer"] | data["plainer_en"]
    words = [*map(re.escape, sorted(data["plainer"], key=len, reverse=True))]
    words += [rf"\b{re.escape(word)}\b" for word in data["plainer_en"]]
    flags = re.IGNORECASE
    return _Lists(re.compile("|".join(stock), flags), re.compile("|".join(words), flags), plainer)
