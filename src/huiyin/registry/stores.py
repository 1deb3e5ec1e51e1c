"""Where the bytes of attachments lie: a folder, or a store of the operator's own (docs/operate/extending.md).

Bytes are known by their digest (SHA-256 in hex) alone. What lies under seal comes here locked already.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from django.conf import settings

from huiyin.core import extending

SETTING = "HUIYIN_ATTACHMENTS"
DOES = ("put", "get", "has", "drop")


class Store(Protocol):
    """What a store of attachments has to do."""

    def put(self, digest: str, content: bytes) -> None:
        """Keep these bytes: whole and durable when this returns. Keeping the same again changes nothing."""

    def get(self, digest: str) -> bytes:
        """The bytes. Raises FileNotFoundError where there are none of that digest."""

    def has(self, digest: str) -> bool:
        """Whether they are there."""

    def drop(self, digest: str) -> None:
        """Destroy them, copies too as far as the store can; nothing happens where there are none."""


def store() -> Store:
    """The store of this house."""
    named: str = settings.ATTACHMENTS_STORE
    return _named(named) if named else Folder(settings.ATTACHMENTS_DIR)


@lru_cache(maxsize=4)
def _named(named: str) -> Store:
    found: Store = extending.made(SETTING, named, DOES)
    return found


class Folder:
    """A directory: two letters of the digest, then the digest."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, digest: str) -> Path:
        return self.root / digest[:2] / digest

    def put(self, digest: str, content: bytes) -> None:
        path = self.path_of(digest)
        if path.exists():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)  # whole or not at all
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def get(self, digest: str) -> bytes:
        return self.path_of(digest).read_bytes()

    def has(self, digest: str) -> bool:
        return self.path_of(digest).exists()

    def drop(self, digest: str) -> None:
        self.path_of(digest).unlink(missing_ok=True)


@contextmanager
def laid_out(digests: Iterable[str]) -> Iterator[Path]:
    """A folder with these files in it, as `Folder` lays them: for what reads by paths alone.

    Of another store they are copied for as long as it takes, readable by this process's user alone.
    """
    kept = store()
    if isinstance(kept, Folder):
        yield kept.root
        return
    with TemporaryDirectory(prefix="huiyin-") as place:
        copied = Folder(Path(place))
        for digest in digests:
            if kept.has(digest):
                copied.put(digest, kept.get(digest))
        yield copied.root
