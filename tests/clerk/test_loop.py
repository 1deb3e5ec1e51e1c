"""The clerk's round: everything in turn, whatever goes wrong, until it is told to stop."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.clerk import courier, loop, pace
from huiyin.clerk.loop import Clerk
from huiyin.clerk.purge import purge
from huiyin.registry.models import Entry, Idempotent, Outbox, Pulse
from tests.cast import NOW, Walk, lodge


def test_one_round_does_every_duty(walk: Walk) -> None:
    near = Walk(lodge(now=NOW + timedelta(days=12)))
    done = Clerk().look(NOW + timedelta(days=23))
    assert done == {"breach": 1, "reminders": 1, "published": 3, "read": 2, "boards": 2}
    assert walk.petition.clocks.get().state == "missed"
    assert near.petition.clocks.get().state == "running"


def test_a_second_round_finds_nothing(walk: Walk) -> None:
    clerk = Clerk()
    clerk.look(NOW + timedelta(days=23))
    before = (Entry.objects.count(), Outbox.objects.count())
    assert not +clerk.look(NOW + timedelta(days=23, minutes=1))
    assert (Entry.objects.count(), Outbox.objects.count()) == before


def test_a_notice_that_another_process_entered_is_found_at_the_next_round(
    cast: Any, tmp_path: Path, settings: Any
) -> None:
    settings.NOTICES_DIR = tmp_path / "calendars"
    settings.NOTICES_DIR.mkdir()
    then = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
    walk = Walk(lodge(now=then), then).to("accepted")
    clerk = Clerk()
    assert +clerk.look(then) == {"published": 4, "read": 1, "boards": 1}
    year = {
        "year": 2027,
        "off": {"2027-01-15": "元旦"},
        "work": {},
        "source": "试验",
        "issued_on": "2026-11-20",
    }
    (settings.NOTICES_DIR / "cn-x.json").write_text(json.dumps({"calendar": "cn", "years": [year]}))
    assert clerk.look(then) == {"recomputed": 1, "moved": 1, "published": 1, "boards": 2}
    assert not +clerk.look(then)
    assert not walk.petition.clocks.get(name="handling").provisional


def test_the_operator_is_told_once_a_day_that_the_calendar_ends(
    cast: Any, caplog: pytest.LogCaptureFixture
) -> None:
    clerk = Clerk()
    clerk.look(datetime(2026, 11, 30, 2, 0, tzinfo=UTC))
    assert "holidays" not in caplog.text
    for hours in (0, 1, 24):
        clerk.look(datetime(2026, 12, 1, 2, 0, tzinfo=UTC) + timedelta(hours=hours))
    assert caplog.text.count("the holidays of 2027 are not entered") == 2


# ---- purging


def test_old_answers_go_and_young_ones_stay(db: Any) -> None:
    for digest, age in (("old", 25), ("young", 23)):
        Idempotent.objects.create(
            digest=digest, body_digest="x", answer=b"x", created_at=NOW - timedelta(hours=age)
        )
    assert purge(NOW) == {"answers": 1}
    assert Idempotent.objects.get().digest == "young"


def test_files_of_lodgings_that_were_never_sent_go_after_a_day(
    db: Any, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    staged = tmp_path / "staged"
    for name, hours in (("old", 25), ("young", 23)):
        folder = staged / name
        folder.mkdir(parents=True)
        (folder / "0").write_bytes(b"x")
        then = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(folder, (then, then))
    loose = staged / "loose"
    loose.write_bytes(b"x")
    os.utime(loose, (0, 0))
    assert purge(NOW) == {"staged": 2}
    assert [path.name for path in staged.iterdir()] == ["young"]
    assert not purge(NOW)


def test_without_a_folder_of_staged_files_there_is_nothing_to_purge(
    db: Any, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    assert not purge(NOW)


# ---- keeping on


def test_whatever_goes_wrong_is_said_without_its_words_and_the_next_look_comes(db: Any, caplog: Any) -> None:
    stop = threading.Event()
    looks = []

    def duty(_: datetime) -> Counter[str]:
        looks.append(1)
        if len(looks) == 3:
            stop.set()
            return Counter(breach=2)
        raise ValueError("张三 lives at 一号院")

    caplog.set_level(logging.INFO)
    pace.keep("clerk", duty, every=0.01, stop=stop)
    assert len(looks) == 3
    assert "张三" not in caplog.text
    assert "look failed: ValueError at" in caplog.text
    assert "breach=2" in caplog.text


def test_an_idle_process_says_that_it_lives(db: Any, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    pace.keep("clerk", lambda _: Counter(), every=1, once=True)
    assert "nothing to do" in caplog.text
    assert Pulse.objects.get().process == "clerk"


def test_an_error_stands_in_the_sign_of_life_until_a_round_succeeds(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "close_old_connections", lambda: None)  # the test's own transaction stays open
    ended = threading.Event()
    seen = []

    def duty(_: datetime) -> Counter[str]:
        seen.append([pulse.failed for pulse in Pulse.objects.all()])
        if len(seen) == 1:
            raise RuntimeError("disk full")
        if len(seen) == 3:
            ended.set()
        return Counter()

    pace.keep("clerk", duty, every=0.01, stop=ended)
    assert seen == [[], [True], [False]]


def test_once_raises_what_goes_wrong() -> None:
    def duty(_: datetime) -> Counter[str]:
        raise RuntimeError("no database")

    with pytest.raises(RuntimeError, match="no database"):
        pace.keep("clerk", duty, every=1, once=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_the_work_in_hand(db: Any, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    finished = []

    def duty(_: datetime) -> Counter[str]:
        os.kill(os.getpid(), number)
        finished.append(True)
        return Counter()

    pace.keep("clerk", duty, every=60)
    assert finished == [True]
    assert signal.getsignal(number) is before


def test_both_run_once_from_their_doors(walk: Walk) -> None:
    loop.run(once=True)
    courier.run(once=True)
    assert Outbox.objects.filter(notice="receipt").exclude(sent_at=None).exists()
    assert walk.petition.clocks.get().state == "missed", "its term ended long before the clock on the wall"
