"""Two installations, each a process with a data folder and a database of its own, that speak over HTTP."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from tests import prepared
from tests.api import server

pytestmark = pytest.mark.engine

HOUSE = Path(__file__).resolve().parents[2]
URL = "HUIYIN_DATABASE_URL"
MOST_ROUNDS = 20
FEWEST = 40  # seams that each side passes
# At each of them it takes ten minutes a side, so a process is killed at every fifth, others each time;
# HUIYIN_EVERY_SEAM=yes asks for all.
STEP = 1 if os.environ.get("HUIYIN_EVERY_SEAM") == "yes" else 5


class Gone(Exception):
    """The process died."""


class House:
    """One installation, which can be started again where it died."""

    def __init__(self, name: str, folder: Path, url: str, ports: tuple[int, int]) -> None:
        self.folder, self.port = folder, ports[0]
        prepared.fill(folder)
        self.env = server.environment(folder, url, zone="all") | {
            "HUIYIN_ORIGIN": f"{name}.example.test",
            "HUIYIN_PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
            "HUIYIN_WEBHOOKS_INSIDE": f"127.0.0.1:{ports[1]}",
        }
        self.begin()

    def begin(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.clerk.installation", str(self.port)], cwd=HOUSE, env=self.env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, word: str, **more: Any) -> Any:
        """What it answers. Where it is dead, or dies of it, it is started again and asked once more."""
        try:
            return self._ask(word, **more)
        except Gone:
            self.begin()
            return self._ask(word, **more)

    def _ask(self, word: str, **more: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"do": word, **more}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.end()
            raise Gone(word, self.process.returncode)
        return json.loads(line)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    @property
    def one(self) -> dict[str, Any]:
        (found,) = self.ask("look")
        return dict(found)


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[House, House]]:
    with ExitStack() as stack:
        here, there = server.free_port(), server.free_port()
        urls = [
            stack.enter_context(server.own_database(os.environ.get(URL, ""), tables=True)) for _ in range(2)
        ]
        a = House("a", tmp_path / "a", urls[0], (here, there))
        stack.callback(a.end)
        b = House("b", tmp_path / "b", urls[1], (there, here))
        stack.callback(b.end)
        cards = a.ask("prepare"), b.ask("prepare")
        a.ask("know", card=cards[1])
        b.ask("know", card=cards[0])
        yield a, b


def rounds(a: House, b: House) -> None:
    """Both clerks look in turn, until neither has had anything to do twice: who dies of the last thing that
    they do tells nobody that they did it.
    """
    idle = 0
    for _ in range(MOST_ROUNDS):
        did = [house.ask("round") for house in (a, b)]  # both, whatever the first one did
        idle = 0 if any(did) else idle + 1
        if idle == 2:
            return
    raise AssertionError((a.ask("look"), b.ask("look")))


def test_there_and_back_by_objection(houses: tuple[House, House]) -> None:
    a, b = houses
    sent = a.ask("send")
    rounds(a, b)
    here, there = a.one, b.one
    assert (here["state"], here["holder"], here["crossings"]) == ("crossed", "far", ["sealed"])
    assert (there["state"], there["holder"], there["events"]) == ("transferred", "zj", ["lodged"])
    assert b.ask("opens", ref=there["ref"], key=sent["key"])
    assert b.ask("name_of", ref=there["ref"]) == "张三"
    assert "seals-closed-anew" in here["events"]
    assert "seal-opened" not in here["events"]

    assert not b.ask("move", ref=there["ref"], verb="object", login="otto", said={"reasons": "归交通局"})
    rounds(a, b)
    assert (a.one["state"], b.one["state"]) == ("objected", "objected")
    assert not a.ask("move", ref=sent["ref"], verb="return", login="olga", said={"reasons": "确属另一单位"})
    rounds(a, b)
    here, there = a.one, b.one
    assert (here["state"], here["holder"], here["open"]) == ("registered", "xf", True)
    assert (there["state"], there["open"]) == ("sent-back", False)
    assert (here["undone"], there["undone"]) == (0, 0)
    # Both logs hold, by the tool that outsiders have.
    for house in houses:
        assert house.ask("wrong") == []
        holds(house)


def holds(house: House) -> None:
    """Its whole log, by the tool that outsiders have."""
    key = str(house.folder / "keys" / "log.vkey")
    command = [sys.executable, "-m", "huiyin.doors.cli", "verify", str(house.folder / "log"), "--key", key]
    done = subprocess.run(command, cwd=HOUSE, env=house.env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- the plug is pulled at each seam


def there_and_back(a: House, b: House) -> tuple[str, str]:
    """One petition goes to b, is objected to and taken back; either may die on the way."""
    sent = a.ask("send")
    rounds(a, b)
    theirs = next(each for each in b.ask("look") if each["state"] == "transferred")
    assert not b.ask("move", ref=theirs["ref"], verb="object", login="otto", said={"reasons": "归交通局"})
    rounds(a, b)
    assert not a.ask("move", ref=sent["ref"], verb="return", login="olga", said={"reasons": "确属另一单位"})
    rounds(a, b)
    return sent["ref"], theirs["ref"]


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_killed_at_any_seam_on_either_side(houses: tuple[House, House], who: str) -> None:
    a, b = houses
    mortal = a if who == "sender" else b
    seam, sent = random.SystemRandom().randrange(STEP) + 1 - STEP, 0
    while True:
        seam += STEP
        sent += 1
        mortal.ask("die_at", seam=seam)
        began = mortal.process.pid
        mine, theirs = there_and_back(a, b)
        here = next(each for each in a.ask("look") if each["ref"] == mine)
        there = next(each for each in b.ask("look") if each["ref"] == theirs)
        assert (here["state"], there["state"]) == ("registered", "sent-back"), seam
        for event in ("crossing-confirmed", "seals-closed-anew", "partner-objected", "returned"):
            assert here["events"].count(event) == 1, (seam, here)
        assert (there["seals"], here["undone"], there["undone"]) == (2, 0, 0), seam
        assert len(b.ask("look")) == sent, "one petition there for each that was sent"
        if mortal.process.pid == began:
            break  # it lived through all of them
        # A fresh process, in which no seam is counted.
    assert seam > FEWEST
    for house in houses:
        assert house.ask("wrong") == []
        holds(house)
