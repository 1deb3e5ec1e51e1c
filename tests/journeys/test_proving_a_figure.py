"""Who trusts nobody reads a figure, follows the three steps of the page, and gets the same number."""

from __future__ import annotations

import contextlib
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import PATIENCE, House, _answers, _environment, _free_port
from tests.journeys.walk import walker
from tests.verifying.made_log import honest

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def published(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The public pages alone, over a log in which months have been counted."""
    log = honest().write(tmp_path_factory.mktemp("figures") / "log")
    url = f"http://127.0.0.1:{_free_port()}"
    told = {"HUIYIN_LOG_DIR": str(log), "HUIYIN_PUBLIC_URL": url}
    process = subprocess.Popen(
        [Path(sys.executable).parent / "huiyin", "serve", "public", "--port", url.rpartition(":")[2]],
        env=_environment(house.data, "cn") | told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE
    try:
        while not _answers(url):
            assert process.poll() is None, "it did not start"
            assert time.monotonic() < deadline, "it does not answer"
            time.sleep(0.2)
        yield House(url, house.data)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()


@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", True), ("en", False)])
def test_the_public_proves_a_figure(
    browser: Browser, published: House, tmp_path: Path, language: str, scripted: bool
) -> None:
    with walker(browser, published, language, scripted=scripted, wide=False) as anybody:
        anybody.go("/")
        anybody.press("main a[href$='/figures/'], aside a[href$='/figures/']")
        page = anybody.page
        month = {"zh-hans": "2026年1月", "en": "January 2026"}[language]
        row = page.locator(f"tbody tr:has-text('{month}')", has_text=re.compile("住建局|Housing")).first
        cells = [row.locator("td").nth(place).inner_text() for place in (0, 2, 4)]
        began, in_time, overdue = (int(re.findall(r"\d+", cell)[0]) for cell in cells)

        # 1. Take the program.
        with page.expect_download() as download:
            page.locator("a[download][href$='verify.py']").click()
        program = tmp_path / download.value.suggested_filename
        download.value.save_as(program)
        assert program.name == "verify.py"

        # 2. Let it add up, with the very command of the page.
        shown = page.locator("ol.steps pre").inner_text().splitlines()
        command = next(line for line in shown if line.startswith("python "))
        _python, _file, url, key = shlex.split(command)
        ran = subprocess.run(
            [sys.executable, program, url, key], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

        # 3. Compare: the same numbers, and the last line that the page foretold.
        lines = ran.stdout.splitlines()
        same = next(line for line in lines if "2026-01" in line and "body zj" in line and "handling" in line)
        numbers = [int(each) for each in same.split()[-5:]]
        assert (numbers[0], numbers[2], numbers[4]) == (began, in_time, overdue)
        assert lines[-1] == page.locator("ol.steps q").inner_text().strip('“”"「」')
