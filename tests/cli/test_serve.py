"""`huiyin serve` brings up both zones behind one address, keeps them up, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import prepared

HUIYIN = [sys.executable, "-m", "huiyin.doors.cli"]
SECONDS = 90.0


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUIYIN_", "DJANGO_", "LC_", "LANG"))}
    return {**kept, "LANG": "C.UTF-8", "HUIYIN_DATA_DIR": str(folder), **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until(true: Callable[[], bool], seconds: float = SECONDS) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def children(pid: int) -> dict[int, str]:
    """Every process below this one, with its command line."""
    below: dict[int, list[int]] = {}
    lines: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError, IndexError):
                parent = int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1])
                below.setdefault(parent, []).append(int(entry.name))
                lines[int(entry.name)] = entry.joinpath("cmdline").read_text().replace("\0", " ")
    found, waiting = {}, [pid]
    while waiting:
        for child in below.get(waiting.pop(), []):
            found[child] = lines[child]
            waiting.append(child)
    return found


@dataclass
class Site:
    process: subprocess.Popen[bytes]
    port: int
    printed: Path
    metrics: int

    def numbers(self) -> str:
        with closing(http.client.HTTPConnection("127.0.0.1", self.metrics, timeout=20)) as asked:
            asked.request("GET", "/metrics")
            return asked.getresponse().read().decode()

    def get(self, path: str, host: str = "127.0.0.1") -> tuple[int, http.client.HTTPMessage, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as asked:
            asked.request("GET", path, headers={"Host": f"{host}:{self.port}", "Accept-Language": "en"})
            answer = asked.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def answers(self, path: str) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self.get(path)[0] == 200
        return False

    def end(self, number: signal.Signals = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        self.process.wait(timeout=40)
        return self.printed.read_text(encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site of its own, with demonstration data, that says that it answers."""
    port, metrics, printed = free_port(), free_port(), tmp_path / "printed"
    prepared.install(tmp_path / "data")
    with printed.open("wb") as output:
        process = subprocess.Popen(
            [*HUIYIN, "serve", "--demo", "--port", str(port)],
            env=environment(tmp_path / "data", HUIYIN_METRICS=f"127.0.0.1:{metrics}"),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    made = Site(process, port, printed, metrics)
    try:
        assert until(lambda: made.answers("/healthz") and made.answers("/desk/healthz")), printed.read_text()
        yield made
    finally:
        for child in (process.pid, *children(process.pid)):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        process.wait()


def test_numbers_of_every_process_stand_at_one_address_and_tell_of_nobody(site: Site):
    assert site.get("/about/")[0] == 200
    assert site.get("/p/HY-7K3M9-Q2X4T/")[0] == 404
    assert site.get("/desk/sign-in/")[0] == 200
    wanted = {
        'zone="public"',
        'zone="desk"',
        'page="public:about"',
        'page="none"',
        'status="4xx"',
        'process="clerk"',
        'process="courier"',
        'what="seconds-since-head"',
    }
    assert until(lambda: all(each in site.numbers() for each in wanted)), site.numbers()
    told = site.numbers()
    assert "HY-" not in told
    assert "127.0.0.1" not in told
    # Whoever answered ends; another of the house takes its place, and nothing that was counted is lost.
    os.kill(listener(site.metrics, children(site.process.pid)), signal.SIGKILL)
    assert until(lambda: site.answers("/healthz"))

    def again() -> bool:
        with suppress(OSError, http.client.HTTPException):
            return 'page="none"' in site.numbers()
        return False

    assert until(again)


def listener(port: int, pids: Iterable[int]) -> int:
    """Which of these processes listens there."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{port:04X}") and fields[3] == "0A":
            for pid in pids:
                with suppress(OSError):
                    if any(
                        f"socket:[{fields[9]}]" == str(fd.readlink())
                        for fd in Path(f"/proc/{pid}/fd").iterdir()
                    ):
                        return pid
    raise AssertionError(f"nobody of the house listens at {port}")


def named(site: Site, words: str) -> set[int]:
    return {pid for pid, line in children(site.process.pid).items() if words in line}


def test_one_address_leads_to_both_zones_and_all_end_together(site: Site, tmp_path: Path):
    assert site.get("/")[0] == 200
    status, headers, _ = site.get("/desk")
    assert (status, headers["Location"]) == (302, "/desk/")
    status, _, page = site.get("/desk/sign-in/")
    assert status == 200
    assert "yunxi-demo-2026" in page
    assert site.get("/desk/", host="elsewhere.example")[0] == 400  # the name asked for reaches the desk
    for path in ("/livez", "/desk/livez", "/healthz", "/desk/healthz"):  # a supervisor asks by number
        assert site.get(path, host="10.1.2.3")[0] == 200
    assert until(lambda: named(site, "cli clerk") != set() and named(site, "cli courier") != set())
    below = children(site.process.pid)
    printed = site.end(signal.SIGINT)
    assert site.process.returncode == 0, printed
    assert f"Huiyin answers at http://127.0.0.1:{site.port}/" in printed
    assert "Password: yunxi-demo-2026" in printed
    assert (tmp_path / "data" / "demonstration.csv").read_text(encoding="utf-8-sig").count("\n") > 24
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_crashes_comes_back_and_nothing_outlives_a_killed_supervisor(site: Site):
    web = min(named(site, f"cli.web 127.0.0.1 {site.port} "))
    os.killpg(web, signal.SIGKILL)
    assert until(lambda: not site.answers("/healthz"), 20)
    assert until(lambda: site.answers("/healthz"))
    assert until(lambda: site.answers("/desk/healthz"))
    # Clerk and courier stand in no door: they come when the pages answer.
    assert until(lambda: len(children(site.process.pid)) >= 6)
    below = children(site.process.pid)
    os.kill(site.process.pid, signal.SIGKILL)
    site.process.wait()

    def alive() -> list[int]:
        return [pid for pid in below if re.search(r"State:\s+[^ZX]", status_of(pid))]

    assert until(lambda: not alive(), 30), alive()


def status_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/status").read_text()
    return ""


# ---- what is refused before anything starts


def serve(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HUIYIN, "serve", *words],
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_taken_port_is_said_with_what_to_do(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = serve(tmp_path, "--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"127.0.0.1:{port} cannot be used" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr


@pytest.mark.parametrize(
    ("words", "more", "number"),
    [
        ((), {"HUIYIN_HOSTS": "petitions.example"}, "huiyin.E002"),
        (("--host", "0.0.0.0"), {}, "huiyin.E002"),
        ((), {"HUIYIN_HTTPS": "yes", "HUIYIN_DEBUG": "yes"}, "huiyin.E001"),
        ((), {"HUIYIN_HTTPS": "perhaps"}, "write yes or no"),
    ],
)
def test_unsafe_settings_do_not_start(
    words: tuple[str, ...], more: dict[str, str], number: str, tmp_path: Path
):
    prepared.install(tmp_path / "data")
    done = serve(tmp_path / "data", *words, "--port", str(free_port()), **more)
    assert (done.returncode, done.stdout) == (2, "")
    assert number in done.stderr


def test_a_demonstration_is_never_mixed_with_real_data(tmp_path: Path):
    prepared.install(tmp_path)
    first = [*HUIYIN, "administrator", "ada", "--body", "shi", "--named", "某市", "--above", "某省"]
    subprocess.run(first, env=environment(tmp_path), check=True, capture_output=True)
    done = serve(tmp_path, "--demo", "--port", str(free_port()))
    assert done.returncode == 3
    assert "[live-registry]" in done.stderr


def test_setup_makes_what_is_missing_once(tmp_path: Path):
    def set_up() -> str:
        return subprocess.run(
            [*HUIYIN, "setup"], env=environment(tmp_path / "d"), check=True, capture_output=True, text=True
        ).stdout

    assert "database, identity, courier, relief, receipt" in set_up()
    assert "everything is there" in set_up()
    assert (tmp_path / "d").stat().st_mode & 0o777 == 0o700
