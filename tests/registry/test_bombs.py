"""Files that would hurt whoever opens them, and what a camera or an office program wrote into one unasked."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib

import pytest

from huiyin.registry import attachments, bombs, traces
from huiyin.registry.attachments import Upload
from tests.registry.pictures import PLACE, chunk, exif, jpeg, png, segment, webp


def refused(name: str, content: bytes) -> str:
    """Why a file is not taken; empty if it is."""
    answer = attachments.refusal([Upload(name, content)])
    return answer.reason.en if answer else ""


# ---- pictures


TOLD = [
    ("a.jpg", jpeg(segment(0xE1, exif(1))), jpeg()),
    ("a.jpg", jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)), jpeg()),
    ("a.jpg", jpeg(segment(0xED, b"Photoshop 3.0\0" + PLACE), segment(0xFE, PLACE)), jpeg()),
    ("a.jpg", jpeg(segment(0xE2, b"MPF\0" + PLACE), after=jpeg(segment(0xE1, exif(1)))), jpeg()),
    ("a.jpg", jpeg(after=b"<script>" + PLACE), jpeg()),
    (
        "a.png",
        png(chunk(b"eXIf", PLACE), chunk(b"tEXt", b"Comment\0" + PLACE), chunk(b"tIME", b"1234567")),
        png(),
    ),
    ("a.png", png(after=b"PK\x03\x04" + PLACE), png()),
    ("a.webp", webp(b"EXIF" + struct.pack("<I", 22) + PLACE, flags=0x0C), webp()),
]


@pytest.mark.parametrize(("name", "content", "kept"), TOLD)
def test_a_picture_keeps_its_picture_and_nothing_else(name: str, content: bytes, kept: bytes) -> None:
    upload = Upload(name, content)
    assert upload.content == kept
    assert PLACE not in upload.content
    assert refused(name, content) == ""
    # Taken a second time it is the same file: what is put on record is what the author was shown.
    assert Upload(name, upload.content).content == upload.content


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_stays_the_right_way_up(order: str) -> None:
    kept = Upload("a.jpg", jpeg(segment(0xE1, exif(6, order)))).content
    assert PLACE not in kept
    [told] = [s for marker, s, _ in traces.jpeg_segments(kept) if marker == 0xE1]
    assert traces._orientation(told[10:]) == 6
    assert Upload("a.jpg", kept).content == kept


def test_colours_stay() -> None:
    profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")
    assert profile in Upload("a.jpg", jpeg(profile)).content


def test_the_digest_on_record_is_that_of_what_is_kept() -> None:
    upload = Upload("a.jpg", jpeg(segment(0xE1, exif(1))))
    assert attachments.named([upload]) == {"attachments": [hashlib.sha256(jpeg()).hexdigest()]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", jpeg(high=60_000, wide=60_000)),
        ("a.png", png(high=100_000, wide=100_000)),
        ("a.png", png(chunk(b"acTL", struct.pack(">II", 100_000, 0)), high=100, wide=100)),
        ("a.webp", webp(high=16_000, wide=16_000)),
    ],
)
def test_a_picture_of_too_many_pixels_is_refused(name: str, content: bytes) -> None:
    assert "has more pixels" in refused(name, content)
    assert f"“{name}”" in refused(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", png(chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(20_000_000))))),
        ("a.png", png()[:40]),
        ("a.png", png(high=0)),
        ("a.jpg", jpeg()[:30]),
        ("a.jpg", b"\xff\xd8\xff\xe0\xff\xff"),
        ("a.webp", webp()[:-4]),
        ("a.mp4", b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2\x00\x00\xff\xffmoov"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n"),
    ],
)
def test_what_is_damaged_is_refused_and_says_what_to_do(name: str, content: bytes) -> None:
    assert "damaged or incomplete; open it, save it anew" in refused(name, content)


# ---- film and sound


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


def test_a_film_does_not_say_where_it_was_taken() -> None:
    start = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2")
    data = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"meta", PLACE)))
    film = box(b"trak", box(b"udta", PLACE), box(b"mdia", box(b"hdlr", bytes(8), b"vide", b"drawn")))
    content = start + box(b"moov", film, data, box(b"udta", box(b"\xa9xyz", PLACE))) + box(b"mdat", b"sound")
    kept = Upload("a.mp4", content).content
    assert refused("a.mp4", content) == ""
    assert PLACE not in kept
    assert len(kept) == len(content)
    assert b"vide" in kept
    assert b"drawn" in kept
    assert kept.endswith(box(b"mdat", b"sound"))


def test_a_sound_loses_its_tags() -> None:
    sound = b"\xff\xfb\x90\x00" + bytes(32)
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(PLACE)]) + PLACE
    content = tag + sound + (b"TAG" + PLACE).ljust(128, b"\0")
    assert Upload("a.mp3", content).content == sound
    assert refused("a.mp3", content) == ""


# ---- documents


def archive(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


TYPES = "[Content_Types].xml"
BODY = {TYPES: b"<x/>", "word/document.xml": "<x>路灯</x>".encode()}


def test_a_document_does_not_say_who_wrote_it() -> None:
    told = {"docProps/core.xml": PLACE, "docProps/app.xml": PLACE, "docProps/thumbnail.jpeg": PLACE}
    content = archive(BODY | told | {"word/media/a.jpg": jpeg(segment(0xE1, exif(1)))})
    upload = Upload("a.docx", content)
    assert refused("a.docx", content) == ""
    with zipfile.ZipFile(io.BytesIO(upload.content)) as kept:
        said = {name: kept.read(name) for name in kept.namelist()}
    assert PLACE not in b"".join(said.values())
    assert said["word/document.xml"] == BODY["word/document.xml"]
    assert said["word/media/a.jpg"] == jpeg()
    assert Upload("a.docx", upload.content).content == upload.content


def test_a_document_with_nothing_to_take_out_stays_byte_for_byte() -> None:
    assert Upload("a.docx", archive(BODY)).content == archive(BODY)


def nested(depth: int) -> bytes:
    content = archive(BODY)
    for _ in range(depth):
        content = archive(BODY | {"word/embeddings/a.docx": content})
    return content


@pytest.mark.parametrize(
    "content",
    [
        archive(BODY | {"word/media/a.bin": bytes(bombs.MOST_UNPACKED + 1)}),
        archive(BODY | {"word/embeddings/a.docx": archive({"a": bytes(bombs.MOST_UNPACKED + 1)})}),
        archive(BODY | {f"word/{n}.xml": b"" for n in range(bombs.MOST_PARTS)}),
        nested(3),
    ],
    ids=["one part", "in an archive within", "many parts", "archives in archives"],
)
def test_an_office_file_that_swells_is_refused(content: bytes) -> None:
    assert "unpacks to far more" in refused("a.docx", content)


def test_a_table_in_a_report_is_taken() -> None:
    assert refused("a.docx", nested(1)) == ""


def test_a_lie_about_the_size_does_not_help() -> None:
    honest = archive(BODY | {"word/media/a.bin": bytes(bombs.MOST_UNPACKED + 1)})
    size = struct.pack("<I", bombs.MOST_UNPACKED + 1)
    assert size in honest
    assert refused("a.docx", honest.replace(size, struct.pack("<I", 10))) != ""


@pytest.mark.parametrize("name", ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "word/activeX/activeX1.bin"])
def test_what_runs_in_an_office_file_is_refused(name: str) -> None:
    content = archive(BODY | {name: b"x"})
    assert refused("a.docx", content) != ""


@pytest.mark.parametrize("content", [archive(BODY) + b"<script>", archive(BODY)[:-2] + b"\x05\x00hello"])
def test_an_office_file_is_nothing_else_as_well(content: bytes) -> None:
    assert "behind the end" in refused("a.docx", content)


def pdf(more: bytes = b"", stream: bytes = b"", after: bytes = b"") -> bytes:
    drawn = b"2 0 obj<</Filter/FlateDecode>>stream\n" + zlib.compress(stream) + b"\nendstream endobj\n"
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog" + more + b">>endobj\n" + drawn + b"%%EOF\n" + after


def test_a_pdf_does_not_say_who_wrote_it_where_it_says_it_openly() -> None:
    packet = b'<?xpacket begin="x" id="y"?><rdf>' + PLACE * 4 + b'</rdf><?xpacket end="w"?>'
    content = pdf(b"/Author (Zhang \\) San)/Author<FEFF5F204E09>") + packet + b"%%EOF"
    kept = Upload("a.pdf", content).content
    assert len(kept) == len(content)
    assert PLACE not in kept
    assert b"Zhang" not in kept
    assert b"5F204E09" not in kept
    assert refused("a.pdf", content) == ""
    assert Upload("a.pdf", kept).content == kept


def test_a_signed_pdf_stays_as_it_was_signed() -> None:
    content = pdf(b"/Author (Zhang San)/ByteRange [0 1 2 3]")
    assert Upload("a.pdf", content).content == content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "script"),
        (pdf(b"/AA<</S/Launch>>"), "script"),
        (pdf(b"/Filter[/FlateDecode /FlateDecode]"), "unpacks to"),
        (pdf(stream=bytes(bombs.MOST_UNPACKED_PDF + 1)), "unpacks to"),
        (pdf(after=b"x" * 5000), "behind the end"),
        (pdf().replace(b"/FlateDecode", b"/FlateDecode/Type/ObjStm").replace(
            zlib.compress(b""), zlib.compress(b"<</S/JavaScript>>")), "script"),
    ],
)  # fmt: skip
def test_a_pdf_that_runs_swells_or_hides_something_is_refused(content: bytes, why: str) -> None:
    assert why in refused("a.pdf", content)


def test_letters_within_a_stream_mean_nothing() -> None:
    content = pdf().replace(b"endstream", b"/JS endstream")
    assert refused("a.pdf", content) == ""
