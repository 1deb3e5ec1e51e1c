"""Pictures of a pixel or a few, byte by byte, with whatever is to be written into them."""

from __future__ import annotations

import struct
import zlib

from huiyin.registry import traces

PLACE = b"GPS 36.0671N 120.3826E"


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def exif(turned: int, order: str = "<") -> bytes:
    entry = struct.pack(f"{order}HHIHH", traces.ORIENTATION, 3, 1, turned, 0)
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    return b"Exif\0\0" + head + struct.pack(f"{order}H", 1) + entry + bytes(4) + PLACE


def jpeg(*more: bytes, high: int = 8, wide: int = 8, after: bytes = b"") -> bytes:
    frame = struct.pack(">BHHB", 8, high, wide, 1) + b"\x01\x11\x00"
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\xff\xd0\x34"
    jfif = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    return b"\xff\xd8" + jfif + b"".join(more) + segment(0xC0, frame) + scan + b"\xff\xd9" + after


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*more: bytes, high: int = 1, wide: int = 1, after: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    drawn = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return traces.PNG_HEAD + head + b"".join(more) + drawn + chunk(b"IEND", b"") + after


def webp(*more: bytes, flags: int = 0, high: int = 4, wide: int = 4) -> bytes:
    sizes = [(size - 1).to_bytes(3, "little") for size in (wide, high)]
    extended = b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + b"".join(sizes)
    drawn = b"VP8 " + struct.pack("<I", 10) + b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", wide, high)
    body = b"WEBP" + extended + drawn + b"".join(more)
    return b"RIFF" + struct.pack("<I", len(body)) + body
