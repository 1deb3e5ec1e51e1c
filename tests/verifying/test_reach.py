"""A log read over HTTP: from the one host that was named, patiently, and never more than it should."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from huiyin.core.heads import Missing
from huiyin.doors.cli import reach
from tests.verifying.conftest import Verify
from tests.verifying.made_log import MadeLog, public_of


@dataclass
class Served:
    """A folder below /log, by a server that fails the first times and sends some paths away."""

    url: str = ""
    failures: int = 0
    away: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    told = Served()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            path = folder / self.path.removeprefix("/log/")
            if told.failures:
                told.failures -= 1
                self._answer(503, b"")
            elif self.path in told.away:
                self.send_response(302)
                self.send_header("Location", told.away[self.path])
                self.end_headers()
            elif path.is_file():
                self._answer(200, path.read_bytes())
            else:
                self._answer(404, b"")

        def _answer(self, code: int, content: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "PAUSE", 0.0)


def test_a_log_is_walked_by_its_address(verify: Verify, made: MadeLog, folder: Path, served: Served):
    made.write(folder)
    by_folder, by_url = verify(folder), verify(f"{served.url}/log/")
    assert (by_url.code, by_url.told) == (0, by_folder.told)
    assert verify(served.url).told == by_folder.told, "an address without a path means /log"


def test_a_receipt_is_looked_for_among_the_leaves_of_its_day(
    verify: Verify, made: MadeLog, folder: Path, served: Served, tmp_path: Path
):
    held = tmp_path / "receipt"
    held.write_text(made.receipt(), encoding="utf-8")
    made.add([public_of(held.read_text(encoding="utf-8"))])
    made.write(folder)
    assert verify(held, "--log", served.url).code == 0
    assert not any("entries/000" in path for path in served.asked)


def test_a_server_that_stumbles_is_asked_again(made: MadeLog, folder: Path, served: Served):
    made.write(folder)
    served.failures = reach.TRIES - 1
    assert reach.log_at(served.url)("key") == (folder / "key").read_bytes()
    served.failures = reach.TRIES
    with pytest.raises(reach.Unreachable, match="503"):
        reach.log_at(served.url)("key")


def test_nobody_is_followed_to_another_host(made: MadeLog, folder: Path, served: Served, verify: Verify):
    made.write(folder)
    served.away["/log/checkpoint"] = "http://localhost:9/log/checkpoint"
    done = verify(served.url)
    assert done.code == 4
    assert "sends us to another host" in done.err
    served.away["/log/checkpoint"] = "/log/heads/index"
    assert reach.log_at(served.url)("checkpoint") == (folder / "heads/index").read_bytes()


def test_a_file_that_is_too_large_is_not_read(
    made: MadeLog, folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch
):
    made.write(folder)
    monkeypatch.setattr(reach, "LARGEST", 10)
    for target in (served.url, str(folder)):
        with pytest.raises(reach.Unreachable, match="more than 10 bytes"):
            reach.log_at(target)("key")


def test_what_is_not_there_is_missing_and_not_an_error_of_the_network(folder: Path, served: Served):
    for target in (served.url, str(folder)):
        with pytest.raises(Missing):
            reach.log_at(target)("checkpoint")


def test_a_log_that_does_not_answer_proves_nothing(verify: Verify):
    done = verify("http://127.0.0.1:9/log")
    assert (done.code, done.out) == (4, "")
    assert "nothing proved: the log cannot be read" in done.err
