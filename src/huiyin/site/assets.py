"""Style sheets and scripts: packed for a slow line, and kept by the browser until we change them.

Only these are packed. A page holds what its reader alone may see, and how well it packs would tell (BREACH).
"""

from __future__ import annotations

import hashlib
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class Versioned(StaticFilesStorage):
    """Says each file's address with a mark of its content, so that no browser keeps an old one."""

    def url(self, name: str | None, force: bool = False) -> str:  # noqa: FBT001, FBT002, ARG002 Django's signature
        address = super().url(name)
        mark = _mark(name or "")
        return f"{address}?v={mark}" if mark else address


class Packed(GZipMiddleware):
    """Django's own packing, for these files and nothing else."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path.startswith(settings.STATIC_URL):
            return response
        return super().process_response(request, response)


@cache
def _mark(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    with open(found, "rb") as file:  # noqa: PTH123 a path of Django's finder
        return hashlib.file_digest(file, "sha256").hexdigest()[:10]
