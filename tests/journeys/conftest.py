"""A whole house, started as an operator would start it, and a real browser in front of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import prepared

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 90.0  # seconds until a house on a busy machine has to answer
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PREPARE = """
import os, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", "keystore", database="keys", verbosity=0)
call_command("migrate", verbosity=0)
from huiyin.vault import keys
keys.make_missing()
from huiyin.vault import certificate
certificate.current()
from tests.cast import make_bodies, make_officers
make_officers(make_bodies())
from huiyin.registry import proving
from huiyin.registry.models import CodeApp
CodeApp.objects.exclude(officer__roles__role__in=proving.DEMANDED).delete()
from django.utils import timezone
from huiyin.registry.models import Officer
Officer.objects.update(last_login=timezone.now())  # each has chosen a password of their own before
"""


@dataclass(frozen=True, slots=True)
class House:
    """A running installation with the cast of the tests in it."""

    url: str
    data: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """`huiyin serve` on an embedded database of its own, behind one address."""
    data = tmp_path_factory.mktemp("house")
    prepared.fill(data)
    subprocess.run([sys.executable, "-c", PREPARE], env=_environment(data, "cn"), check=True, cwd=ROOT)
    with serving(data, "cn") as running:
        yield running


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], House]]:
    """`demonstration("cn-samr")`: a house under that law with made-up data, begun once for all who ask."""
    running: dict[str, House] = {}
    with contextlib.ExitStack() as until_the_end:

        def under(law: str) -> House:
            if law not in running:
                data = tmp_path_factory.mktemp(law)
                prepared.install(data)
                running[law] = until_the_end.enter_context(serving(data, law, "--demo"))
            return running[law]

        yield under


def _environment(data: Path, law: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")},
        "HUIYIN_DATA_DIR": str(data),
        "HUIYIN_JURISDICTION": law,
        "HUIYIN_ZONE": "all",
        "HUIYIN_SECOND_FACTOR": "keepers",  # a journey signs in with what a person remembers
        "DJANGO_SETTINGS_MODULE": "huiyin.site.settings",
        "PYTHONPATH": str(ROOT),
    }


@contextlib.contextmanager
def serving(data: Path, law: str, *options: str) -> Iterator[House]:
    """A house under some law, until nobody needs it any more."""
    port = _free_port()
    log = (data / "serve.log").open("wb")
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "huiyin"), "serve", "--port", str(port), *options],
        env=_environment(data, law),
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    try:
        while not (_answers(url) and _answers(f"{url}/desk")):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the house does not answer:\n{(data / 'serve.log').read_text()[-3000:]}")
            time.sleep(0.2)
        yield House(url, data)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's own Chromium, without a window."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.fail("no Chromium here: `make test` installs it as root")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield chromium
        chromium.close()
