"""The public log, file by file, as any web server could serve it; and a page that says how it stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.core import checkpoint, notes, policy, tiles
from huiyin.core.checkpoint import Checkpoint
from huiyin.vault import certificate

TEXTS = {"checkpoint", "key", "certificate", "heads/index"}
FOREVER = "public, max-age=31536000, immutable"
A_MOMENT = "no-cache"
NOT_YET = "The first head of this log is not published yet. Please try again in a minute.\n"
_DAY = re.compile(r"heads/[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPES = {"figures.json": "application/json", "figures.csv": "text/csv; charset=utf-8"}


@require_safe
def file(_request: HttpRequest, path: str) -> FileResponse | HttpResponse:
    """One file of the log. Anybody's page may read it: nothing in it is anybody's secret.

    Until the first head is published a file that will stand here is not missing, it is not there yet (503).
    """
    kind, lasting = _kind(path)
    place: Path = settings.LOG_DIR / path
    try:
        content = place.open("rb")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        if not (settings.LOG_DIR / "checkpoint").exists():
            return _not_yet()
        raise Http404 from error
    answer = FileResponse(content, content_type=kind)
    answer["Cache-Control"] = lasting
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _not_yet() -> HttpResponse:
    """RFC 9110, 15.6.4 and 10.2.3: come back in a while."""
    answer = HttpResponse(NOT_YET, status=503, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(settings.LOG_EVERY)
    answer["Cache-Control"] = "no-store"
    return answer


def _kind(path: str) -> tuple[str, str]:
    """Media type and how long it stays as it is. Raises Http404 for what is no file of a log."""
    if path in TEXTS or _DAY.fullmatch(path):
        return "text/plain; charset=utf-8", A_MOMENT
    if path in _TYPES:
        return _TYPES[path], A_MOMENT
    try:
        tiles.parse_path(path)
    except tiles.BadTile as error:
        raise Http404 from error
    return "application/octet-stream", FOREVER


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What the log is, its head, who signed that, and how to check all of it."""
    head, note = _head()
    context = {
        "key": certificate.log_key(),
        "known": certificate.known(),
        "head": head,
        "cosigned": _cosigned(note) if note else None,
        "signatures": [_signature(each) for each in note.signatures] if note else [],
        "origin": settings.ORIGIN,
        "url": f"{settings.PUBLIC_URL}/log/",
        "hours": settings.INCLUDE_WITHIN // 3600,
    }
    return render(request, "public/log.html", context)


def _head() -> tuple[Checkpoint | None, notes.Note | None]:
    try:
        return checkpoint.read((settings.LOG_DIR / "checkpoint").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, None


def _cosigned(note: notes.Note) -> dict[str, object] | None:
    """How many of the witnesses that the operator asks have cosigned this head; None where it asks none."""
    try:
        asked = policy.parse(Path(settings.WITNESSES).read_bytes()) if settings.WITNESSES else None
    except (OSError, policy.BadPolicy):
        return None
    if asked is None:
        return None
    known = {witness.key: witness.name for witness in asked.witnesses}
    signed = {known[key] for key in checkpoint.signers(note, known)}
    return {"signed": len(signed), "asked": len(known), "enough": asked.is_enough(signed)}


def _signature(line: notes.Signature) -> dict[str, object]:
    """Who signed, and when, where the signature tells it."""
    raw = line.raw
    stamped = len(raw) > notes.SIGNATURE_BYTES
    at = datetime.fromtimestamp(int.from_bytes(raw[:8], "big"), UTC) if stamped else None
    ours = line.name == settings.ORIGIN or line.name.startswith(f"{settings.ORIGIN}/")
    return {"name": line.name, "at": at, "ours": ours}
