"""Turns scanned letters and photographs into lines of text, each with how sure the reader is.

The pages of a PDF are drawn by pdfium, and read like pictures by a kept package whose model lies in its
wheel (RapidOCR on ONNX Runtime: PP-OCR, Chinese and English, Apache-2.0). Both come with the extra `letters`;
without it `available` is False and nothing here is called. Only a process that ends may load them: see
`site.scanning`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

SURE = 0.90  # below it somebody should look twice
LONGEST_SIDE = 2400  # pixels that are read; a page at 200 dpi
SHOWN_SIDE = 1800  # pixels of the picture beside the text
MOST_PAGES = 20
MOST_PIXELS = 120_000_000
NEEDED = ("rapidocr", "onnxruntime", "pypdfium2", "PIL")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read. `score`: 0 to 1, the reader's own."""

    text: str
    score: float

    @property
    def sure(self) -> bool:
        return self.score >= SURE


@dataclass(frozen=True, slots=True)
class Page:
    """A page: a JPEG of it to look at, and its lines from top to bottom."""

    picture: bytes
    lines: tuple[Line, ...]


def available() -> bool:
    """Whether what reads letters is installed; loads none of it."""
    return all(find_spec(name) for name in NEEDED)


def pictures(content: bytes, media_type: str, most: int = MOST_PAGES) -> Iterator[Any]:
    """The pages of one file as pictures of PIL, at most so many."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    if media_type != "application/pdf":
        with Image.open(io.BytesIO(content)) as opened:
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG unpacks no larger than it is read
            picture = ImageOps.exif_transpose(opened).convert("RGB")
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            yield picture
        return
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        for number in range(min(len(document), most)):
            page = document[number]
            scale = LONGEST_SIDE / max(*page.get_size(), 1)
            yield page.render(scale=min(scale, 4)).to_pil().convert("RGB")
            page.close()


def count(content: bytes, media_type: str) -> int:
    """How many pages a file has."""
    if media_type != "application/pdf":
        return 1
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return len(document)


class Reader:
    """The model, loaded once: a second or two."""

    def __init__(self, threads: int = 2) -> None:
        import logging

        from rapidocr import RapidOCR

        logging.disable(logging.CRITICAL)  # what it says is about its own files
        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, picture: Any) -> Page:
        """One page."""
        import numpy

        found = self._engine(numpy.asarray(picture)[:, :, ::-1])
        texts, scores, boxes = found.txts or (), found.scores or (), found.boxes
        pieces = [] if boxes is None else list(zip(boxes, texts, scores, strict=True))
        shown = picture.copy()
        shown.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=80)
        return Page(out.getvalue(), tuple(_lines(pieces)))


def _lines(pieces: list[tuple[Any, str, float]]) -> Iterator[Line]:
    """Pieces that stand beside one another are one line; a line is as sure as its least sure piece."""
    placed = sorted(
        (
            float(sum(y for _, y in box)) / 4,
            float(min(x for x, _ in box)),
            float(max(y for _, y in box) - min(y for _, y in box)),
            text,
            float(score),
        )
        for box, text, score in pieces
    )
    line: list[tuple[float, float, float, str, float]] = []
    for piece in placed:
        if line and piece[0] - line[-1][0] > 0.5 * min(piece[2], line[-1][2]):
            yield _line(line)
            line = []
        line.append(piece)
    if line:
        yield _line(line)


def _line(pieces: list[tuple[float, float, float, str, float]]) -> Line:
    in_order = sorted(pieces, key=lambda piece: piece[1])
    return Line(" ".join(piece[3] for piece in in_order), min(piece[4] for piece in in_order))
