"""An installation on the cluster: the public web through PgBouncer, the clerk straight to the servers.

What the trial asks of its database it asks in a process of that installation:
`python -m bench.failover.house look` prints all that stands there and in the public log.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.failover.cluster import Cluster
from huiyin.core import checkpoint
from tests.api import server
from tests.api.server import HOUSE, Web

EVERY = "10"  # seconds between two heads: the least that is allowed
WORKERS, THREADS = 2, 8


class House:
    """Its processes."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.folder = folder
        self.web_urls = cluster.url(), cluster.url("huiyin_keys")
        self.urls = cluster.direct(), cluster.direct("huiyin_keys")
        self.port = server.free_port()
        self.web: Web | None = None
        self.clerk: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Tables, keys and bodies."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        server.ask(self.folder, self.urls[0], "prepare", HUIYIN_KEYS_URL=self.urls[1])

    def start(self) -> None:
        self.start_clerk()
        self.start_web()

    def start_web(self) -> None:
        url, keys = self.web_urls
        self.web = server.start(self.folder, url, workers=WORKERS, threads=THREADS, port=self.port, keys=keys)

    def start_clerk(self) -> None:
        with (self.folder / "clerk.log").open("ab") as log:
            self.clerk = subprocess.Popen(
                [sys.executable, "-m", "huiyin.doors.cli", "clerk"], cwd=self.folder, env=self.environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def environment(self) -> dict[str, str]:
        url, keys = self.urls
        return server.environment(self.folder, url, zone="all", keys=keys) | {"HUIYIN_LOG_EVERY": EVERY}

    def kill_clerk(self) -> None:
        if self.clerk is not None and self.clerk.poll() is None:
            self.clerk.send_signal(signal.SIGKILL)
            self.clerk.wait()

    def kill(self) -> None:
        """SIGKILL for all of it."""
        self.kill_clerk()
        if self.web is not None:
            self.web.kill()

    def stop(self) -> None:
        if self.clerk is not None and self.clerk.poll() is None:
            self.clerk.terminate()
            try:
                self.clerk.wait(20)
            except subprocess.TimeoutExpired:
                self.kill_clerk()
        if self.web is not None:
            self.web.stop()

    def published(self) -> int:
        """How many leaves the head covers that everybody sees now."""
        try:
            note = (self.folder / "log" / "checkpoint").read_text(encoding="utf-8")
        except FileNotFoundError:
            return 0
        return checkpoint.read(note)[0].size

    def look(self) -> dict[str, Any]:
        """What stands in the registry and in the log; see `_look`."""
        done = subprocess.run(
            [sys.executable, "-m", "bench.failover.house", "look"], cwd=HOUSE, env=self.environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"look failed: {done.stderr[-2000:]}")
        return dict(json.loads(done.stdout))

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the shell, in this installation."""
        return subprocess.run(
            [sys.executable, "-m", "huiyin.doors.cli", *words], cwd=self.folder, env=self.environment(),
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip


def _look() -> dict[str, Any]:
    """Of each petition: its subject and the digest of its entry; the log's size and leaves; the keys."""
    from huiyin.core import ledger
    from huiyin.registry import inclusion
    from huiyin.registry.models import Entry
    from huiyin.registry.receipt import log_key, receipt_key

    log = inclusion.published()
    rows = Entry.objects.filter(seq=1).values_list("petition__ref", "petition__subject", "public")
    return {
        "petitions": {ref: [subject, ledger.digest(bytes(public))] for ref, subject, public in rows},
        "waiting": Entry.objects.filter(number=None).count(),
        "size": log.tree.size if log else 0,
        "leaves": [ledger.digest(leaf) for _, leaf in log.tree.entries()] if log else [],
        "receipt_key": receipt_key(),
        "log_key": log_key(),
    }


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    json.dump(_look(), sys.stdout)


if __name__ == "__main__":
    main()
