"""The messages to measure with: rows of the CSV files in a folder outside the project."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Message:
    """One row of a file: its id where it has one, its subject, which may be empty, and its text."""

    id: str
    subject: str
    text: str

    @property
    def whole(self) -> str:
        return f"{self.subject}。{self.text}"


def read(folder: Path | None, *names: str) -> list[Message]:
    """The rows of these files; ends the program with a sentence where there is no such folder or file."""
    told = ("id", "subject", "text")
    return [Message(*(row.get(name) or "" for name in told)) for row in rows(folder, *names)]


def rows(folder: Path | None, *names: str) -> Iterator[dict[str, str]]:
    """The same with all their columns."""
    if folder is None:
        sys.exit("where are the messages? Give --data DIR or set HUIYIN_MESSAGES")
    csv.field_size_limit(sys.maxsize)
    for name in names:
        path = Path(folder) / name
        if not path.is_file():
            sys.exit(f"{path}: no such file; --data must name the folder that holds {', '.join(names)}")
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
