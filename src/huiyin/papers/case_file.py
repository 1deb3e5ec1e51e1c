"""One petition, one file: everything that its reader may see, for people as PDF/A and for machines as a ZIP.

What is sealed is not in it, for nobody here can read it; nor are keys. The author's file holds what the
author sees, an office's what its handlers see.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings

from huiyin.core import explain, ledger, manifest, notes
from huiyin.core.manifest import Manifest
from huiyin.core.text import Text
from huiyin.papers.letter import Letter, letters_of
from huiyin.registry import attachments, inclusion, numbers, sealing, stores
from huiyin.registry.facts import Fact
from huiyin.registry.models import Attachment, Count, Entry, Petition
from huiyin.registry.openings import Opening
from huiyin.registry.receipt import key_name, log_key, receipt_key
from huiyin.registry.record import opening_of
from huiyin.registry.story import Story, Told, story_of
from huiyin.vault import certificate, keys

IN_MEMORY = 1024 * 1024
# What an entry may hold beside what its move said, and everybody who reads the petition knows.
ALWAYS_TOLD = frozenset({"kind", "channel", "content_sha256", "attachments", "handed_over"})


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that is told of one petition to one reader."""

    petition: Petition
    story: Story
    letters: Mapping[int, Letter]  # by the seq of the entry that left it
    proofs: tuple[dict[str, Any], ...]
    made_at: datetime
    read: Callable[[Attachment], bytes] = attachments.read  # opens what lies under seal, for whoever may
    for_author: bool = True
    counts: tuple[dict[str, Any], ...] = ()
    head: str = ""  # of the public log, as a note; '' where nothing of this is published yet
    paths: Mapping[int, list[str]] = field(default_factory=dict)  # number in the log -> hashes up to its head

    @property
    def files(self) -> tuple[Attachment, ...]:
        found = (file for step in self.story.timeline for file in step.attachments)
        return tuple(sorted(found, key=lambda file: file.pk))


def case_file(
    petition: Petition,
    now: datetime,
    *,
    for_author: bool,
    read: Callable[[Attachment], bytes] = attachments.read,
) -> CaseFile:
    """Gather it. `for_author`: what the author's page shows, opinions once they are served.

    Of a report whoever asks has opened the words before, and `read` opens its files.
    """
    story = story_of(petition, served_only=for_author, desk=not for_author)
    shown = {step.seq for step in story.timeline if step.document}
    letters = {entry.seq: letter for entry, letter in letters_of(petition) if entry.seq in shown}
    told = {step.seq: step for step in story.timeline}
    kept = sealing.tell_steps(petition, petition.entries.all())
    # What was closed for a key that was lost cannot be proved with the new one, only told.
    entries = [entry for entry in kept if entry.seq in told and not sealing.is_closed(entry)]
    proofs = tuple(_proof(petition, entry, told[entry.seq]) for entry in entries)
    counted = list(petition.counts.all())
    head, paths = inclusion.proofs([*entries, *counted])
    counts = tuple(map(_counted, counted))
    return CaseFile(petition, story, letters, proofs, now, read, for_author, counts, head, paths)


def path_of(file: Attachment) -> str:
    """Where an attachment lies in the bundle."""
    return f"attachments/{file.pk}-{file.name}"


# ---- for machines


def as_json(case: CaseFile) -> dict[str, Any]:
    """`case.json`: its form is docs/case.schema.json."""
    petition, story = case.petition, case.story
    first = [file.digest for file in case.files if file.entry_seq == 1]
    return {
        "format": manifest.FORMAT,
        "ref": petition.ref,
        "kind": petition.kind,
        "lodged": {"subject": petition.subject, "text": petition.text, "attachments": first},
        "lodged_at": ledger.second(petition.lodged_at),
        "made_at": ledger.second(case.made_at),
        "state": {"code": petition.state, **_both(story.state.text)},
        "body": {"code": petition.holder.code, **_both(petition.holder.name)},
        "clocks": [explain.as_json(clock.clock) for clock in story.clocks],
        "steps": [_step(step, case.letters.get(step.seq)) for step in story.timeline],
        "openings_of_my_identity": [_opening(opening, petition.language) for opening in story.openings],
        "attachments": [_file(file) for file in case.files],
        "proofs": list(case.proofs),
        "counts": list(case.counts),
        "head": case.head,
        "paths": {str(number): hashes for number, hashes in case.paths.items()},
        "receipt_key": receipt_key(),
        "certificate": certificate.current(),
        "log_key": log_key(),
    }


def _step(step: Told, letter: Letter | None) -> dict[str, Any]:
    return {
        "seq": step.seq,
        "at": ledger.second(step.at),
        "event": step.event,
        "title": _both(step.title),
        "by": _both(step.by),
        "body": _both(step.body),
        "rulebook": step.rulebook,
        "article": step.article,
        "said": said_of(step.facts),
        "document": letter_as_json(letter) if letter else None,
        "attachments": [path_of(file) for file in step.attachments],
    }


def said_of(facts: tuple[Fact, ...]) -> dict[str, Any]:
    """What a step said, by name; a list where it said several of a kind, as the answers to the requests."""
    said: dict[str, Any] = {}
    for fact in facts:
        value = said_of(fact.parts) if fact.parts else _plain(fact)
        if fact.name in said:
            before = said[fact.name]
            value = [*before, value] if isinstance(before, list) else [before, value]
        said[fact.name] = value
    return said


def _plain(fact: Fact) -> Any:
    return fact.value if isinstance(fact.value, str) else _both(fact.value)


def letter_as_json(letter: Letter) -> dict[str, Any]:
    return {
        "name": letter.name,
        "title": _both(letter.title),
        "number": letter.number,
        "organ": _both(letter.organ),
        "on": letter.on.isoformat(),
        "before": [_both(text) for text in letter.before],
        "closing": [_both(text) for text in letter.closing],
        "summary": [_both(text) for text in letter.summary],
    }


def _opening(opening: Opening, language: str) -> dict[str, Any]:
    return {
        "at": ledger.second(opening.at),
        "role": _both(opening.role),
        "body": _both(opening.body),
        "purpose": _both(opening.purpose),
        "why": opening.words.say(language),
    }


def _file(file: Attachment) -> dict[str, Any]:
    return {
        "path": path_of(file),
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.digest,
        "seq": file.entry_seq,
    }


def _proof(petition: Petition, entry: Entry, step: Told) -> dict[str, Any]:
    """What opens the public bytes of a step: whoever has both can show that it happened.

    What the step said is there only where all of it is told to this reader; the digest in the opening stays.
    """
    proof = {
        "seq": entry.seq,
        "number": entry.number,
        "public": base64.b64encode(bytes(entry.public)).decode(),
        "salt": base64.b64encode(bytes(entry.salt)).decode(),
        "opening": dict(opening_of(petition, entry)),
    }
    told = {fact.name for fact in step.facts} | ALWAYS_TOLD
    if step.document is not None:
        told.add(numbers.CONTENT)  # the number of a draft is not told before the draft is
    if entry.contents.keys() <= told:
        proof["contents"] = entry.contents
    return proof


def _counted(row: Count) -> dict[str, Any]:
    """A line of figures about this petition, with what opens it."""
    return {
        "term": row.term,
        "number": row.number,
        "public": base64.b64encode(bytes(row.public)).decode(),
        "salt": base64.b64encode(bytes(row.salt)).decode(),
        "opening": row.opening,
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


# ---- packed


def bundle(case: CaseFile, papers: Mapping[str, bytes]) -> BinaryIO:
    """The ZIP: case.json, the attachments, further papers by name, and the signed list of all that.

    A large one goes to a file that has no name and dies with the answer.
    """
    packed = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 closed by the answer
    digests: dict[str, str] = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in _contents(case, papers):
            archive.writestr(path, content)
            digests[path] = hashlib.sha256(content).hexdigest()
        listed = Manifest(settings.ORIGIN, case.petition.ref, ledger.second(case.made_at), digests)
        note = notes.sign(manifest.written(listed), key_name(), keys.receipt_seed())
        archive.writestr(manifest.NAME, note)
    packed.seek(0)
    return packed


def _contents(case: CaseFile, papers: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield manifest.CASE, json.dumps(as_json(case), ensure_ascii=False, indent=2).encode()
    yield from papers.items()
    for file in case.files:
        try:
            yield path_of(file), case.read(file)
        except (FileNotFoundError, LookupError):
            continue  # gone, or locked for a key that was lost: case.json still names it, with its digest


def lost(case: CaseFile) -> list[str]:
    """The names of the attachments whose bytes the store has lost."""
    return [file.name for file in case.files if not stores.store().has(file.sha256)]
