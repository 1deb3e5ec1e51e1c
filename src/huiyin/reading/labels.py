"""Finds words that label a person, so that whoever writes them can say what happened instead."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("labels.toml")


def found(text: str) -> tuple[str, ...]:
    """The words in a text that label somebody, each once, in the order of the text."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    labels, harmless = _patterns()
    plain = harmless.sub(lambda match: " " * len(match.group()), plain)
    return tuple(dict.fromkeys(match.group() for match in labels.finditer(plain)))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What labels somebody, and what only looks like it; the longest first: one word is found once."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return _any_of(data["zh"], data["en"]), _any_of(data["zh_not"], data["en_not"])


def _any_of(chinese: list[str], english: list[str]) -> re.Pattern[str]:
    parts = [re.escape(word) for word in sorted(chinese, key=len, reverse=True)]
    # Chinese has no spaces between words; an English word ends where it ends.
    parts += [rf"\b{re.escape(word)}\b" for word in sorted(english, key=len, reverse=True)]
    return re.compile("|".join(parts))
