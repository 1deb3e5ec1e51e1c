"""Files: judged by what they are, kept by their digest, and nothing that runs on an officer's desk."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

import huiyin
from huiyin.registry import attachments
from huiyin.registry.attachments import MOST_BYTES, MOST_FILES, Upload
from huiyin.registry.models import Attachment
from huiyin.registry.stores import Folder
from tests.cast import lodge
from tests.registry.pictures import jpeg, png, webp


def archive(*names: str, content: bytes = b"<x/>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, content)
    return made.getvalue()


PNG, JPEG, WEBP = png(), jpeg(), webp()
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 32
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" + b"\x00" * 32

KINDS = [
    ("a.png", PNG, "image/png"),
    ("a.jpg", JPEG, "image/jpeg"),
    ("a.JPEG", JPEG, "image/jpeg"),
    ("a.webp", WEBP, "image/webp"),
    ("a.pdf", PDF, "application/pdf"),
    ("a.txt", "路灯不亮\n".encode(), "text/plain"),
    ("a.txt", "路灯不亮，没有人修理，晚上很黑。".encode("gb18030"), "text/plain"),
    ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("a.mp3", MP3, "audio/mpeg"),
    ("a.mp3", b"\xff\xfb\x90\x00" + b"\x00" * 32, "audio/mpeg"),
    ("a.m4a", MP4.replace(b"isom", b"M4A "), "audio/mp4"),
    ("a.mp4", MP4, "video/mp4"),
]

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = [
    ("empty.txt", b""),
    ("virus.exe", b"MZ\x90\x00" + b"\x00" * 60),
    ("virus.pdf", b"MZ\x90\x00" + b"\x00" * 60),
    ("virus.txt", b"MZ\x90\x00" + b"\x00" * 60),
    ("page.html", HTML),
    ("page.png", HTML),
    ("drawing.svg", SVG),
    ("drawing.png", SVG),
    ("folder.zip", archive("a.txt")),
    ("folder.docx", archive("a.txt")),
    ("macro.docm", archive("word/document.xml", "word/vbaProject.bin")),
    ("macro.docx", archive("word/document.xml", "word/vbaProject.bin")),
    ("sheet.docx", XLSX),
    ("photo.pdf", PNG),
    ("scan.png", PDF),
    ("noending", PDF),
    (".pdf", PNG),
    ("script.txt", b"#!/bin/sh\x00\nrm"),
    ("picture.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
    ("old.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 64),
]


def accepted(name: str, content: bytes) -> bool:
    return attachments.refusal([Upload(name, content)]) is None


@pytest.mark.parametrize(("name", "content", "kind"), KINDS)
def test_each_kind_that_is_named_is_taken_by_its_real_content(name: str, content: bytes, kind: str) -> None:
    assert accepted(name, content)
    assert attachments.media_type(Upload(name, content)) == kind


def test_every_kind_that_is_named_was_tried() -> None:
    assert {kind for _, _, kind in KINDS} == set(attachments.ACCEPTED)


@pytest.mark.parametrize(("name", "content"), REFUSED, ids=[name for name, _ in REFUSED])
def test_what_is_something_else_or_could_run_is_refused_by_name(name: str, content: bytes) -> None:
    refused = attachments.refusal([Upload(name, content)])
    assert refused is not None
    assert refused.code == "attachment"
    assert name in refused.reason.zh
    assert name in refused.reason.en


def test_text_that_is_markup_is_shown_as_text_only() -> None:
    """A .txt that holds HTML is a text: it is taken, and its media type can never make it a page."""
    assert attachments.media_type(Upload("note.txt", HTML)) in {None, "text/plain"}


def test_too_large_and_too_many_are_refused_with_the_limit() -> None:
    large = attachments.refusal([Upload("a.txt", b"a" * (MOST_BYTES + 1))])
    assert large is not None
    assert "10 MB" in large.reason.en
    assert accepted("a.txt", b"a" * MOST_BYTES)
    many = attachments.refusal([Upload("a.txt", b"a")] * (MOST_FILES + 1))
    assert many is not None
    assert str(MOST_FILES) in many.reason.zh
    assert attachments.refusal([Upload("a.txt", b"a")] * MOST_FILES) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\灯.png", "灯.png"),
        ("a\x00\r\nb.txt", "ab.txt"),
        ("\u202egnp.exe.txt", "gnp.exe.txt"),
        ("", "file"),
        ("长" * 300 + ".txt", "长" * (attachments.NAME_LENGTH - 10) + ".txt"),
    ],
)
def test_a_name_loses_its_folders_and_its_tricks(given: str, kept: str) -> None:
    assert attachments.clean_name(given) == kept


def test_bytes_lie_under_their_digest_outside_the_web_root_and_come_back(cast: Any) -> None:
    filed = lodge(uploads=[Upload("灯.png", PNG), Upload("说明.txt", b"dark")])
    rows = list(Attachment.objects.order_by("pk"))
    assert [attachments.read(row) for row in rows] == [PNG, b"dark"]
    path = Folder(settings.ATTACHMENTS_DIR).path_of(rows[0].sha256)
    assert path.name == hashlib.sha256(PNG).hexdigest()
    assert path.is_relative_to(settings.DATA_DIR)
    assert not path.is_relative_to(Path(huiyin.__file__).parent)
    assert path.parent.stat().st_mode & 0o077 == 0
    assert filed.petition.attachments.count() == 2
    assert not [
        p for p in Path(settings.ATTACHMENTS_DIR).rglob("*") if "灯" in p.name or p.name.startswith(".")
    ]


def test_the_same_file_twice_is_stored_once(cast: Any) -> None:
    lodge(uploads=[Upload("a.txt", b"the same")])
    lodge(uploads=[Upload("b.txt", b"the same")])
    assert Attachment.objects.count() == 2
    assert (
        len({Folder(settings.ATTACHMENTS_DIR).path_of(row.sha256) for row in Attachment.objects.all()}) == 1
    )


def test_bytes_that_the_store_has_lost_are_no_silent_nothing(cast: Any) -> None:
    lodge(uploads=[Upload("lost.txt", b"soon to be lost")])
    row = Attachment.objects.get()
    Folder(settings.ATTACHMENTS_DIR).path_of(row.sha256).unlink()
    with pytest.raises(FileNotFoundError):
        attachments.read(row)
