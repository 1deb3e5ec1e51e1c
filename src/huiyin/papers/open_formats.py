"""Everything that may leave the house as a list: bodies, petitions, terms, steps, documents and files.

Seals stay closed and no key is asked for. Texts are masked as for anybody who does not handle a petition;
reports against persons are left out, each of them and their number. Of a file only its digest leaves, for no
rule can mask a scan: its author takes it out, and whoever has it can tell that it is the one. A step says
what its author reads of it, and a document is there once it is served. A whole house moves by its backup.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any, TextIO

from django.utils import timezone

from huiyin.core.text import Text, labelled
from huiyin.papers.case_file import letter_as_json, said_of
from huiyin.papers.letter import Part, letters_of
from huiyin.registry import body_columns, law, masking, told_on
from huiyin.registry.facts import PARAGRAPHS
from huiyin.registry.masking import Reader
from huiyin.registry.models import Body, Entry, Petition
from huiyin.registry.story import story_of

OWNER_ONLY = 0o600
CHUNK = 500
# Of a step. Its place in the public log is not told: the places that are missing would be those of reports.
TOLD = ("event", "role", "body", "rulebook", "article", "state")
CLOCK = ("seq", "name", "rulebook", "article", "unit", "days")
WORDS_OF_LETTER = ("before", "parts", "closing", "summary")
ISSUED = frozenset({"opinion-issued", "opinion-imported"})
HOUSE = ("clerk", "courier")  # whose steps follow from the others
DAYS = {
    "lodged": "lodged_at",
    "registered": "registered_at",
    "transferred": "transferred_at",
    "accepted": "accepted_at",
    "extended": "extended_at",
    **dict.fromkeys(ISSUED, "opinion_at"),
    "served": "served_at",
    "review-requested": "review_at",
}
# As `huiyin load` reads them, then what only tells.
COLUMNS = ("id", "subject", "text", "lodged_at", "channel", "kind", "state", "stage", "body", "language")
README = """What this house holds of matters, written by huiyin export.

bodies.csv       its bodies; the desk takes the list in again
petitions.csv    petitions, names and numbers masked; huiyin load takes them in again
clocks.jsonl     each term: article, days, start, due, what became of it
steps.jsonl      each step: kind, role, body, article, the state that it led to, and what it said, masked
documents.jsonl  each notice, opinion and answer that its author can read, masked
takeover.jsonl   the same petitions as huiyin takeover takes them in: days, terms and documents, masked
files.jsonl      each file: size, media type and digest; neither its name nor what is in it
SHA256SUMS       digests of these files

Not here: what lies under seal, reports against persons, officers, keys, what is in files. huiyin backup
copies these; an author takes out their own petition whole, as its case file.
"""


@dataclass(frozen=True, slots=True)
class Written:
    bodies: int
    petitions: int
    steps: int
    documents: int
    files: int


def write(folder: Path) -> Written:
    """Write all of it to an empty folder, for its owner alone. Raises OSError."""
    bodies = Body.objects.select_related(*body_columns.LINKS).prefetch_related("competences").order_by("path")
    with _file(folder / "bodies.csv") as file:
        file.write(body_columns.exported(bodies, chinese=True).decode("utf-8-sig"))
    with _file(folder / "petitions.csv") as file:
        lines = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
        lines.writeheader()
        petitions = _counted(_petitions(), lines.writerow)
    _lines(folder / "clocks.jsonl", _clocks())
    steps = _lines(folder / "steps.jsonl", _steps())
    documents = _lines(folder / "documents.jsonl", _documents())
    files = _lines(folder / "files.jsonl", _files())
    _lines(folder / "takeover.jsonl", _as_told())
    with _file(folder / "README.txt") as file:
        file.write(README)
    names = sorted(path.name for path in folder.iterdir())
    with _file(folder / "SHA256SUMS") as file:
        file.writelines(f"{_digest(folder / name)}  {name}\n" for name in names)
    return Written(len(bodies), petitions, steps, documents, files)


def _lines(path: Path, rows: Iterator[dict[str, Any]]) -> int:
    with _file(path) as file:
        return _counted(rows, lambda row: file.write(json.dumps(row, ensure_ascii=False) + "\n"))


def _counted(rows: Iterator[dict[str, Any]], write_row: Any) -> int:
    n = 0
    for row in rows:
        write_row(row)
        n += 1
    return n


def _open(*beside: str) -> Iterator[Petition]:
    """Those of which anything is told: no report, no part or whole that a report was in, nothing erased.

    `beside`: rows of other tables that are read with them, some hundreds of petitions at a time.
    """
    found = Petition.objects.exclude(kind="report").filter(erased_on=None).select_related("holder")
    found = found.prefetch_related(*beside).order_by("id")
    return (each for each in found.iterator(CHUNK) if not each.is_sealed)


def _petitions() -> Iterator[dict[str, Any]]:
    for each in _open():
        subject, text = masking.words_of(each)
        yield {
            "id": each.ref,
            "subject": plain(subject),
            "text": plain(text),
            "lodged_at": each.lodged_at.isoformat(sep=" ", timespec="seconds"),
            "channel": each.channel,
            "kind": each.kind,
            "state": each.state,
            "stage": each.stage,
            "body": each.holder.code,
            "language": each.language,
        }


def _clocks() -> Iterator[dict[str, Any]]:
    for petition in _open("clocks"):
        for each in sorted(petition.clocks.all(), key=attrgetter("seq")):
            yield {
                "petition": petition.ref,
                **{name: getattr(each, name) for name in CLOCK},
                **{name: getattr(each, name).isoformat() for name in ("start", "due")},
                "state": each.state,
                "ended": each.ended.isoformat() if each.ended else None,
                "body": each.body,
            }


def _steps() -> Iterator[dict[str, Any]]:
    for petition in _open():
        reader = _reader(petition)
        told = {step.seq: step for step in story_of(petition, served_only=True).timeline}
        for each in petition.entries.defer("clocks", "salt", "public").order_by("seq"):
            yield {
                "petition": petition.ref,
                "seq": each.seq,
                "recorded_at": each.recorded_at.isoformat(),
                **{name: getattr(each, name) for name in TOLD},
                "said": _masked(said_of(told[each.seq].facts), reader) if each.seq in told else {},
            }


def _documents() -> Iterator[dict[str, Any]]:
    for petition in _open():
        yield from _documents_of(petition)


def _documents_of(petition: Petition) -> Iterator[dict[str, Any]]:
    reader = _reader(petition)
    shown = {step.seq for step in story_of(petition, served_only=True).timeline if step.document}
    for entry, letter in letters_of(petition):
        if entry.seq in shown:
            document = letter_as_json(letter) | {"parts": [_part(part) for part in letter.parts]}
            made = document | {name: _masked(document[name], reader) for name in WORDS_OF_LETTER}
            yield {"petition": petition.ref, "seq": entry.seq, **made, told_on.DIGEST: told_on.digest(made)}


def _part(part: Part) -> dict[str, str]:
    """What the step said, under its heading and line by line, in both languages of the law."""
    said = part.value if isinstance(part.value, Text) else Text(part.value, part.value)
    rows = [PARAGRAPHS.join([labelled(fact.label, fact.value) for fact in row]) for row in part.rows]
    whole = labelled(part.label, PARAGRAPHS.join([each for each in (said, *rows) if each.zh or each.en]))
    return {"zh": whole.zh, "en": whole.en}


def _files() -> Iterator[dict[str, Any]]:
    for petition in _open("attachments"):
        for each in sorted(petition.attachments.all(), key=attrgetter("pk")):
            facts = {"media_type": each.media_type, "size": each.size, "sha256": each.digest}
            yield {"petition": petition.ref, "seq": each.entry_seq, **facts}


def _as_told() -> Iterator[dict[str, str]]:
    """Each petition in one row, as `huiyin takeover` takes it in (registry/takeover_columns.py)."""
    today = law.at(timezone.now())[1]
    for petition in _open("clocks"):
        yield {name: said for name, said in _row(petition, today).items() if said}


def _row(petition: Petition, today: date) -> dict[str, str]:
    subject, text = masking.words_of(petition)
    entries = list(petition.entries.defer("clocks", "salt", "public").order_by("seq"))
    served = list(_documents_of(petition))
    documents = [
        {name: said for name, said in each.items() if name not in {"petition", "seq"}} for each in served
    ]
    issued = {entry.seq for entry in entries if entry.event in ISSUED}
    tongue = "en" if petition.language == "en" else "zh"
    opinion = [
        "\n\n".join(part[tongue] for part in each["parts"]) for each in served if each["seq"] in issued
    ]
    live = [each for each in petition.clocks.all() if each.ended is None and not each.carried_by]
    files = petition.attachments.count()
    is_open = law.of(petition, today).states[petition.state].open
    return {
        "id": petition.ref,
        "subject": subject,
        "text": text,
        "kind": petition.kind,
        "channel": petition.channel,
        "language": petition.language,
        "body": entries[0].body,
        **_days(entries),
        "opinion": opinion[-1] if opinion else "",
        "state": "" if is_open else "closed",
        "stands": told_on.stands(petition.state, petition.holder.code),
        "terms": told_on.terms((each.name, each.due) for each in live),
        "documents": json.dumps(documents, ensure_ascii=False) if documents else "",
        "files": str(files) if files else "",
    }


def _days(entries: Sequence[Entry]) -> dict[str, str]:
    """The days of the steps that decide how far it is, what these said, and how many others there were.

    Of a step that was made several times the first counts, and of transfers the last: what the others led to
    is seen by where it stands.
    """
    found: dict[str, str] = {}
    others = 0
    for entry in entries:
        column = DAYS.get(entry.event, "")
        if not column or (column in found and entry.event != "transferred"):
            others += entry.role not in HOUSE
            continue
        others += column in found
        at = entry.claimed_at or entry.recorded_at
        found[column] = at.isoformat(sep=" ", timespec="seconds")
        if entry.event == "transferred":
            found["transferred_to"] = str(entry.contents.get("body", ""))
        elif entry.event == "extended":
            found["extended_days"] = str(entry.contents.get("days", ""))
        elif entry.event == "served":
            found["served_at"] = str(entry.contents.get("served_on", "")) or found["served_at"]
            found["served_way"] = str(entry.contents.get("way", ""))
    return found | ({"others": str(others)} if others else {})


def _reader(petition: Petition) -> Reader:
    """Whoever the list comes to handles nothing here."""
    return Reader(hides=True, known=masking.known_of(petition))


def _masked(said: Any, reader: Reader) -> Any:
    """The same, with every sentence in it masked."""
    if isinstance(said, dict):
        return {name: _masked(value, reader) for name, value in said.items()}
    if isinstance(said, list):
        return [_masked(value, reader) for value in said]
    return reader.says(said) if isinstance(said, str) else said


def plain(words: str) -> str:
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
