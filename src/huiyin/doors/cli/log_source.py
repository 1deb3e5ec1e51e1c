"""Reads a log from where it is published: a web address or a folder, without Django and without believing
anything.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
import zlib
from pathlib import Path
from urllib.parse import urlsplit

from huiyin.core import tiles
from huiyin.core.notes import LARGEST as NOTE_BYTES
from huiyin.core.tiles import ENTRIES, Tile

SECONDS = 20.0
_GZIP = 16 + zlib.MAX_WBITS


class Unreachable(Exception):
    """A file of a log that could not be had; the message says which and why."""


class Missing(Unreachable):
    """A file that the log says it does not have."""


class LogSource:
    """The files below a log's address: http, https, or the path of a folder. Redirects are followed by
    urllib.
    """

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self.address = address.rstrip("/")
        self._seconds = seconds
        self._is_web = urlsplit(address).scheme in {"http", "https"}

    def checkpoint(self) -> str:
        """The signed head, as it is published now."""
        return _text("checkpoint", self.read("checkpoint", NOTE_BYTES))

    def key(self) -> str:
        """The log's verifier key as the log itself tells it."""
        return _text("key", self.read("key", NOTE_BYTES)).strip()

    def fetch(self, tile: Tile) -> bytes:
        """A tile or bundle, or the full one in place of a narrow one that is gone."""
        most = tiles.BUNDLE_BYTES if tile.level == ENTRIES else tiles.TILE_BYTES
        try:
            return self.read(tile.path, most)
        except Missing:
            if tile.width == tiles.WIDTH:
                raise
            return self.read(Tile(tile.level, tile.index).path, most)

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file. Raises Missing, or Unreachable, above all for one of more than `most`
        bytes.
        """
        where = f"{self.address}/{path}"
        try:
            content = self._over_the_web(where, most) if self._is_web else _from_folder(where, most)
        except FileNotFoundError as error:
            raise Missing(f"{where}: there is no such file") from error
        except urllib.error.HTTPError as error:
            kind = Missing if error.code in {404, 410} else Unreachable
            raise kind(f"{where}: the server answered {error.code}") from error
        except (OSError, ValueError, http.client.HTTPException, zlib.error) as error:
            raise Unreachable(f"{where}: {error}") from error
        if len(content) > most:
            raise Unreachable(f"{where} has more than {most} bytes, which no such file of a log has")
        return content

    def _over_the_web(self, where: str, most: int) -> bytes:
        asked = urllib.request.Request(where, headers={"Accept-Encoding": "gzip, identity"})  # noqa: S310
        with urllib.request.urlopen(asked, timeout=self._seconds) as answer:  # noqa: S310  # http or https: see above
            content: bytes = answer.read(most + 1)
            packed = answer.headers.get("Content-Encoding", "").lower() == "gzip"
        return zlib.decompressobj(_GZIP).decompress(content, most + 1) if packed else content


def _from_folder(where: str, most: int) -> bytes:
    with Path(where).open("rb") as file:
        return file.read(most + 1)


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise Unreachable(f"the {name} of the log is no text") from error
