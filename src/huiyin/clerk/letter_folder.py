"""The folder that a scanner writes letters into: what is whole is kept as if a registrar had brought it.

It has a sub-folder for each body, named by the body's code. A file is kept first, in one transaction, and
deleted from the folder afterwards: whoever is killed in between finds it here again, and it is known by its
digest. What cannot be taken goes into `aside/` beside it, and the page of letters says why.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from huiyin.core.text import Text
from huiyin.registry import papers_in, pulses
from huiyin.registry.attachments import MOST_BYTES, Upload
from huiyin.registry.models import Body

log = logging.getLogger("huiyin.clerk")

ASIDE = "aside"
UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload")  # renamed once it is whole
QUIET = timedelta(minutes=1)  # since it last changed
PATIENCE = timedelta(minutes=15)  # with a file whose end is missing; then it is judged as it is
OVERDUE = timedelta(hours=6)
A_ROUND = 20.0  # seconds; the rest waits for the next one
UNREAD = Text(
    "“{name}”读不出来，放进了文件夹 aside：请重新扫描",
    "“{name}” cannot be read and was put into the folder “aside”: scan it again",
)
ASIDE_TOO = Text("{why}。文件放进了文件夹 aside", "{why}. It was put into the folder “aside”")


def look(now: datetime) -> Counter[str]:
    """Take what is whole: how many files were kept, set aside, or wait because there is no room."""
    if settings.LETTERS_DIR is None:
        return Counter()
    done: Counter[str] = Counter()
    began = time.monotonic()
    for body, path in _files():
        if time.monotonic() - began > A_ROUND:
            break
        if outcome := _look_at(path, body, now + timedelta(microseconds=sum(done.values()))):
            done[outcome] += 1
    if done:
        papers_in.forget(now)
    pulses.beat(pulses.LETTERS, now, failed=any(True for _ in wrongs(now)))
    return done


def wrongs(now: datetime) -> Iterator[Text]:
    """What an operator has to put right, for `huiyin check`."""
    folder: Path | None = settings.LETTERS_DIR
    if folder is None:
        return
    if not os.path.isdir(folder):  # noqa: PTH112 - the one that says no where nobody may look
        yield Text(f"来信文件夹 {folder} 不存在", f"the folder of letters {folder} is not there")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield _shut(folder)
        return
    if shut := [place for place in _places() if not os.access(place, os.R_OK | os.W_OK | os.X_OK)]:
        yield from map(_shut, shut)
        return
    yield from _unserved(folder)
    if late := sum(_age(path, now) > OVERDUE for _, path in _files()):
        yield Text(
            f"来信文件夹里有 {late} 个文件等了 6 小时以上",
            f"{late} files in the folder of letters wait for more than 6 hours",
        )


def _shut(place: Path) -> Text:
    return Text(f"来信文件夹 {place} 不能读写", f"the folder of letters {place} cannot be read and written")


def _unserved(folder: Path) -> Iterator[Text]:
    """What lies there in vain, for it belongs to no body."""
    if not _places():
        yield Text(
            f"来信文件夹 {folder} 里没有以单位代码命名的文件夹",
            f"the folder of letters {folder} has no sub-folder named by the code of a body",
        )
    known = _codes()
    for each in sorted(folder.iterdir()):
        if each.name not in known and not each.name.startswith("."):
            yield Text(
                f"来信文件夹里的 {each.name} 不属于任何单位，没有收取",
                f"{each.name} in the folder of letters belongs to no body and is not taken",
            )


# ---- what lies there


def _codes() -> set[str]:
    return set(Body.objects.filter(active=True, external=False).values_list("code", flat=True))


def _places() -> list[Path]:
    known = _codes()
    inside: list[Path] = list(settings.LETTERS_DIR.iterdir()) if settings.LETTERS_DIR else []
    return sorted(each for each in inside if each.name in known and each.is_dir())


def _files() -> list[tuple[str, Path]]:
    """Body and file, the oldest first; not those that say by their name that they are still written."""
    found: list[tuple[int, str, Path]] = []
    try:
        for place in _places():
            for path in place.iterdir():
                unfinished = path.name.startswith((".", "~")) or path.suffix.lower() in UNFINISHED
                if not unfinished and path.is_file() and not path.is_symlink():
                    found.append((path.lstat().st_mtime_ns, place.name, path))
    except OSError:
        return []  # `wrongs` says it, or a scanner renamed a file in this moment
    return [(body, path) for _, body, path in sorted(found)]


def _age(path: Path, now: datetime) -> timedelta:
    """How long it did not change. Any write changes this time, and no scanner can set it."""
    try:
        return timedelta(seconds=now.timestamp() - path.lstat().st_ctime)
    except FileNotFoundError:
        return timedelta()


# ---- one file


def _look_at(path: Path, body: str, now: datetime) -> str:
    """Take it if it is whole. One that cannot be read stops no other."""
    age = _age(path, now)
    if age < QUIET:
        return ""
    try:
        return _take(path, body, now, patient=age < PATIENCE)
    except FileNotFoundError:
        return ""  # somebody took it out
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does to whoever reads it
        log.error("a scan was set aside: %s", type(error).__name__)  # noqa: TRY400 - names no file
        return _set_aside(path, body, UNREAD.format(name=path.name), now)


def _take(path: Path, body: str, now: datetime, *, patient: bool) -> str:
    before = path.lstat()
    # One byte more than can be taken is enough to be told that it is too large.
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if patient and len(content) <= MOST_BYTES and not has_an_end(content):
        return ""
    brought = papers_in.bring(Upload(path.name, content), body, by=None, now=now)
    if brought.later:
        return "letters_wait"
    if brought.wrong is not None and not brought.again:
        return _set_aside(path, body, ASIDE_TOO.format(why=brought.wrong), now)
    if _same(before, path.lstat()):  # else another one came under this name, to be taken next time
        path.unlink()
    return "letters_taken"


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_ino, one.st_size, one.st_ctime_ns) == (other.st_ino, other.st_size, other.st_ctime_ns)


def has_an_end(content: bytes) -> bool:
    """Whether a PDF or picture is here to its end, as far as its last bytes tell; other kinds have none."""
    if content[:5] == b"%PDF-":
        return b"%%EOF" in content[-1024:]
    if content[:3] == b"\xff\xd8\xff":
        return b"\xff\xd9" in content[-1024:]
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return b"IEND" in content[-1024:]
    if content[:4] == b"RIFF":
        return len(content) >= int.from_bytes(content[4:8], "little") + 8
    return bool(content)


def _set_aside(path: Path, body: str, why: Text, now: datetime) -> str:
    """Tell the registrars of the body first: killed in between, it is told once all the same."""
    try:
        told = path.lstat()
        papers_in.not_taken(path.name, why, body, mark=f"{told.st_size} {told.st_mtime_ns}", now=now)
        aside = path.parent / ASIDE
        aside.mkdir(exist_ok=True)
        path.rename(_free(aside / path.name))
    except OSError as error:
        log.error("a scan cannot be set aside: %s", type(error).__name__)  # noqa: TRY400 - names no file
        return ""
    return "letters_aside"


def _free(path: Path) -> Path:
    n, found = 1, path
    while found.exists():
        n += 1
        found = path.with_name(f"{path.stem}-{n}{path.suffix}")
    return found
