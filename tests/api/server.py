"""The real public web server, as `huiyin serve` starts it, in a process group and data folder of its own.

For tests that pull its plug and for the bench. The group is ended by its id, and the port must be free before
and after: a worker that outlives its server would go on answering on the shared port.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests import prepared

HOUSE = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0  # seconds for a start, on a machine that is busy with something else


@dataclass(slots=True)
class Web:
    """A running web server."""

    process: subprocess.Popen[bytes]
    port: int

    def kill(self) -> None:
        """Pull the plug of the whole group: nobody gets to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, word: signal.Signals) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, word)
            try:
                self.process.wait(PATIENCE / 3)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        until = time.monotonic() + PATIENCE
        while not is_free(self.port):
            assert time.monotonic() < until, f"somebody still listens on port {self.port}"
            time.sleep(0.02)


def environment(folder: Path, database: str = "", *, zone: str = "public", keys: str = "") -> dict[str, str]:
    """The environment of a process of that installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    for of_ours in ("DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"):
        kept.pop(of_ours, None)  # compiled at each start it would be slower, and larger, than anybody's
    return kept | {
        "HUIYIN_DATA_DIR": str(folder),
        "HUIYIN_DATABASE_URL": database,
        "HUIYIN_KEYS_URL": keys,
        "HUIYIN_ZONE": zone,
        # One machine plays all the people there are: what is measured and killed here is not the turnstile.
        "HUIYIN_FILINGS_A_MINUTE": "1000000",
        "HUIYIN_BUSY_FROM": "1000000",
        "PYTHONPATH": f"{HOUSE / 'src'}{os.pathsep}{HOUSE}",
    }


@contextmanager
def web(
    folder: Path, database: str = "", *, workers: int = 2, threads: int = 4, keys: str = ""
) -> Iterator[Web]:
    """Run the public web server until the end of the block."""
    server = start(folder, database, workers=workers, threads=threads, keys=keys)
    try:
        yield server
    finally:
        server.stop()


def start(
    folder: Path,
    database: str = "",
    *,
    workers: int = 2,
    threads: int = 4,
    port: int = 0,
    keys: str = "",
) -> Web:
    """Start the public web server and wait until it answers."""
    port = port or free_port()
    assert is_free(port), f"port {port} is taken"
    command = [sys.executable, "-m", "huiyin.doors.cli.web", "127.0.0.1", str(port)]
    command += [str(workers), str(threads)]
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(folder, database, keys=keys), stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    server = Web(process, port)
    until = time.monotonic() + PATIENCE
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > until:
            server.kill()
            raise RuntimeError(f"the web server does not start: {(folder / 'web.log').read_text()[-2000:]}")
        time.sleep(0.05)
    return server


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens there. Without SO_REUSEPORT, which the server's workers share."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


# ---- an installation of its own


def prepare(folder: Path, database: str = "") -> None:
    """Make an installation: tables, keys, and the bodies of the cast."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    prepared.fill(folder)
    ask(folder, database, "prepare")


def ask(folder: Path, database: str, word: str, **more: str) -> Any:
    """Have `tests.api.house` do one thing in a process of that installation; answers what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.api.house", word], cwd=HOUSE, capture_output=True, text=True,
        check=False, env=environment(folder, database, zone="all") | more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout or "null")


@contextmanager
def own_database(url: str, *, tables: bool = False, like: str = "") -> Iterator[str]:
    """A new database on that server; dropped afterwards. '' stays '' (SQLite).

    With tables, or empty, or as the one that `like` names stands now, which nobody may be at.
    """
    if not url:
        yield ""
        return
    import psycopg
    from psycopg import sql

    name = f"huiyin_{secrets.token_hex(4)}"
    quoted = sql.Identifier(name)
    with psycopg.connect(url, autocommit=True) as connection:
        origin = sql.Identifier(like or (prepared.template(url) if tables else "template1"))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(quoted, origin))
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def post(port: int, body: bytes, headers: Mapping[str, str], *, timeout: float = 20) -> tuple[int, bytes]:
    """File one petition over a connection of its own: status and bytes. Raises OSError or HTTPException."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", "/api/v1/petitions", body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
