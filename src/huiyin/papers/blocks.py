"""What a report is made of, in one language: the same blocks become HTML, DOCX and PDF."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. note: small, below what it is about."""

    text: str
    note: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first cell of a row is its head. numbers: columns that are set to the right."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    widths: tuple[int, ...] = ()  # of the columns, in parts of the whole; nothing: all alike


@dataclass(frozen=True, slots=True)
class Bar:
    """One share in hundredths, with the ends of its interval."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Shares as bars. alt: what it shows, for who cannot see it; the table that follows says its numbers."""

    title: str
    alt: str
    bars: tuple[Bar, ...]


Block = Heading | Para | Table | Plot
