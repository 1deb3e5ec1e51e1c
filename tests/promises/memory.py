"""File a hundred petitions with the real public process, and look for what it should have forgotten.

    python -m tests.promises.memory     prints what was found where, and how many names linger in memory

Everything is looked at: database, key store and their logs, every file that appeared, environment and command
line of each process, and the memory image of each process of the public web.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.api import server

PETITIONS = 100
PRIVATE = ("identity", "courier", "relief")
MAPPED = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r")
LARGEST = 1 << 30

READ_BACK = """
import django, json, sys
django.setup()
from huiyin.registry.models import Petition
from huiyin.vault.unseal import open_identity, open_words
one = Petition.objects.get(ref=sys.argv[1])
told = {"name": open_identity(one.pk).name, "text": one.text or open_words(one.pk)["text"]}
json.dump(told, sys.stdout)
"""


@dataclass(slots=True)
class Found:
    """What was found where. Empty sets are what the charter wants; `lingering` is measured."""

    on_disk: set[str] = field(default_factory=set)
    in_processes: set[str] = field(default_factory=set)
    keys_in_memory: set[str] = field(default_factory=set)
    lingering: int = 0
    looked_at: int = 0  # bytes of memory: 0 would mean that nothing was looked at
    sure: bool = False  # a word that must be in that memory was found there
    told: list[dict[str, str]] = field(default_factory=list)


def name_of(n: int) -> str:
    return f"金丝雀{n:03}号"


def text_of(n: int) -> str:
    return f"鸟笼巷{n:03}号的灯坏了" if n % 2 else f"鸟笼局长{n:03}收了钱"


def petition(n: int) -> bytes:
    """Every other one is a report, whose words lie under seal as well."""
    author = {"name": name_of(n), "phone": f"1390000{n:04}", "email": f"canary{n:03}@example.test"}
    kind = "claim" if n % 2 else "report"
    return json.dumps({"kind": kind, "subject": f"第{n}件", "text": text_of(n), "author": author}).encode()


def hunt(folder: Path, database: str = "") -> Found:
    """File them, look everywhere, and read one of each class back in a process of the desk."""
    found, temporary = Found(), folder / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    temporary.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = str(temporary)  # whatever the server puts aside lies where it is looked for
    try:
        server.prepare(folder, database)
        with server.web(folder, database, workers=1) as web:
            filed = [json.loads(_sent(web.port, n)) for n in range(PETITIONS)]
            group = list(_group(web.process.pid))
            _look_at_files(folder, found)
            for pid in group:
                _look_at(pid, folder, found)
    finally:
        del os.environ["TMPDIR"]
    found.told = [_read_back(folder, database, filed[n]["ref"]) for n in (40, 41)]
    return found


def _sent(port: int, n: int) -> bytes:
    status, said = server.post(port, petition(n), {})
    assert status == 201, said
    return said


def _group(leader: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == leader:
                    yield int(entry.name)
            except ProcessLookupError:
                continue


# A name as UTF-8, as Python keeps it in memory, and escaped in JSON; each with its number.
STEMS = tuple(
    (re.compile(re.escape(stem.encode(code)) + number), code)
    for stem in ("金丝雀", "鸟笼局长")
    for code, number in (
        ("utf-8", rb"(\d{3})"),
        ("utf-16-le", rb"((?:\d\x00){3})"),
        ("unicode-escape", rb"(\d{3})"),
    )
)


def _planted(content: bytes, *, names_only: bool = False) -> set[str]:
    """The numbers of the planted names (and words of reports) that these bytes hold."""
    stems = STEMS[:3] if names_only else STEMS
    return {found[1].replace(b"\0", b"").decode() for stem, _ in stems for found in stem.finditer(content)}


def _look_at_files(folder: Path, found: Found) -> None:
    for path in (p for p in folder.rglob("*") if p.is_file()):
        found.on_disk |= {f"{path.name}: {number}" for number in _planted(path.read_bytes())}


def _look_at(pid: int, folder: Path, found: Found) -> None:
    process = Path("/proc") / str(pid)
    for name in ("environ", "cmdline"):
        found.in_processes |= {f"{name}: {n}" for n in _planted((process / name).read_bytes())}
    private = {name: (folder / "keys" / f"{name}.key").read_bytes() for name in PRIVATE}
    lingering: set[str] = set()
    for block in _memory(process):
        found.looked_at += len(block)
        found.sure |= b"huiyin.registry.file" in block
        found.keys_in_memory |= {name for name, key in private.items() if key in block}
        lingering |= _planted(block, names_only=True)
    found.lingering = max(found.lingering, len(lingering))


def _memory(process: Path) -> Iterator[bytes]:
    with (process / "mem").open("rb", 0) as memory:
        for line in (process / "maps").read_text().splitlines():
            span = MAPPED.match(line)
            if span is None or "[vvar" in line or "[vsyscall" in line:
                continue
            start, end = int(span[1], 16), int(span[2], 16)
            try:
                memory.seek(start)
                yield memory.read(min(end - start, LARGEST))
            except (OSError, ValueError, OverflowError):
                continue  # reserved, not there


def _read_back(folder: Path, database: str, ref: str) -> dict[str, str]:
    here = server.environment(folder, database, zone="desk")
    here["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    command = [sys.executable, "-c", READ_BACK, ref]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=here)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, str] = json.loads(done.stdout)
    return told


def main() -> int:
    """Print what was found."""
    with tempfile.TemporaryDirectory(prefix="huiyin-memory-") as kept:
        found = hunt(Path(kept) / "house", os.environ.get("HUIYIN_DATABASE_URL", ""))
    megabytes = found.looked_at // 1024 // 1024
    lines = (
        f"names on disk: {sorted(found.on_disk) or 'none'}",
        f"names in environment or command line: {sorted(found.in_processes) or 'none'}",
        f"private keys in {megabytes} MB of memory: {sorted(found.keys_in_memory) or 'none'}",
        f"names that linger in the memory of one process: {found.lingering} of {PETITIONS}",
        f"read back: {found.told}",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if not (found.on_disk or found.in_processes or found.keys_in_memory) else 1


if __name__ == "__main__":
    raise SystemExit(main())
