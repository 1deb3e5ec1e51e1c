"""The messages to measure with: rows of the CSV files in a folder outside the project."""

from __future__ import annotations

import csv
import sys
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
    if folder is None:
        sys.exit("where are the messages? Give --data DIR or set HUIYIN_MESSAGES")
    csv.field_size_limit(sys.maxsize)
    found: list[Message] = []
    for name in names:
        path = Path(folder) / name
        if not path.is_file():
            sys.exit(f"{path}: no such file; --data must name the folder that holds {', '.join(names)}")
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                told = (row.get(name) or "" for name in ("id", "subject", "text"))
                found.append(Message(*told))
    return found
