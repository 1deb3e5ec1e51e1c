"""What a text is cut into for searching: one way for both databases.

Chinese: each two characters that stand side by side, a character that stands alone; so a word of any length
is found as such pairs in a row, and no dictionary has to know it. English: words in small letters, without
the ending of a plural. No token has a digit in it: numbers are not searched, so that no number of a person,
a telephone or a house can be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add

from huiyin.reading import mask, unmarked
from huiyin.reading.mask import Span

# A run of Chinese characters, or a word of anything else; what has a digit or an underscore in it is none.
_RUN = re.compile(r"(?P<han>[\u3400-\u9fff]+)|(?P<word>[^\W\u3400-\u9fff]+(?:['’][^\W\d_]+)?)")
_PUT_IN = re.compile(
    "|".join(re.escape(word) for words in mask.WORDS.values() for word in words)
)  # where something is masked
# Numbers in words: a telephone that is spoken, a building, a flat, a house.
_NUMBER = re.compile(
    r"[〇零一二三四五六七八九十百幺壹贰叁肆伍陆柒捌玖两]{3,}|[一二三四五六七八九十百]{1,4}(?:号[楼院]?|[栋幢座室户]|单元|门洞)"
)
# E-mail addresses, and what follows the name of a network where people have accounts.
_ACCOUNT = re.compile(
    r"[\w.%+-]*[@＠][\w.-]*|(?:微信|weixin|wechat|whatsapp|telegram|V信|\b[vw]x|QQ|扣扣|企鹅号|抖音|支付宝|微博)"
    r"[^A-Za-z0-9\n]{0,6}[A-Za-z0-9_-]{4,}",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[A-Za-z0-9_-]{4}|@|＠")
LONGEST = 40  # characters of a word; what is longer is no word


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text, and from which character to before which it stands."""

    said: str
    start: int
    end: int


def placed(text: str) -> Iterator[Token]:
    """The tokens of a text in order, each with its place."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        if run["han"] is None:
            if word := _word(run[0]):
                yield Token(word, start, end)
        elif end - start == 1:
            yield Token(run[0], start, end)
        else:
            yield from (Token(text[at : at + 2], at, at + 2) for at in range(start, end - 1))


def tokens(text: str) -> list[str]:
    """The tokens of a text in order."""
    made: list[str] = []
    for han, word in _RUN.findall(text):
        if not han:
            made += (kept,) if (kept := _word(word)) else ()
        elif len(han) == 1:
            made.append(han)
        else:
            made += map(add, han, han[1:])
    return made


def indexed(text: str, known: Sequence[str]) -> list[str]:
    """The tokens of a text that may stand in an index: without what names or reaches a person.

    `known`: what is certain to do so (`mask.certain`). Stricter than what a reader sees: `unmarked`.
    """
    return tokens(bare(text, known))


def bare(text: str, known: Sequence[str]) -> str:
    """The text with a line break wherever somebody may be named in it, or a number may stand in words."""
    shown = cut(text, mask.known(text, known)) if known else text
    if "〔" in shown or "[" in shown:
        shown = _PUT_IN.sub("\n", shown)
    if _LATIN.search(shown):
        shown = _ACCOUNT.sub("\n", shown)
    read = mask.plain(shown)  # as long as what is shown, and cut in the same places
    if numbers := [Span(*found.span(), "number") for found in _NUMBER.finditer(read)]:
        shown, read = cut(shown, numbers), cut(read, numbers)
    return cut(shown, unmarked.found(read))


def cut(text: str, spans: Iterable[Span]) -> str:
    """The text with each of these spans, which do not overlap, replaced by a line break."""
    pieces, at = [], 0
    for span in sorted(spans):
        pieces += [text[at : span.start], "\n"]
        at = span.end
    return "".join([*pieces, text[at:]])


def _word(said: str) -> str:
    """A word as it is kept; empty for what is none."""
    if len(said) > LONGEST or any(c.isdigit() or c == "_" for c in said):
        return ""
    plain = unicodedata.normalize("NFKD", said).casefold()
    plain = "".join(c for c in plain if c.isalpha())
    return _singular(plain) if len(plain) > 1 else ""


def _singular(word: str) -> str:
    """Without the ending of a plural (Harman's S stemmer, 1991)."""
    if len(word) > 4 and word.endswith("ies") and word[-4] not in "ae":
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith("es") and word[-3] not in "aeo":
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and word[-2] not in "us":
        return word[:-1]
    return word
