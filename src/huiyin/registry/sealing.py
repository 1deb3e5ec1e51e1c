"""What lies under seal of a report against persons: its subject, its text, whom it is about, its files, and
whatever anybody says in words on it later.

The rows of the registry hold a cover in their place, and what procedure needs: codes, choices, days. The
writers are `file` and `perform`; nobody here can open what they close.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from huiyin.core import rulebook
from huiyin.core.text import Text
from huiyin.registry import attachments, resemblances
from huiyin.registry.models import Attachment, Entry, MatterLink, Petition, ProblemMember, Task
from huiyin.vault.models import EntrySeal, WordsSeal
from huiyin.vault.seal import entry_seal, words_seal

REPORT = "report"
COVER = Text("检举控告（内容已封存）", "Report against persons (under seal)")
HIDDEN = ("subject", "text", "accused_words", "requests")
# In place of words that lie under seal, wherever a row must hold something.
CLOSED = "（内容已封存）"
UNDER_SEAL = Text(CLOSED, "(under seal)")
FILES = "attachments"  # the digests of what came with a move: who has a file could tell that it was sent


def close(petition: Petition, now: datetime) -> WordsSeal:
    """Put a cover over a petition's words; answers the row that holds them, to be inserted with it."""
    said = {name: getattr(petition, name) for name in HIDDEN}
    seal = words_seal(said, reading_key=_reader(petition), now=now)
    seal.petition = petition
    put(petition, cover(petition))
    petition.masked = {}  # where names stand in the words would tell of them
    return seal


def cover(petition: Petition) -> dict[str, Any]:
    return {
        "subject": COVER.say(petition.language),
        "text": "",
        "accused_words": "",
        "requests": [CLOSED] * len(petition.requests),
    }


def put(petition: Petition, said: Mapping[str, Any]) -> None:
    """Show these words on a petition that is in memory: opened ones, or the cover. Writes nothing."""
    for name in HIDDEN:
        setattr(petition, name, said.get(name, getattr(petition, name)))


def tell(file: Attachment, told: Mapping[str, str]) -> None:
    """Give a sealed file in memory the name and the digest that it was lodged with."""
    file.name, file.opened = told["name"], told["sha256"]  # type: ignore[misc]


def close_report(petition: Petition, now: datetime) -> None:
    """Seal a petition that has just become a report; nothing for any other."""
    if petition.kind == REPORT and not petition.is_sealed:
        close_kept(petition, now)


def close_kept(petition: Petition, now: datetime) -> None:
    """Seal a petition that lay open until now, files and steps included: in the transaction that makes it a
    report.
    """
    if not petition.is_sealed:
        close(petition, now).save(force_insert=True)
        resemblances.forget(petition.pk)
        ProblemMember.objects.filter(petition=petition).delete()
        changes = {name: getattr(petition, name) for name in (*HIDDEN, "masked")}
        Petition.objects.filter(pk=petition.pk).update(**changes)
        close_files(petition)
    _close_steps(petition)


def _close_steps(petition: Petition) -> None:
    """Seal what was said on it so far. The public bytes stay: they commit to what now lies under seal."""
    for entry in petition.entries.all():
        if seal := close_entry(petition, entry):
            seal.save(force_insert=True)
            Entry.objects.filter(pk=entry.pk).update(contents=entry.contents)
    for task in petition.tasks.all():
        kept = {name: covered(getattr(task, name)) for name in ("what", "report", "answer")}
        Task.objects.filter(pk=task.pk).update(**kept)
    MatterLink.objects.filter(petition=petition).update(reasons=CLOSED)


def without_reports(contents: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of a split, with a cover over the words of each part that is a report: these lie
    under seal with the part, whose own first entry commits to them.
    """
    if "parts" not in contents:
        return dict(contents)
    hidden = {"part_subject": COVER.zh, "part_text": COVER.zh}
    rows = [row | hidden if row["part_kind"] == REPORT else row for row in contents["parts"]]
    return {**contents, "parts": rows}


def close_entry(petition: Petition, entry: Entry) -> EntrySeal | None:
    """Put a cover over the words of a step on a sealed petition; the row that holds them, or None.

    Only after the public bytes were made, which commit to what was said.
    """
    if not petition.is_sealed or not _tells(entry.contents, texts_of(entry.rulebook)):
        return None
    seal = entry_seal(entry.contents, reading_key=_reader(petition))
    seal.entry, seal.petition = entry, petition
    entry.contents = _covered(entry.contents, texts_of(entry.rulebook))
    return seal


def tell_steps(petition: Petition, entries: Iterable[Entry]) -> list[Entry]:
    """The entries with what was opened of them put in, in memory, for one answer."""
    told = list(entries)
    for entry in told:
        entry.contents = petition.opened.get(entry.pk, entry.contents)
    return told


def is_closed(entry: Entry) -> bool:
    """Whether words of this step lie under seal and were not opened."""
    return CLOSED in str(entry.contents)


@cache
def texts_of(book: str) -> frozenset[str]:
    """The names of what moves say in free words, by this version of the law."""
    asked = (content for row in rulebook.by_id(book).rows for content in row.contents)
    return frozenset(
        each.name for content in asked for each in (content, *content.columns) if each.type == "text"
    )


def covered(words: str) -> str:
    return CLOSED if words else ""


def _tells(said: Mapping[str, Any], texts: frozenset[str]) -> bool:
    return _covered(said, texts) != said


def _covered(said: Mapping[str, Any], texts: frozenset[str]) -> dict[str, Any]:
    return {name: _cover_of(name, value, texts) for name, value in said.items()}


def _cover_of(name: str, value: Any, texts: frozenset[str]) -> Any:
    if name == FILES:
        return []
    if name in texts and isinstance(value, str):
        return covered(value)
    if isinstance(value, list):
        return [_covered(line, texts) if isinstance(line, Mapping) else line for line in value]
    return value


def close_files(petition: Petition) -> None:
    """Seal the files of a petition that lie open; the open bytes go, unless another has the same file."""
    for row in petition.attachments.filter(data_key=None):
        plain = row.sha256
        attachments.close(row, attachments.read(row), _reader(petition))
        row.save()
        attachments.drop_unused(plain)


def _reader(petition: Petition) -> bytes | None:
    return bytes(petition.reading_key) if petition.reading_key else None
