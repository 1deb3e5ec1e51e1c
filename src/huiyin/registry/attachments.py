"""Files that come with a petition: judged by their content, kept by their digest, outside the web root."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import puremagic

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import bombs, stores, traces
from huiyin.registry.models import Attachment, Petition
from huiyin.vault.seal import file_seal

MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
NAME_LENGTH = 120
COVER = "附件-file"  # in place of a name that lies under seal
# What the content must be, and the endings that a file of it may have. No markup, no macros, no archives:
# the next person who opens it is an officer at a desk.
ACCEPTED: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "text/plain": (".txt",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a",),
    "video/mp4": (".mp4",),
}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")  # Cc without the ends of lines, tabs and pages
ENDINGS = tuple(ending for endings in ACCEPTED.values() for ending in endings)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it is taken: the name that the sender gave it, and its bytes without what a camera or an
    office program wrote into them unasked (`traces`). What speaks against it is kept as `wrong`, with {name}.
    """

    name: str
    content: bytes
    wrong: Text | None = field(init=False, default=None, compare=False)

    def __post_init__(self) -> None:
        if not 0 < len(self.content) <= MOST_BYTES or media_type(self) is None:
            return  # it is not taken anyway
        wrong, kept = bombs.problem(self.content), self.content
        if wrong is None:
            try:
                kept = traces.without(self.content)
            except traces.Broken:
                wrong = bombs.BROKEN
        object.__setattr__(self, "content", kept)
        object.__setattr__(self, "wrong", wrong)


def refusal(uploads: Sequence[Upload], *, already: int = 0) -> Refusal | None:
    """Why these files cannot be taken, naming the file, or None."""
    if len(uploads) + already > MOST_FILES:
        return _refused(
            Text(f"附件最多{MOST_FILES}个", f"at most {MOST_FILES} files can be attached"), "attachments"
        )
    for upload in uploads:
        if problem := _problem(upload):
            return _refused(problem, "attachments")
    return None


def _refused(reason: Text, field: str) -> Refusal:
    return Refusal("attachment", reason, "", {field: reason})


def _problem(upload: Upload) -> Text | None:
    name = clean_name(upload.name)
    if not upload.content:
        return Text(f"“{name}”是空文件，请重新选择", f"“{name}” is empty; choose it again")
    if len(upload.content) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        return Text(f"“{name}”超过{most} MB", f"“{name}” is larger than {most} MB")
    if media_type(upload) is None:
        return Text(
            f"“{name}”的内容不是可以接收的格式；可以接收：{'、'.join(ENDINGS)}",
            f"the content of “{name}” is not of a kind that can be taken; these can: {', '.join(ENDINGS)}",
        )
    return upload.wrong.format(name=name) if upload.wrong else None


def named(uploads: Sequence[Upload]) -> dict[str, list[str]]:
    """The files as an entry commits to them: by digest, in order."""
    return {"attachments": [hashlib.sha256(upload.content).hexdigest() for upload in uploads]}


def media_type(upload: Upload) -> str | None:
    """What the content really is, if it is accepted and the ending does not belie it; else None."""
    ending = Path(upload.name).suffix.lower()
    for found in _sniffed(upload.content):
        if ending in ACCEPTED.get(found, ()):
            return found
    return None


def _sniffed(content: bytes) -> Iterable[str]:
    if content[4:8] == b"ftyp":  # MP4 family: sound and film differ by brand only, the ending says which
        return ("audio/mp4", "video/mp4")
    if content[:3] == b"ID3" or content[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}:
        return ("audio/mpeg",)
    if content[:4] == b"PK\x03\x04":
        return _office(content)
    try:
        found = {match.mime_type for match in puremagic.magic_string(content) if match.mime_type}
    except (puremagic.PureError, ValueError):
        found = set()
    return tuple(found & set(ACCEPTED)) or _plain(content)


def _office(content: bytes) -> tuple[str, ...]:
    # Office files are archives: told apart by the part they are about. A macro project disqualifies.
    if b"vbaProject" in content:
        return ()
    if b"word/" in content:
        return ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)
    if b"xl/" in content:
        return ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)
    return ()


def _plain(content: bytes) -> tuple[str, ...]:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return () if CONTROL.search(text) else ("text/plain",)
    return ()


def clean_name(name: str) -> str:
    """The name without folders and control characters, short enough to show."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in bare if unicodedata.category(c)[0] != "C").strip() or "file"
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[: NAME_LENGTH - 10]}{dot}{ending[:9]}" if dot else shown[:NAME_LENGTH]


def keep(petition: Petition, entry_seq: int, uploads: Sequence[Upload]) -> list[Attachment]:
    """Store the bytes durably, then the rows: a row never points to bytes that a power cut took."""
    rows = []
    for upload in uploads:
        row = Attachment(
            petition=petition,
            entry_seq=entry_seq,
            name=clean_name(upload.name),
            media_type=media_type(upload) or "application/octet-stream",
            size=len(upload.content),
            sha256=hashlib.sha256(upload.content).hexdigest(),
        )
        if petition.is_sealed:
            close(row, upload.content, bytes(petition.reading_key) if petition.reading_key else None)
        else:
            stores.store().put(row.sha256, upload.content)
        rows.append(row)
    return Attachment.objects.bulk_create(rows)


def keep_handed_over(petition: Petition, content: bytes, name: str) -> None:
    """Keep the case file that another installation handed over, beside the petition, under no step of it."""
    digest = hashlib.sha256(content).hexdigest()
    stores.store().put(digest, content)
    Attachment.objects.create(
        petition=petition,
        entry_seq=0,
        name=clean_name(name),
        media_type="application/zip",
        size=len(content),
        sha256=digest,
    )


def close(row: Attachment, content: bytes, reading_key: bytes | None) -> None:
    """Seal a file and store it locked; its row then tells neither its name nor what it holds."""
    sealed = file_seal({"name": row.name, "sha256": row.sha256}, content, reading_key=reading_key)
    row.data_key, row.locked = sealed.data_key, sealed.label
    row.sha256 = hashlib.sha256(sealed.content).hexdigest()
    row.name = f"{COVER}{Path(row.name).suffix.lower()}"
    stores.store().put(row.sha256, sealed.content)


def drop_unused(digest: str) -> None:
    """Delete bytes that no row names any more."""
    if not Attachment.objects.filter(sha256=digest).exists():
        stores.store().drop(digest)


def read(attachment: Attachment) -> bytes:
    """The bytes of an attachment, locked ones as they are. Raises FileNotFoundError when they are lost."""
    return stores.store().get(attachment.sha256)
