"""The whole test suite in its parts, fastest first, with one count at the end.

    tools/test.py            core, all rooms on SQLite, all rooms on PostgreSQL, journeys
    tools/test.py --long     only what takes minutes
    tools/test.py --failover only the trial in which machines die

A part whose surroundings are missing is left out and said so; with HUIYIN_REQUIRE_ALL=1 that fails.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

HOUSE = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Part:
    """One run of pytest."""

    name: str
    words: tuple[str, ...]
    on_postgres: bool = False
    in_browser: bool = False


# Whoever is done takes over what the other still has before it: no core stands idle at the end.
ROOMS = ("tests", "--ignore=tests/core", "-n", "2", "--dist", "worksteal")
# Journeys under one law stay together, for they share a running house.
TOGETHER = ("--dist", "loadgroup")
# The core runs without Django's plugin: it has to pass where Django is not even loaded.
CORE = (
    "-p",
    "no:django",
    "-o",
    "strict_config=false",
    "-W",
    "ignore::pytest.PytestConfigWarning",
    "tests/core",
)
PARTS = (
    Part("core", (*CORE, "-m", "not long")),
    Part("rooms on SQLite", (*ROOMS, "-m", "not journey and not long and not postgres")),
    Part("rooms on PostgreSQL", (*ROOMS, "-m", "not journey and not long"), on_postgres=True),
    Part("journeys", (*ROOMS, *TOGETHER, "-m", "journey and not long"), in_browser=True),
)
# Machines die in it after seconds that are measured: it runs alone.
NO_TRIAL = ("--ignore=tests/failover",)
LONG = (
    Part("long, core", (*CORE, "-m", "long")),
    Part("long, on SQLite", (*ROOMS, *NO_TRIAL, "-m", "long and not postgres")),
    Part("long, on PostgreSQL", (*ROOMS, *NO_TRIAL, "-m", "long and not journey"), on_postgres=True),
)
FAILOVER = (Part("failover", ("tests/failover", "-m", "long")),)


@dataclass(slots=True)
class Count:
    """How many tests went which way."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, report: Path) -> None:
        """Take in one of pytest's reports."""
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 our own report
            total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            self.passed += total - failed - skipped
            self.failed += failed
            self.skipped += skipped


def lacks(part: Part) -> str:
    """What this machine has not got for a part, or nothing."""
    if part.in_browser and not any(map(shutil.which, BROWSERS)):
        return "a browser"
    if part.on_postgres:
        found = subprocess.run(
            [sys.executable, "-m", "tests.postgres", "find"], cwd=HOUSE, capture_output=True, check=False
        )
        return "PostgreSQL" if found.returncode else ""
    return ""


def run(part: Part, report: Path) -> int:
    """Run one part and hand back pytest's exit status."""
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *part.words]
    environment = dict(os.environ)
    environment.pop("HUIYIN_DATABASE_URL", None)  # the part decides, not whoever called
    if part.on_postgres:
        command = [sys.executable, "-m", "tests.postgres", "run", *command]
    return subprocess.run(command, cwd=HOUSE, env=environment, check=False).returncode


def main(words: Sequence[str]) -> int:
    """Run the parts one after the other, all of them, and say how it went."""
    strict = os.environ.get("HUIYIN_REQUIRE_ALL") == "1"
    count, bad = Count(), []
    for part in FAILOVER if "--failover" in words else LONG if "--long" in words else PARTS:
        if lack := lacks(part):
            print(f"== {part.name}: left out, {lack} is not here", flush=True)
            bad += [part.name] if strict else []
            continue
        print(f"== {part.name}", flush=True)
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "report.xml")
            status = run(part, report)
            if report.exists():
                count.add(report)
        print(f"== {part.name}: {time.monotonic() - started:.0f} s", flush=True)
        # 5 is "no test ran": in the long run a part may well have none, in the daily run it never may.
        bad += [part.name] if status not in ((0, 5) if "--long" in words else (0,)) else []
    if bad:
        print(f"== not well: {', '.join(bad)}")
    print(f"{count.passed} passed, {max(count.failed, len(bad))} failed, {count.skipped} skipped", flush=True)
    return 1 if bad or count.failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
