"""On SQLite writers stand in line: nobody overtakes for long, nobody is shut out for good."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from huiyin.registry.models import DataSet
from huiyin.registry.sqlite3.turn import Turn

HOLD = """
import fcntl, sys, time
file = open(sys.argv[1])
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""
pytestmark = pytest.mark.django_db(transaction=True)


def test_turns_may_be_nested_and_are_transactions() -> None:
    def write_and_fail() -> None:
        with transaction.atomic():
            with transaction.atomic():
                DataSet.objects.create(marked_at="2026-03-02T02:00:00Z")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert not DataSet.objects.exists()
    assert not connection.in_atomic_block


def test_one_writes_at_a_time() -> None:
    inside: list[int] = []
    together: list[int] = []

    def write() -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    inside.append(1)
                    together.append(len(inside))
                    time.sleep(0.0005)
                    inside.pop()
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(together) == 80
    if connection.vendor == "sqlite":
        assert set(together) == {1}


def test_killed_holder_drops_its_turn() -> None:
    if connection.vendor != "sqlite":
        return
    path = f"{connection.settings_dict['NAME']}-turn"
    with transaction.atomic():  # so that the file is there
        pass
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        threading.Timer(0.3, other.kill).start()
        started = time.monotonic()
        with transaction.atomic():
            waited = time.monotonic() - started
    assert waited > 0.2


def test_nobody_waits_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
    path = f"{connection.settings_dict['NAME']}-turn"
    with transaction.atomic():
        pass
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        try:
            with pytest.raises(OperationalError), transaction.atomic():
                raise AssertionError("it is somebody else's turn")
        finally:
            other.kill()
    with transaction.atomic():  # and whoever gave up can try again
        assert not DataSet.objects.exists()


def test_every_end_of_a_transaction_gives_the_turn_back(tmp_path: Path) -> None:
    path = str(tmp_path / "turn")
    first = Turn.take(path, 1)
    assert first is not None
    assert Turn.take(path, 0.05) is None
    first.give_back()
    second = Turn.take(path, 1)
    assert second is not None
    second.give_back()


def test_whoever_is_next_is_not_overtaken(tmp_path: Path) -> None:
    path = str(tmp_path / "turn")
    first = Turn.take(path, 1)
    assert first is not None
    with Path(f"{path}-next").open("w") as following:
        fcntl.flock(following, fcntl.LOCK_EX)  # another process waits for the pen
        first.give_back()
        assert Turn.take(path, 0.05) is None
    again = Turn.take(path, 1)
    assert again is not None
    again.give_back()


def test_whoever_fails_on_the_way_to_the_file_leaves_the_line_to_the_next(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        Turn.take(str(tmp_path / "gone" / "turn"), 1)
    taken = Turn.take(str(tmp_path / "turn"), 0.05)
    assert taken is not None
    taken.give_back()
