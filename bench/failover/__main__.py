"""Three PostgreSQL servers and what becomes of petitions when one of them dies.

python -m bench.failover            the trial; ends with 1 where anything was lost, doubled or said wrongly
python -m bench.failover disk …     only some of it: server, machine, cut, clerk, disk, everything
python -m bench.failover demo       all of it running, to be harmed by hand; Ctrl-C ends it
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from bench import report
from bench.failover import cluster, picture
from bench.failover.house import House
from bench.failover.trial import trial

HEAD = (
    "harm",
    "no receipt s",
    "whole s",
    "receipts",
    "retried",
    "503",
    "broken",
    "slowest s",
    "lost",
    "twice",
)
HARMS = {"server", "machine", "cut", "clerk", "disk", "everything"}
COLUMNS = (
    "outage",
    "whole_after",
    "acknowledged",
    "retried",
    "told_503",
    "broken",
    "slowest",
    "lost",
    "doubled",
)


def main(words: Sequence[str]) -> int:
    """Answer the command line."""
    signal.signal(signal.SIGTERM, _end)
    try:
        match words:
            case ["demo"]:
                _demo()
                return 0
            case ["picture", kept]:
                print(picture.drawn(Path(kept)))
                return 0
            case only if HARMS.issuperset(only):
                return _trial(only)
    except cluster.Missing as lacks:
        print(
            f"failover: not here: {lacks}\n  apt-get install --no-install-recommends {lacks}", file=sys.stderr
        )
        return 1
    print(__doc__, file=sys.stderr)
    return 2


def _trial(only: Sequence[str]) -> int:
    machine = report.machine()
    print(f"measured on: {machine}", flush=True)
    made = trial(lambda said: print(said, flush=True), only)
    print()
    report.table(HEAD, [[each["name"], *(str(each[name]) for name in COLUMNS)] for each in made["harms"]])
    print(f"\n{made['end']}")
    kept = report.keep("failover", {"machine": machine, **made})
    print(f"kept in {kept}, {made['seconds']:.0f} s in all")
    return 0 if is_well(made) else 1


def is_well(made: dict[str, object]) -> bool:
    """Whether nothing was lost, nothing doubled, and every answer was honest."""
    end = made["end"]
    assert isinstance(end, dict)
    return (
        end["lost"] == end["doubled"] == 0
        and end["acknowledged"] == end["receipts_that_hold"] == end["sent"]
        and not end["wrong_answers"]
        and not any(end["commands"].values())
    )


def _demo() -> None:
    with cluster.running() as made, tempfile.TemporaryDirectory(prefix="huiyin-house-") as kept:
        house = House(made, Path(kept, "house"))
        house.prepare()
        house.start()
        print(f"Huiyin:     http://127.0.0.1:{house.port}/")
        print(f"files:      {made.folder} (settings and logs of each), {house.folder}")
        for each in made.machines:
            leads = "the primary" if each.asks("/primary") == 200 else "a standby"
            pid = each.patroni.pid if each.patroni else 0
            print(f"{each.name}:        {leads}; PostgreSQL {each.ports['postgres']}, Patroni process {pid}")
        print("kill -9 what you like; Ctrl-C ends everything", flush=True)
        try:
            while True:
                time.sleep(1)
        except KeyboardInterrupt:
            pass
        finally:
            house.stop()


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
