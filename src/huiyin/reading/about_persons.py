"""Which columns of a list tell who people are or judge them: never taken in, under whatever name.

A list of an older system often has them. What the author needs to be answered, and is named by the operator,
is none of them; everything else about a person has no place here (charter 1), least of all inside a text.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("about_persons.toml")


def is_about_persons(heading: str) -> bool:
    """Whether a column of that heading tells who somebody is or judges them."""
    chinese, english = _known()
    plain = heading.strip().lower()
    return any(piece in plain for piece in chinese) or bool(english & set(re.findall(r"[a-z]+", plain)))


@cache
def _known() -> tuple[tuple[str, ...], frozenset[str]]:
    """Pieces of Chinese headings, and whole English words."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return tuple(data["zh"]), frozenset(data["en"])
