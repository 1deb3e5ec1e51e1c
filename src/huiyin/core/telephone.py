"""Telephone numbers as a gateway for short messages takes them: digits, perhaps with a plus before them."""

from __future__ import annotations

import re

LOOSE = re.compile(r"[\s\-./()（）–—]")
NUMBER = re.compile(r"\+?[0-9]{5,15}")


def plain(typed: str) -> str:
    """The number as it is dialled (E.164 at most); '' for what is none."""
    number = LOOSE.sub("", typed)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    return number if NUMBER.fullmatch(number) else ""
