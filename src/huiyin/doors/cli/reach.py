"""Reading a published log: from a folder, or over HTTP from the one host that was named."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
import zlib
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from huiyin.core.heads import Fetch, Missing

LARGEST = 1 << 26  # bytes of one file; a bundle of 256 of the longest leaves has a quarter of that
PIECE = 1 << 17
SECONDS = 30
TRIES = 4
PAUSE = 0.5  # seconds, doubled each time
GZIP = 16 + zlib.MAX_WBITS
GONE = {404, 410}
BUSY = 500


# A log may pack its bundles without being asked (C2SP tlog-tiles).
HEADERS = {"User-Agent": "huiyin", "Accept-Encoding": "gzip, identity"}


class Unreachable(OSError):
    """The log does not answer, or answers what must not be read."""


def is_url(target: str) -> bool:
    return target.startswith(("http://", "https://"))


def log_at(target: str) -> Fetch:
    """The files of the log at an address or in a folder."""
    return _Remote(target) if is_url(target) else _Folder(Path(target))


class _Folder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, path: str) -> bytes:
        try:
            with (self.folder / path).open("rb") as file:
                return _within(file, path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise Missing(path) from error


class _Remote:
    """Files below one address. A redirect to another host, or away from HTTPS, is not followed."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        if not urlsplit(self.url).path:
            self.url += "/log"
        self.opener = urllib.request.build_opener(_SameHost())

    def __call__(self, path: str) -> bytes:
        for tried in range(TRIES):
            try:
                return self._once(path)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in GONE:
                    raise Missing(path) from error
                if error.code < BUSY or tried == TRIES - 1:
                    raise Unreachable(f"{self.url}/{path}: HTTP {error.code} {error.reason}") from error
            except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError, zlib.error) as error:
                if tried == TRIES - 1:
                    raise Unreachable(f"{self.url}/{path}: {error}") from error
            time.sleep(PAUSE * 2**tried)
        raise AssertionError("the last try returns or raises")

    def _once(self, path: str) -> bytes:
        asked = urllib.request.Request(f"{self.url}/{path}", headers=HEADERS)  # noqa: S310 - is_url
        with self.opener.open(asked, timeout=SECONDS) as answer:
            content = _within(answer, path)
            return _unpacked(content, path) if answer.headers.get("Content-Encoding") == "gzip" else content


class _SameHost(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: urllib.request.Request, *rest: Any) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(rest[-1])
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            rest[0].close()
            raise Unreachable(f"{req.full_url}: sends us to another host, {new.scheme}://{new.netloc}")
        return super().redirect_request(req, *rest)


def _within(file: IO[bytes], path: str) -> bytes:
    """Read it in pieces: asked for the most at once, Python would make room for the most."""
    pieces, size = [], 0
    while piece := file.read(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise Unreachable(f"{path}: more than {LARGEST} bytes")
    return b"".join(pieces)


def _unpacked(content: bytes, path: str) -> bytes:
    unpacked = zlib.decompressobj(GZIP).decompress(content, LARGEST + 1)
    if len(unpacked) > LARGEST:
        raise Unreachable(f"{path}: more than {LARGEST} bytes")
    return unpacked
