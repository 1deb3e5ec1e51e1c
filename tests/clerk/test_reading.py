"""Reading what resembles what can wait: it takes its share of the clerk's time, over the rounds."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from huiyin.clerk import resembling
from tests.cast import NOW


def test_what_took_far_longer_than_its_share_is_followed_by_a_rest(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LOG_EVERY = 10
    monkeypatch.setattr("huiyin.registry.resembling.is_behind", lambda: True)
    clock = [100.0]
    takes = [2.0, 20.0, 1.0]  # seconds
    monkeypatch.setattr(resembling, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    class Reader:
        def read(self, now: datetime, seconds: float) -> int:
            assert seconds == 2
            clock[0] += takes.pop(0)
            return 1

    reading = resembling.Reading()
    monkeypatch.setattr(reading, "_reader", Reader())
    read = []
    for _ in range(10):
        read.append(reading._read(NOW))
        clock[0] += 10
    # Within its share it reads again in the next round; twenty seconds are a fifth of a hundred.
    assert read == [1, 1, *[0] * 7, 1]


def test_while_many_file_it_waits_an_hour_at_most(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.LOG_EVERY = 60
    monkeypatch.setattr("huiyin.registry.solving.is_due", lambda day: False)
    clock = [100.0]
    monkeypatch.setattr(resembling, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    reading = resembling.Reading()
    monkeypatch.setattr(reading, "_read", lambda now: 1)

    def read(recorded: int) -> int:
        clock[0] += 60
        return reading.look(NOW, recorded=recorded)["read"]

    busy = 60 * resembling.BUSY
    assert [read(busy), read(busy - 1)] == [0, 1]
    assert [read(busy) for _ in range(62)] == [*[0] * 60, 1, 1]
    assert [read(0), read(busy)] == [1, 0]  # from a quiet round on, an hour again
