"""Reads a letter in a process of its own that ends, so that no server loads what reads pictures.

The desk starts it with `start`, hands it the files through a pipe, and looks with `state` how far it is. What
is read waits beside the files (`site.staging`), each page enciphered under a key that only the desk's page
holds, and goes with the same sweep. The process has limits of memory, time and pixels of its own; what it
stumbles over is said in words, and the files stay.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import resource
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from huiyin.reading import pages
from huiyin.reading.pages import Line

READ = ("image/jpeg", "image/png", "image/webp", "application/pdf")
MEMORY = 3 * 1024**3  # bytes of data that one reading may take
SECONDS = 600  # of one letter
SILENT = 180  # seconds without a page; then it has stopped
LOCK = "reading.lock"  # one letter at a time on one machine


@dataclass(frozen=True, slots=True)
class Scan:
    """A letter that is being read: where its pages wait, and the key to them."""

    folder: Path
    place: str
    key: bytes

    def path(self, part: str) -> Path:
        return self.folder / f"{self.place}-{part}"

    def put(self, part: str, content: bytes) -> None:
        draft = self.path(f"{part}~")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(SecretBox(self.key).encrypt(content))
        draft.replace(self.path(part))

    def get(self, part: str) -> bytes | None:
        try:
            return SecretBox(self.key).decrypt(self.path(part).read_bytes())
        except (FileNotFoundError, CryptoError):
            return None

    def lines(self, number: int) -> tuple[Line, ...]:
        """The lines of a page that was read, counted from 1."""
        told = self.get(f"{number}")
        return tuple(Line(text, score) for text, score in json.loads(told)) if told else ()

    def picture(self, number: int) -> bytes | None:
        """The page itself, a JPEG."""
        return self.get(f"{number}p")

    def drop(self) -> None:
        """Delete what was read."""
        for path in self.folder.glob(f"{self.place}-*"):
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class State:
    """How far a letter is: pages read, of how many (0: not known yet). `problem`: a word of PROBLEMS."""

    read: int = 0
    pages: int = 0
    done: bool = False
    problem: str = ""


# Why a letter was not read to its end. The words are the door's.
PROBLEMS = ("missing", "kind", "broken", "large", "long", "stopped", "many")


def start(folder: Path, files: Sequence[tuple[str, bytes]]) -> Scan:
    """Begin to read files: media type and content of each. Comes back at once."""
    scan = Scan(folder, secrets.token_hex(16), secrets.token_bytes(SecretBox.KEY_SIZE))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    read = [(kind, content) for kind, content in files if kind in READ]
    if not read or not pages.available():
        say(scan, State(done=True, problem="missing" if read else "kind"))
        return scan
    say(scan, State())
    told = {
        "folder": str(folder),
        "place": scan.place,
        "key": base64.b64encode(scan.key).decode(),
        "files": [[kind, len(content)] for kind, content in read],
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "huiyin.site.scanning"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        start_new_session=True,
    )
    sent = json.dumps(told).encode() + b"\n" + b"".join(content for _, content in read)
    threading.Thread(target=_hand_over, args=(child, sent, scan), daemon=True).start()
    return scan


def _hand_over(child: subprocess.Popen[bytes], sent: bytes, scan: Scan) -> None:
    """Give the files over, wait, and say so where it ended without a word."""
    try:
        child.communicate(sent, timeout=SECONDS * 2)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if not (known := state(scan)).done:
        say(scan, replace(known, done=True, problem="stopped"))


def say(scan: Scan, state: State) -> None:
    scan.put("state", json.dumps([state.read, state.pages, state.done, state.problem]).encode())


def state(scan: Scan) -> State:
    """How far it is; `stopped` where nothing was heard for too long."""
    told = scan.get("state")
    if told is None:
        return State(done=True, problem="stopped")
    known = State(*json.loads(told))
    silent = time.time() - scan.path("state").stat().st_mtime > SILENT
    return replace(known, done=True, problem="stopped") if silent and not known.done else known


# ---- the process


def main() -> None:
    """Read what stands on standard input, write pages as they are read, end."""
    told = json.loads(sys.stdin.buffer.readline())
    scan = Scan(Path(told["folder"]), told["place"], base64.b64decode(told["key"]))
    files = [(kind, sys.stdin.buffer.read(size)) for kind, size in told["files"]]
    _limit()
    known = State()
    with (scan.folder / LOCK).open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                say(scan, known)  # another letter is read first: still alive
                time.sleep(1)
        try:
            known = _read(scan, files)
        except MemoryError:
            known = State(done=True, problem="large")
        except _TooLong:
            known = State(done=True, problem="long")
        except Exception as fault:  # noqa: BLE001 whatever a library says of a file that it cannot read
            large = type(fault).__name__ == "DecompressionBombError"
            known = State(done=True, problem="large" if large else "broken")
        before = state(scan)
        say(scan, replace(before, done=True, problem=known.problem))


class _TooLong(Exception):
    pass


def _limit() -> None:
    def over(*_: Any) -> None:
        raise _TooLong

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nothing of a letter in a dump
    os.nice(5)  # whoever stands at a counter comes first
    signal.signal(signal.SIGALRM, over)
    signal.alarm(SECONDS)


def _read(scan: Scan, files: list[tuple[str, bytes]]) -> State:
    total = sum(pages.count(content, kind) for kind, content in files)
    many, total = total > pages.MOST_PAGES, min(total, pages.MOST_PAGES)
    say(scan, State(0, total))
    reader: pages.Reader | None = None
    number = 0
    for kind, content in files:
        for picture in pages.pictures(content, kind, total - number):
            if number >= total:
                break
            number += 1
            reader = reader or pages.Reader()  # only once there is something to read
            page = reader.read(picture)
            scan.put(f"{number}p", page.picture)
            scan.put(f"{number}", json.dumps([[line.text, line.score] for line in page.lines]).encode())
            say(scan, State(number, total))
    return State(number, total, done=True, problem="many" if many else "")


if __name__ == "__main__":
    main()
