"""Three PostgreSQL servers under Patroni, etcd, HAProxy and PgBouncer, on this machine's loopback.

Each server with its Patroni and its files stands for a machine; every line between machines can be cut.
Configured by the very files of deploy/failover. Everything is started here and ended by its process id.
"""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import psycopg

from bench.failover.relay import Line, Relays
from tests import postgres
from tests.api.server import HOUSE, free_port

FILES = HOUSE / "deploy" / "failover"
MACHINES = ("db1", "db2", "db3")
PROGRAMS = {"patroni": "patroni", "etcd": "etcd-server", "haproxy": "haproxy", "pgbouncer": "pgbouncer"}
PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
HELPERS = ("etcd", "haproxy", "pgbouncer")
DISK = "400m"  # of each machine, where one may be made: PostgreSQL, and room to fill
PATIENCE = 120.0
PR_SET_CHILD_SUBREAPER = 36


class Missing(Exception):
    """A program that this needs is not installed."""


def missing() -> list[str]:
    """Debian's packages that are not here."""
    lacks = [package for name, package in PROGRAMS.items() if not shutil.which(name, path=PLACES)]
    try:
        postgres.find()
    except postgres.NoPostgres:
        lacks.append("postgresql")
    return lacks


def until(what: str, holds: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """Wait until something holds, and answer it. Raises TimeoutError, which says what was waited for."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.25)
    raise TimeoutError(what)


@dataclass(slots=True)
class Machine:
    """One server with its Patroni, and the lines that lead to it and from it."""

    name: str
    folder: Path
    ports: Mapping[str, int]
    lines: list[Line] = field(default_factory=list)
    patroni: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def cut_off(self) -> None:
        for line in self.lines:
            line.cut()

    def mend(self) -> None:
        for line in self.lines:
            line.mend()

    def asks(self, path: str) -> int:
        """What its Patroni answers, past every cut line; 0 for nothing."""
        asked = http.client.HTTPConnection("127.0.0.1", self.ports["rest"], timeout=3)
        try:
            asked.request("GET", path)
            return asked.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            asked.close()


class Cluster:
    """All of it. Made by `running`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.as_user = postgres.unprivileged()
        self.secrets = {name: secrets.token_urlsafe(16) for name in ("superuser", "replicator", "huiyin")}
        self.ports = {name: free_port() for name in ("etcd", "peer", "haproxy", "pgbouncer")}
        self.relays = Relays()
        self.helpers: dict[str, subprocess.Popen[bytes]] = {}
        self.mounted: list[Path] = []
        self._over = threading.Event()
        self.machines = [self._machine(name) for name in MACHINES]

    # ---- making

    def _machine(self, name: str) -> Machine:
        place = self.folder / name
        place.mkdir()
        self.give(place)
        kinds = ("postgres", "rest", "postgres_line", "rest_line", "etcd_line")
        made = Machine(name, place, {kind: free_port() for kind in kinds})
        for line, target in (
            ("postgres_line", made.ports["postgres"]),
            ("rest_line", made.ports["rest"]),
            ("etcd_line", self.ports["etcd"]),
        ):
            made.lines.append(self.relays.line(made.ports[line], target))
        return made

    def give(self, path: Path) -> None:
        if self.as_user:
            os.chown(path, self.as_user["user"], self.as_user["group"])

    def own_disks(self) -> bool:
        """Give each machine a disk of its own that can be filled. Answers whether this is allowed here."""
        for machine in self.machines:
            command = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs", str(machine.folder)]
            if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
                return False
            self.mounted.append(machine.folder)
            self.give(machine.folder)
        return True

    def _write(self, file: str, into: Path, **words: object) -> Path:
        text = Template((FILES / file).read_text(encoding="utf-8")).substitute(words)
        into.write_text(text, encoding="utf-8")
        into.chmod(0o600)
        self.give(into)
        return into

    def configure(self) -> None:
        here = "127.0.0.1"
        peer = f"{here}:{self.ports['peer']}"
        self._write(
            "etcd.yml", self.folder / "etcd.yml", name="etcd1", folder=self.folder / "etcd",
            listen=f"{here}:{self.ports['etcd']}", peer=peer, members=f"etcd1=http://{peer}",
        )  # fmt: skip
        for machine in self.machines:
            ports = {name: f"{here}:{port}" for name, port in machine.ports.items()}
            self._write(
                "patroni.yml", self.folder / f"{machine.name}.yml", name=machine.name,
                rest_listen=ports["rest"], rest_address=ports["rest_line"], etcd=ports["etcd_line"],
                listen=ports["postgres"], address=ports["postgres_line"], folder=machine.data,
                programs=postgres.find(), pgpass=machine.folder / "pgpass", sockets=machine.folder,
                network=f"{here}/32", wal="64MB", kept="32MB", watchdog="off",
                superuser=self.secrets["superuser"], replicator=self.secrets["replicator"],
            )  # fmt: skip
        servers = "\n".join(
            f"  server {m.name} {here}:{m.ports['postgres_line']} check port {m.ports['rest_line']}"
            for m in self.machines
        )
        self._write(
            "haproxy.cfg",
            self.folder / "haproxy.cfg",
            listen=f"{here}:{self.ports['haproxy']}",
            servers=servers,
        )
        users = self.folder / "users.txt"
        users.write_text(f'"huiyin" "{self.secrets["huiyin"]}"\n', encoding="ascii")
        users.chmod(0o600)
        self.give(users)
        self._write(
            "pgbouncer.ini", self.folder / "pgbouncer.ini", host=here, port=self.ports["haproxy"],
            listen=here, listen_port=self.ports["pgbouncer"], users=users,
        )  # fmt: skip

    # ---- addresses

    def url(self, name: str = "huiyin") -> str:
        """Through PgBouncer, as the web has it."""
        return self._url(f"127.0.0.1:{self.ports['pgbouncer']}", f"{name}?prepare=no")

    def direct(self, name: str = "huiyin") -> str:
        """To the servers themselves, as the clerk has it: whichever takes writes."""
        return self._url(",".join(f"127.0.0.1:{m.ports['postgres_line']}" for m in self.machines), name)

    def _url(self, where: str, rest: str) -> str:
        return f"postgresql://huiyin:{self.secrets['huiyin']}@{where}/{rest}"

    @contextmanager
    def ask(self, machine: Machine, name: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
        """As the superuser, past every cut line."""
        with psycopg.connect(
            host="127.0.0.1", port=machine.ports["postgres"], user="postgres", dbname=name, autocommit=True,
            password=self.secrets["superuser"], connect_timeout=3,
        ) as connection:  # fmt: skip
            yield connection

    # ---- starting

    def start(self) -> None:
        """Start everything and wait until a commit waits for a standby."""
        self.power_on()
        self.wait_until_whole()

    def _help(self, name: str) -> None:
        command = {
            "etcd": ["etcd", "--config-file", "etcd.yml"],
            "haproxy": ["haproxy", "-db", "-f", "haproxy.cfg"],
            "pgbouncer": ["pgbouncer", "-q", "pgbouncer.ini"],
        }[name]
        self.helpers[name] = self._spawn(name, command)

    def switch_on(self, machine: Machine) -> None:
        command = ["patroni", str(self.folder / f"{machine.name}.yml")]
        machine.patroni = self._spawn(machine.name, command)

    def _spawn(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        program = shutil.which(command[0], path=PLACES)
        if program is None:
            raise Missing(PROGRAMS[command[0]])
        env = {"PATH": PLACES, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [program, *command[1:]], cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, **self.as_user,
            )  # fmt: skip

    def create_databases(self) -> None:
        """The role and the two databases of Huiyin, empty."""
        with self.ask(self.primary()) as connection:
            password = psycopg.sql.Literal(self.secrets["huiyin"])
            connection.execute(psycopg.sql.SQL("CREATE ROLE huiyin LOGIN PASSWORD {}").format(password))
            for name in ("huiyin", "huiyin_keys"):
                connection.execute(f"CREATE DATABASE {name} OWNER huiyin")

    # ---- looking

    def primary(self) -> Machine:
        """The machine that leads, as Patroni sees it; waits until there is one."""
        leading: Machine = until(
            "a primary", lambda: next((m for m in self.machines if m.asks("/primary") == 200), None)
        )
        return leading

    def is_whole(self) -> bool:
        """Whether one leads, the others follow, and Patroni has chosen which of them is waited for."""
        leading = [m for m in self.machines if m.asks("/primary") == 200]
        if len(leading) != 1 or not any(m.asks("/synchronous") == 200 for m in self.machines):
            return False
        try:
            with self.ask(leading[0]) as connection:
                states = connection.execute("SELECT state, sync_state FROM pg_stat_replication").fetchall()
        except psycopg.Error:
            return False
        following = [sync for state, sync in states if state == "streaming"]
        return len(following) == len(self.machines) - 1 and "sync" in following

    def wait_until_whole(self, patience: float = PATIENCE) -> None:
        until("a primary with two standbys", self.is_whole, patience)

    # ---- harm

    def kill_server(self, machine: Machine) -> None:
        """SIGKILL for PostgreSQL alone: every process of it, at one moment."""
        _kill_all(_server_of(machine))

    def switch_off(self, machine: Machine) -> None:
        """SIGKILL for all that runs on a machine."""
        patroni = machine.patroni
        assert patroni is not None
        _kill_all([patroni.pid, *_server_of(machine)])
        patroni.wait()

    def power_cut(self) -> None:
        """SIGKILL for everything, everywhere."""
        pids = [helper.pid for helper in self.helpers.values()]
        pids += [m.patroni.pid for m in self.machines if m.patroni]
        _kill_all([*pids, *(pid for m in self.machines for pid in _server_of(m))])
        for process in (*self.helpers.values(), *(m.patroni for m in self.machines)):
            if process is not None:
                process.wait()

    def power_on(self) -> None:
        for name in HELPERS:
            self._help(name)
        for machine in self.machines:
            self.switch_on(machine)

    def fill_disk(self, machine: Machine) -> None:
        """Write until nothing fits any more."""
        with machine.ballast.open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(bytes(1 << 12))

    def hand_over(self, machine: Machine) -> None:
        """What `patronictl switchover` asks of Patroni: that the standby which has everything leads."""
        heir = next(other for other in self.machines if other.asks("/synchronous") == 200)
        body = json.dumps({"leader": machine.name, "candidate": heir.name})
        asked = http.client.HTTPConnection("127.0.0.1", machine.ports["rest"], timeout=PATIENCE)
        try:
            asked.request("POST", "/switchover", body, {"Content-Type": "application/json"})
            asked.getresponse().read()
        finally:
            asked.close()

    # ---- the end

    def reap(self) -> None:
        """Servers that Patroni started and that ended are ours to bury: else they count as running."""
        if _become_their_parent():
            threading.Thread(target=self._bury, daemon=True, name="reaper").start()

    def _bury(self) -> None:
        while not self._over.wait(0.5):
            for pid in _children(os.getpid(), dead=True):
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)

    def end(self) -> None:
        for process in (*(m.patroni for m in self.machines), *self.helpers.values()):
            if process is not None and process.poll() is None:
                process.terminate()
        for process in (*(m.patroni for m in self.machines), *self.helpers.values()):
            if process is not None:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        for machine in self.machines:
            _kill_all(_server_of(machine))
        time.sleep(0.3)
        self._over.set()
        self.relays.stop()
        for place in self.mounted:
            subprocess.run(["umount", "--lazy", str(place)], capture_output=True, check=False)


def _become_their_parent() -> bool:
    try:
        return bool(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False


def _server_of(machine: Machine) -> list[int]:
    """PostgreSQL on a machine: the postmaster and its children, as far as they live."""
    try:
        postmaster = int((machine.data / "postmaster.pid").read_text(encoding="ascii").split("\n")[0])
    except (OSError, ValueError):
        return []
    found = _status(postmaster)
    if found is None or found[0] != "postgres":
        return []
    return [postmaster, *_children(postmaster)]


def _children(parent: int, *, dead: bool = False) -> list[int]:
    pids = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [
        pid
        for pid in pids
        if (of := _status(pid)) and of[0] == "postgres" and of[2] == parent and (not dead or of[1] == "Z")
    ]


def _status(pid: int) -> tuple[str, str, int] | None:
    """Name, state and parent of a process; None for one that is gone."""
    try:
        before, _, after = Path("/proc", str(pid), "stat").read_text().rpartition(")")
    except OSError:
        return None
    state, parent = after.split()[:2]
    return before.partition("(")[2], state, int(parent)


def _kill_all(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster with the two empty databases of Huiyin; gone at the end of the block. Raises Missing."""
    if lacks := missing():
        raise Missing(", ".join(lacks))
    folder = Path(tempfile.mkdtemp(prefix="huiyin-failover-", dir="/tmp"))  # a socket's path must stay short
    folder.chmod(0o755)
    made = None
    try:
        made = Cluster(folder)
        made.give(folder)
        made.own_disks()
        made.configure()
        made.reap()
        made.start()
        made.create_databases()
        yield made
    finally:
        if made is not None:
            made.end()
        shutil.rmtree(folder, ignore_errors=True)
