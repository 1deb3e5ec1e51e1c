"""A peer in the same run: `python -m bench peer` sets up django-helpdesk, an open-source ticket tracker in
Django from the package index, beside Huiyin: the same PostgreSQL, the same web server, the same number of
workers, threads and stored cases, asked turn and turn about by the same client.

The two do not do the same work. Huiyin seals a name, starts clocks, writes a ledger, indexes and signs a
receipt where the peer stores a row and sets up a mail (which goes nowhere here). Its form is sent where it
asks for no token; Huiyin is filed to through its JSON door. A list is what an officer's browser asks for: of
the peer the rows alone, of Huiyin the whole page.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench import growth, process, report
from bench.peer.asking import Ask
from tests.api import server

PEER = "django-helpdesk[teams]==2.6.1"
BESIDE = ("granian", "psycopg[binary]")  # as many versions of them as we have ourselves
STORED = 20_000
WORKERS, THREADS = 2, 4
PEOPLE = {"file": 16, "list of 50": 4, "detail": 16, "keyword search": 4}
HEAD = ("work", "people", "ours/s", "peer's/s", "ratio", "ours p99 ms", "peer's p99 ms", "failed")
HERE = Path(__file__).resolve().parent


def measure(*, rounds: int, seconds: float, stored: int = STORED) -> list[dict[str, Any]]:
    """Each kind of work on both, turn and turn about; how many a second, and how long each took in ms."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-peer-")))
        ours = folder / "ours"
        ours.mkdir()
        filled = stack.enter_context(growth.installations(ours, (stored,)))
        url, _ = filled[stored]
        told = process.run("bench.peer.ours", env=server.environment(ours, url, zone="desk"))
        web = [sys.executable, "-m", "huiyin.doors.cli.web", "127.0.0.1", "{port}"]
        web += [str(WORKERS), str(THREADS)]
        public = stack.enter_context(_serving(web, server.environment(ours, url), "/healthz"))
        desk_here = server.environment(ours, url, zone="desk")
        desk = stack.enter_context(_serving(web, desk_here, "/desk/healthz"))
        theirs = stack.enter_context(_peer(folder / "peer", url, stored))
        both = {
            "ours": {name: _at(desk if name != "file" else public, ask) for name, ask in told.items()},
            "peer": theirs,
        }
        return [_one(name, both, rounds=rounds, seconds=seconds) for name in PEOPLE]


def _at(port: int, told: dict[str, Any]) -> Ask:
    return Ask(port, **told)


def _one(name: str, both: dict[str, dict[str, Ask]], *, rounds: int, seconds: float) -> dict[str, Any]:
    made: dict[str, Any] = {"what": name, "people": PEOPLE[name], "failed": 0}
    took: dict[str, list[float]] = {"ours": [], "peer": []}
    rates: dict[str, list[float]] = {"ours": [], "peer": []}
    for asks in both.values():
        _ask(asks[name], PEOPLE[name], 1.0)  # warm
    for number in range(rounds):
        for who in ("ours", "peer") if number % 2 else ("peer", "ours"):
            said = _ask(both[who][name], PEOPLE[name], seconds)
            took[who] += said["took"]
            rates[who].append(len(said["took"]) / said["seconds"])
            made["failed"] += said["failed"]
    ratios = [mine / other for mine, other in zip(rates["ours"], rates["peer"], strict=True)]
    for who, each in took.items():
        made[who] = {
            "per_second": report.median(rates[who]),
            "p50": report.percentile(each, 0.5),
            "p99": report.percentile(each, 0.99),
        }
    return made | {"ratio": report.median(ratios), "ratios": ratios}


def _ask(ask: Ask, people: int, seconds: float) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.peer.asking", str(people), str(seconds)],
        input=ask.to_json(), cwd=server.HOUSE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


# ---- both behind the same server


@contextmanager
def _serving(command: Sequence[str], environment: dict[str, str], page: str) -> Iterator[int]:
    port = server.free_port()
    started = subprocess.Popen(
        [word.format(port=port) for word in command],
        cwd=server.HOUSE, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    web = server.Web(started, port)
    try:
        until = time.monotonic() + server.PATIENCE
        while not _answers(port, page):
            if started.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[2]} does not answer")
            time.sleep(0.1)
        yield port
    finally:
        web.stop()


def _answers(port: int, page: str) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def _peer(folder: Path, beside: str, stored: int) -> Iterator[dict[str, Ask]]:
    """The peer in an environment of its own, filled and served."""
    python = _installed(folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "helpdesk_settings",
        "PYTHONPATH": str(HERE / "theirs"),
        "PEER_DATABASE": growth.database(beside, "peer"),
        "PEER_FOLDER": str(folder),
    }
    done = subprocess.run(
        [python, "-m", "fill", str(stored)], env=environment, cwd=folder, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the peer could not be filled: {done.stderr[-3000:]}")
    command = [str(python), "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}"]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "helpdesk_wsgi:application"]
    with _serving(command, environment, "/tickets/submit_iframe/") as port:
        yield {name: Ask(port, **told) for name, told in json.loads(done.stdout).items()}


def _installed(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    import granian
    import psycopg

    ours = {"granian": granian.__version__, "psycopg[binary]": psycopg.__version__}
    pinned = [f"{name}=={ours[name]}" for name in BESIDE]
    subprocess.run([python, "-m", "pip", "install", "--quiet", PEER, *pinned], check=True)
    return python


def row(made: dict[str, Any]) -> list[str]:
    """One line of the table."""
    ours, peer = made["ours"], made["peer"]
    return [
        made["what"],
        str(made["people"]),
        f"{ours['per_second']:.1f}",
        f"{peer['per_second']:.1f}",
        f"{made['ratio']:.2f}",
        f"{ours['p99']:.0f}",
        f"{peer['p99']:.0f}",
        str(made["failed"]),
    ]
