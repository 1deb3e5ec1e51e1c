"""A file sent by a machine: bytes alone, read as they come, put aside until a petition or move names it.

What waits is enciphered under a key that only its sender holds (`staging`): a file that nobody names can be
read by nobody, and is gone after twelve hours.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters
from msgspec import Meta

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import attachments
from huiyin.registry.attachments import MOST_BYTES, MOST_FILES, Upload
from huiyin.site import staging
from huiyin.site.problem import Answered, Told, answered, refused

MEDIA = ("application/octet-stream", *attachments.ACCEPTED)  # that a file which was kept can be of
CHUNK = 64 * 1024
NAME = "Content-Disposition"
NAME_TEXT = "attachment; filename*=UTF-8''name.pdf: the name that it is kept under; its ending has to fit"
NAME_SCHEMA = {"type": "string", "pattern": "^attachment; filename(=|\\*=UTF-8'')[A-Za-z0-9%_.-]{1,200}$"}
NO_NAME = Refusal(
    "file-name",
    Text(
        f"请用 {NAME} 写明文件名，例如：attachment; filename*=UTF-8''%E7%85%A7%E7%89%87.jpg",
        f"say its name in {NAME}, such as: attachment; filename*=UTF-8''photo.jpg",
    ),
)
NO_LENGTH = Refusal("length", Text("请写明 Content-Length", "say how long it is: Content-Length"))
TOO_LARGE = Refusal(
    "too-large", Text(f"最多 {MOST_BYTES // 1024**2} MB", f"at most {MOST_BYTES // 1024**2} MB")
)
BROKEN = Refusal("malformed", Text("传输中断", "the connection broke while it was sent"))
FULL = Refusal("unavailable", staging.FULL)


class FileSentOut(Told):
    """A file that waits to be named."""

    file: Annotated[str, Meta(description="what to name it by; nobody can read the file without")]
    name: str
    size: Annotated[int, Meta(description="of what is kept: what a camera wrote into it unasked is gone")]
    sha256: str


def receive(request: HttpRequest) -> HttpResponse:
    """201 with what the file is named by; 422 for what no petition can have attached."""
    name = _name(request)
    upload = Upload(name, _bytes(request))
    if wrong := attachments.refusal([upload]):
        return refused(request, wrong)
    if staging.sweep() > staging.MOST_BYTES:
        answer = refused(request, FULL, 503)
        answer["Retry-After"] = "600"
        return answer
    kept = staging.stage(upload)
    return answered(FileSentOut(file=kept.token, name=kept.name, size=kept.size, sha256=kept.sha256), 201)


def _name(request: HttpRequest) -> str:
    try:
        _, said = parse_header_parameters(request.headers.get(NAME, ""))
    except (LookupError, UnicodeError, ValueError):
        said = {}
    name = said.get("filename", "")
    if not name or not name.isprintable():
        raise Answered(400, NO_NAME)
    return name


def _bytes(request: HttpRequest) -> bytes:
    """What is sent, a piece at a time. One that is too large is refused before it is read."""
    length = request.META.get("CONTENT_LENGTH", "") or ""
    if not length.isdecimal():
        raise Answered(411, NO_LENGTH)
    if int(length) > MOST_BYTES:
        raise Answered(413, TOO_LARGE)
    kept = io.BytesIO()
    try:
        while kept.tell() <= MOST_BYTES and (piece := request.read(CHUNK)):
            kept.write(piece)
    except (UnreadablePostError, OSError):
        raise Answered(400, BROKEN) from None
    return kept.getvalue()


def named(files: Sequence[str]) -> tuple[list[staging.Staged], list[Upload]]:
    """The files that a petition or a move names. Raises Answered with 422 for one that is none of ours."""
    waiting = [found for each in files[:MOST_FILES] if (found := staging.opened(each))]
    uploads: Any = staging.uploads(waiting)
    if len(waiting) != len(files):
        uploads = Refusal("attachment", GONE, "", {"attachments": GONE})
    if isinstance(uploads, Refusal):
        raise Answered(422, uploads)
    return waiting, uploads


GONE = Text(
    "其中有附件已放置超过 12 小时，或者不是从这里上传的；请重新上传",
    "one of the files waited for over 12 hours or was not sent here; send it again",
)


def as_file(content: bytes, name: str, media_type: str) -> HttpResponseBase:
    """A file as it was lodged, always to be saved: a browser that comes here runs nothing of it."""
    response = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=media_type)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
