"""What an installation takes at rest and at work, and how soon it stands: `python -m bench footprint`.

Memory is the proportional share (PSS) that Linux reckons for each process of `huiyin serve` with the
demonstration in it: what goes away when the process ends. At rest is one minute after the start, nobody at
any door; at work is after every kind of page was opened, letters were printed as PDF and petitions were
filed by eight at once.

How soon: the time from the command to the first page. The floor is an empty project, as `django-admin
startproject` makes it, started by Django's own `runserver`, turn and turn about with ours on a folder that is
set up. Ours stands when the public page and the desk's sign-in are both there.
"""

from __future__ import annotations

import compileall
import csv
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener, urlopen

from bench import report
from tests import prepared
from tests.api import server
from tools.looks import PASSWORD

WORKER_LIMIT, WHOLE_LIMIT, START_LIMIT = 120.0, 350.0, 4.0  # MB, MB, times the floor
REST = 60.0  # seconds
OFFICERS = ("registrar", "handler", "head", "supervisor", "auditor", "administrator")
A_KIND = 3  # pages that are opened of each kind of address
FILED = 200
PATIENCE = 180.0  # seconds for a start with the demonstration, on a machine that is busy with something else
HEAD = ("process", "at rest, MB", "at work, MB")


@dataclass(slots=True)
class Visitor:
    """A browser without a window: cookies, links, forms."""

    url: str
    seen: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    browser: OpenerDirector = field(
        default_factory=lambda: build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))
    )

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Where one ended up, and the page; nothing where it is no page of text."""
        data = urlencode(form).encode() if form is not None else None
        asked = Request(urljoin(self.url, path), data, headers={"Referer": urljoin(self.url, path)})
        try:
            with self.browser.open(asked, timeout=60) as answer:
                content = answer.read()
                is_page = "html" in answer.headers.get("Content-Type", "")
                return answer.geturl(), content.decode() if is_page else ""
        except HTTPError as refused:
            if refused.code >= 500:
                self.failed.append(path)
            return path, ""

    def send(self, path: str, **said: str) -> tuple[str, str]:
        """Fill in a form of that page and send it."""
        _, page = self.open(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        return self.open(path, said | ({"csrfmiddlewaretoken": token[1]} if token else {}))

    def walk(self, start: str, within: str, *, most: int = 150) -> int:
        """Open a few of every kind of address that links lead to; answers how many."""
        waiting, kinds, opened = [start], dict[str, int](), 0
        while waiting and opened < most:
            path = waiting.pop(0)
            kind = re.sub(r"[\w-]*\d[\w-]*", "#", path.split("?")[0])
            if kinds.get(kind, 0) >= A_KIND:
                continue
            kinds[kind] = kinds.get(kind, 0) + 1
            where, page = self.open(path)
            opened += 1
            for link in re.findall(r'href="([^"#]+)"', page):
                there = urlsplit(urljoin(where, link.replace("&amp;", "&")))
                found = there.path + (f"?{there.query}" if there.query else "")
                if there.path.startswith(within) and found not in self.seen and "sign-out" not in found:
                    self.seen.add(found)
                    waiting.append(found)
        return opened


# ---- memory


def memory(top: int) -> dict[str, float]:
    """The proportional share of a process and of all below it, in MB, by what they are for."""
    shares: dict[str, float] = {}
    for process, name in _family(top, "supervisor"):
        with suppress(OSError):
            told = Path(f"/proc/{process}/smaps_rollup").read_text()
            share = int(re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)[1]) / 1024  # type: ignore[index]
            shares[name] = shares.get(name, 0.0) + share
    return shares


def _family(process: int, name: str) -> Iterator[tuple[int, str]]:
    yield process, name
    workers = 0
    for child in map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()):
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        if "huiyin.doors.cli.web" in words:
            told = Path(f"/proc/{child}/environ").read_bytes().decode()
            zone = re.search(r"HUIYIN_ZONE=(\w+)", told)
            called = f"web, {zone[1] if zone else ''}"
            workers += name.startswith("web")
            yield from _family(child, f"{called}, worker {workers}" if name.startswith("web") else called)
        else:
            yield from _family(child, next((w for w in ("clerk", "courier") if w in words), name))


@contextmanager
def _serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = server.free_port()
    command = [str(Path(sys.executable).parent / "huiyin"), "serve", "--port", str(port), *options]
    started = subprocess.Popen(
        command,
        env=server.environment(folder, zone="all") | {"HUIYIN_SECOND_FACTOR": "keepers"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield started, f"http://127.0.0.1:{port}"
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(60)


def _stands(started: subprocess.Popen[bytes], url: str, *paths: str) -> None:
    until = time.monotonic() + PATIENCE
    for path in paths:
        while not _answers(url + path):
            if started.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{started.args!r} does not answer")
            time.sleep(0.01)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


def _work(url: str, folder: Path) -> dict[str, int]:
    """Open every kind of page there is, print, and file."""
    done = {"public": Visitor(url).walk("/", "/"), "author": 0, "desk": 0, "filed": 0}
    with (folder / "demonstration.csv").open(encoding="utf-8-sig") as file:
        for each in list(csv.DictReader(file))[:20]:
            author = Visitor(url)
            author.send("/follow/", follow_ref=each["ref"], follow_key=each["key"])
            done["author"] += author.walk("/follow/petition/", "/follow/", most=25)
    for login in OFFICERS:
        officer = Visitor(url)
        officer.send("/desk/sign-in/", login=login, password=PASSWORD)
        done["desk"] += officer.walk("/desk/", "/desk/", most=80)
    with ThreadPoolExecutor(8) as people:
        done["filed"] = sum(people.map(lambda number: _file(url, number), range(FILED)))
    return done


def _file(url: str, number: int) -> bool:
    told = {
        "kind": "claim",
        "subject": f"第{number}盏路灯不亮",
        "text": "村口的路灯三个月没有亮，晚上老人出门看不见路，请尽快派人修理。" * 6,
        "author": {"name": "王小明", "phone": f"1380000{number:04d}"},
    }
    asked = Request(
        f"{url}/api/v1/petitions", json.dumps(told).encode(), headers={"Content-Type": "application/json"}
    )
    try:
        with urlopen(asked, timeout=60) as answer:
            return bool(answer.status == 201)
    except HTTPError:
        return False


def weigh() -> dict[str, Any]:
    """Memory of each process at rest and at work, in MB, and what the work was."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with _serving(folder, "--demo") as (started, url):
            _stands(started, url, "/", "/desk/sign-in/")
        # Started again, as every day but the first: the demonstration is there.
        with _serving(folder, "--demo") as (started, url):
            _stands(started, url, "/", "/desk/sign-in/")
            time.sleep(REST)
            rest = memory(started.pid)
            work = _work(url, folder)
            return {"at rest": rest, "work": work, "at work": memory(started.pid)}


# ---- how soon


def start(rounds: int) -> dict[str, list[float]]:
    """Seconds from the command to the first page, ours and the floor's, turn and turn about."""
    made: dict[str, list[float]] = {"floor": [], "ours": []}
    with tempfile.TemporaryDirectory() as place:
        empty, ours = Path(place, "empty"), Path(place, "ours")
        _empty_project(empty)
        prepared.install(ours)
        with _serving(ours) as (started, url):  # what only the very first start does
            _stands(started, url, "/", "/desk/sign-in/")
        for _ in range(rounds):
            made["floor"].append(_first_page_of(empty))
            began = time.perf_counter()
            with _serving(ours) as (started, url):
                _stands(started, url, "/", "/desk/sign-in/")
                made["ours"].append(time.perf_counter() - began)
    return made


def _empty_project(folder: Path) -> None:
    folder.mkdir()
    for words in (["-m", "django", "startproject", "empty", "."], ["manage.py", "migrate"]):
        subprocess.run(
            [sys.executable, *words], cwd=folder, env=_bare(), check=True, stdout=subprocess.DEVNULL
        )


def _first_page_of(folder: Path) -> float:
    port = server.free_port()
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    began = time.perf_counter()
    started = subprocess.Popen(
        command, cwd=folder, env=_bare(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _stands(started, f"http://127.0.0.1:{port}", "/")
        return time.perf_counter() - began
    finally:
        started.kill()
        started.wait()


def _bare() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


# ---- all of it


def measure(*, rounds: int) -> dict[str, Any]:
    """Both, in one run, of programs compiled once, as a package's are and ours after a first start."""
    for folder in (sysconfig.get_path("purelib"), server.HOUSE / "src"):
        compileall.compile_dir(folder, quiet=2, workers=0)
    return weigh() | {"start": start(rounds)}


def rows(made: dict[str, Any]) -> Sequence[Sequence[str]]:
    """A line for each process and one for the sum."""
    rest, work = made["at rest"], made["at work"]
    lines = [(name, f"{rest.get(name, 0):.0f}", f"{work.get(name, 0):.0f}") for name in rest]
    return [*lines, ("all", f"{sum(rest.values()):.0f}", f"{sum(work.values()):.0f}")]


def said(made: dict[str, Any]) -> str:
    """Each limit, and whether it holds."""
    worker = max(value for name, value in made["at work"].items() if "worker" in name)
    whole = sum(made["at rest"].values())
    ours, floor = (report.median(made["start"][name]) for name in ("ours", "floor"))
    return (
        f"opened and filed: {made['work']}\n"
        f"largest web worker {worker:.0f} MB (at most {WORKER_LIMIT:.0f}), "
        f"all at rest {whole:.0f} MB (at most {WHOLE_LIMIT:.0f})\n"
        f"first page after {ours:.2f} s, an empty project's after {floor:.2f} s: "
        f"{ours / floor:.1f} times (at most {START_LIMIT:.0f})"
    )
