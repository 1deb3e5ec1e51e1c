"""The folder of the public log: files that are whole or not there, and still there after a power cut."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from huiyin.core.tiles import Tile

CHECKPOINT = "checkpoint"
KEY = "key"
CERTIFICATE = "certificate"
FIGURES = "figures.json"
FIGURES_CSV = "figures.csv"
HEADS = "heads"
HEADS_INDEX = "heads/index"


def folder() -> Path:
    made: Path = settings.LOG_DIR
    made.mkdir(parents=True, exist_ok=True)
    return made


def read(name: str) -> bytes | None:
    """The bytes of a file of the log; None where there is none."""
    try:
        return (folder() / name).read_bytes()
    except FileNotFoundError:
        return None


def tile(wanted: Tile) -> bytes:
    """The bytes of a tile or bundle, or of a wider version of it. Raises FileNotFoundError."""
    path = folder() / wanted.path
    if not path.exists() and wanted.path.count(".p/"):
        path = folder() / wanted.path.partition(".p/")[0]
    return path.read_bytes()


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else is writing the log at this moment; until the end of the block nobody will."""
    with (folder() / ".writing").open("wb") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def write(files: Iterable[tuple[str, bytes]]) -> None:
    """Write files, each in the place of what was there; all are on the disk when this returns."""
    places = set()
    for name, content in files:
        path = folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        places.add(path.parent)
    for place in places:
        _settle(place)


def _settle(place: Path) -> None:
    """Make sure of the names in a folder, and of the folders it lies in."""
    root = folder()
    while True:
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if place in {root, place.parent}:
            return
        place = place.parent
