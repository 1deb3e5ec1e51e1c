"""Parts the files that were brought into pages, beside the pages of the desk: one after the other.

Only the desk can open what waits locked. Whoever is killed in between leaves the file as it was, and the next
look at the page of letters begins it anew (`registry.papers_in`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import connections
from django.utils import timezone

from huiyin.registry import papers_in
from huiyin.registry.models import PaperFile
from huiyin.registry.papers_in import Came
from huiyin.site import splitting
from huiyin.vault.unseal import open_file

log = logging.getLogger("huiyin.desk")


def start() -> None:
    """Part what waits, and come back at once."""
    threading.Thread(target=_beside, args=(work,), daemon=True).start()


def _beside(duty: Callable[[], None]) -> None:
    try:
        duty()
    except Exception as error:  # noqa: BLE001 - the file waits as before; the next look begins it anew
        log.error("letters were not parted: %s", type(error).__name__)  # noqa: TRY400 no words of a page
    finally:
        connections.close_all()


def work() -> None:
    """Part one file after the other until none waits, or somebody else is at it."""
    while file := papers_in.claim(timezone.now()):
        _part(file)


def told_of(file: PaperFile) -> dict[str, str]:
    """The name that a file was brought under; if it was not taken, why, by language."""
    return _opened(file, b"")[0]


def _opened(file: PaperFile, content: bytes) -> tuple[dict[str, str], bytes]:
    if file.data_key is None or file.told is None:
        return {"name": "", "kind": ""}, b""  # dealt with meanwhile
    return open_file(file.data_key, bytes(file.told), content)


def _part(file: PaperFile) -> None:
    told, content = _opened(file, bytes(file.content or b""))
    problem = ""
    try:
        for number, page in enumerate(splitting.drawn(told["kind"], content), 1):
            came = Came(page.picture, page.wide, page.high, page.kind)
            if not papers_in.page_came(file, number, page.total, came, timezone.now()):
                return
    except splitting.Ended as ended:
        problem = str(ended)
    papers_in.parted(file, problem)
