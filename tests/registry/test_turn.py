"""On SQLite writers stand in line: nobody overtakes for long, nobody is shut out for good."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connection

from huiyin.registry.models import DataSet
from huiyin.registry.turn import writing

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
        with writing():
            with writing():
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
                with writing():
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
    path = f"{settings.DATABASES['default']['TEST']['NAME']}-turn"
    with writing():  # so that the file is there
        pass
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        threading.Timer(0.3, other.kill).start()
        started = time.monotonic()
        with writing():
            waited = time.monotonic() - started
    assert waited > 0.2
