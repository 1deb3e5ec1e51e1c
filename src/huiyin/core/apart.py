"""What was said in mediation stays there: finds long passages that one text has in common with another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# One token is a Chinese character or a word; punctuation and spaces are nothing.
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
LONG = 16  # tokens in a row: more than the name of a body or of a law, less than a sentence of substance

Passages = frozenset[tuple[str, ...]]


def passages(texts: Iterable[str]) -> Passages:
    """Every run of so many tokens in these texts."""
    runs = set()
    for text in texts:
        tokens = [token.lower() for token in _TOKEN.findall(text)]
        runs |= {tuple(tokens[i : i + LONG]) for i in range(len(tokens) - LONG + 1)}
    return frozenset(runs)


def texts(said: Any) -> Iterable[str]:
    """Every text in what a move said, rows included."""
    if isinstance(said, str):
        return (said,)
    parts = said.values() if isinstance(said, Mapping) else said if isinstance(said, list) else ()
    return (text for part in parts for text in texts(part))
