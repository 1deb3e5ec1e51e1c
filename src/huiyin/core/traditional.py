"""The same Chinese sentence in the other script: 简体 in, 繁體 out, by a printed table.

The tables stand beside this file. `tools/messages.py` prints them with OpenCC, so that nothing of it is
needed here: the one from all that the house says (s2tw: the letters of Taiwan's standard, the words left as
they are); the other, letters alone (t2s), for those who read what people wrote.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("traditional.txt")
BACK = Path(__file__).with_name("simplified.txt")
REMEMBERED = 8_192  # sentences: about all that the house says in one law


def is_asked(language: str) -> bool:
    """Whether a language tag asks for this script: zh-Hant, and what stands under it."""
    return language.lower().startswith("zh-hant")


@lru_cache(maxsize=REMEMBERED)
def traditional(text: str) -> str:
    """The text in traditional letters; what the table does not know stays as it is."""
    table, known = _table()
    return known.sub(lambda found: table[found[0]], text)


def is_traditional(text: str) -> bool:
    """Whether somebody wrote in traditional letters, as far as the letters tell."""
    own, other = _letters()
    return sum(letter in other for letter in text) > sum(letter in own for letter in text)


@cache
def simplified() -> dict[str, str]:
    """Each letter that only 繁體 has, and the one of 简体 in its place."""
    pairs = BACK.read_text(encoding="utf-8").split()
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    """What becomes what, and what to look for: phrases first, since they decide about their letters."""
    pairs = TABLE.read_text(encoding="utf-8").split()
    table = dict(zip(pairs[::2], pairs[1::2], strict=True))
    phrases = sorted((key for key in table if len(key) > 1), key=len, reverse=True)
    letters = "".join(key for key in table if len(key) == 1)
    return table, re.compile("|".join([*map(re.escape, phrases), f"[{letters}]"]))


@cache
def _letters() -> tuple[frozenset[str], frozenset[str]]:
    """The letters that only the one script has, and those that only the other has."""
    table, _ = _table()
    single = {key: value for key, value in table.items() if len(key) == 1}
    return frozenset(single) - frozenset(single.values()), frozenset(single.values()) - frozenset(single)
