"""What a camera or an office program writes into a file beside what its author meant to send.

A photo tells where and when it was taken and with which telephone, a film the same, a document who wrote it
at which company. The charter keeps no location (4) and no name outside the seal (5), so this is taken out
before anything is stored, without touching a pixel or a sound. What cannot be read from end to end is neither
cleaned nor taken: `Broken`. Whatever follows the end of a picture is cut off.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# Of a PNG: the picture itself and how it is shown. No text, no time, no Exif, no second picture.
PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT".split(b" ")
)
WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
WEBP_SAYS_EXIF, WEBP_SAYS_XMP = 0x08, 0x04
SOI, EOI, SOS, APP0, APP1, APP2, APP14, APP15, COMMENT = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
# The end of what one scan of a JPEG draws: a marker that is neither a stuffed zero nor a restart.
SCAN_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
ORIENTATION = 0x0112
UPRIGHT = 1
BOXES_WITH_BOXES = frozenset((b"moov", b"trak", b"mdia"))
BOXES_THAT_TELL = frozenset((b"udta", b"meta", b"uuid"))
DOCUMENT_PROPERTIES = "docProps/"
EMPTY_PROPERTIES = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
PDF_SIGNED = b"/ByteRange"
PDF_AUTHOR = re.compile(rb"/Author\s*(?:\(((?:\\.|[^\\()]){0,2000})\)|<([0-9A-Fa-f\s]{0,4000})>)", re.DOTALL)
PDF_XMP = re.compile(rb"(<\?xpacket begin=.{0,200}?\?>)(.*?)(<\?xpacket end=.{1,20}?\?>)", re.DOTALL)
PDF_XMP_EMPTY = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>'


class Broken(ValueError):
    """A file that cannot be read from end to end as what it says it is."""


def without(content: bytes) -> bytes:
    """The file without what was written into it unasked; other kinds as they are. Raises Broken."""
    cleaner = _cleaner(content)
    try:
        return cleaner(content) if cleaner else content
    except (IndexError, struct.error) as error:
        raise Broken("ends too early") from error


def _cleaner(content: bytes) -> Callable[[bytes], bytes] | None:
    if content[:3] == b"\xff\xd8\xff":
        return _jpeg
    if content[:8] == PNG_HEAD:
        return _png
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp
    if content[4:8] == b"ftyp":
        return _film
    if content[:3] == b"ID3":
        return _sound
    if content[:5] == b"%PDF-":
        return _pdf
    return _office if content[:4] == b"PK\x03\x04" else None


# ---- pictures


def _jpeg(content: bytes) -> bytes:
    kept, turned = [b"\xff\xd8"], UPRIGHT
    for marker, segment, drawn in jpeg_segments(content):
        if marker == APP1 and segment[4:10] == b"Exif\0\0":
            turned = _orientation(segment[10:])
        elif not _tells(marker, segment):
            kept.append(segment + drawn)
    if turned != UPRIGHT:
        kept.insert(1, _only_orientation(turned))
    return b"".join([*kept, b"\xff\xd9"])


def jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, segment and, after a scan's head, what it draws, up to the end. Raises Broken."""
    place = 2
    while True:
        while content[place] == 0xFF and content[place + 1] == 0xFF:
            place += 1  # fill bytes
        if content[place] != 0xFF:
            raise Broken("no marker where one must be")
        marker = content[place + 1]
        if marker == EOI:
            return
        length = struct.unpack_from(">H", content, place + 2)[0]
        end = place + 2 + length
        if length < 2 or end > len(content):
            raise Broken("a segment ends beyond the file")
        segment, drawn = content[place:end], b""
        if marker == SOS:
            found = SCAN_ENDS.search(content, end)
            drawn = content[end : found.start() if found else len(content)]
            end += len(drawn)
        yield marker, segment, drawn
        if end == len(content):
            return  # cut short: many programs show what there is
        place = end


def _tells(marker: int, segment: bytes) -> bool:
    """Whether a segment holds something beside the picture; the colours of the picture stay."""
    if marker == APP2:
        return segment[4:16] != b"ICC_PROFILE\0"
    if marker == APP0:
        return segment[4:9] != b"JFIF\0"  # its cousin JFXX holds a second, small picture
    return marker == COMMENT or (APP1 <= marker <= APP15 and marker != APP14)


def _orientation(tiff: bytes) -> int:
    """Which way up the picture is (TIFF 6.0, Exif 2.3); upright if it does not say so readably."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return UPRIGHT
    first = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if first + 2 > len(tiff):
        return UPRIGHT
    for number in range(struct.unpack_from(f"{order}H", tiff, first)[0]):
        place = first + 2 + 12 * number
        if place + 12 > len(tiff):
            return UPRIGHT
        tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if tag == ORIENTATION:
            return int(value) if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def _only_orientation(turned: int) -> bytes:
    entry = struct.pack("<HHIHH", ORIENTATION, 3, 1, turned, 0)
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + bytes(4)
    return b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif


def png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and the whole chunk, up to the end of the picture. Raises Broken."""
    place = len(PNG_HEAD)
    while True:
        length = struct.unpack_from(">I", content, place)[0]
        end = place + 12 + length
        if end > len(content):
            raise Broken("a chunk ends beyond the file")
        kind = content[place + 4 : place + 8]
        yield kind, content[place:end]
        if kind == b"IEND":
            return
        place = end


def _png(content: bytes) -> bytes:
    return PNG_HEAD + b"".join(chunk for kind, chunk in png_chunks(content) if kind in PNG_KEPT)


def webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and the whole chunk, as far as the file says it reaches. Raises Broken."""
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    place = 12
    if end > len(content):
        raise Broken("shorter than it says")
    while place + 8 <= end:
        length = struct.unpack_from("<I", content, place + 4)[0]
        following = place + 8 + length + length % 2
        if place + 8 + length > end:
            raise Broken("a chunk ends beyond the file")
        yield content[place : place + 4], content[place : min(following, end)]
        place = following


def _webp(content: bytes) -> bytes:
    kept = []
    for kind, chunk in webp_chunks(content):
        if kind == b"VP8X":
            said = chunk[8] & ~(WEBP_SAYS_EXIF | WEBP_SAYS_XMP)
            kept.append(chunk[:8] + bytes([said]) + chunk[9:])
        elif kind in WEBP_KEPT:
            kept.append(chunk)
    body = b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


# ---- film and sound


def _film(content: bytes) -> bytes:
    made = bytearray(content)
    _silence(made, 0, len(made), 0)
    return bytes(made)


def _silence(made: bytearray, place: int, end: int, depth: int) -> None:
    """Turn every box that tells something into free space of the same size: nothing else moves."""
    while place < end:
        size, kind, head = _box(made, place, end)
        if kind in BOXES_THAT_TELL or (kind == b"trak" and _is_of_data(made, place + head, place + size)):
            made[place + 4 : place + 8] = b"free"
            made[place + head : place + size] = bytes(size - head)
        elif kind in BOXES_WITH_BOXES and depth < len(BOXES_WITH_BOXES):
            _silence(made, place + head, place + size, depth + 1)
        place += size


def _box(made: bytearray, place: int, end: int) -> tuple[int, bytes, int]:
    """Size, kind and length of the head of the box at a place (ISO/IEC 14496-12, 4.2). Raises Broken."""
    size, kind = struct.unpack_from(">I4s", made, place)
    head = 8
    if size == 1:
        size, head = struct.unpack_from(">Q", made, place + 8)[0], 16
    elif size == 0:
        size = end - place
    if size < head or place + size > end:
        raise Broken("a box ends beyond the file")
    return size, kind, head


def _is_of_data(made: bytearray, place: int, end: int) -> bool:
    """Whether a track is neither sound nor film: cameras write where they are into such a one."""
    while place < end:
        size, kind, head = _box(made, place, end)
        if kind == b"mdia":
            return _is_of_data(made, place + head, place + size)
        if kind == b"hdlr":
            return bytes(made[place + head + 8 : place + head + 12]) in {b"meta", b"data", b"camm"}
        place += size
    return False


def _sound(content: bytes) -> bytes:
    """Without the tag in front (ID3v2) and the one at the end (ID3v1)."""
    while content[:3] == b"ID3":
        size = 0
        for byte in content[6:10]:
            size = size << 7 | byte & 0x7F
        content = content[10 + size + (10 if content[5] & 0x10 else 0) :]
    return content[:-128] if content[-128:-125] == b"TAG" else content


# ---- documents


def _office(content: bytes) -> bytes:
    """Without author, company and times, and each picture in it without its own traces."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = [(part, file.read(part)) for part in file.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        raise Broken(str(error)) from error
    cleaned = [(part, _part(part.filename, said)) for part, said in parts]
    if all(said == before for (_, said), (_, before) in zip(cleaned, parts, strict=True)):
        return content
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for part, said in cleaned:
            file.writestr(zipfile.ZipInfo(part.filename), said, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _part(name: str, content: bytes) -> bytes:
    if name.startswith(DOCUMENT_PROPERTIES):
        return EMPTY_PROPERTIES.get(name, b"")
    return without(content) if content[:3] == b"\xff\xd8\xff" or content[:8] == PNG_HEAD else content


def _pdf(content: bytes) -> bytes:
    """Author and XMP blanked in place, where they lie open. A signed one stays: a change would break it."""
    if PDF_SIGNED in content:
        return content
    return PDF_XMP.sub(_blank_packet, PDF_AUTHOR.sub(_blank_author, content))


def _blank_author(found: re.Match[bytes]) -> bytes:
    which = 1 if found[1] is not None else 2
    start, end = (place - found.start() for place in found.span(which))
    blank = b" " if which == 1 else b"0"
    return found[0][:start] + blank * (end - start) + found[0][end:]


def _blank_packet(found: re.Match[bytes]) -> bytes:
    room = len(found[2])
    said = PDF_XMP_EMPTY if room >= len(PDF_XMP_EMPTY) else b""
    return found[1] + said.ljust(room) + found[3]
