"""A backup of many petitions while people file, put back elsewhere: `python -m bench backup`, on PostgreSQL.

An installation of `bench.grown` is served, a few people file one petition after the other, and `huiyin
backup` copies it, closed to a key. The copy goes into another database by `huiyin restore`; then each
petition that was acknowledged before the moment that the backup states is looked for there. How much slower
people file meanwhile is a ratio to the same people a moment before.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench import growth, process
from bench.load import BODIES
from tests.api import server

STORED = 1_000_000
PEOPLE = 4
QUIET = 20.0  # seconds of filing before the backup, for the ratio
HEAD = ("what", "")


@dataclass(slots=True)
class People:
    """Who files all the time, and what they were given a receipt for, with the moment it came."""

    port: int
    receipts: list[tuple[datetime, str]] = field(default_factory=list)
    failed: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        self.threads = [threading.Thread(target=self._file, args=(number,)) for number in range(PEOPLE)]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def between(self, start: datetime, end: datetime) -> float:
        """Receipts a second."""
        given = sum(start <= moment < end for moment, _ in self.receipts)
        return given / (end - start).total_seconds()

    def _file(self, number: int) -> None:
        while not self.stop.is_set():
            number += PEOPLE
            sent = Request(
                f"http://127.0.0.1:{self.port}/api/v1/petitions",
                BODIES[number % len(BODIES)] % number,
                {"Content-Type": "application/json"},
            )
            try:
                with urlopen(sent, timeout=60) as answer:
                    self.receipts.append((datetime.now(UTC), json.load(answer)["ref"]))
            except URLError:
                self.failed += 1


def measure(stored: int) -> dict[str, Any]:
    """Seconds that backup and restore took, how many were acknowledged in time, how many of them are gone."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-copies-")))
        first, second = folder / "first", folder / "second"
        first.mkdir()
        filled = stack.enter_context(growth.installations(first, (stored,)))
        url, _ = filled[stored]
        public = _huiyin(first, url, "backup-identity", str(folder / "key.txt")).strip()
        web = stack.enter_context(server.web(first, url, workers=2, threads=4))
        people = People(web.port)
        people.begin()
        stack.callback(people.end)
        time.sleep(QUIET)
        place, keys = folder / "copy", folder / "keys"
        began = datetime.now(UTC)
        _huiyin(first, url, "backup", str(place), "--keys", str(keys), "--recipient", public)
        ended = datetime.now(UTC)
        people.end()
        stated = datetime.strptime(
            json.loads((place / "manifest.json").read_text())["made_at"], "%Y%m%dT%H%M%SZ"
        ).replace(tzinfo=UTC)
        elsewhere = growth.database(url, "restored")
        second.mkdir()
        started = time.perf_counter()
        _huiyin(
            second,
            elsewhere,
            "restore",
            str(place),
            "--keys",
            str(keys),
            "--identity",
            str(folder / "key.txt"),
        )
        restored = time.perf_counter() - started
        before = [ref for moment, ref in people.receipts if moment < stated]
        here = server.environment(second, elsewhere, zone="all")
        found = process.run("bench.copies", input_=json.dumps(before), env=here)
        return {
            "petitions": found["petitions"],
            "copy, GB": sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e9,
            "backup, s": (ended - began).total_seconds(),
            "restore, s": restored,
            "filed meanwhile": sum(began <= moment < ended for moment, _ in people.receipts),
            "failed": people.failed,
            "acknowledged before its moment": len(before),
            "of these not in the copy": found["missing"],
            "filing meanwhile, times filing before": people.between(began, ended)
            / people.between(people.receipts[0][0], began),
        }


def _huiyin(folder: Path, url: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "huiyin.doors.cli", *words], cwd=server.HOUSE, capture_output=True, text=True,
        env=server.environment(folder, url, zone="all"), check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"huiyin {words[0]}: {done.stderr[-2000:]}")
    return done.stdout


def rows(made: dict[str, Any]) -> list[list[str]]:
    """A line for each figure."""
    return [
        [name, f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"] for name, value in made.items()
    ]


def _look(refs: list[str]) -> dict[str, int]:
    """Inside the restored installation: how many petitions there are, and how many of these are not there."""
    from huiyin.registry.models import Entry, Petition

    there = set(Petition.objects.filter(ref__in=refs).values_list("ref", flat=True))
    told = set(Entry.objects.filter(petition__ref__in=refs).values_list("petition__ref", flat=True))
    return {"petitions": Petition.objects.count(), "missing": len(set(refs) - (there & told))}


if __name__ == "__main__":
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    json.dump(_look(json.load(sys.stdin)), sys.stdout)
