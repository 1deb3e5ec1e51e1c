"""Reading PDFs in tests, without a library: which characters a text extractor gets out of one."""

from __future__ import annotations

import re
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
PAIR = re.compile(r"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>")


def inflated(pdf: bytes) -> bytes:
    """The whole file with its compressed parts opened."""
    parts = [pdf]
    for found in STREAM.finditer(pdf):
        try:
            # Not `decompress`: one checksum in 256 ends as a line does, and the pattern cuts it off.
            parts.append(zlib.decompressobj().decompress(found.group(1)))
        except zlib.error:
            continue
    return b"\n".join(parts)


def characters(pdf: bytes) -> set[str]:
    """Every character that some font of the file maps a glyph to."""
    found: set[str] = set()
    for block in re.findall(r"beginbfchar(.*?)endbfchar", inflated(pdf).decode("latin-1"), re.DOTALL):
        for code in PAIR.findall(block):
            found |= set(bytes.fromhex(code).decode("utf-16-be"))
    return found
