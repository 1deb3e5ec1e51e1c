"""Everything that may leave the house as a list: bodies, petitions, terms and steps, in CSV and JSON Lines.

Seals stay closed and no key is asked for. Texts are masked as for anybody who does not handle a petition;
reports against persons are left out, each of them and their number. A whole house moves by its backup.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from huiyin.registry import body_columns, masking
from huiyin.registry.models import Body, Clock, Entry, Petition

OWNER_ONLY = 0o600
CHUNK = 500
# Of a step. Its place in the public log is not told: the places that are missing would be those of reports.
TOLD = ("event", "role", "body", "rulebook", "article", "state")
# As `huiyin load` reads them, then what only tells.
COLUMNS = ("id", "subject", "text", "lodged_at", "channel", "kind", "state", "stage", "body", "language")
README = """What this house holds of matters, written by huiyin export.

bodies.csv       its bodies; the desk takes the list in again
petitions.csv    petitions, names and numbers masked; huiyin load takes them in again
clocks.jsonl     each term: article, days, start, due, what became of it
steps.jsonl      each step: kind, role, body, article, and the state that it led to
SHA256SUMS       digests of these files

Not here: what lies under seal, reports against persons, files, officers, keys. huiyin backup copies these.
"""


@dataclass(frozen=True, slots=True)
class Written:
    bodies: int
    petitions: int
    steps: int


def write(folder: Path) -> Written:
    """Write all of it to an empty folder, for its owner alone. Raises OSError."""
    bodies = Body.objects.select_related(*body_columns.LINKS).prefetch_related("competences").order_by("path")
    with _file(folder / "bodies.csv") as file:
        file.write(body_columns.exported(bodies, chinese=True).decode("utf-8-sig"))
    with _file(folder / "petitions.csv") as file:
        lines = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
        lines.writeheader()
        petitions = _counted(_petitions(), lines.writerow)
    with _file(folder / "clocks.jsonl") as file:
        _counted(_clocks(), lambda row: file.write(json.dumps(row, ensure_ascii=False) + "\n"))
    with _file(folder / "steps.jsonl") as file:
        steps = _counted(_steps(), lambda row: file.write(json.dumps(row, ensure_ascii=False) + "\n"))
    with _file(folder / "README.txt") as file:
        file.write(README)
    names = sorted(path.name for path in folder.iterdir())
    with _file(folder / "SHA256SUMS") as file:
        file.writelines(f"{_digest(folder / name)}  {name}\n" for name in names)
    return Written(len(bodies), petitions, steps)


def _counted(rows: Iterator[dict[str, Any]], write_row: Any) -> int:
    n = 0
    for row in rows:
        write_row(row)
        n += 1
    return n


def _petitions() -> Iterator[dict[str, Any]]:
    found = Petition.objects.exclude(kind="report").filter(erased_on=None).select_related("holder")
    for each in found.order_by("id").iterator(CHUNK):
        if each.is_sealed:
            continue  # a part or a whole that a report was in
        subject, text = masking.words_of(each)
        yield {
            "id": each.ref,
            "subject": _plain(subject),
            "text": _plain(text),
            "lodged_at": each.lodged_at.isoformat(sep=" ", timespec="seconds"),
            "channel": each.channel,
            "kind": each.kind,
            "state": each.state,
            "stage": each.stage,
            "body": each.holder.code,
            "language": each.language,
        }


def _clocks() -> Iterator[dict[str, Any]]:
    found = Clock.objects.exclude(petition__kind="report").filter(petition__erased_on=None)
    for each in found.select_related("petition").order_by("petition_id", "seq").iterator(CHUNK):
        if each.petition.is_sealed:
            continue
        yield {
            "petition": each.petition.ref,
            **{name: getattr(each, name) for name in ("seq", "name", "rulebook", "article", "unit", "days")},
            **{name: getattr(each, name).isoformat() for name in ("start", "due")},
            "state": each.state,
            "ended": each.ended.isoformat() if each.ended else None,
            "body": each.body,
        }


def _steps() -> Iterator[dict[str, Any]]:
    found = Entry.objects.exclude(petition__kind="report").filter(petition__erased_on=None)
    found = found.defer("contents", "clocks", "salt", "public").select_related("petition")
    for each in found.order_by("petition_id", "seq").iterator(CHUNK):
        if each.petition.is_sealed:
            continue
        yield {
            "petition": each.petition.ref,
            "seq": each.seq,
            "recorded_at": each.recorded_at.isoformat(),
            **{name: getattr(each, name) for name in TOLD},
        }


def _plain(words: str) -> str:
    """Nothing that a spreadsheet would run."""
    return f"'{words}" if words[:1] in {"=", "+", "-", "@", "\t", "\r"} else words


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _file(path: Path) -> Iterator[TextIO]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        yield file
