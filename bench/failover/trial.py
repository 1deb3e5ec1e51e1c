"""Machines die while people file. After each harm: is all there, has the log not forked, who was told what?

A harm counts as over when it has been made good: the machine is back, one leads, two follow, and every
petition acknowledged until then stands in the registry and in the published log.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.failover.cluster import Cluster, Machine, running, until
from bench.failover.house import House
from bench.failover.people import Crowd, Sent, offline

CALM = 5.0  # seconds of undisturbed filing before each harm
MENDED = 8  # so many acknowledged petitions in a row say that it works again
PATIENCE = 180.0
TO_SEE_IT = 15.0  # seconds until whoever watches over disks hands the lead over


@dataclass(slots=True)
class Harm:
    """One harm and what came of it; seconds and numbers."""

    name: str
    what: str
    began: float = 0.0
    ended: float = 0.0
    outage: float = 0.0  # the longest time in which nobody was acknowledged
    whole_after: float = 0.0  # until the machine that was harmed serves again
    acknowledged: int = 0  # while it lasted
    retried: int = 0  # petitions that needed more than one try, and were acknowledged
    told_503: int = 0
    broken: int = 0  # lines that broke, or were silent for too long
    slowest: float = 0.0  # answer, of any kind
    lost: int = 0
    doubled: int = 0
    log_size: int = 0
    notes: list[str] = field(default_factory=list)


class Trial:
    """A cluster, an installation on it, and those who file there."""

    def __init__(self, cluster: Cluster, house: House, say: Callable[[str], None]) -> None:
        self.cluster, self.house, self.say = cluster, house, say
        self.crowd = Crowd(house.port)
        self.harms: list[Harm] = []

    def run(self, only: Sequence[str] = ()) -> None:
        """Do all harms, or those that are named."""
        harms = {
            "server": self.server_killed,
            "machine": self.machine_killed,
            "cut": self.cut_off,
            "clerk": self.clerk_killed,
            "disk": self.disk_full,
            "everything": self.everything_killed,
        }
        self.crowd.begin()
        try:
            until("first petitions", lambda: len(self.crowd.acknowledged) > MENDED, PATIENCE)
            for name in only or harms:
                harms[name]()
        finally:
            self.crowd.go_home()

    # ---- the harms

    def server_killed(self) -> None:
        harm = self._begin("server killed", "SIGKILL for PostgreSQL on the primary, its Patroni lives")
        self.cluster.kill_server(self.cluster.primary())
        self._see_it_through(harm)

    def machine_killed(self) -> None:
        machine = self.cluster.primary()
        harm = self._begin("machine killed", "SIGKILL for all that runs on the primary's machine")
        self.cluster.switch_off(machine)
        self._see_it_through(harm, lambda: self.cluster.switch_on(machine))

    def cut_off(self) -> None:
        machine = self.cluster.primary()
        harm = self._begin("cut off", "no line leads to the primary's machine or from it to etcd")
        machine.cut_off()
        self._see_it_through(harm, lambda: self._mend(machine, harm))

    def _mend(self, machine: Machine, harm: Harm) -> None:
        # Before it is let back: nobody may have been acknowledged by it meanwhile.
        if machine.asks("/primary") == 200:
            harm.notes.append("the machine that was cut off still called itself primary")
        machine.mend()

    def clerk_killed(self) -> None:
        harm = self._begin("clerk killed", "SIGKILL for the clerk; started again after three seconds")
        self.house.kill_clerk()
        time.sleep(3)
        self._see_it_through(harm, self.house.start_clerk)

    def disk_full(self) -> None:
        machine = self.cluster.primary()
        if not self.cluster.mounted:
            self.say("disk full: left out, no file system may be mounted here")
            return
        harm = self._begin("disk full", "not a byte is left where the primary keeps its data and its log")
        self.cluster.fill_disk(machine)
        # PostgreSQL refuses what finds no room, and counts as well: that is for whoever watches the disk.
        until("somebody to see it", lambda: self._took_over(machine) or _old(harm, TO_SEE_IT), PATIENCE)
        if not self._took_over(machine):
            harm.notes.append(f"handed over by switchover after {TO_SEE_IT:.0f} s")
            self.cluster.hand_over(machine)

        def make_room() -> None:
            machine.ballast.unlink()

        self._see_it_through(harm, make_room)

    def _took_over(self, machine: Machine) -> bool:
        return any(other.asks("/primary") == 200 for other in self.cluster.machines if other is not machine)

    def everything_killed(self) -> None:
        harm = self._begin("everything killed", "SIGKILL for etcd, all servers, the poolers, web and clerk")
        self.house.kill()
        self.cluster.power_cut()
        self.cluster.power_on()
        self.cluster.primary()  # the web is not sent anybody before its database answers
        self.house.start()
        self._see_it_through(harm)

    # ---- each of them

    def _begin(self, name: str, what: str) -> Harm:
        time.sleep(CALM)
        harm = Harm(name, what, began=time.monotonic())
        self.harms.append(harm)
        return harm

    def _see_it_through(self, harm: Harm, make_good: Callable[[], object] | None = None) -> None:
        """Wait until filing works again, make good, wait until all is whole and in the log; then check."""
        until(f"{harm.name}: filing works again", lambda: self._files_again(harm), PATIENCE)
        if make_good is not None:
            make_good()
        self.cluster.wait_until_whole(PATIENCE)
        harm.whole_after = time.monotonic() - harm.began
        until(f"{harm.name}: filing goes on", lambda: self._files_again(harm), PATIENCE)
        harm.ended = time.monotonic()
        self._check(harm)
        self.say(_line(harm))

    def _files_again(self, harm: Harm) -> bool:
        """Whether both doors acknowledged lately, and the last few in a row without a hitch."""
        since = [each for each in self.crowd.acknowledged if each.began > harm.began]
        return len(since) >= MENDED and {each.door for each in since} == {"api", "form"}

    def _check(self, harm: Harm) -> None:
        mine = [each for each in self.crowd.acknowledged if each.acknowledged <= harm.ended]
        looked = self._in_the_log(mine)
        during = [each for each in mine if each.acknowledged >= harm.began]
        tries = [each for each in list(self.crowd.tries) if harm.began <= each.at <= harm.ended]
        filings = [each for each in tries if each.door in {"api", "form"}]
        harm.outage = _longest_gap(harm, during)
        harm.acknowledged = len(during)
        harm.retried = sum(each.tries > 1 for each in during)
        harm.told_503 = sum(each.status == 503 for each in tries if each.door != "log")
        harm.broken = sum(each.status == 0 for each in filings)
        harm.slowest = max((each.took for each in filings), default=0.0)
        harm.lost = sum(not _is_there(each, looked) for each in mine)
        harm.doubled = _doubled(looked)
        harm.log_size = looked["size"]

    def _in_the_log(self, mine: Sequence[Sent]) -> dict[str, Any]:
        """All that is there, once the published log has gone as far as these petitions."""
        until("a head over all that was acknowledged", lambda: self._covers(mine), PATIENCE)
        return self.house.look()

    def _covers(self, mine: Sequence[Sent]) -> bool:
        with self.cluster.ask(self.cluster.primary(), "huiyin") as connection:
            waiting = connection.execute(
                "SELECT count(*) FROM registry_entry e JOIN registry_petition p ON p.id = e.petition_id "
                "WHERE p.ref = ANY(%s) AND e.seq = 1 AND (e.number IS NULL OR e.number >= %s)",
                [[each.ref for each in mine], self.house.published()],
            ).fetchone()
        return waiting == (0,)

    def last_look(self) -> dict[str, Any]:
        """When everybody has gone home: all sent petitions are there once, and an outsider checks the log."""
        mine = self.crowd.acknowledged
        looked = self._in_the_log(mine)
        with tempfile.TemporaryDirectory() as kept:
            receipt = Path(kept, "receipt.txt")
            receipt.write_text(mine[-1].receipt, encoding="utf-8")
            of_receipt = self.house.run("verify", str(receipt), "--key", looked["log_key"])
            address = f"http://127.0.0.1:{self.house.port}/log"
            of_log = self.house.run("verify", address, "--key", looked["log_key"])
            inside = self.house.run("check")
        said = {
            "huiyin verify RECEIPT": of_receipt,
            "huiyin verify LOG": of_log,
            "huiyin check": inside,
        }
        return {
            "sent": len(self.crowd.sent),
            "acknowledged": len(mine),
            "on_record": len(looked["petitions"]),
            "lost": sum(not _is_there(each, looked) for each in mine),
            "doubled": _doubled(looked),
            "receipts_that_hold": sum(bool(offline(each, looked["receipt_key"])) for each in mine),
            "heads_seen": len(self.crowd.heads),
            "log_size": looked["size"],
            "answers": dict(Counter(str(each.status) for each in self.crowd.tries if each.door != "log")),
            "wrong_answers": dict(Counter(self.crowd.wrong)),
            "commands": {name: done.returncode for name, done in said.items()},
            "said": {n: (d.stdout + d.stderr)[-2000:] for n, d in said.items() if d.returncode},
        }


def _old(harm: Harm, seconds: float) -> bool:
    return time.monotonic() - harm.began > seconds


def _longest_gap(harm: Harm, during: Sequence[Sent]) -> float:
    """The longest time without an acknowledgement, from the harm on."""
    moments = [harm.began, *sorted(each.acknowledged for each in during)]
    return max(later - before for before, later in zip(moments, [*moments[1:], harm.ended], strict=True))


def _is_there(one: Sent, looked: dict[str, Any]) -> bool:
    """Whether a petition is on record and in the log, as its receipt says."""
    subject, digest = looked["petitions"].get(one.ref, ["", ""])
    proved = offline(one, looked["receipt_key"])
    return subject == one.subject and proved == digest and digest in set(looked["leaves"])


def _doubled(looked: dict[str, Any]) -> int:
    """How many petitions stand there more often than once: each sending has a subject of its own."""
    subjects = Counter(subject for subject, _ in looked["petitions"].values())
    return sum(times - 1 for times in subjects.values())


def _line(harm: Harm) -> str:
    notes = f" ({'; '.join(harm.notes)})" if harm.notes else ""
    return (
        f"{harm.name}: {harm.outage:.1f} s without a receipt, whole after {harm.whole_after:.0f} s; "
        f"{harm.acknowledged} acknowledged, {harm.retried} after a retry, {harm.told_503} times 503, "
        f"{harm.broken} broken lines, {harm.lost} lost, {harm.doubled} doubled{notes}"
    )


def trial(say: Callable[[str], None], only: Sequence[str] = ()) -> dict[str, Any]:
    """Run it and answer what is in the report. Raises Missing, TimeoutError."""
    began = time.monotonic()
    with running() as cluster, tempfile.TemporaryDirectory(prefix="huiyin-house-") as kept:
        say(f"three servers in {cluster.folder}")
        house = House(cluster, Path(kept, "house"))
        house.prepare()
        house.start()
        say(f"Huiyin answers at http://127.0.0.1:{house.port}/ after {time.monotonic() - began:.0f} s")
        try:
            made = Trial(cluster, house, say)
            made.run(only)
            end = made.last_look()
        finally:
            house.stop()
    start = made.harms[0].began
    return {
        "seconds": time.monotonic() - began,
        "left_out": [] if cluster.mounted else ["disk full"],
        "harms": [
            {
                name: round(value, 1) if isinstance(value, float) else value
                for name, value in _told(harm, start)
            }
            for harm in made.harms
        ],
        "end": end,
        "each_second": _each_second(made.crowd, start - CALM),
    }


def _told(harm: Harm, start: float) -> list[tuple[str, Any]]:
    told = {name: getattr(harm, name) for name in Harm.__slots__}
    told["began"] -= start - CALM
    told["ended"] -= start - CALM
    return list(told.items())


def _each_second(crowd: Crowd, start: float) -> list[list[int]]:
    """Second by second: petitions acknowledged, and requests answered 503 or not at all."""
    done = Counter(int(each.acknowledged - start) for each in crowd.acknowledged)
    away = Counter(
        int(each.at + each.took - start)
        for each in crowd.tries
        if each.door != "log" and each.status in {0, 503}
    )
    return [[second, done[second], away[second]] for second in range(max([*done, 0]) + 1)]
