"""A PDF of pages that are JPEGs already: each is put in as it is, and turned by a word of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONG_SIDE = 842  # points of the longer side of a page: A4


@dataclass(frozen=True, slots=True, repr=False)
class Leaf:
    """A page: a JPEG of so many pixels, to be shown turned by so many degrees, clockwise."""

    picture: bytes
    wide: int
    high: int
    turned: int = 0


def pdf_of(leaves: Sequence[Leaf]) -> bytes:
    """The PDF (1.4) of these pages, in order."""
    made = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % (3 + 3 * n) for n in range(len(leaves)))
    made.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(leaves), kids))
    for n, leaf in enumerate(leaves):
        made += _leaf(leaf, 3 + 3 * n)
    return _file(made)


def _leaf(leaf: Leaf, number: int) -> tuple[bytes, bytes, bytes]:
    scale = LONG_SIDE / max(leaf.wide, leaf.high, 1)
    wide, high = round(leaf.wide * scale), round(leaf.high * scale)
    page = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {wide} {high}]/Rotate {leaf.turned}"
        f"/Resources<</XObject<</P {number + 2} 0 R>>>>/Contents {number + 1} 0 R>>"
    ).encode()
    drawn = f"{wide} 0 0 {high} 0 0 cm /P Do".encode()
    head = (
        f"<</Type/XObject/Subtype/Image/Width {leaf.wide}/Height {leaf.high}/ColorSpace/DeviceRGB"
        f"/BitsPerComponent 8/Filter/DCTDecode/Length {len(leaf.picture)}>>"
    ).encode()
    return page, _stream(b"<</Length %d>>" % len(drawn), drawn), _stream(head, leaf.picture)


def _stream(head: bytes, content: bytes) -> bytes:
    return head + b"stream\n" + content + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
