"""The public messages that reading is measured on: their texts, as they are."""

from __future__ import annotations

import csv
from pathlib import Path

FILES = ("answered.csv", "unlabelled.csv", "labelled.csv")


def texts(folder: Path | None) -> list[str]:
    """What people wrote, in the order of the files."""
    if folder is None:
        raise SystemExit("Which messages? Name their folder: --data DIR or HUIYIN_MESSAGES.")
    found: list[str] = []
    for name in FILES:
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            found += [row["text"] for row in csv.DictReader(lines)]
    return found
