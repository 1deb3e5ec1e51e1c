"""`huiyin witness`: it cosigns a log that only grew, remembers it, and keeps the proof against one that did
not.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from huiyin.core import checkpoint, merkle, notes, policy, witnessing
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.tiles import Tree
from huiyin.core.witnessing import Refused, Request
from huiyin.doors.cli import reach, witness_door
from huiyin.doors.cli.reach import Unreachable
from huiyin.doors.cli.witness import read_signers
from huiyin.doors.cli.witness_door import TwoStories, Witness
from huiyin.doors.cli.witness_memory import Damaged, Memory, folder_of
from tests.cli.conftest import Run
from tests.cli.growing import LOG, ORIGIN, Log, Quiet, serving, web

NAME = "north.example/w1"


@pytest.fixture
def key(run: Run, tmp_path: Path) -> Path:
    """The key file of a witness."""
    path = tmp_path / "w.key"
    assert run("keys", "witness", NAME, path).exit_code == 0
    return path


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "log")


@pytest.fixture
def witness(key: Path, tmp_path: Path) -> Witness:
    return Witness(read_signers(key), {ORIGIN: [LOG.key]}, Memory(tmp_path / "state"))


@pytest.fixture
def address(witness: Witness) -> Iterator[str]:
    """A witness that answers."""
    with serving(witness_door.server(("127.0.0.1", 0), witness)) as found:
        yield found


def cosigners(note: str, key: Path) -> set[int]:
    """The types of this witness's signatures under a head; all of them hold."""
    keys = [notes.parse_key(line) for line in key.with_name("w.key.pub").read_text(encoding="utf-8").split()]
    return {each.kind for each in checkpoint.signers(notes.parse(note), keys)}


BOTH = {notes.COSIGNATURE, notes.SUBTREE}


# ---- keys


def test_the_keys_are_for_their_owner_alone_and_made_once(run: Run, key: Path):
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_bytes()
    again = run("keys", "witness", NAME, key)
    assert (again.exit_code, key.read_bytes()) == (1, before)
    assert run("keys", "witness", "two words", key.with_name("x")).exit_code == 2


def test_keys_that_others_can_read_sign_nothing(run: Run, key: Path, log: Log):
    log.grow(1)
    key.chmod(0o644)
    done = run("witness", log.folder, "--key", key, "--once")
    assert done.exit_code == 1
    assert "chmod 600" in done.stderr


@pytest.mark.parametrize("content", ["", "\n", "x\n", checkpoint.signer_line(LOG)])
def test_a_file_without_keys_of_a_witness_is_refused(run: Run, tmp_path: Path, log: Log, content: str):
    (tmp_path / "k").write_text(content, encoding="utf-8")
    (tmp_path / "k").chmod(0o600)
    assert run("witness", log.folder, "--key", tmp_path / "k", "--once").exit_code == 2
    assert run("witness", log.folder, "--key", tmp_path / "none", "--once").exit_code == 2


# ---- it goes and looks


def test_it_looks_and_cosigns_and_remembers(run: Run, key: Path, log: Log):
    with serving(web(log.folder)) as url:
        for size, before in ((0, 0), (1, 0), (300, 1), (300, 300), (70_001, 300)):
            log.grow(size)
            # (An address without a path would mean /log.)
            done = run("witness", f"{url}/.", "--key", key, "--log-key", LOG.key, "--once")
            assert done.exit_code == 0, done.stderr
            assert f"with {size} entries; it had {before} last time" in done.stderr
            assert checkpoint.read(done.stdout)[0].size == size
            assert cosigners(done.stdout, key) == BOTH


def test_it_reads_a_folder_and_writes_a_file(run: Run, key: Path, log: Log, tmp_path: Path):
    log.grow(5)
    done = run("witness", log.folder, "--key", key, "--log-key", LOG.key, "--once", "--to", tmp_path / "out")
    assert (done.exit_code, done.stdout) == (0, "")
    assert cosigners((tmp_path / "out").read_text(encoding="utf-8"), key) == BOTH


def test_the_key_of_a_log_is_taken_once_and_then_kept(run: Run, key: Path, log: Log):
    log.grow(5)
    first = run("witness", log.folder, "--key", key, "--once")
    assert first.exit_code == 0
    assert f"told its key itself: {LOG.key}" in first.stderr
    (log.folder / "key").write_text("other+00000000+AAAA\n", encoding="utf-8")
    second = run("witness", log.folder, "--key", key, "--once")
    assert (second.exit_code, "told its key itself" in second.stderr) == (0, False)


def test_two_heads_of_one_size_are_caught_and_kept(run: Run, key: Path, log: Log, tmp_path: Path):
    first = log.grow(300)
    assert run("witness", log.folder, "--key", key, "--log-key", LOG.key, "--once").exit_code == 0
    other = Log(tmp_path / "other", story="another story")
    second = other.grow(300)
    done = run("witness", other.folder, "--key", key, "--log-key", LOG.key, "--once")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "TWO STORIES" in done.stderr
    (kept,) = Memory(tmp_path / "w.key.state").caught()
    told = kept.read_text(encoding="utf-8")
    one, two = witnessing.check_evidence(told, [LOG.key])
    assert (one.size, two.size) == (300, 300)
    assert first.splitlines()[2] in told
    assert second.splitlines()[2] in told
    assert str(kept) in done.stderr
    shown = run("verify", kept, "--key", LOG.key)
    assert (shown.exit_code, "signed two heads that cannot both be true" in shown.stdout) == (0, True)
    stranger = notes.Key(ORIGIN, notes.ED25519, notes.public_of(bytes(32)))
    shown = run("verify", kept, "--key", stranger)
    assert (shown.exit_code, "proves no two stories" in shown.stderr) == (1, True)


@pytest.mark.parametrize("sizes", [(300, 600), (600, 300)])
def test_a_log_that_rewrote_its_past_is_proved_to_have_done_so(
    run: Run, key: Path, log: Log, sizes: tuple[int, int]
):
    first, then = sizes
    log.grow(first)
    assert run("witness", log.folder, "--key", key, "--log-key", LOG.key, "--once").exit_code == 0
    other = Log(key.with_name("other"), story="another story")
    other.grow(then)
    if then < first:  # the tiles of the first tree are still there; the head is of another
        log.grow(first)
        (log.folder / "checkpoint").write_text(other.head(), encoding="utf-8")
        other = log
    done = run("witness", other.folder, "--key", key, "--log-key", LOG.key, "--once")
    assert done.exit_code == 1
    assert "TWO STORIES" in done.stderr
    (kept,) = Memory(key.with_name("w.key.state")).caught()
    one, two = witnessing.check_evidence(kept.read_text(encoding="utf-8"), [LOG.key])
    assert (one.size, two.size) == (300, 600)


def test_a_log_that_went_back_is_not_cosigned(run: Run, key: Path, log: Log, tmp_path: Path):
    older = log.grow(300)
    log.grow(600)
    assert run("witness", log.folder, "--key", key, "--log-key", LOG.key, "--once").exit_code == 0
    (log.folder / "checkpoint").write_text(older, encoding="utf-8")
    done = run("witness", log.folder, "--key", key, "--log-key", LOG.key, "--once")
    assert done.exit_code == 1
    assert "put back to an older state" in done.stderr
    assert Memory(tmp_path / "w.key.state").caught() == []


def test_tiles_that_do_not_fit_are_not_cosigned(run: Run, key: Path, log: Log):
    log.grow(300)
    assert run("witness", log.folder, "--key", key, "--log-key", LOG.key, "--once").exit_code == 0
    log.grow(600)
    (log.folder / "tile/0/001").write_bytes(bytes(8192))
    done = run("witness", log.folder, "--key", key, "--log-key", LOG.key, "--once")
    assert done.exit_code == 1
    assert "tile/0/001 does not fit the tree" in done.stderr
    (log.folder / "tile/0/001").unlink()
    done = run("witness", log.folder, "--key", key, "--log-key", LOG.key, "--once")
    assert (done.exit_code, "the log has no file tile/0/001" in done.stderr) == (1, True)


def test_a_head_that_its_log_did_not_sign_is_not_cosigned(run: Run, key: Path, log: Log):
    log.grow(3)
    stranger = notes.Key(ORIGIN, notes.ED25519, notes.public_of(bytes(32)))
    done = run("witness", log.folder, "--key", key, "--log-key", stranger, "--once")
    assert (done.exit_code, "not signed by a known key" in done.stderr) == (1, True)
    other = notes.Key("another", notes.ED25519, notes.public_of(bytes(32)))
    done = run("witness", log.folder, "--key", key, "--log-key", other, "--once")
    assert (done.exit_code, "is not watched here" in done.stderr) == (1, True)


def test_keys_of_any_length_and_files_of_them_are_taken(run: Run, key: Path, log: Log, tmp_path: Path):
    log.grow(3)
    long = checkpoint.Signer(ORIGIN, notes.SUBTREE, bytes(32)).key
    (tmp_path / "keys").write_text(f"# whom I watch\n{long}\n\n{LOG.key}\n", encoding="utf-8")
    for given in (["--log-key", long, "--log-key", LOG.key], ["--log-key", tmp_path / "keys"]):
        assert run("witness", log.folder, "--key", key, *given, "--once").exit_code == 0


def test_wrong_usage_is_said(run: Run, key: Path, tmp_path: Path):
    assert run("witness", "--key", key).exit_code == 2
    assert run("witness", "--key", key, "--listen", "127.0.0.1:0").exit_code == 2
    for listen in ("8090", "127.0.0.1:x", ":1"):
        assert run("witness", "--key", key, "--log-key", LOG.key, "--listen", listen).exit_code == 2
    assert (
        run("witness", "--key", key, "--log-key", tmp_path / "none", "--listen", "127.0.0.1:1").exit_code == 2
    )
    assert run("witness", tmp_path / "none", "--key", key, "--log-key", LOG.key, "--once").exit_code == 1


def test_an_outsider_needs_no_house(key: Path, log: Log, tmp_path: Path):
    log.grow(3)
    said = "from huiyin.doors.cli.commands import huiyin\nimport sys\ntry:\n huiyin()\nfinally:\n"
    said += " print([m for m in ('django', 'psycopg', 'sqlite3') if m in sys.modules])"
    words = ["witness", str(log.folder), "--key", str(key), "--log-key", str(LOG.key), "--once"]
    done = subprocess.run(
        [sys.executable, "-c", said, *words, "--to", str(tmp_path / "out")],
        capture_output=True, text=True, check=True, cwd=tmp_path, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
    assert (tmp_path / "out").exists()


# ---- it answers


def post(address: str, body: str | bytes, path: str = "/add-checkpoint") -> tuple[int, str, str]:
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    line.request("POST", path, body if isinstance(body, bytes) else body.encode())
    answer = line.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read().decode()
    line.close()
    return found


def get(address: str, path: str) -> tuple[int, str]:
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    line.request("GET", path)
    answer = line.getresponse()
    found = answer.status, answer.read().decode()
    line.close()
    return found


def test_the_protocol(address: str, log: Log, key: Path):
    assert get(address, f"/{folder_of(ORIGIN)}/checkpoint")[0] == 404
    first = log.grow(300)
    status, kind, lines = post(address, str(Request(0, (), first)))
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert cosigners(first + lines, key) == BOTH
    assert len(notes.parse_signatures(lines)) == 2
    second = log.grow(600)
    assert post(address, str(Request(0, (), second))) == (409, "text/x.tlog.size", "300\n")
    assert post(address, str(Request(300, (), second)))[0] == 422
    assert post(address, str(Request(601, (), second)))[0] == 400
    status, _, lines = post(address, str(Request(300, tuple(log.grew_from(300)), second)))
    assert (status, cosigners(second + lines, key)) == (200, BOTH)
    assert get(address, f"/{folder_of(ORIGIN)}/checkpoint") == (200, second + lines)
    assert policy.parse(f"log {LOG.key}\nquorum none\n".encode()).check(second + lines).head.size == 600


def test_what_it_turns_down(address: str, log: Log):
    note = log.grow(3)
    assert post(address, "old 0\n")[0] == 400
    assert post(address, b"old 0\n\n\xff")[0] == 400
    assert post(address, "")[0] == 400
    unknown = checkpoint.Signer("other", notes.ED25519, bytes(32))
    head = checkpoint.sign(Checkpoint("other", 0, merkle.EMPTY_ROOT), [unknown], 1)
    assert post(address, str(Request(0, (), head)))[0] == 404
    assert post(address, str(Request(0, (), note.replace("\n3\n", "\n4\n"))))[0] == 403
    assert post(address, str(Request(0, (), note)), "/add-nothing")[0] == 404
    assert get(address, "/add-checkpoint")[0] == 404
    assert get(address, "/../w.key")[0] == 404


def test_it_tells_its_keys(address: str, key: Path):
    assert get(address, "/") == (200, key.with_name("w.key.pub").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("said", "status"), [(None, 411), ("x", 411), ("-1", 411), (str(witness_door.MOST_BYTES + 1), 413)]
)
def test_a_request_without_a_fit_length_is_not_read(address: str, said: str | None, status: int):
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    line.putrequest("POST", "/add-checkpoint")
    if said is not None:
        line.putheader("Content-Length", said)
    line.endheaders()
    answer = line.getresponse()
    assert (answer.status, answer.headers["Connection"]) == (status, "close")
    line.close()


def test_two_requests_on_one_line(address: str, log: Log):
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    note = log.grow(3)
    for old in (0, 3):
        line.request("POST", "/add-checkpoint", str(Request(old, (), note)).encode())
        answer = line.getresponse()
        assert (answer.status, bool(answer.read())) == (200, True)
    line.close()


def test_a_second_story_is_kept_whatever_old_size_it_comes_with(
    address: str, log: Log, witness: Witness, tmp_path: Path
):
    assert post(address, str(Request(0, (), log.grow(3))))[0] == 200
    second = Log(tmp_path / "other", story="another story").grow(3)
    assert post(address, str(Request(3, (), second)))[0] == 422
    assert len(witness.memory.caught()) == 1
    assert post(address, str(Request(0, (), second))) == (409, "text/x.tlog.size", "3\n")
    assert len(witness.memory.caught()) == 1
    forged = second.replace(second[-12:], f"AAAAAAAAAA={chr(10)}")
    assert post(address, str(Request(3, (), forged)))[0] in {400, 403}
    assert len(witness.memory.caught()) == 1


# ---- what it must not forget


def grown(log: Log, sizes: list[int]) -> list[tuple[int, str]]:
    return [(size, log.grow(size)) for size in sizes]


def test_of_many_who_ask_at_once_nobody_takes_it_back(witness: Witness, log: Log):
    heads = dict(grown(log, list(range(10, 130, 10))))
    answered: list[int] = []
    turned_down: list[int] = []

    def ask(size: int) -> None:
        for _ in range(200):
            known = witness.memory.head(ORIGIN)
            old = known[0].size if known else 0
            if old > size:
                return
            proof = merkle.consistency_proof(old, size, tree.node)
            try:
                witness.add(Request(old, tuple(proof), heads[size]))
            except Refused as refused:
                turned_down.append(refused.status)
                continue
            answered.append(size)
            return

    tree = Tree(log.edge.size, log.edge.root(), log.fetch)
    with ThreadPoolExecutor(8) as pool:
        for each in [pool.submit(ask, size) for size in reversed(heads)]:
            each.result()
    known = witness.memory.head(ORIGIN)
    assert known is not None
    assert known[0].size == max(answered) == 120
    assert set(turned_down) <= {409}


def test_killed_at_any_moment_it_knows_what_it_cosigned(
    witness: Witness, key: Path, log: Log, tmp_path: Path
):
    for size in range(1, 200):
        log.grow(size)
        (tmp_path / f"head-{size}").write_text(log.head(), encoding="utf-8")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nfrom pathlib import Path\nfrom tests.cli.growing import cosign_for_ever\n"
        f"cosign_for_ever(Path({str(tmp_path)!r}))\n",
        encoding="utf-8",
    )
    told = 0
    for heads in (5, 29):
        with subprocess.Popen(
            [sys.executable, program], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        ) as done:  # fmt: skip
            assert done.stdout is not None
            for _ in range(heads):
                told = int(done.stdout.readline())
            done.kill()
            told = max([told, *map(int, done.stdout.read().split())])
        known = witness.memory.head(ORIGIN)
        assert known is not None
        assert known[0].size in {told, told + 1}  # what it told it knows; it may have died before telling
    assert told >= 34


def test_what_was_written_half_when_it_died_does_not_count(witness: Witness, log: Log):
    witness.add(Request(0, (), log.grow(3)))
    folder = witness.memory.folder / folder_of(ORIGIN)
    (folder / ".checkpoint").write_text("petitions.exa", encoding="utf-8")
    known = witness.memory.head(ORIGIN)
    assert known is not None
    assert known[0].size == 3
    witness.add(Request(3, tuple(_grow(log, 5)), log.head()))


def _grow(log: Log, size: int) -> list[bytes]:
    old = log.edge.size
    log.grow(size)
    return log.grew_from(old)


def test_a_memory_that_is_damaged_signs_nothing(witness: Witness, log: Log, address: str):
    witness.add(Request(0, (), log.grow(3)))
    path = witness.memory.folder / folder_of(ORIGIN) / "checkpoint"
    whole = path.read_text(encoding="utf-8")
    for damaged in ("", whole[:20], whole.replace(ORIGIN, "another"), "\ud800"):
        path.write_bytes(damaged.encode("utf-8", "surrogatepass"))
        with pytest.raises(Damaged):
            witness.add(Request(3, (), log.head()))
    assert post(address, str(Request(3, (), log.head())))[0] == 500
    with pytest.raises(Damaged):
        witness.memory.remember(Checkpoint(ORIGIN, 2, bytes(32)), notes.parse(log.head()))
    path.write_text(whole, encoding="utf-8")
    with pytest.raises(Damaged, match="go back from 3 entries to 2"):
        witness.memory.remember(Checkpoint(ORIGIN, 2, bytes(32)), notes.parse(log.head()))


def test_a_clock_that_went_back_signs_nothing(witness: Witness, log: Log):
    note = log.grow(3)
    witness.add(Request(0, (), note))
    earlier = replace(witness, now=lambda: 1_700_000_000)
    with pytest.raises(Damaged, match="clock is behind"):
        earlier.add(Request(3, (), note))
    assert str(witness.add(Request(3, (), note))).startswith(note)


def test_what_it_cosigned_and_somebody_changed_signs_nothing(witness: Witness, log: Log):
    witness.add(Request(0, (), log.grow(3)))
    path = witness.memory.folder / folder_of(ORIGIN) / "checkpoint"
    path.write_text(path.read_text(encoding="utf-8").replace("\n3\n", "\n2\n"), encoding="utf-8")
    with pytest.raises(Damaged, match="changed on the disk"):
        witness.add(Request(2, tuple(log.grew_from(2)), log.head()))


def test_two_stories_say_where_the_proof_lies(witness: Witness, log: Log, tmp_path: Path):
    witness.add(Request(0, (), log.grow(3)))
    with pytest.raises(TwoStories) as caught:
        witness.add(Request(3, (), Log(tmp_path / "other", story="x").grow(3)))
    assert caught.value.kept.exists()


# ---- where it reads


def test_a_packed_file_is_unpacked_and_no_further_than_it_may_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reach, "PAUSE", 0.0)
    monkeypatch.setattr(reach, "LARGEST", 100_000)

    class Packed(Quiet):
        def end_headers(self) -> None:
            self.send_header("Content-Encoding", "gzip")
            super().end_headers()

    (tmp_path / "small").write_bytes(gzip.compress(b"x" * 100))
    (tmp_path / "bomb").write_bytes(gzip.compress(bytes(10_000_000)))
    (tmp_path / "broken").write_bytes(b"not packed at all")
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, directory=str(tmp_path)))) as url:
        fetch = reach.log_at(f"{url}/.")
        assert fetch("small") == b"x" * 100
        for name in ("bomb", "broken"):
            with pytest.raises(Unreachable):
                fetch(name)


# ---- as a process of its own


def test_it_follows_a_log_and_answers_until_it_is_told_to_stop(key: Path, log: Log, tmp_path: Path):
    first = log.grow(3)
    port = free_port()
    words = [
        "witness",
        log.folder,
        "--key",
        key,
        "--log-key",
        LOG.key,
        "--every",
        "1",
        "--to",
        tmp_path / "out",
    ]
    with subprocess.Popen(
        [Path(sys.executable).parent / "huiyin", *map(str, words), "--listen", f"127.0.0.1:{port}"],
        stderr=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    ) as process:  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            assert wait_for(lambda: first in get(address, f"/{folder_of(ORIGIN)}/checkpoint")[1])
            second = log.grow(300)
            wanted = second.rpartition("\n\n")[0]
            assert wait_for(lambda: wanted in (tmp_path / "out").read_text(encoding="utf-8"))
            assert cosigners((tmp_path / "out").read_text(encoding="utf-8"), key) == BOTH
            assert post(address, str(Request(300, (), second)))[0] == 200
            # What cannot be read now does not stop it.
            (log.folder / "checkpoint").write_text("no\n", encoding="utf-8")
            assert process.stderr is not None
            said = next(line for line in process.stderr if "nothing was cosigned" in line)
            assert "not a signed note" in said
            other = Log(tmp_path / "other", story="another story").grow(300)
            (log.folder / "checkpoint").write_text(other, encoding="utf-8")
            assert process.wait(30) == 1
            assert "TWO STORIES" in process.stderr.read()
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(so: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it becomes so; what is not there yet may be there later."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if so():
                return True
        time.sleep(0.1)
    return False
