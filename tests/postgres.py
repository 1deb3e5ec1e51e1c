"""A PostgreSQL of our own: started in a temporary folder, gone afterwards, whatever happened.

    with cluster() as server: ... server.url ...
    python -m tests.postgres run COMMAND ...     runs COMMAND with HUIYIN_DATABASE_URL set
    python -m tests.postgres find                prints where PostgreSQL is, or exits 1

PostgreSQL refuses to run as root, so root steps down to an unprivileged user first.
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

OLDEST = 15
DEBIAN = Path("/usr/lib/postgresql")
NAME = "huiyin"
PATIENCE = 60.0  # seconds for a start or a stop, on a machine that is busy with something else


class NoPostgres(Exception):
    """PostgreSQL is not installed, too old, or would not start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running cluster and how to reach it."""

    url: str = field(repr=False)  # carries a password, if only for an hour
    port: int
    folder: Path  # also holds the unix socket


def find() -> Path:
    """Where initdb and postgres are: on PATH, or else Debian's newest."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(DEBIAN.glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    for folder in folders:
        if (folder / "postgres").exists() and _major(folder) >= OLDEST:
            return folder
    raise NoPostgres(f"no PostgreSQL {OLDEST} or newer found on PATH or under {DEBIAN}")


def _major(folder: Path) -> int:
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


def unprivileged() -> dict[str, Any]:
    """How to start a process that PostgreSQL accepts: nothing to do unless we are root."""
    if os.geteuid() != 0:
        return {}
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def cluster(*, durable: bool = False, **settings: str) -> Iterator[Server]:
    """Start a fresh cluster with an empty database; stop and delete it at the end.

    `durable` keeps fsync on, for those who measure what a commit costs; `settings`: more of PostgreSQL's own.
    """
    programs = find()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-pg-", dir="/tmp"))  # a socket's path must stay short
    process = None
    try:
        password = _initialise(programs, folder)
        process, port = _start(programs, folder, settings, durable=durable)
        url = f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"
        _create_database(url)
        yield Server(url=url, port=port, folder=folder)
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(programs: Path, folder: Path) -> str:
    as_user = unprivileged()
    password = secrets.token_urlsafe(16)
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    if as_user:
        for path in (folder, secret):
            os.chown(path, as_user["user"], as_user["group"])
    command: list[str | Path] = [
        programs / "initdb",
        "--pgdata",
        folder / "data",
        "--username",
        NAME,
        "--pwfile",
        secret,
    ]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **as_user)
    if done.returncode:
        raise NoPostgres(f"initdb failed: {done.stderr.strip()}")
    return password


def _start(
    programs: Path, folder: Path, more: Mapping[str, str], *, durable: bool
) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(5):  # somebody else may take the free port before PostgreSQL does
        port = _free_port()
        process = _spawn(programs, folder, port, more, durable=durable)
        if _is_up(process, folder, port):
            return process, port
        _stop(process)
    raise NoPostgres((folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:])


def _spawn(
    programs: Path, folder: Path, port: int, more: Mapping[str, str], *, durable: bool
) -> subprocess.Popen[bytes]:
    settings: dict[str, object] = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "max_connections": 200,
        "timezone": "UTC",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command: list[str | Path] = [programs / "postgres", "-D", folder / "data"]
    for name, value in (settings | dict(more)).items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            # Its own session, so that Ctrl-C reaches the tests first and the database is stopped in order.
            start_new_session=True, **unprivileged(),
        )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_up(process: subprocess.Popen[bytes], folder: Path, port: int) -> bool:
    """Whether the server says it is ready, before it dies or patience ends."""
    status = folder / "data" / "postmaster.pid"
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        if status.exists():
            lines = status.read_text(encoding="ascii").split("\n")
            # The eighth line is the server's own word on how far it has come, the fourth its port.
            if len(lines) > 7 and lines[3] == str(port) and lines[7].strip() == "ready":
                return True
        time.sleep(0.05)
    return False


def _create_database(url: str) -> None:
    import psycopg

    with psycopg.connect(url.removesuffix(NAME) + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Disconnect everybody and shut down; pull the plug if that takes too long."""
    for word in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(word)
        try:
            process.wait(PATIENCE / 3)
        except subprocess.TimeoutExpired:
            continue


def run(command: Sequence[str]) -> int:
    """Run a command against a fresh cluster and hand back its exit status."""
    with cluster() as server:
        environment = os.environ | {"HUIYIN_DATABASE_URL": server.url}
        return subprocess.run(command, env=environment, check=False).returncode


def main(words: Sequence[str]) -> int:
    """Answer the command line."""
    try:
        match words:
            case ["find"]:
                print(find())
                return 0
            case ["run", *command] if command:
                return run(command)
    except NoPostgres as trouble:
        print(f"postgres: {trouble}", file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)  # unwinds through cluster(), which a plain SIGTERM would not


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    raise SystemExit(main(sys.argv[1:]))
