"""Draws the pages of one file in a process of its own that ends: what opens foreign files is no server.

The file comes on standard input behind a line that says its kind and size. On standard output each page is a
line of JSON and a JPEG; the last line says how it ended (`end`: a word of PROBLEMS, or '').
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from huiyin.reading import pages

MEMORY = 2 * 1024**3  # bytes of data
SECONDS = 300
MOST_PAGES = 200  # of one file
LARGEST = 4 * 1024**2  # bytes of one page as it is handed on
QUALITY = 80
SEPARATOR = "huiyin:next-letter"  # what the code on a separator sheet says
INK, BARE = 170, 0.0008  # darker than this is ink; a page with less of it than this share is blank
MARGIN = 0.05  # of each side, where a scanner leaves shadows
PROBLEMS = ("missing", "locked", "broken", "large", "long", "many", "stopped")


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """One page: its JPEG, its size in pixels, whether it is a separator sheet or blank; of how many."""

    picture: bytes
    wide: int
    high: int
    kind: str
    total: int


class Ended(Exception):
    """A file that was not drawn to its end; the argument is a word of PROBLEMS."""


def drawn(kind: str, content: bytes) -> Iterator[Drawn]:
    """The pages of a file, as they are drawn. Raises Ended where some are missing."""
    if not pages.available():
        raise Ended("missing")
    child = subprocess.Popen(
        [sys.executable, "-m", "huiyin.site.splitting"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        start_new_session=True,
    )
    said = json.dumps([kind, len(content)]).encode() + b"\n" + content
    handing = threading.Thread(target=_hand_over, args=(child.stdin, said), daemon=True)
    handing.start()
    with child:
        try:
            yield from _read(child.stdout)
        finally:
            child.kill()
            handing.join()  # so that nobody else closes the pipe that it writes to


def _hand_over(pipe: Any, said: bytes) -> None:
    with suppress(OSError), pipe:
        pipe.write(said)


def _read(pipe: Any) -> Iterator[Drawn]:
    while line := pipe.readline(10_000):
        try:
            told = json.loads(line)
        except ValueError:
            break
        if "end" in told:
            if told["end"]:
                raise Ended(told["end"] if told["end"] in PROBLEMS else "broken")
            return
        size = min(int(told["size"]), LARGEST)
        picture = pipe.read(size)
        if len(picture) < size:
            break
        yield Drawn(picture, int(told["wide"]), int(told["high"]), told["kind"], int(told["total"]))
    raise Ended("stopped")


# ---- the process


class _TooLong(Exception):
    pass


def main() -> None:
    """Draw what stands on standard input, end."""
    out = sys.stdout.buffer
    kind, size = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(size)
    _limit()
    try:
        end = _draw(kind, content, out)
    except MemoryError:
        end = "large"
    except _TooLong:
        end = "long"
    except OSError as fault:  # a picture that PIL cannot read, or nobody reads us any more
        end = "stopped" if isinstance(fault, BrokenPipeError) else "broken"
    except Exception as fault:  # noqa: BLE001 whatever a library says of a file that it cannot read
        end = _word(fault)
    with suppress(OSError):
        out.write(json.dumps({"end": end}).encode() + b"\n")
        out.flush()


def _word(fault: Exception) -> str:
    if type(fault).__name__ == "DecompressionBombError":
        return "large"
    return "locked" if "password" in str(fault).lower() else "broken"


def _limit() -> None:
    def over(*_: Any) -> None:
        raise _TooLong

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nothing of a letter in a dump
    os.nice(5)
    signal.signal(signal.SIGALRM, over)
    signal.alarm(SECONDS)


def _draw(kind: str, content: bytes, out: BinaryIO) -> str:
    found = pages.count(content, kind)
    total = min(found, MOST_PAGES)
    if not total:
        return "broken"
    for picture in pages.pictures(content, kind, total):
        made = io.BytesIO()
        picture.save(made, "JPEG", quality=QUALITY)
        told = {
            "size": made.tell(),
            "wide": picture.width,
            "high": picture.height,
            "kind": _kind(picture),
            "total": total,
        }
        out.write(json.dumps(told).encode() + b"\n" + made.getvalue())
        out.flush()
    return "many" if found > total else ""


def _kind(picture: Any) -> str:
    """`sheet`, `blank`, or '' for a page of a letter."""
    import cv2
    import numpy

    gray = picture.convert("L")
    small = gray.copy()
    small.thumbnail((1200, 1200))
    said, _points, _straight = cv2.QRCodeDetector().detectAndDecode(numpy.asarray(small))
    if said == SEPARATOR:
        return "sheet"
    wide, high = small.size
    within = (int(wide * MARGIN), int(high * MARGIN), int(wide * (1 - MARGIN)), int(high * (1 - MARGIN)))
    histogram = small.crop(within).histogram()
    return "blank" if sum(histogram[:INK]) < BARE * sum(histogram) else ""


if __name__ == "__main__":
    main()
