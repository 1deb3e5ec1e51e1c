"""Files that are small on the way and huge once opened, or that are two things at once.

Counted before anything is stored: the pixels of a picture, what an office file or a PDF unpacks to. What is
unpacked is counted piece by piece and thrown away, so that the judge does not fall to the bomb.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from huiyin.core.text import Text
from huiyin.registry import traces
from huiyin.registry.traces import Broken

MOST_PIXELS = 120_000_000  # of all frames together; a telephone's photo has up to about 108 million
MOST_UNPACKED = 128 * 1024 * 1024  # bytes, of an office file
MOST_UNPACKED_PDF = 512 * 1024 * 1024  # bytes: pages that were scanned without loss are large
MOST_PROFILE = 8 * 1024 * 1024
MOST_PARTS = 3000
NESTED = 2  # an office file may hold another one (a table in a report), and that one none
A_PIECE = 1024 * 1024
FRAME_HEADS = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
PDF_OBJECTS = b"/ObjStm"  # objects packed together: script can be in there
# A file within a PDF is no reason to refuse it: our own case file and many invoices bear one (PDF/A-3).
PDF_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|XFA)\b")
PDF_TWICE = re.compile(rb"/(?:FlateDecode|Fl)\s*/(?:FlateDecode|Fl)\b")
PDF_TAIL = 2048  # bytes that a program may leave after the last %%EOF

TOO_MANY_PIXELS = Text(
    "“{name}”的图像尺寸过大；请缩小后再选择",
    "“{name}” has more pixels than can be taken; make it smaller and choose that one",
)
UNPACKS = Text(
    "“{name}”解压后过大；请另存为 PDF 或者分成几个文件后再选择",
    "“{name}” unpacks to far more than it weighs; save it as PDF or in several files, and choose those",
)
BROKEN = Text(
    "“{name}”已损坏或者不完整；请打开检查，另存一份后再选择",
    "“{name}” is damaged or incomplete; open it, save it anew and choose the new one",
)
RUNS = Text(
    "“{name}”含有脚本或者宏；请打印为 PDF 后再选择",
    "“{name}” holds script or macros; print it to a PDF and choose that one",
)
TWO_THINGS = Text(
    "“{name}”的末尾还藏有别的内容；请另存一份后再选择",
    "there is something else behind the end of “{name}”; save it anew and choose the new one",
)


def problem(content: bytes) -> Text | None:
    """What speaks against a file that was cleaned already (`traces.without`), with {name} for its name."""
    try:
        if _pixels(content) > MOST_PIXELS:
            return TOO_MANY_PIXELS
        if content[:4] == b"PK\x03\x04":
            return _office_problem(content)
        return _pdf_problem(content) if content[:5] == b"%PDF-" else None
    except (Broken, IndexError, struct.error, zlib.error, zipfile.BadZipFile, NotImplementedError):
        return BROKEN


# ---- pictures


def _pixels(content: bytes) -> int:
    """Pixels of all frames of a picture; 0 of anything else. Raises Broken for a picture of no size."""
    if content[:3] == b"\xff\xd8\xff":
        sizes = [
            struct.unpack_from(">HH", s, 5) for m, s, _ in traces.jpeg_segments(content) if m in FRAME_HEADS
        ]
        return _sized(sum(high * wide for high, wide in sizes))
    if content[:8] == traces.PNG_HEAD:
        return _sized(_png_pixels(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _sized(_webp_pixels(content))
    return 0


def _sized(pixels: int) -> int:
    if pixels == 0:
        raise Broken("a picture of no size")
    return pixels


def _png_pixels(content: bytes) -> int:
    pixels, frames = 0, 1
    for kind, chunk in traces.png_chunks(content):
        if kind == b"IHDR":
            wide, high = struct.unpack_from(">II", chunk, 8)
            pixels = wide * high
        elif kind == b"acTL":
            frames = struct.unpack_from(">I", chunk, 8)[0]
        elif kind == b"iCCP":
            profile = chunk[8:].partition(b"\0")[2][1:-4]
            if _count(profile, MOST_PROFILE) > MOST_PROFILE:
                raise Broken("a profile of colours larger than any")
    return pixels * max(frames, 1)


def _webp_pixels(content: bytes) -> int:
    chunks = list(traces.webp_chunks(content))
    frames = max(sum(kind == b"ANMF" for kind, _ in chunks), 1)
    canvas = max((_webp_size(kind, chunk) for kind, chunk in chunks), default=0)
    return canvas * frames


def _webp_size(kind: bytes, chunk: bytes) -> int:
    if kind == b"VP8X":
        wide, high = (int.from_bytes(chunk[at : at + 3], "little") + 1 for at in (12, 15))
        return int(wide * high)
    if kind == b"VP8 ":
        wide, high = (size & 0x3FFF for size in struct.unpack_from("<HH", chunk, 14))
        return int(wide * high)
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", chunk, 9)[0]
        return int(((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1))
    return 0


# ---- office files


def _office_problem(content: bytes) -> Text | None:
    left = MOST_UNPACKED
    for name, size in _unpacked(content, NESTED):
        left -= size
        if left < 0:
            return UNPACKS
        if name.lower().endswith("vbaproject.bin") or "/activex/" in name.lower():
            return RUNS
    return TWO_THINGS if _has_more(content) else None


def _unpacked(content: bytes, depth: int) -> Iterator[tuple[str, int]]:
    """Each part with how much it unpacks to, piece by piece; the parts of an archive within it likewise."""
    if depth == 0:
        yield "", MOST_UNPACKED + 1  # archives in archives in archives
        return
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = file.infolist()
        if len(parts) > MOST_PARTS:
            yield "", MOST_UNPACKED + 1
            return
        for part in parts:
            if part.flag_bits & 1:
                raise Broken("enciphered")
            yield part.filename, 0
            yield from _of_part(file, part, depth)


def _of_part(file: zipfile.ZipFile, part: zipfile.ZipInfo, depth: int) -> Iterator[tuple[str, int]]:
    kept = bytearray()
    with file.open(part) as opened:
        while piece := opened.read(A_PIECE):
            yield part.filename, len(piece)
            if kept or piece[:4] == b"PK\x03\x04":
                kept += piece
    if kept:
        yield from _unpacked(bytes(kept), depth - 1)


def _has_more(content: bytes) -> bool:
    """Whether something stands before or after the archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        first = min((part.header_offset for part in file.infolist()), default=0)
        return first != 0 or bool(file.comment) or content[-22:-18] != b"PK\x05\x06"


# ---- PDF


def _pdf_problem(content: bytes) -> Text | None:
    end = content.rfind(b"%%EOF")
    if end < 0:
        return BROKEN
    if len(content) - end > PDF_TAIL:
        return TWO_THINGS
    place, left = 0, MOST_UNPACKED_PDF
    for found in PDF_STREAM.finditer(content):
        between, packed = content[place : found.start()], found[1]
        place = found.end()
        if wrong := _said_openly(between):
            return wrong
        if PDF_OBJECTS in between and PDF_RUNS.search(_first_of(packed)):
            return RUNS
        # By zlib, which begins with one of these; other filters do not swell like it.
        left -= _count(packed, left) if packed[:1] in {b"\x78", b"\x68", b"\x58", b"\x48"} else 0
        if left <= 0:
            return UNPACKS
    return _said_openly(content[place:])


def _said_openly(objects: bytes) -> Text | None:
    """What the objects between the streams say; within a stream the same letters stand by chance."""
    if PDF_TWICE.search(objects):
        return UNPACKS
    return RUNS if PDF_RUNS.search(objects) else None


def _first_of(packed: bytes) -> bytes:
    """The first eight megabytes of what a stream unpacks to."""
    try:
        return zlib.decompressobj().decompress(packed, MOST_PROFILE)
    except zlib.error:
        return b""


def _count(packed: bytes, most: int) -> int:
    """How many bytes these unpack to, as far as `most`; what is no zlib unpacks to nothing."""
    engine, size, waiting = zlib.decompressobj(), 0, packed
    try:
        while waiting and size <= most:
            size += len(engine.decompress(waiting, A_PIECE))
            waiting = engine.unconsumed_tail
    except zlib.error:
        return size
    return size
