"""The whole petition as one file for its author: words, dates, documents, attachments and proofs."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.http import FileResponse, HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.core import explain, ledger
from huiyin.core.vocabulary import Text
from huiyin.doors.petitioner.visit import Visit, following
from huiyin.registry import attachments
from huiyin.registry.models import Attachment, Entry, Petition
from huiyin.registry.receipt import receipt_key
from huiyin.registry.record import opening_of
from huiyin.registry.story import Fact, Story, Told, story_of

IN_MEMORY = 1024 * 1024


@following
@require_safe
def download(_request: HttpRequest, visit: Visit) -> FileResponse:
    """A ZIP of everything that the author may see. What is sealed is not in it: nobody here can read it."""
    story = story_of(visit.petition, served_only=True)
    # Large petitions go to a file that has no name and dies with the answer.
    packed = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 closed by the response
    with zipfile.ZipFile(cast("BinaryIO", packed), "w", zipfile.ZIP_DEFLATED) as archive:
        lost = [a.name for a in visit.petition.attachments.all() if not _pack(archive, a)]
        archive.writestr("petition.json", _json(visit.petition, story))
        context = {"petition": visit.petition, "story": story, "lost": lost, "made_at": timezone.now()}
        archive.writestr("petition.txt", render_to_string("petitioner/petition.txt", context))
    packed.seek(0)
    name = f"{visit.petition.ref}.zip"
    return FileResponse(
        cast("io.BufferedIOBase", packed), as_attachment=True, filename=name, content_type="application/zip"
    )


def _pack(archive: zipfile.ZipFile, attachment: Attachment) -> bool:
    try:
        archive.write(
            attachments.path_of(attachment.sha256), f"attachments/{attachment.pk}-{attachment.name}"
        )
    except FileNotFoundError:
        return False
    return True


def _json(petition: Petition, story: Story) -> str:
    told = {
        "ref": petition.ref,
        "kind": petition.kind,
        "subject": petition.subject,
        "text": petition.text,
        "lodged_at": ledger.second(petition.lodged_at),
        "state": {"code": petition.state, **_both(story.state.text)},
        "body": {"code": petition.holder.code, **_both(petition.holder.name)},
        "clocks": [explain.as_json(clock.clock) for clock in story.clocks],
        "steps": [_step(step) for step in story.timeline],
        "openings_of_my_identity": [
            {
                "at": ledger.second(o.at),
                "role": _both(o.role),
                "body": _both(o.body),
                "purpose": _both(o.purpose),
                "why": o.words,
            }
            for o in story.openings
        ],
        "proofs": [_proof(petition, entry) for entry in petition.entries.all()],
        "receipt_key": receipt_key(),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _step(step: Told) -> dict[str, Any]:
    return {
        "at": ledger.second(step.at),
        "event": step.event,
        "title": _both(step.title),
        "body": _both(step.body),
        "rulebook": step.rulebook,
        "article": step.article,
        "said": _said(step.facts),
        "document": _both(step.document) if step.document else None,
        "attachments": [f"attachments/{a.pk}-{a.name}" for a in step.attachments],
    }


def _said(facts: tuple[Fact, ...]) -> dict[str, Any]:
    """What a step said, by name; a list where it said several of a kind, as the answers to the requests."""
    said: dict[str, Any] = {}
    for fact in facts:
        value = _said(fact.parts) if fact.parts else _plain(fact)
        if fact.name in said:
            before = said[fact.name]
            value = [*before, value] if isinstance(before, list) else [before, value]
        said[fact.name] = value
    return said


def _plain(fact: Fact) -> Any:
    return fact.value if isinstance(fact.value, str) else _both(fact.value)


def _proof(petition: Petition, entry: Entry) -> dict[str, Any]:
    """What opens the public bytes of a step: whoever has both can show that it happened."""
    return {
        "seq": entry.seq,
        "public": base64.b64encode(bytes(entry.public)).decode(),
        "salt": base64.b64encode(bytes(entry.salt)).decode(),
        "opening": opening_of(petition, entry),
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
